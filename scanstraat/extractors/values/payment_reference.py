r"""Payment references with check digits: one row a scheme, each with where its rule is written.

scheme  form                                   check                                               source
RF      RF, 2 digits, 1 to 21 letters/digits   97-10, as an IBAN                                   ISO 11649
OGM     +++ddd/dddd/ddddd+++                   first ten digits modulo 97, 0 as 97                 Febelfin, OGM-VCS
QRR     27 digits                              recursive modulo 10                                 SIX, IG QR-bill, annex B
FIK     +71< 15 digits +8 digits<              Luhn; kinds 04 and 75 have 16 digits, 73 none       Finans Danmark, FI-kort
NL      16 digits                              modulo 11 with weights 2 4 8 5 10 9 7 3 6 1         Currence, betalingskenmerk
FI      4 to 20 digits                         weights 7 3 1 from the right                        Finanssiala, viitenumero
SE      2 to 25 digits                         Luhn                                                Bankgirot, OCR-referens
NO      2 to 25 digits                         Luhn, or modulo 11 with weights 2 to 7              Mastercard Payment Services
CZ      up to 10 digits                        none                                                ČBA, variabilní symbol
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from stdnum import iso11649, luhn
from stdnum.ch import esr

_BETALINGSKENMERK = (2, 4, 8, 5, 10, 9, 7, 3, 6, 1)
# What tells its scheme by its form alone, wherever it stands.
_EVIDENT = re.compile(
    r"""
    (?P<OGM>(?:\+\+\+|\*\*\*)\ ?\d{3}\ ?/\ ?\d{4}\ ?/\ ?\d{5}\ ?(?:\+\+\+|\*\*\*)?)
  | (?P<FIK>\+\ ?(?:0[14]|7[135])\ ?<\ ?(?:\d[\d\ ]{13,20})?\+\ ?\d{7,8}\ ?<)
  | (?P<RF>(?<![A-Z0-9])RF\d\d(?:\ ?[A-Z0-9]{1,4}){1,6}(?![A-Z0-9]))
  | (?P<QRR>(?<!\d)\d{2}(?:\ \d{5}){5}(?!\d))
    """,
    re.VERBOSE,
)
_FIK = re.compile(r"\+(?P<kind>\d\d)<(?P<id>\d*)\+(?P<creditor>\d{7,8})<", re.VERBOSE)
_FIK_LENGTHS = {"71": 15, "04": 16, "75": 16, "73": 0, "01": 0}


@dataclass(frozen=True, slots=True)
class PaymentReference:
    """A reference in canonical text (no blanks); `checks` is None where its scheme has no check digits or none is known."""

    value: str
    scheme: str = ""
    checks: bool | None = None


def is_betalingskenmerk(digits: str) -> bool:
    """Whether 16 digits are a Dutch betalingskenmerk: the first is the check digit of the others.

    >>> is_betalingskenmerk("0123456789012345"), is_betalingskenmerk("1123456789012345")
    (True, False)
    """
    return len(digits) == 16 and digits.isdigit() and digits == with_betalingskenmerk(digits[1:])


def with_betalingskenmerk(body: str) -> str:
    """15 digits with their check digit before them."""
    total = sum(int(d) * _BETALINGSKENMERK[i % 10] for i, d in enumerate(reversed(body)))
    check = 11 - total % 11
    return f"{ {10: 1, 11: 0}.get(check, check) }{body}"


def is_ogm(digits: str) -> bool:
    """Whether 12 digits are a Belgian structured communication.

    >>> is_ogm("090933755493"), is_ogm("090933755494")
    (True, False)
    """
    return len(digits) == 12 and digits.isdigit() and int(digits[10:]) == (int(digits[:10]) % 97 or 97)


def is_viite(digits: str) -> bool:
    """Whether digits are a Finnish reference number.

    >>> is_viite("1234561"), is_viite("1234562")
    (True, False)
    """
    if not 4 <= len(digits) <= 20 or not digits.isdigit():
        return False
    total = sum(int(d) * (7, 3, 1)[i % 3] for i, d in enumerate(reversed(digits[:-1])))
    return int(digits[-1]) == -total % 10


def is_ocr(digits: str) -> bool:
    """Whether digits are a Swedish OCR reference (Luhn).

    >>> is_ocr("1234566"), is_ocr("1234567")
    (True, False)
    """
    return 2 <= len(digits) <= 25 and luhn.is_valid(digits)


def is_kid(text: str) -> bool:
    """Whether a text is a Norwegian KID: by Luhn, or by modulo 11, where "-" stands for 10.

    >>> is_kid("2345676"), is_kid("2345677")
    (True, False)
    """
    body = text[:-1]
    if not 2 <= len(text) <= 25 or not body.isdigit() or not (text[-1].isdigit() or text[-1] == "-"):
        return False
    total = sum(int(d) * (2 + i % 6) for i, d in enumerate(reversed(body)))
    eleven = "0-987654321"[total % 11]
    return text[-1] == eleven or (text.isdigit() and luhn.is_valid(text))


def is_qrr(digits: str) -> bool:
    """Whether 27 digits are a Swiss QR reference.

    >>> is_qrr("210000000003139471430009017"), is_qrr("210000000003139471430009018")
    (True, False)
    """
    return len(digits) == 27 and digits.isdigit() and bool(esr.calc_check_digit(digits[:-1]) == digits[-1])


def is_fik(text: str) -> bool:
    """Whether a text without blanks is a Danish payment line with a right check digit.

    >>> is_fik("+71<000000001234566+12345678<"), is_fik("+71<000000001234567+12345678<"), is_fik("+73<+12345678<")
    (True, False, True)
    """
    match = _FIK.fullmatch(text)
    if not match or len(match["id"]) != _FIK_LENGTHS[match["kind"]]:
        return False
    return not match["id"] or bool(luhn.is_valid(match["id"]))


_CHECKS: dict[str, Callable[[str], bool]] = {
    "RF": lambda text: bool(iso11649.is_valid(text)),
    "OGM": is_ogm,
    "QRR": is_qrr,
    "FIK": is_fik,
    "NL": is_betalingskenmerk,
    "FI": is_viite,
    "SE": is_ocr,
    "NO": is_kid,
}


def evident(text: str) -> tuple[PaymentReference, int, int] | None:
    """The first reference in a text that tells its scheme by its form, with its place; None where there is none.

    >>> evident("Mededeling: +++090/9337/55493+++")[0]
    PaymentReference(value='090933755493', scheme='OGM', checks=True)
    >>> evident("Invoice 2026/0903, 12 pieces") is None
    True
    """
    match = _EVIDENT.search(text)
    if match is None or match.lastgroup is None:
        return None
    scheme = match.lastgroup
    value = re.sub(r"[\s+*/]" if scheme == "OGM" else r"\s", "", match[0])
    return PaymentReference(value, scheme, _CHECKS[scheme](value)), match.start(), match.end()


def reference(text: str, countries: tuple[str, ...]) -> PaymentReference:
    """A labelled text as a payment reference; digits are checked by the schemes of the countries it may be of.

    >>> reference("1234561", ("FI",)), reference("2026-17", ("NL",)).checks, reference("12 34562", ("FI",)).checks
    (PaymentReference(value='1234561', scheme='FI', checks=True), None, False)
    """
    found = evident(text)
    if found:
        return found[0]
    value = re.sub(r"\s", "", text)
    schemes = [c for c in countries if c in _CHECKS and (c != "NL" or len(value) == 16)]
    if not value.isdigit() or not schemes:
        return PaymentReference(value)
    right = next((c for c in schemes if _CHECKS[c](value)), None)
    return PaymentReference(value, right or schemes[0], right is not None)
