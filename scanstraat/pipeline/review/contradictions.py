"""What speaks against a filled-in invoice beside what the line itself looks at: a table of checks, one row each (C6, C7, E1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from scanstraat.extractors.judging.amounts import CENTS
from scanstraat.extractors.values import iban, vat_number
from scanstraat.model.administration import Administration
from scanstraat.model.field import FieldName, Readings
from scanstraat.model.review import Objection
from scanstraat.model.supplier import MatchOutcome, SupplierMatch
from scanstraat.supplier_registry import normalise
from scanstraat.supplier_registry.matching import name_likeness


@dataclass(frozen=True, slots=True)
class FilledIn:
    """An invoice as it would go out: `readings` completed by the fallback rules, and who its supplier is."""

    readings: Readings
    match: SupplierMatch | None
    administration: Administration

    def real(self, field: FieldName) -> str:
        """The value of a field, "" where it has none or a fallback rule filled it."""
        reading = self.readings.get(field)
        return "" if reading is None or reading.rule else reading.value

    def amount(self, field: FieldName) -> Decimal | None:
        """The amount of a field, None where none was read or given."""
        return Decimal(self.real(field)) if self.real(field) else None


def contradictions(seen: FilledIn) -> tuple[Objection, ...]:
    """What keeps the invoice from going out, or has to be looked at before."""
    return tuple(objection for check in CHECKS for objection in check(seen))


def _broken_iban(seen: FilledIn) -> Iterator[Objection]:
    number = seen.real(FieldName.IBAN)
    if number and not iban.checks(number):
        yield Objection("iban", f"the check digits of {number} do not hold", FieldName.IBAN, "C7")


def _own_values(seen: FilledIn) -> Iterator[Objection]:
    """The customer's own values are never the supplier's, whoever typed them (C6)."""
    own, account = seen.administration.own, FieldName.IBAN if seen.real(FieldName.IBAN) else FieldName.ACCOUNT
    number = normalise.bban(seen.real(account))
    if number and number in map(normalise.bban, own.ibans):
        yield Objection("own-account", "this is the account of the administration itself", account, "C6")
    company_code = normalise.vat_number(seen.real(FieldName.VAT_NUMBER))
    if company_code and company_code in map(normalise.vat_number, own.vat_numbers):
        yield Objection("own-vat-number", "this is the VAT number of the administration itself", FieldName.VAT_NUMBER, "C6")
    name = normalise.name(seen.real(FieldName.SUPPLIER_NAME))
    if name and name in map(normalise.name, own.names):
        yield Objection("own-name", "this is the name of the administration itself", FieldName.SUPPLIER_NAME, "C6")


def _vat_digits(seen: FilledIn) -> Iterator[Objection]:
    number = seen.real(FieldName.VAT_NUMBER)
    if number and vat_number.has_form(number) and not vat_number.checks(number):
        text = f"the check digits of {number} do not hold"
        yield Objection("vat-number", text, FieldName.VAT_NUMBER, "C7", can_be_answered=True)


def _sums(seen: FilledIn) -> Iterator[Objection]:
    total, net, vat = map(seen.amount, (FieldName.TOTAL, FieldName.NET_TOTAL, FieldName.VAT_TOTAL))
    if total is not None and net is not None and vat is not None and abs(net + vat - total) > CENTS:
        text = f"net {net} and VAT {vat} do not add up to {total}"
        yield Objection("sums", text, FieldName.TOTAL, "C7", can_be_answered=True)


def _due_before(seen: FilledIn) -> Iterator[Objection]:
    issued, due = seen.readings.value(FieldName.INVOICE_DATE), seen.real(FieldName.DUE_DATE)
    if issued and due and due < issued:
        text = f"the due date {due} would precede the invoice date {issued}"
        yield Objection("due-before-date", text, FieldName.DUE_DATE, "C7", can_be_answered=True)


def _another_name(seen: FilledIn) -> Iterator[Objection]:
    """The account says who it is; a name that is nothing like his may be a fraud, a factor, or a new name."""
    name, match = seen.real(FieldName.SUPPLIER_NAME), seen.match
    if not name or match is None or match.outcome is not MatchOutcome.BY_ACCOUNT or match.supplier is None:
        return
    if not name_likeness(name, match.supplier.name):
        text = f"the account is that of {match.supplier.name}, the name is {name}"
        yield Objection("supplier-name", text, FieldName.SUPPLIER_NAME, "E1", can_be_answered=True)


CHECKS: tuple[Callable[[FilledIn], Iterator[Objection]], ...] = (
    _broken_iban,
    _own_values,
    _vat_digits,
    _sums,
    _due_before,
    _another_name,
)
