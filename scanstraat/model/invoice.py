"""Invoices: complete, every field read or filled by a numbered rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from scanstraat.errors import Inconsistent
from scanstraat.model.field import FieldName, InvoiceLine, Reading, Readings
from scanstraat.model.money import Money
from scanstraat.model.supplier import Account

REQUIRED = (
    FieldName.SUPPLIER_NAME,
    FieldName.VAT_NUMBER,
    FieldName.INVOICE_NUMBER,
    FieldName.INVOICE_DATE,
    FieldName.DUE_DATE,
    FieldName.TOTAL,
    FieldName.CURRENCY,
)


@dataclass(frozen=True, slots=True)
class Invoice:
    """A complete invoice (BT terms of EN 16931). `readings` holds a value for each of `REQUIRED`, and an IBAN or an account.

    Amounts of a credit note are positive here (C3).
    """

    readings: Readings
    is_credit_note: bool

    def __post_init__(self) -> None:
        missing = [field for field in REQUIRED if self.readings.get(field) is None]
        if self.readings.get(FieldName.IBAN) is None and self.readings.get(FieldName.ACCOUNT) is None:
            missing.append(FieldName.IBAN)
        if missing:
            raise Inconsistent(
                "incomplete-invoice", f"an invoice lacks {', '.join(missing)}.", "Fill the fields at the review desk."
            )

    def reading(self, field: FieldName) -> Reading:
        """The reading of a required field."""
        reading = self.readings.get(field)
        if reading is None:
            raise Inconsistent("incomplete-invoice", f"an invoice lacks {field}.", "Fill the field at the review desk.")
        return reading

    @property
    def number(self) -> str:
        """Invoice number (BT-1)."""
        return self.reading(FieldName.INVOICE_NUMBER).value

    @property
    def issue_date(self) -> date:
        """Issue date (BT-2)."""
        return self.reading(FieldName.INVOICE_DATE).day

    @property
    def due_date(self) -> date:
        """Payment due date (BT-9)."""
        return self.reading(FieldName.DUE_DATE).day

    @property
    def total(self) -> Money:
        """Total with VAT (BT-112)."""
        return abs(Money(self.reading(FieldName.TOTAL).amount, self.currency))

    @property
    def currency(self) -> str:
        """Currency (BT-5), ISO 4217."""
        return self.reading(FieldName.CURRENCY).value

    @property
    def supplier_name(self) -> str:
        """Seller name (BT-27)."""
        return self.reading(FieldName.SUPPLIER_NAME).value

    @property
    def account_reading(self) -> Reading:
        """The reading that names the account to pay to (BT-84): IBAN, else account as printed, else the name put there by D6."""
        return self.readings.get(FieldName.IBAN) or self.reading(FieldName.ACCOUNT)

    @property
    def account(self) -> Account | None:
        """The real account to pay to; None where a fallback rule filled it (D8)."""
        reading = self.account_reading
        if reading.rule:
            return None
        scheme = "IBAN" if reading.field == FieldName.IBAN else "BBAN"
        return Account(reading.value, scheme, self.readings.value(FieldName.BIC) or "")

    @property
    def lines(self) -> tuple[InvoiceLine, ...]:
        """The lines as read; empty where none were."""
        return self.readings.lines
