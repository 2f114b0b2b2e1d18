"""The amounts of the XML: what is said of net, VAT and lines, and what is left out because it does not add up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from scanstraat.errors import Inconsistent
from scanstraat.model.field import FieldName, InvoiceLine, VatRate
from scanstraat.model.invoice import Invoice
from scanstraat.model.money import Money

# Beyond this no invoice goes, and a number as text could grow to any length ("1E+999999").
_MOST_DIGITS = 18


class Basis(StrEnum):
    """What stands behind an amount of the totals."""

    READ = "read"
    COMPUTED = "computed"
    UNKNOWN = "unknown"
    CONTRADICTORY = "contradictory"


class LinesBasis(StrEnum):
    """What the lines of the XML are; all but READ mean one line for the whole invoice, and say why."""

    READ = "read"
    NONE_READ = "none-read"
    DO_NOT_ADD_UP = "do-not-add-up"
    NET_UNKNOWN = "net-unknown"


class RatesBasis(StrEnum):
    """What the VAT breakdown of the XML is; all but READ mean that none is given, and say why."""

    READ = "read"
    NONE_READ = "none-read"
    DO_NOT_ADD_UP = "do-not-add-up"


@dataclass(frozen=True, slots=True)
class Rates:
    """The VAT breakdown to deliver, without signs (C3), and its basis."""

    rates: tuple[VatRate, ...]
    basis: RatesBasis


@dataclass(frozen=True, slots=True)
class Totals:
    """Totals that add up: `net` and `vat` are None where they are unknown or contradict the total."""

    total: Decimal
    net: Decimal | None
    vat: Decimal | None
    net_basis: Basis
    vat_basis: Basis


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines to deliver and their basis; an empty tuple stands for one line for the whole invoice.

    `charges` are added to the lines or, below zero, taken off; they make the net amount together.
    """

    lines: tuple[InvoiceLine, ...]
    basis: LinesBasis
    charges: tuple[InvoiceLine, ...] = ()

    def charged(self, above: bool) -> Decimal:
        """The sum of what is added, or of what is taken off, both without sign."""
        amounts = (line.line_total or Decimal() for line in self.charges)
        return sum((abs(amount) for amount in amounts if (amount > 0) == above), Decimal())


def plain(number: Decimal) -> str:
    """`number` in plain digits; raises `Inconsistent` for what is no amount.

    >>> plain(Decimal("1.5E+3")), plain(Decimal("0.00"))
    ('1500', '0.00')
    >>> plain(Decimal("1E+999999"))
    Traceback (most recent call last):
    scanstraat.errors.Inconsistent: xml-invalid: 1E+999999 cannot be an amount. Correct the value at the review desk.
    """
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or number.adjusted() > _MOST_DIGITS or exponent < -_MOST_DIGITS:
        raise Inconsistent("xml-invalid", f"{number} cannot be an amount.", "Correct the value at the review desk.")
    return f"{number:f}"


def totals_of(invoice: Invoice) -> Totals:
    """The invoice's totals, without sign (C3). Net is computed as total less VAT where only the VAT was read."""
    total = invoice.total.amount
    net, vat = _amount(invoice, FieldName.NET_TOTAL), _amount(invoice, FieldName.VAT_TOTAL)
    if vat is None:
        fits = net is None or net <= total
        basis = Basis.UNKNOWN if net is None else Basis.READ if fits else Basis.CONTRADICTORY
        return Totals(total, net if fits else None, None, basis, Basis.UNKNOWN)
    if (net is None and vat <= total) or net == total - vat:
        return Totals(total, total - vat, vat, Basis.COMPUTED if net is None else Basis.READ, Basis.READ)
    return Totals(total, None, None, Basis.UNKNOWN if net is None else Basis.CONTRADICTORY, Basis.CONTRADICTORY)


def lines_of(invoice: Invoice, totals: Totals) -> Lines:
    """The lines as read where they and the charges make the net amount, else none with the reason."""
    if not invoice.lines:
        return Lines((), LinesBasis.NONE_READ)
    if totals.net is None:
        return Lines((), LinesBasis.NET_UNKNOWN)
    charges = invoice.readings.charges
    amounts = [line.line_total for line in (*invoice.lines, *charges) if line.line_total is not None]
    described = all(line.description.strip() for line in (*invoice.lines, *charges))
    if len(amounts) < len(invoice.lines) + len(charges) or not described:
        return Lines((), LinesBasis.DO_NOT_ADD_UP)
    sums = {sum(amounts), -sum(amounts)} if invoice.is_credit_note else {sum(amounts)}
    if totals.net not in sums:
        return Lines((), LinesBasis.DO_NOT_ADD_UP)
    # A credit note may print its lines below zero; in a CreditNote they are positive (C3).
    if sum(amounts) == totals.net:
        return Lines(invoice.lines, LinesBasis.READ, charges)
    return Lines(tuple(map(_turned, invoice.lines)), LinesBasis.READ, tuple(map(_turned, charges)))


def rates_of(invoice: Invoice, totals: Totals) -> Rates:
    """The VAT breakdown as read where its bases make the net amount and its VAT the VAT amount, else none with the reason."""
    rates = tuple(replace(r, base=abs(r.base), vat=abs(r.vat)) for r in invoice.readings.vat_rates)
    if not rates:
        return Rates((), RatesBasis.NONE_READ)
    sums = sum((r.base for r in rates), Decimal()), sum((r.vat for r in rates), Decimal())
    return Rates(rates, RatesBasis.READ) if sums == (totals.net, totals.vat) else Rates((), RatesBasis.DO_NOT_ADD_UP)


def _turned(line: InvoiceLine) -> InvoiceLine:
    """A printed-negative line made positive: the sign moves from the amount to where it belongs in a credit note."""
    quantity, price, total = line.quantity, line.unit_price, line.line_total
    turned_quantity = -quantity if quantity is not None and quantity < 0 else quantity
    turned_price = -price if price is not None and turned_quantity == quantity else price
    return InvoiceLine(line.description, turned_quantity, turned_price, -total if total is not None else None, line.page)


def _amount(invoice: Invoice, field: FieldName) -> Decimal | None:
    reading = invoice.readings.get(field)
    return None if reading is None else abs(Money(reading.amount, invoice.currency)).amount
