"""Fields of few words as typed: currencies, payment terms and references, and whether it is a credit note."""

from __future__ import annotations

import re

from scanstraat.errors import Refused
from scanstraat.extractors.folding import plain
from scanstraat.extractors.typed.text import as_printed, short
from scanstraat.extractors.values.currency import CODES, COUNTRY_CURRENCY, currency_of
from scanstraat.extractors.values.payment_reference import evident
from scanstraat.extractors.values.payment_term import PaymentTerm, parse_term, term_in

# In English, Dutch, Finnish, Swedish and German, without accents, in full and as their first letters.
YES = frozenset({"yes", "y", "ja", "j", "joo", "kylla", "k", "true", "1"})
NO = frozenset({"no", "n", "nee", "ei", "e", "nej", "nein", "false", "0"})
_BARE_DAYS = re.compile(r"(?P<days>[0-9]{1,3})\ ?d?", re.VERBOSE)
_CROWNS = frozenset({"SE", "NO", "DK", "IS"})
_DIGIT = re.compile(r"[0-9]")
LONGEST_REFERENCE = 140


def currency(text: str, country: str) -> str:
    """A currency by its ISO 4217 code, sign or name; crowns ("kr") are those of `country`, where it has crowns.

    >>> currency("€", "NL"), currency("eur", "NL"), currency("sek", "NL"), currency("kr", "SE")
    ('EUR', 'EUR', 'SEK', 'SEK')
    >>> currency("kr", "NL")
    Traceback (most recent call last):
    scanstraat.errors.Refused: typed-currency: “kr” may be of several countries. Type SEK, NOK, DKK or ISK.
    """
    upper = text.upper()
    found = upper if upper in CODES else currency_of(text) or currency_of(upper)
    if found == "KR":
        if country not in _CROWNS:
            raise Refused("typed-currency", f"{short(text)} may be of several countries.", "Type SEK, NOK, DKK or ISK.")
        found = COUNTRY_CURRENCY[country]
    if not found:
        raise Refused("typed-currency", f"{short(text)} is no currency.", "Type its code of three letters, as EUR.")
    return found


def yes_or_no(text: str) -> str:
    """ "true" or "false" for a yes or no in one of our languages.

    >>> yes_or_no("Ja"), yes_or_no("kyllä"), yes_or_no("nein")
    ('true', 'true', 'false')
    >>> yes_or_no("maybe")
    Traceback (most recent call last):
    scanstraat.errors.Refused: typed-yes-or-no: “maybe” says neither yes nor no. Type yes or no.
    """
    word = plain(text)
    if word in YES:
        return "true"
    if word in NO:
        return "false"
    raise Refused("typed-yes-or-no", f"{short(text)} says neither yes nor no.", "Type yes or no.")


def term(text: str) -> str:
    """A payment term in canonical form; a number alone counts days.

    >>> term("30"), term("14 dagen netto"), term("30 jours fin de mois"), term("sofort"), term("end of month + 10 days")
    ('30 days', '14 days', '30 days end of month', '0 days', 'end of month + 10 days')
    >>> term("when it suits you")
    Traceback (most recent call last):
    scanstraat.errors.Refused: typed-term: “when it suits you” is no payment term. Type it as 30 days, or as 30 days end of month.
    """
    words = plain(" ".join(text.split()))
    bare = _BARE_DAYS.fullmatch(words)
    known = PaymentTerm(int(bare["days"])) if bare else parse_term(words)
    if known is None and (found := term_in(words)):
        known, start, end = found
        if _DIGIT.search(words[:start] + words[end:]):  # "2% 10 days, 30 days net" says more than one term
            known = None
    if known is None:
        raise Refused("typed-term", f"{short(text)} is no payment term.", "Type it as 30 days, or as 30 days end of month.")
    return str(known)


def reference(text: str) -> str:
    """A payment reference without blanks; one that tells its scheme by its form must have the right check digits.

    >>> reference("+++090/9337/55493+++"), reference("rf18 5390 0754 7034"), reference("2026 17")
    ('090933755493', 'RF18539007547034', '202617')
    >>> reference("RF19 5390 0754 7034")
    Traceback (most recent call last):
    scanstraat.errors.Refused: typed-reference: the check digits of this RF reference do not hold. Compare it with the page.
    """
    for form in (text, text.upper()):
        found = evident(form)
        if found and (found[1], found[2]) == (0, len(form)):
            if found[0].checks is False:
                why = f"the check digits of this {found[0].scheme} reference do not hold."
                raise Refused("typed-reference", why, "Compare it with the page.")
            return found[0].value
    return as_printed("".join(text.split()), "typed-reference", LONGEST_REFERENCE)
