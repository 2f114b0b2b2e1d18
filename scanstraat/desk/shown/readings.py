"""The readings of a document in a fixed order, each saying how sure it is and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext

from scanstraat.desk import wording
from scanstraat.desk.shown import values
from scanstraat.model.field import Evidence, FieldName, Reading, Readings

# The order on the page, always the same; `True`: shown as missing where nothing was found.
ORDER = (
    (FieldName.SUPPLIER_NAME, True),
    (FieldName.VAT_NUMBER, True),
    (FieldName.REGISTER_NUMBER, False),
    (FieldName.IBAN, True),
    (FieldName.ACCOUNT, False),
    (FieldName.BIC, False),
    (FieldName.INVOICE_NUMBER, True),
    (FieldName.INVOICE_DATE, True),
    (FieldName.DUE_DATE, True),
    (FieldName.PAYMENT_TERM, False),
    (FieldName.TOTAL, True),
    (FieldName.NET_TOTAL, False),
    (FieldName.VAT_TOTAL, False),
    (FieldName.CURRENCY, True),
    (FieldName.IS_CREDIT_NOTE, False),
    (FieldName.PAYMENT_REFERENCE, False),
    (FieldName.PURCHASE_ORDER, False),
    (FieldName.PRECEDING_INVOICE, False),
)


class Certainty(StrEnum):
    """How a value is shown; a class in the style sheet."""

    CALM = "calm"
    DOUBTFUL = "doubtful"
    FILLED = "filled"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class ReadingLine:
    """A field on the page of a document. `anchor` names its row and its box on the picture."""

    anchor: str
    label: str
    certainty: Certainty
    value: str = ""
    percent: str = ""
    rule: str = ""
    rule_text: str = ""
    doubts: tuple[str, ...] = ()
    raw: str = ""
    page: int = 0
    method: str = ""
    others: tuple[str, ...] = ()
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """A line of the invoice in words; empty where nothing was read."""

    description: str
    quantity: str
    unit_price: str
    line_total: str
    page: int


def invoice_rows(readings: Readings) -> tuple[InvoiceRow, ...]:
    """The lines of an invoice, as printed."""
    return tuple(
        InvoiceRow(line.description, _plain(line.quantity), _amount(line.unit_price), _amount(line.line_total), line.page)
        for line in (*readings.lines, *readings.charges)
    )


def certainty(reading: Reading, threshold: float) -> Certainty:
    """A value with doubts, or below the confidence the administration asked for, is doubtful (C7)."""
    if reading.rule:
        return Certainty.FILLED
    return Certainty.DOUBTFUL if reading.doubts or reading.confidence < threshold else Certainty.CALM


def reading_lines(readings: Readings, threshold: float) -> tuple[ReadingLine, ...]:
    """All fields that were read or filled, and those that are missing, in the fixed order."""
    lines = (_line(readings, field, wanted, threshold) for field, wanted in ORDER)
    return tuple(line for line in lines if line is not None)


def _line(readings: Readings, field: FieldName, wanted: bool, threshold: float) -> ReadingLine | None:
    reading = readings.get(field)
    if reading is not None:
        return _found(reading, threshold)
    if not wanted or (field is FieldName.IBAN and readings.get(FieldName.ACCOUNT)):  # either is the account to pay to (C5)
        return None
    return ReadingLine(field.value, gettext(wording.FIELDS[field]), Certainty.MISSING)


def _found(reading: Reading, threshold: float) -> ReadingLine:
    evidence, field = reading.evidence, reading.field
    return ReadingLine(
        anchor=field.value,
        label=gettext(wording.FIELDS[field]),
        certainty=certainty(reading, threshold),
        value=values.shown(reading),
        percent="" if reading.rule else values.percent(reading.confidence),
        rule=reading.rule or "",
        rule_text=wording.rule(reading.rule or ""),
        doubts=reading.doubts,
        raw=evidence.raw if evidence else "",
        page=evidence.page if evidence else 0,
        method=gettext(wording.METHODS[evidence.method if evidence else reading.method]),
        others=tuple(other.value for other in reading.runners_up),
        evidence=evidence,
    )


def _plain(number: Decimal | None) -> str:
    return "" if number is None else f"{number.normalize():f}"


def _amount(number: Decimal | None) -> str:
    return "" if number is None else values.amount(str(number))
