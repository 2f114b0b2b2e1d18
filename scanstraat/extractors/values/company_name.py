"""Company names: legal forms, the part that tells companies apart, and whether two names are the same company."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz import fuzz

from scanstraat.extractors.folding import plain
from scanstraat.extractors.wordlists import LEGAL_FORMS, SHORT_LEGAL_FORMS

_WORDS = re.compile(r"[^\W_]+(?:[.'&+/-][^\W_]+)*\.?|[&+]", re.VERBOSE)


_DIGIT = re.compile(r"\d", re.VERBOSE)
_NO_LETTER = re.compile(r"[^a-z]+", re.VERBOSE)
# What a legal form may begin with: most words of a page begin none.
_BEGINNINGS = frozenset(form[:length] for form in LEGAL_FORMS for length in range(len(form) + 1))


@lru_cache(maxsize=4096)
def legal_form_at(text: str) -> int | None:
    """Where the first legal form of a text ends, or None where it has none.

    >>> legal_form_at("Kraxi GmbH · Flugzeugallee 17"), legal_form_at("bol.com b.v."), legal_form_at("Sa 8.00-14.00 Uhr")
    (10, 12, None)
    >>> legal_form_at("Konto IBAN SE65 5000"), legal_form_at("Total inc. VAT")
    (None, None)
    """
    words = list(_WORDS.finditer(text))
    for i in range(1, len(words)):
        if _letters(words[i][0]) not in _BEGINNINGS:
            continue
        for length in (5, 4, 3, 2, 1):
            group = words[i : i + length]
            if len(group) == length and _is_form([w[0] for w in group]):
                return _past_form(words, i + length)
    return None


def _letters(text: str) -> str:
    return _NO_LETTER.sub("", plain(text))


def _past_form(words: list[re.Match[str]], index: int) -> int:
    """The end of a legal form, with a second one that follows at once ("GmbH + Co. KG")."""
    end = words[index - 1].end()
    for length in (3, 2):
        group = words[index : index + length]
        if len(group) == length and group[0][0] in {"&", "+"} and _is_form([w[0] for w in group[1:]]):
            return group[-1].end()
    return end


def _is_form(words: list[str]) -> bool:
    text = "".join(words)
    if (joined := _letters(text)) not in LEGAL_FORMS or _DIGIT.search(text):
        return False
    if joined not in SHORT_LEGAL_FORMS:
        return True
    letters = [w for w in words if w not in {"&", "+"}]
    return all(w[0].isupper() or "." in w[:-1] for w in letters)


def opens_with_form(name: str) -> bool:
    """Whether a name begins with its legal form, as in Belgium, France and Romania.

    >>> opens_with_form("BV Automatisering Gent"), opens_with_form("Sas van Gent"), opens_with_form("SARL")
    (True, False, False)
    """
    words = name.split()
    return len(words) > 1 and (words[0].isupper() or "." in words[0]) and _is_form(words[:1])


def is_only_form(text: str) -> bool:
    """Whether a text is a legal form and no more.

    >>> is_only_form("Unipessoal, Lda."), is_only_form("Acme, Lda.")
    (True, False)
    """
    words = [w[0] for w in _WORDS.finditer(text)]
    return bool(words) and _is_form(words)


@lru_cache(maxsize=4096)
def core(name: str) -> str:
    """A name's telling part: lower case, no accents, no marks, no legal form.

    >>> core("Müller & Söhne GmbH & Co. KG"), core("bol.com b.v.")
    ('muller sohne', 'bol com')
    """
    words = re.sub(r"[^\w\s&]", lambda m: "" if m[0] in ".'" else " ", re.sub(r"\.(?=\w{2})", " ", plain(name))).split()
    while len(words) > 1:
        for length in (4, 3, 2, 1):
            if len(words) > length and "".join(words[-length:]).replace("&", "") in LEGAL_FORMS:
                del words[-length:]
                break
        else:
            break
    return " ".join(w for w in words if w != "&")


def same_company(one: str, other: str) -> bool:
    """Whether two printed names mean the same company: equal cores, or nearly so.

    >>> same_company("Acme B.V.", "ACME BV"), same_company("Acme GmbH", "Apex GmbH")
    (True, False)
    """
    a, b = core(one), core(other)
    if not a or not b:
        return False
    squeezed = a.replace(" ", "") == b.replace(" ", "")
    return squeezed or (min(len(a), len(b)) > 5 and fuzz.ratio(a, b) >= 90)
