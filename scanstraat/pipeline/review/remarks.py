"""What can be said of a value while it is typed, for and against: a table of remarks, one row each. None holds anything up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from scanstraat.extractors.judging.amounts import CENTS
from scanstraat.extractors.judging.dates import FARTHEST
from scanstraat.extractors.values import iban, vat_number
from scanstraat.model.field import FieldName
from scanstraat.model.review import Remark
from scanstraat.model.supplier import MatchOutcome
from scanstraat.pipeline.review.contradictions import FilledIn

LONG_AGO, AHEAD = timedelta(days=366), timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Known:
    """How well the supplier is known: the day he came into the register, and how many invoices of his went out."""

    since: date
    invoices: int


@dataclass(frozen=True, slots=True)
class Seen:
    """An invoice as it would go out, the day it is looked at, and what is known of its supplier (None: he is new)."""

    filled_in: FilledIn
    today: date
    known: Known | None
    is_repeated: bool

    def real(self, field: FieldName) -> str:
        """The value of a field that was read or given."""
        return self.filled_in.real(field)


def remarks(seen: Seen) -> tuple[Remark, ...]:
    """All there is to say, by field."""
    return tuple(remark for check in CHECKS for remark in check(seen))


def _valid_iban(seen: Seen) -> Iterator[Remark]:
    number, bic = seen.real(FieldName.IBAN), seen.real(FieldName.BIC)
    if number and iban.checks(number):
        yield Remark(FieldName.IBAN, f"the IBAN is valid, of a bank in {number[:2]}", True)
        if bic and bic[4:6] == number[:2]:
            yield Remark(FieldName.BIC, "the bank is of the IBAN's country", True)
        elif bic:
            yield Remark(FieldName.BIC, f"the bank is in {bic[4:6]}, the IBAN of {number[:2]}", False)


def _printed_account(seen: Seen) -> Iterator[Remark]:
    if seen.real(FieldName.ACCOUNT) and not seen.real(FieldName.IBAN):
        yield Remark(FieldName.ACCOUNT, "it has no check digits that we know: compare it with the page", False)


def _right_vat_number(seen: Seen) -> Iterator[Remark]:
    number = seen.real(FieldName.VAT_NUMBER)
    if number and vat_number.has_form(number) and vat_number.checks(number):
        yield Remark(FieldName.VAT_NUMBER, "the VAT number has the right check digits", True)


def _right_sum(seen: Seen) -> Iterator[Remark]:
    total, net, vat = map(seen.filled_in.amount, (FieldName.TOTAL, FieldName.NET_TOTAL, FieldName.VAT_TOTAL))
    if total is not None and net is not None and vat is not None and abs(net + vat - total) <= CENTS:
        yield Remark(FieldName.TOTAL, "net and VAT make the total", True)


def _days(seen: Seen) -> Iterator[Remark]:
    issued, due = seen.real(FieldName.INVOICE_DATE), seen.real(FieldName.DUE_DATE)
    if not issued:
        return
    day = date.fromisoformat(issued)
    if day > seen.today + AHEAD:
        yield Remark(FieldName.INVOICE_DATE, f"{issued} is more than a month from now", False)
    elif day < seen.today - LONG_AGO:
        yield Remark(FieldName.INVOICE_DATE, f"{issued} is more than a year ago", False)
    if due and due >= issued:
        after = date.fromisoformat(due) - day
        yield Remark(FieldName.DUE_DATE, f"{after.days} days after the invoice date", after <= FARTHEST)


def _supplier(seen: Seen) -> Iterator[Remark]:
    match = seen.filled_in.match
    if match is None or match.supplier is None:
        return
    if match.outcome is MatchOutcome.NEW:
        yield Remark(FieldName.SUPPLIER_NAME, "not seen before: the supplier is new in the register", False)
    elif seen.known:
        text = f"{match.supplier.name}, known since {seen.known.since}, {seen.known.invoices} invoices"
        yield Remark(FieldName.SUPPLIER_NAME, text, match.outcome is not MatchOutcome.BY_NAME)
    if match.outcome is MatchOutcome.BY_ACCOUNT:
        field = FieldName.IBAN if seen.real(FieldName.IBAN) else FieldName.ACCOUNT
        yield Remark(field, "the register has this account", True)


def _first_of_its_number(seen: Seen) -> Iterator[Remark]:
    if seen.real(FieldName.INVOICE_NUMBER) and not seen.is_repeated:
        yield Remark(FieldName.INVOICE_NUMBER, "no invoice of this supplier with this number and amount came before", True)


CHECKS: tuple[Callable[[Seen], Iterator[Remark]], ...] = (
    _valid_iban,
    _printed_account,
    _right_vat_number,
    _right_sum,
    _days,
    _supplier,
    _first_of_its_number,
)
