"""What is set for an administration, each value checked before it is kept: one place for the pages and the commands (K1)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from scanstraat.delivery.posting import checked_address
from scanstraat.errors import Refused
from scanstraat.extractors.typed import account, company
from scanstraat.extractors.values import vat_number as vat_numbers
from scanstraat.records import offices

LONGEST_NAME = 200
LONGEST_PHRASE = 200
LONGEST_DROP = 80
MOST_VALUES = 100  # names, numbers, phrases or contacts of one administration
_DROP = re.compile(r"(?P<first>[a-z0-9]) (?P<rest>[a-z0-9-]*)", re.VERBOSE)
_COUNTRY = re.compile(r"[A-Z]{2}", re.VERBOSE)
_CURRENCY = re.compile(r"[A-Z]{3}", re.VERBOSE)
_NOT_IN_DROPS = re.compile(r"[^a-z0-9]+", re.VERBOSE)
_LEGAL_FORMS = re.compile(r"-(?:b-?v|n-?v|oy|oyj|ab|gmbh|ltd|vof|bvba|srl|sarl|inc)$", re.VERBOSE)


def name(text: str) -> str:
    """A name of an office, a company or a person; raises `Refused` (`name-form`) for none and for a long one.

    >>> name("  Bakkerij   De Ochtend ")
    'Bakkerij De Ochtend'
    """
    plain = " ".join(text.split())
    if not plain or len(plain) > LONGEST_NAME:
        raise Refused("name-form", f"a name has 1 to {LONGEST_NAME} characters.", "Give the name as people know it.")
    return plain


def own_vat_number(text: str, country: str) -> str:
    """A company's own VAT number, its check digits right: it is typed from its own papers, so a wrong one is a slip.

    Raises `Refused`: `typed-vat-number`, `vat-check-digits`.

    >>> own_vat_number("nl 8204.71.616.B01", "NL")
    'NL820471616B01'
    """
    number = company.vat_number(text, country)
    if not vat_numbers.checks(number):
        raise Refused("vat-check-digits", f"the check digits of {number} do not hold.", "Compare it with the company's papers.")
    return number


def own_iban(text: str) -> str:
    """A company's own IBAN; raises `Refused` (`typed-iban`)."""
    return account.iban(text)


def contact(text: str) -> str:
    """A mail address that people of an administration read; raises `Refused`: `address`, `own-address`."""
    address = checked_address(text.strip())
    if offices.is_own(address):
        raise Refused("own-address", f"mail to {address} comes in here itself.", "Give an address that people read.")
    return address


def contacts(texts: Iterable[str]) -> tuple[str, ...]:
    """Several of them, each once; empty ones are passed over."""
    return tuple(dict.fromkeys(contact(text) for text in texts if text.strip()))


def phrase(text: str) -> str:
    """A phrase that has a reminder treated as an invoice (G3); raises `Refused` (`phrase-form`).

    One word alone would be said in many a mail that means something else.

    >>> phrase(" als factuur   boeken ")
    'als factuur boeken'
    """
    plain = " ".join(text.split())
    if len(plain) > LONGEST_PHRASE or len(plain.split()) < 2:
        raise Refused("phrase-form", "a phrase has at least two words.", "Give what a sender writes, as: als factuur behandelen.")
    return plain


def threshold(text: str) -> float:
    """A confidence in percent, 1 to 99, as a fraction; raises `Refused` (`threshold-form`).

    >>> threshold("85"), threshold("50 %")
    (0.85, 0.5)
    """
    number = text.replace("%", "").strip()
    if not (number.isascii() and number.isdecimal() and 1 <= int(number[:4]) <= 99):
        raise Refused(
            "threshold-form", "a threshold is a whole number of percent, 1 to 99.", "50 is usual; more sends more to people."
        )
    return int(number) / 100


def drop(text: str) -> str:
    """The name of a drop folder; raises `Refused` (`drop-form`).

    >>> drop(" Bakkerij-De-Ochtend ")
    'bakkerij-de-ochtend'
    """
    plain = text.strip().lower()
    if not _DROP.fullmatch(plain) or len(plain) > LONGEST_DROP:
        step = f"At most {LONGEST_DROP} characters, the first a letter or a digit, as: bakkerij-de-ochtend."
        raise Refused("drop-form", "the name of a drop folder has letters a to z, digits and dashes.", step)
    return plain


def address(text: str) -> str:
    """An address that mail is taken at, in small letters; raises `Refused` (`address`)."""
    return checked_address(text.strip()).lower()


def country(text: str) -> str:
    """A country, ISO 3166; raises `Refused` (`country-form`).

    >>> country("fi")
    'FI'
    """
    code = text.strip().upper()
    if not _COUNTRY.fullmatch(code):
        raise Refused("country-form", "a country has two letters (ISO 3166).", "NL, BE, DE, FI, SE and so on.")
    return code


def currency(text: str) -> str:
    """A currency, ISO 4217; raises `Refused` (`currency-form`).

    >>> currency("eur")
    'EUR'
    """
    code = text.strip().upper()
    if not _CURRENCY.fullmatch(code):
        raise Refused("currency-form", "a currency has three letters (ISO 4217).", "EUR, SEK, GBP and so on.")
    return code


def suggested_drop(company_name: str) -> str:
    """The name of a drop folder for a company: its name in small plain letters, without its legal form; "" where nothing is left.

    >>> suggested_drop("Bakkerij De Ochtend B.V."), suggested_drop("Café Ærø & Søn"), suggested_drop("№")
    ('bakkerij-de-ochtend', 'cafe-aeroe-soen', 'no')
    """
    plain = company_name.lower().translate(_LETTERS)
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode().lower()
    joined = _NOT_IN_DROPS.sub("-", plain).strip("-")
    return (_LEGAL_FORMS.sub("", joined) or joined)[: LONGEST_DROP - 20].strip("-")


_LETTERS = str.maketrans({"ø": "oe", "æ": "ae", "ß": "ss", "ł": "l", "đ": "d", "þ": "th"})
