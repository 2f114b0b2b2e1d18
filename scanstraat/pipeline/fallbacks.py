"""What is filled in where nothing was read (D1-D9): a table, asked from top to bottom; a value that was read is never touched.

Each row gives its text, or None where it does not apply; the first row of a field that gives one fills it. What was filled
shows: the reading carries the row's rule and method, and confidence 0 where it is not derived from print.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from scanstraat.extractors.values.payment_term import parse_term
from scanstraat.model.administration import Administration
from scanstraat.model.field import FieldName, Method, Reading, Readings

WITHOUT_FALLBACK = (FieldName.SUPPLIER_NAME, FieldName.TOTAL)


@dataclass(frozen=True, slots=True)
class Given:
    """What a row may use: the document's readings as filled so far, its administration, and when the mail was sent."""

    readings: Readings
    administration: Administration
    sent_at: datetime

    def has(self, field: FieldName) -> bool:
        """Whether the field has a value by now."""
        return self.readings.get(field) is not None

    def was_read(self, field: FieldName) -> bool:
        """Whether the field's value was read rather than filled."""
        reading = self.readings.get(field)
        return reading is not None and not reading.rule


@dataclass(frozen=True, slots=True)
class Fallback:
    """A row: the rule, the field it fills, and what gives the reading or None."""

    rule: str
    field: FieldName
    fill: Callable[[Given, str, FieldName], Reading | None]


def complete(readings: Readings, administration: Administration, sent_at: datetime) -> Readings:
    """`readings` with every field filled that a rule has a value for. `sent_at` counts in its own zone (D2).

    Without name or amount nothing is filled: there is no invoice to complete, and a person looks (D9).

    >>> from scanstraat.model.administration import OwnIdentity
    >>> read = Readings((Reading(FieldName.SUPPLIER_NAME, "Bakker", 0.9), Reading(FieldName.TOTAL, "9.00", 0.9)))
    >>> sent = datetime.fromisoformat("2026-03-31T23:30:00-05:00")
    >>> filled = complete(read, Administration(1, "Demo", OwnIdentity(), "demo"), sent)
    >>> [f"{reading.rule} {reading.field} {reading.value}" for reading in filled.readings[2:4]]
    ['D3 invoice_date 2026-03-31', 'D3 invoice_number 2026-03-31']
    """
    if any(readings.get(field) is None for field in WITHOUT_FALLBACK):
        return readings
    for row in FALLBACKS:
        given = Given(readings, administration, sent_at)
        if not given.has(row.field) and (reading := row.fill(given, row.rule, row.field)):
            readings = readings.with_reading(reading)
    return readings


def due_date(invoice_date: date, term: str) -> date | None:
    """The day a payment term in its canonical form ends, or None where the form or the day does not exist (D4).

    >>> due_date(date(2026, 1, 31), "30 days end of month"), due_date(date(2026, 2, 3), "when it suits you")
    (datetime.date(2026, 3, 31), None)
    """
    parsed = parse_term(term)
    try:
        return parsed.due(invoice_date) if parsed else None
    except OverflowError:
        return None


def _filled(rule: str, field: FieldName, value: str, doubts: tuple[str, ...] = ()) -> Reading:
    return Reading(field, value, 0.0, rule=rule, method=Method.FALLBACK, doubts=doubts)


def _date_sent_for_both(given: Given, rule: str, field: FieldName) -> Reading | None:
    """The date sent where neither number nor date were read."""
    if given.was_read(FieldName.INVOICE_NUMBER) or given.was_read(FieldName.INVOICE_DATE):
        return None
    return _filled(rule, field, given.sent_at.date().isoformat())


def _date_sent(given: Given, rule: str, field: FieldName) -> Reading:
    return _filled(rule, field, given.sent_at.date().isoformat())


def _value_of(other: FieldName) -> Callable[[Given, str, FieldName], Reading | None]:
    """A row that takes another field's value."""

    def fill(given: Given, rule: str, field: FieldName) -> Reading | None:
        value = given.readings.value(other)
        return None if value is None else _filled(rule, field, value)

    return fill


def _end_of_term(given: Given, rule: str, field: FieldName) -> Reading | None:
    """Invoice date and printed term together; as certain as the less certain of the two."""
    term, start = given.readings.get(FieldName.PAYMENT_TERM), given.readings.get(FieldName.INVOICE_DATE)
    due = due_date(start.day, term.value) if term and start else None
    if not (due and term and start):
        return None
    return Reading(
        field,
        due.isoformat(),
        min(term.confidence, start.confidence),
        evidence=term.evidence,
        rule=rule,
        method=Method.DERIVED,
        signals=(f"{start.value} and {term.value}",),
        doubts=term.doubts,
    )


def _no_term(given: Given, rule: str, field: FieldName) -> Reading | None:
    """Due at once; where a term is printed that nobody understands, that is a doubt."""
    value, term = given.readings.value(FieldName.INVOICE_DATE), given.readings.value(FieldName.PAYMENT_TERM)
    doubts = () if term is None else (f"the payment term {term!r} gives no due date",)
    return None if value is None else _filled(rule, field, value, doubts)


def _name_where_no_account(given: Given, rule: str, field: FieldName) -> Reading | None:
    return None if given.has(FieldName.ACCOUNT) else _value_of(FieldName.SUPPLIER_NAME)(given, rule, field)


def _own_currency(given: Given, rule: str, field: FieldName) -> Reading:
    return _filled(rule, field, given.administration.currency)


FALLBACKS = (
    Fallback("D3", FieldName.INVOICE_DATE, _date_sent_for_both),
    Fallback("D3", FieldName.INVOICE_NUMBER, _date_sent_for_both),
    Fallback("D2", FieldName.INVOICE_DATE, _date_sent),
    Fallback("D1", FieldName.INVOICE_NUMBER, _value_of(FieldName.INVOICE_DATE)),
    Fallback("D4", FieldName.DUE_DATE, _end_of_term),
    Fallback("D5", FieldName.DUE_DATE, _no_term),
    Fallback("D6", FieldName.IBAN, _name_where_no_account),
    Fallback("D7", FieldName.VAT_NUMBER, _value_of(FieldName.SUPPLIER_NAME)),
    Fallback("D9", FieldName.CURRENCY, _own_currency),
)
