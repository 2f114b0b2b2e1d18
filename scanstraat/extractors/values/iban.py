"""IBANs (ISO 13616) and BICs (ISO 9362): form, length of the country, and the check by 97."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

# Length of the whole IBAN by country, from the ISO 13616 registry.
LENGTHS: dict[str, int] = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BR": 29, "BY": 28, "CH": 21,
    "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FO": 18, "FR": 27,
    "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26,
    "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MD": 24,
    "ME": 22, "MK": 19, "MR": 27, "MT": 31, "MU": 30, "NL": 18, "NO": 15, "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29,
    "RO": 24, "RS": 22, "SA": 24, "SC": 31, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "ST": 25, "SV": 28, "TL": 23, "TN": 24,
    "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20,
}  # fmt: skip

# Countries whose account part holds digits only; whose bank code is four letters; and those with letters elsewhere too.
_ALL_DIGITS = frozenset(
    """AT BE CZ DE DK EE ES FI FO GL HR HU IL IS LT ME NO PL PT RS SE SI SK XK""".split()  # noqa: SIM905 - a table to read
)
BANK_LETTERS = frozenset(("BG", "GB", "GI", "IE", "LV", "NL", "RO"))
_LETTERS_ANYWHERE = frozenset(
    """FR MC IT SM MT CY TR KZ QA JO KW PS BR GT SC LC EG AZ SA LB VG MU GE AD MK AL LV RO BG GI""".split()  # noqa: SIM905
)
_TO_DIGIT = str.maketrans("OQDILSBZG", "000115826")
_TO_LETTER = str.maketrans("01528", "OISZB")

# A Dutch bank code with at least this many of its four letters readable may have the others put right.
MOSTLY = 3

_BIC = re.compile(r"(?P<bank>[A-Z]{4})(?P<country>[A-Z]{2})(?P<place>[A-Z0-9]{2})(?P<branch>[A-Z0-9]{3})?", re.VERBOSE)
_COUNTRIES = frozenset(LENGTHS) | frozenset(
    ["US", "CA", "JP", "CN", "IN", "AU", "NZ", "SG", "HK", "KR", "MX", "ZA", "TH", "MY", "PH", "ID", "VN", "RU", "MA", "NG", "KE"]
)


def has_form(text: str) -> bool:
    """Whether letters stand only where the country's IBANs have them (ISO 13616); no check of digits.

    >>> has_form("NL91ABNA0417164300"), has_form("NL91ABNAO417I64300"), has_form("DE89370400440532O13000")
    (True, False, False)
    """
    country, body = text[:2], text[4:]
    if country in _ALL_DIGITS:
        return body.isdigit()
    if country in BANK_LETTERS and not body[:4].isalpha():
        return False
    return country in _LETTERS_ANYWHERE or (body[:4].isalnum() and body[4:].isdigit())


def checks(iban: str) -> bool:
    """Whether the country's length and the check by 97 both hold.

    >>> checks("NL91ABNA0417164300"), checks("NL91ABNA0417164301"), checks("NL91ABNA041716430")
    (True, False, False)
    """
    whole = LENGTHS.get(iban[:2]) == len(iban) and iban.isascii() and iban.isalnum() and iban[2:4].isdigit()
    return whole and has_form(iban) and _remainder(iban) == 1


def _remainder(iban: str) -> int:
    return int("".join(str(int(c, 36)) for c in iban[4:] + iban[:4])) % 97


def repaired(text: str) -> str | None:
    """The one IBAN that fits `text` once look-alikes of OCR (O/0, I/1, S/5, B/8) are put right; None where none or several do.

    Only places that must hold a digit (check digits, all-digit countries) or a letter (country, Dutch bank code) are put
    right first; then up to two letters elsewhere, and the check by 97 must leave exactly one.

    >>> repaired("NL9IABNA04I7164300"), repaired("DE89370400440532O13OOO"), repaired("NL91ABNA0417164301")
    ('NL91ABNA0417164300', 'DE89370400440532013000', None)
    """
    country = text[:2].translate(_TO_LETTER)
    if LENGTHS.get(country) != len(text):
        return None
    body = text[4:].translate(_TO_DIGIT) if country in _ALL_DIGITS else text[4:]
    if country == "NL" and sum(c.isalpha() for c in text[4:8]) >= MOSTLY:
        body = text[4:8].translate(_TO_LETTER) + text[8:].translate(_TO_DIGIT)
    draft = country + text[2:4].translate(_TO_DIGIT) + body
    if checks(draft):
        return draft
    return _one_that_checks(draft) if country not in _ALL_DIGITS and country != "NL" else None


def _one_that_checks(draft: str) -> str | None:
    """The one IBAN that checks when one or two letters are read as the digits they look like; digits are believed."""
    places = [i for i, c in enumerate(draft) if i > 3 and not c.isdigit() and c.translate(_TO_DIGIT) != c]
    found = set()
    for count in (1, 2):
        for chosen in combinations(places[:12], count):
            trial = "".join(c.translate(_TO_DIGIT) if i in chosen else c for i, c in enumerate(draft))
            if checks(trial):
                found.add(trial)
    return found.pop() if len(found) == 1 else None


def bics_in(text: str) -> Iterator[tuple[int, str]]:
    """Position and text of each word of a text that has the form of a BIC, its country an existing one.

    >>> list(bics_in("BIC: INGBNL2A, RECHNUNG")), list(bics_in("INVOICES"))
    ([(5, 'INGBNL2A')], [])
    """
    for word in re.finditer(r"(?<![\w])[A-Z0-9]{8}(?:[A-Z0-9]{3})?(?![\w])", text):
        match = _BIC.fullmatch(word[0])
        if match and match["country"] in _COUNTRIES:
            yield word.start(), word[0]
