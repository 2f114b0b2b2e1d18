"""Bank accounts as typed: IBANs and BICs with or without blanks, dots and capitals, and accounts as printed (C5)."""

from __future__ import annotations

import re

from scanstraat.errors import Refused
from scanstraat.extractors.typed.text import as_printed, short
from scanstraat.extractors.values.iban import LENGTHS, bics_in, checks, has_form

_APART = re.compile(r"[\s.\-–/:]+", re.VERBOSE)
# The name of the number before it, as in "BIC: INGBNL2A"; refused by "BICFIT21", which is a BIC.
_LABEL = re.compile(r"(?:iban|swift|bic)\b[\s:./]*", re.VERBOSE | re.IGNORECASE)
FEWEST_DIGITS, LONGEST_ACCOUNT = 4, 64
_EXAMPLE = "Type it as NL91 ABNA 0417 1643 00."


def compact(text: str) -> str:
    """Capitals without blanks and dots, and without the number's name in front.

    >>> compact("nl91 abna 0417.1643.00"), compact("BIC/SWIFT: INGBNL2A")
    ('NL91ABNA0417164300', 'INGBNL2A')
    """
    while label := _LABEL.match(text):
        text = text[label.end() :]
    return _APART.sub("", text).upper()


def iban(text: str) -> str:
    """An IBAN without blanks; says whether its country, its length, its form or its check digits are wrong (ISO 13616).

    >>> iban("nl91 abna 0417.1643.00"), iban("IBAN: NL91 ABNA 0417 1643 00")
    ('NL91ABNA0417164300', 'NL91ABNA0417164300')
    >>> iban("NL91 ABNA 0417 1643 0")
    Traceback (most recent call last):
    scanstraat.errors.Refused: typed-iban: an IBAN of NL has 18 characters, this one has 17. Type it as NL91 ABNA 0417 1643 00.
    >>> iban("NL91 ABNA 0417 1643 01")
    Traceback (most recent call last):
    scanstraat.errors.Refused: typed-iban: the check digits of this IBAN do not hold. Compare it with the page once more.
    """
    number = compact(text)
    length = LENGTHS.get(number[:2])
    if not (number.isascii() and number.isalnum()) or length is None:
        why = f"no IBAN begins with {short(number[:2])}" if number[:2].isascii() and number[:2].isalpha() else "this is no IBAN"
        raise Refused("typed-iban", f"{why}.", _EXAMPLE)
    if len(number) != length:
        why = f"an IBAN of {number[:2]} has {length} characters, this one has {len(number)}."
        raise Refused("typed-iban", why, _EXAMPLE)
    if not number[2:4].isdigit() or not has_form(number):
        raise Refused("typed-iban", f"this IBAN has a letter or a digit where those of {number[:2]} have none.", _EXAMPLE)
    if not checks(number):
        next_step = "Compare it with the page once more."
        raise Refused("typed-iban", "the check digits of this IBAN do not hold.", next_step)
    return number


def bic(text: str) -> str:
    """A BIC without blanks, of 8 or 11 characters (ISO 9362).

    >>> bic("abna nl 2a"), bic("BICFIT21XXX")
    ('ABNANL2A', 'BICFIT21XXX')
    >>> bic("ABNAXX2A")
    Traceback (most recent call last):
    scanstraat.errors.Refused: typed-bic: “ABNAXX2A” is no BIC. Type it as ABNANL2A or ABNANL2AXXX.
    """
    number = compact(text)
    if any(found == number for _, found in bics_in(number)):
        return number
    if len(number) not in (8, 11):
        why = f"a BIC has 8 or 11 characters, this one has {len(number)}."
    else:
        why = f"{short(number)} is no BIC."
    raise Refused("typed-bic", why, "Type it as ABNANL2A or ABNANL2AXXX.")


def account(text: str) -> str:
    """An account that is no IBAN, as printed.

    >>> account("Bg 5050-1055")
    'Bg 5050-1055'
    >>> account("NL91 ABNA 0417 1643 00")
    Traceback (most recent call last):
    scanstraat.errors.Refused: typed-account: this is an IBAN. Type it into the field for the IBAN.
    """
    if checks(compact(text)):
        raise Refused("typed-account", "this is an IBAN.", "Type it into the field for the IBAN.")
    if sum(c.isdigit() for c in text) < FEWEST_DIGITS:
        raise Refused("typed-account", f"{short(text)} has too few digits for an account.", "Type it as it is printed.")
    return as_printed(text, "typed-account", LONGEST_ACCOUNT)
