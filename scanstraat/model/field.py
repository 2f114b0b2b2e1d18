"""Fields, evidence and readings: a value never travels without where it was read or the rule that supplied it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from scanstraat.model.page import Box


class FieldName(StrEnum):
    """The fields the service reads (C1, C2). `ACCOUNT` is a foreign account as printed, where there is no IBAN (C5)."""

    IBAN = "iban"
    BIC = "bic"
    ACCOUNT = "account"
    SUPPLIER_NAME = "supplier_name"
    VAT_NUMBER = "vat_number"
    INVOICE_NUMBER = "invoice_number"
    INVOICE_DATE = "invoice_date"
    DUE_DATE = "due_date"
    TOTAL = "total"
    NET_TOTAL = "net_total"
    VAT_TOTAL = "vat_total"
    CURRENCY = "currency"
    IS_CREDIT_NOTE = "is_credit_note"
    PAYMENT_TERM = "payment_term"
    PAYMENT_REFERENCE = "payment_reference"
    PURCHASE_ORDER = "purchase_order"
    REGISTER_NUMBER = "register_number"
    PRECEDING_INVOICE = "preceding_invoice"


class Method(StrEnum):
    """How a value was come by."""

    TEXT_LAYER = "pdf-text"
    OCR = "ocr"
    BARCODE = "barcode"
    EINVOICE = "e-invoice"
    DERIVED = "derived"
    REGISTER = "register"
    OPERATOR = "operator"
    FALLBACK = "fallback"


# EN 16931 business terms of the fields; the output XML and the documentation name them so.
BUSINESS_TERMS: dict[FieldName, str] = {
    FieldName.IBAN: "BT-84",
    FieldName.ACCOUNT: "BT-84",
    FieldName.BIC: "BT-86",
    FieldName.SUPPLIER_NAME: "BT-27",
    FieldName.VAT_NUMBER: "BT-31",
    FieldName.INVOICE_NUMBER: "BT-1",
    FieldName.INVOICE_DATE: "BT-2",
    FieldName.DUE_DATE: "BT-9",
    FieldName.TOTAL: "BT-112",
    FieldName.NET_TOTAL: "BT-109",
    FieldName.VAT_TOTAL: "BT-110",
    FieldName.CURRENCY: "BT-5",
    FieldName.IS_CREDIT_NOTE: "BT-3",
    FieldName.PAYMENT_TERM: "BT-20",
    FieldName.PAYMENT_REFERENCE: "BT-83",
    FieldName.PURCHASE_ORDER: "BT-13",
    FieldName.REGISTER_NUMBER: "BT-30",
    FieldName.PRECEDING_INVOICE: "BT-25",
}


# The form in which a reading holds its value.
CANONICAL_FORMS: dict[FieldName, str] = {
    FieldName.IBAN: "no blanks",
    FieldName.BIC: "8 or 11 characters",
    FieldName.ACCOUNT: "as printed",
    FieldName.SUPPLIER_NAME: "as printed",
    FieldName.VAT_NUMBER: "no blanks, with country prefix",
    FieldName.INVOICE_NUMBER: "as printed",
    FieldName.INVOICE_DATE: "ISO date",
    FieldName.DUE_DATE: "ISO date",
    FieldName.TOTAL: "decimal, two places",
    FieldName.NET_TOTAL: "decimal, two places",
    FieldName.VAT_TOTAL: "decimal, two places",
    FieldName.CURRENCY: "ISO 4217",
    FieldName.IS_CREDIT_NOTE: "true or false",
    FieldName.PAYMENT_TERM: "see below",
    FieldName.PAYMENT_REFERENCE: "no blanks",
    FieldName.PURCHASE_ORDER: "as printed",
    FieldName.REGISTER_NUMBER: "no blanks or dots",
    FieldName.PRECEDING_INVOICE: "as printed",
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a value was read: page of the document (from 1), box on it, text as printed, and how."""

    page: int
    box: Box
    raw: str
    method: Method


@dataclass(frozen=True, slots=True)
class RunnerUp:
    """A value that was not chosen, kept so that a person can take it with one key."""

    value: str
    confidence: float
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A field's value with its confidence (0 to 1) and its evidence, or the number of the rule that supplied it.

    `value` is canonical text: ISO dates, decimal strings, IBANs without blanks, "true" or "false". `doubts` says in words why
    a person should look (C7); a reading with doubts is never taken for certain.
    """

    field: FieldName
    value: str
    confidence: float
    evidence: Evidence | None = None
    rule: str | None = None
    method: Method = Method.TEXT_LAYER
    signals: tuple[str, ...] = ()
    runners_up: tuple[RunnerUp, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def amount(self) -> Decimal:
        """The value as a number."""
        return Decimal(self.value)

    @property
    def day(self) -> date:
        """The value as a date."""
        return date.fromisoformat(self.value)


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One line of an invoice as read; amounts without VAT, as printed, in the invoice's currency."""

    description: str
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    line_total: Decimal | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class VatRate:
    """A row of the VAT breakdown (BG-23): rate in percent (BT-119), what it is applied to (BT-116), and the VAT (BT-117)."""

    rate: Decimal
    base: Decimal
    vat: Decimal
    page: int = 1


@dataclass(frozen=True, slots=True)
class Readings:
    """All that was recognised on one document: at most one reading a field. Guessed, not complete.

    `vat_rates` is empty, or a whole breakdown: its bases make the net amount and its VAT amounts the VAT. `charges` are what is
    added (BG-21) or, below zero, taken off (BG-20) for the invoice as a whole: shipping, discount.
    """

    readings: tuple[Reading, ...] = ()
    lines: tuple[InvoiceLine, ...] = ()
    vat_rates: tuple[VatRate, ...] = ()
    charges: tuple[InvoiceLine, ...] = ()

    def get(self, field: FieldName) -> Reading | None:
        """The reading of `field`, or None where nothing was found."""
        return next((reading for reading in self.readings if reading.field == field), None)

    def value(self, field: FieldName) -> str | None:
        """The canonical text of `field`, or None."""
        reading = self.get(field)
        return reading.value if reading else None

    def with_reading(self, new: Reading) -> Readings:
        """These readings with `new` in the place of any other of its field."""
        return replace(self, readings=(*(r for r in self.readings if r.field != new.field), new))

    def without(self, field: FieldName) -> Readings:
        """These readings without that of `field`."""
        return replace(self, readings=tuple(r for r in self.readings if r.field != field))
