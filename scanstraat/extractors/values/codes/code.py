"""What a payment code says, whichever standard it follows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from scanstraat.extractors.values.day import make_day

_DAY = re.compile(r"(?P<y>\d{4}|\d{2})(?P<m>\d{2})(?P<d>\d{2})", re.VERBOSE)
_AMOUNT = re.compile(r"\d{1,12}(?:[.,]\d{1,2})?", re.VERBOSE)


@dataclass(frozen=True, slots=True)
class PaymentCode:
    """What a payment code says; empty text and None where it leaves something open.

    `account` is a giro or foreign account where there is no IBAN. `term` is canonical as `payment_term` has it.
    """

    iban: str = ""
    name: str = ""
    bic: str = ""
    amount: Decimal | None = None
    currency: str = ""
    reference: str = ""
    account: str = ""
    invoice_number: str = ""
    invoice_date: date | None = None
    due_date: date | None = None
    vat_number: str = ""
    vat: Decimal | None = None
    address: tuple[str, ...] = ()
    term: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a text that has a payment code's form is not believed, in words for a person."""

    text: str


def day_of(text: str) -> date | None:
    """A day as codes write it, YYYYMMDD or YYMMDD; None for anything else.

    >>> day_of("20260131"), day_of("260230"), day_of("")
    (datetime.date(2026, 1, 31), None, None)
    """
    match = _DAY.fullmatch(text)
    return make_day(int(match["y"]), int(match["m"]), int(match["d"])) if match else None


def amount_of(text: str) -> Decimal | None:
    """An amount as codes write it; None where it is none, or open.

    >>> amount_of("12.5"), amount_of("1e9"), amount_of("")
    (Decimal('12.5'), None, None)
    """
    try:
        return Decimal(text.replace(",", ".")) if _AMOUNT.fullmatch(text) else None
    except InvalidOperation:
        return None
