"""What the text of a name looks like: where one begins in a sentence, a sender's line, and what is none."""

from __future__ import annotations

import re
from itertools import pairwise

from scanstraat.extractors.blocks import POSTAL_LINE
from scanstraat.extractors.folding import plain
from scanstraat.extractors.values.company_name import is_only_form
from scanstraat.extractors.wordlists import CAPTION, CONTACT, COUNTRY, FUNCTION_WORDS

SEPARATOR = re.compile(r"\s[•·|∙●*–—~-]+\s|\s?[•·|∙●]\s?|,\s|;\s|\t|:\s|\s{2,}", re.VERBOSE)
NAME_LABEL = re.compile(
    r"^(?:name|naam|nom|nimi|namn|nome|nombre|navn|firma|firmenname|company|bedrijfsnaam|raison\ sociale|organisation)\s?:?\s?",
    re.VERBOSE | re.IGNORECASE,
)
# Words of a sentence that stand before a name and in none: "payable to", "te betalen aan", "zahlbar an", "virement à".
_LEADING = frozenset({"to", "aan", "an", "à", "by", "from", "op", "naar", "till", "til", "a", "på", "bij", "of", "name"})
# In running text a name goes on while its words begin with a capital, or are one of these.
_INSIDE = frozenset(
    {"&", "+", "de", "der", "den", "van", "von", "und", "en", "et", "and", "of", "du", "des", "la", "le", "di", "ten"}
)
_OWNER = re.compile(r"^(?:inh|inhaber|inhaberin|owner|prop|proprietor|gerant|eigenaar|titolare)\b\.?:?\s?", re.VERBOSE)
# A line of so few words is a name, not a sentence with one.
SHORT_LINE = 5
TRIMMED = " ,-–|:\"'"
LONGEST, MOST_WORDS = 60, 7


def name_start(text: str, end: int) -> int:
    """Where the name before a legal form starts: after the last separator, or in a sentence after its last function word.

    >>> text = "Please make payment to Bright Pixel Studio LLC"
    >>> text[name_start(text, len(text)) :], name_start("Weingut zur Linde GmbH", 22)
    ('Bright Pixel Studio LLC', 0)
    """
    start = 0
    for match in SEPARATOR.finditer(text, 0, end):
        rest = text[match.end() : end]
        if len(rest.split()) > 1 and not is_only_form(rest) and not re.fullmatch(r"[&+ ]*(?:co|inc|ltd)\b.*", rest.lower()):
            start = match.end()
    words = list(re.finditer(r"\S+", text[start:end]))
    for before, word in reversed(list(pairwise(words[:-1]))):
        leads = word[0][:1].isupper() and (before[0] in _LEADING or (is_running(text[start:end]) and before[0] in FUNCTION_WORDS))
        if leads and len(words) > SHORT_LINE:
            return start + word.start()
    return start


def is_running(text: str) -> bool:
    """Whether a text is a sentence rather than a name: long, and mostly in lower case."""
    words = text.split()
    return sum(w[:1].islower() for w in words) > 0.4 * len(words) and len(words) > 6


def is_sender_line(text: str) -> bool:
    """Name, street and town in one line, as stands small above the address window; or name, street and telephone.

    >>> is_sender_line("Acme GmbH · Hauptstr. 1 · 12345 Berlin"), is_sender_line("Acme, 12 Main St, Portland, OR 97243")
    (True, True)
    >>> is_sender_line("Acme, Piața Unirii 3, Cluj, Tel. 021.370.52.09"), is_sender_line("Acme, Bakers, Tel. 021.370.52.09")
    (True, False)
    """
    pieces = [p.strip() for p in SEPARATOR.split(text) if p.strip()] if len(text) < 110 else []
    if not 3 <= len(pieces) <= 6 or pieces[0][:1].isdigit():
        return False
    if any(POSTAL_LINE.search(p.strip(" ,.")) for p in (*pieces[2:], *map(" ".join, pairwise(pieces[1:])))):
        return True
    return len(pieces) > 3 and any(c.isdigit() for c in pieces[1]) and CONTACT.search(plain(pieces[-1])) is not None


def is_name(text: str) -> bool:
    """Whether a text can be a name: letters enough, no mail or web address, no caption and no country.

    >>> [is_name(t) for t in ("Kraxi GmbH", "Tel. 0123-45678", "www.kraxi.example", "Deutschland")]
    [True, False, False, False]
    """
    letters = sum(map(str.isalpha, text))
    if letters < 3 or letters < 0.6 * len(text.replace(" ", "")) or len(text) > LONGEST:
        return False
    bare = plain(text).strip()
    told = CAPTION.search(bare) or COUNTRY.fullmatch(bare) or _OWNER.search(bare)
    return not told and text.strip()[-1:] not in {"/", "-", "=", "?", "!"}


def is_wordy(text: str) -> bool:
    """Whether a line reads as a heading or a sentence: small words among many, or two languages side by side.

    >>> [is_wordy(t) for t in ("Factuur voor de maand mei", "MÁSOLAT / KOPIE", "Bakkerij de Korenbloem")]
    [True, True, False]
    """
    words = text.split()
    small = sum(w in FUNCTION_WORDS or w in {"voor", "per", "uw", "your", "ihre", "votre"} for w in words)
    return "/" in words or (len(words) > 3 and small > 0) or small > 1


def capitalised(text: str) -> str:
    """The words a name can have at the start of running text.

    >>> capitalised("J. de Vries Advies onder vermelding van"), capitalised("ons bekende adres")
    ('J. de Vries Advies', '')
    """
    words = text.split()
    end = next((i for i, w in enumerate(words) if w[:1].islower() and w not in _INSIDE), len(words))
    while end and words[end - 1][:1].islower():
        end -= 1
    return " ".join(words[:end]).strip(TRIMMED)
