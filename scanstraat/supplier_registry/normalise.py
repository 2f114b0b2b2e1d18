"""Comparable forms of accounts, BICs, VAT numbers and company names: printed differently but meant the same becomes the same.

None of these raises: text that is not such a number gives None, and a name always has a form (empty for an empty name).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from stdnum import iban as stdnum_iban
from stdnum.eu import vat as stdnum_vat

_NOT_ALPHANUMERIC = re.compile(r"[^0-9A-Z]")

# ISO 9362: four letters for the bank, the country, two for the place, three more for a branch.
_BIC = re.compile(
    r"""
    (?P<bank>[A-Z]{4}) (?P<country>[A-Z]{2}) (?P<place>[A-Z0-9]{2}) (?P<branch>[A-Z0-9]{3})?
    """,
    re.VERBOSE,
)

# Numbers printed without their country, or with a word of their country behind them; the country's own shape tells which it is.
_VAT_SHAPES = (
    ("NL", re.compile(r"(?:NL)? (?P<digits>[0-9]{9}B[0-9]{2})", re.VERBOSE)),
    ("NO", re.compile(r"(?:NO)? (?P<digits>[0-9]{9}) MVA", re.VERBOSE)),
    ("CHE", re.compile(r"CHE (?P<digits>[0-9]{9}) (?:MWST|TVA|IVA|TPV)?", re.VERBOSE)),
    ("EL", re.compile(r"(?:GR|EL) (?P<digits>[0-9]{9})", re.VERBOSE)),
)
_SOME_VAT_NUMBER = re.compile(r"(?P<country>[A-Z]{0,3}) (?P<number>[0-9A-Z]{6,14})", re.VERBOSE)
_FEWEST_DIGITS = 6
_FEWEST_ACCOUNT_DIGITS = 4

# Letters that Unicode does not take apart into a plain letter and a mark.
_PLAIN_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"})
_WORD = re.compile(r"(?P<word>\w+)", re.VERBOSE)
_DROPPED_MARKS = re.compile(r"[.'’`´/]", re.VERBOSE)

# Legal forms as they stand after folding, by country or language; a form of several words is matched as a whole.
LEGAL_FORMS = {
    "NL, BE": "bv, b v, nv, n v, vof, v o f, cv, bvba, sprl, cvba, scrl, besloten vennootschap, naamloze vennootschap",
    "DE, AT": "gmbh, g m b h, ag, kg, ohg, gbr, ug, ug haftungsbeschrankt, ek, eg, kgaa, gmbh co kg, gmbh cokg, mbh, se, co kg",
    "FR, LU": "sa, s a, sarl, s a r l, sas, s a s, sasu, eurl, snc, sca",
    "GB, IE, US": "ltd, limited, plc, llp, llc, inc, corp, incorporated, corporation, co ltd, dac",
    "FI, SE": "oy, oyj, ab, abp, ky, tmi, osk, hb, kb, aktiebolag, osakeyhtio, oy ab",
    "DK, NO": "aps, as, a s, asa, ans, enk",
    "IT, ES, PT": "spa, srl, s r l, sl, slu, sau, lda",
    "PL, CZ, HU": "sp z oo, sp zoo, sro, kft, zrt",
}
_FORMS = frozenset(tuple(form.split()) for forms in LEGAL_FORMS.values() for form in forms.split(", "))
_LEADING_FORMS = frozenset({("oy",), ("ab",), ("oy", "ab"), ("kb",), ("hb",)})  # only these countries put them in front
_LONGEST_FORM = max(map(len, _FORMS))
_JOINING_WORDS = frozenset({"en", "and", "und", "et", "och", "ja", "e", "y"})


def _compact(text: str) -> str:
    return _NOT_ALPHANUMERIC.sub("", text.upper())


def iban(text: str) -> str | None:
    """The IBAN without blanks (ISO 13616: length, structure and mod-97 hold), or None.

    >>> iban("nl91 abna 0417.1643.00"), iban("NL92 ABNA 0417 1643 00")
    ('NL91ABNA0417164300', None)
    """
    number = _compact(text)
    return number if stdnum_iban.is_valid(number, check_country=False) else None


def is_valid_iban(text: str) -> bool:
    """Whether `text` is an IBAN, however it is spaced.

    >>> is_valid_iban("GB82 WEST 1234 5698 7654 32"), is_valid_iban("Bakker BV")
    (True, False)
    """
    return iban(text) is not None


def bban(text: str) -> str | None:
    """An account as printed where there is no IBAN (C5), letters and digits only; None where it has fewer than four digits.

    >>> bban("5050-1055"), bban("see overleaf")
    ('50501055', None)
    """
    number = _compact(text)
    return number if sum(map(str.isdigit, number)) >= _FEWEST_ACCOUNT_DIGITS else None


def bic(text: str) -> str | None:
    """The BIC (ISO 9362), without the branch XXX that means "none", or None.

    >>> bic("abna nl 2a xxx"), bic("DEUTDEFF500"), bic("ABNANL")
    ('ABNANL2A', 'DEUTDEFF500', None)
    """
    found = _BIC.fullmatch(_compact(text))
    if not found:
        return None
    return found.group().removesuffix("XXX") if found["branch"] else found.group()


@lru_cache(maxsize=20_000)
def vat_number(text: str) -> str | None:
    """The VAT number with its country in front; a comparable form, not a check of its digits. None for text such as a name.

    >>> vat_number("NL 0044.95.445.B01"), vat_number("004495445B01"), vat_number("BE 428.759.497")
    ('NL004495445B01', 'NL004495445B01', 'BE0428759497')
    >>> vat_number("GR 094259216"), vat_number("995 525 828 MVA"), vat_number("CHE-107.787.577 MWST"), vat_number("Bakker BV")
    ('EL094259216', 'NO995525828', 'CHE107787577', None)
    """
    number = _compact(text)
    for country, shape in _VAT_SHAPES:
        if found := shape.fullmatch(number):
            return country + found["digits"]
    if stdnum_vat.is_valid(number):
        return str(stdnum_vat.compact(number))
    enough = sum(map(str.isdigit, number)) >= _FEWEST_DIGITS
    return number if enough and _SOME_VAT_NUMBER.fullmatch(number) else None


def country_of(number: str) -> str:
    """The country (ISO 3166) an IBAN or a VAT number in comparable form begins with, or nothing.

    >>> country_of("NL004495445B01"), country_of("EL094259216"), country_of("CHE107787577"), country_of("12345678")
    ('NL', 'GR', 'CH', '')
    """
    letters = number[:2]
    return {"EL": "GR", "XI": "GB"}.get(letters, letters) if letters.isalpha() else ""


def folded(text: str) -> str:
    """Small letters without marks, for comparing.

    >>> folded("Ångström Œuvre Straße")
    'angstrom oeuvre strasse'
    """
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).casefold()
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return plain.translate(_PLAIN_LETTERS)


@lru_cache(maxsize=20_000)
def name(text: str) -> str:
    """A company name for comparing: folded, without punctuation, joining words and the legal forms at its ends.

    A name that is nothing but a legal form keeps it.

    >>> name("Müller & Söhne GmbH & Co. KG"), name("Bakker B.V."), name("Oy Lappi Ab"), name("S.A.")
    ('muller sohne', 'bakker', 'lappi', 'sa')
    """
    words = tuple(match["word"] for match in _WORD.finditer(_DROPPED_MARKS.sub("", folded(text)).replace("_", " ")))
    joined = tuple(word for place, word in enumerate(words) if word not in _JOINING_WORDS or place in (0, len(words) - 1))
    return " ".join(_without_forms(joined))


def _without_forms(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words without the legal forms at either end, the longest form first, until none is left to drop."""
    for length in range(min(_LONGEST_FORM, len(words) - 1), 0, -1):
        if words[-length:] in _FORMS:
            return _without_forms(words[:-length])
        if words[:length] in _LEADING_FORMS:
            return _without_forms(words[length:])
    return words
