from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanstraat.extractors.values.payment_term import PaymentTerm
from scanstraat.model.administration import Administration, OwnIdentity
from scanstraat.model.field import FieldName, Method, Reading, Readings
from scanstraat.model.invoice import REQUIRED, Invoice
from scanstraat.pipeline.fallbacks import FALLBACKS, complete, due_date

SENT = datetime.fromisoformat("2026-04-01T00:30:00+02:00")  # in UTC it is still March
DEMO = Administration(1, "Demo", OwnIdentity(), "demo", currency="SEK")
WHOLE = {
    "supplier_name": "Bakker BV",
    "total": "0.00",
    "iban": "NL91ABNA0417164300",
    "vat_number": "NL004495445B01",
    "invoice_number": "F-12",
    "invoice_date": "2026-03-28",
    "due_date": "2026-04-11",
    "currency": "EUR",
}


def read(values: dict[str, str]) -> Readings:
    return Readings(tuple(Reading(FieldName(name), value, 0.9) for name, value in values.items()))


def without(*names: str, **more: str) -> Readings:
    return read({name: value for name, value in {**WHOLE, **more}.items() if name not in names})


def filled(readings: Readings) -> dict[str, tuple[str, str]]:
    """Field -> (value, rule) of everything a rule supplied."""
    done = complete(readings, DEMO, SENT)
    return {r.field.value: (r.value, r.rule) for r in done.readings if r.rule}


@pytest.mark.rule("D1")
def test_no_number_takes_the_invoice_date() -> None:
    assert filled(without("invoice_number")) == {"invoice_number": ("2026-03-28", "D1")}


@pytest.mark.rule("D2")
def test_no_date_takes_the_day_the_mail_was_sent_in_its_own_zone() -> None:
    assert filled(without("invoice_date")) == {"invoice_date": ("2026-04-01", "D2")}


@pytest.mark.rule("D3")
def test_neither_number_nor_date_takes_the_day_sent_for_both() -> None:
    assert filled(without("invoice_number", "invoice_date")) == {
        "invoice_number": ("2026-04-01", "D3"),
        "invoice_date": ("2026-04-01", "D3"),
    }


@pytest.mark.rule("D4")
def test_a_printed_term_gives_the_due_date_and_shows_that_it_is_derived() -> None:
    done = complete(without("due_date", payment_term="30 days"), DEMO, SENT)
    due = done.get(FieldName.DUE_DATE)
    assert due is not None
    assert (due.value, due.rule, due.method, due.confidence) == ("2026-04-27", "D4", Method.DERIVED, 0.9)


@pytest.mark.rule("D4", "D2")
def test_a_term_counts_from_the_day_sent_where_no_date_was_read() -> None:
    due = complete(without("due_date", "invoice_date", payment_term="14 days"), DEMO, SENT).get(FieldName.DUE_DATE)
    assert due is not None
    assert (due.value, due.rule, due.confidence) == ("2026-04-15", "D4", 0.0)


@pytest.mark.rule("D4")
@pytest.mark.parametrize(
    ("start", "term", "due"),
    [
        ("2026-03-28", "30 days", "2026-04-27"),
        ("2026-12-15", "30 days", "2027-01-14"),
        ("2026-03-28", "0 days", "2026-03-28"),
        ("2026-01-31", "30 days end of month", "2026-03-31"),
        ("2026-01-15", "30 days end of month", "2026-02-28"),
        ("2024-02-03", "end of month", "2024-02-29"),
        ("2026-01-15", "end of month + 10 days", "2026-02-10"),
        ("2026-01-15", "30 days end of month + 10 days", "2026-03-10"),
        ("2026-04-30", "end of month", "2026-04-30"),
        ("2026-03-28", "30 days net", None),
        ("2026-03-28", "", None),
        ("9999-12-20", "30 days", None),
    ],
)
def test_a_term_ends_on_its_day(start: str, term: str, due: str | None) -> None:
    found = due_date(date.fromisoformat(start), term)
    assert (found.isoformat() if found else None) == due


DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@pytest.mark.rule("D4")
@given(DAYS, st.integers(0, 400))
def test_days_are_counted_and_months_end_right(start: date, number: int) -> None:
    assert due_date(start, f"{number} days") == start + timedelta(days=number)
    end = due_date(start, f"{number} days end of month")
    assert end is not None
    assert (end + timedelta(days=1)).day == 1
    assert 0 <= (end - start).days - number < 31


@pytest.mark.rule("D4")
@given(
    DAYS,
    st.builds(PaymentTerm, st.integers(0, 120), st.just(True), st.integers(0, 60)) | st.builds(PaymentTerm, st.integers(0, 400)),
)
def test_every_term_that_recognition_writes_is_understood_as_it_was_meant(start: date, term: PaymentTerm) -> None:
    assert due_date(start, str(term)) == term.due(start)


@pytest.mark.rule("D5")
def test_neither_due_date_nor_term_is_due_at_once() -> None:
    assert filled(without("due_date")) == {"due_date": ("2026-03-28", "D5")}


@pytest.mark.rule("D5", "C7")
def test_a_term_nobody_understands_is_due_at_once_with_a_doubt() -> None:
    due = complete(without("due_date", payment_term="when it suits"), DEMO, SENT).get(FieldName.DUE_DATE)
    assert due is not None
    assert (due.value, due.rule) == ("2026-03-28", "D5")
    assert due.doubts


@pytest.mark.rule("D6")
def test_no_account_takes_the_suppliers_name_in_that_field_only() -> None:
    assert filled(without("iban")) == {"iban": ("Bakker BV", "D6")}


@pytest.mark.rule("D6", "C5")
def test_a_foreign_account_as_printed_is_an_account() -> None:
    assert filled(without("iban", account="5050-1055")) == {}


@pytest.mark.rule("D7")
def test_no_vat_number_takes_the_suppliers_name_in_that_field_only() -> None:
    assert filled(without("vat_number")) == {"vat_number": ("Bakker BV", "D7")}


@pytest.mark.rule("D9")
def test_no_currency_takes_the_administrations_own() -> None:
    assert filled(without("currency")) == {"currency": ("SEK", "D9")}


@pytest.mark.rule("D9")
@pytest.mark.parametrize("missing", ["supplier_name", "total"])
def test_without_name_or_amount_nothing_is_filled(missing: str) -> None:
    lacking = without(missing, "currency", "due_date", "iban")
    assert complete(lacking, DEMO, SENT) == lacking


@pytest.mark.rule("C4")
def test_an_amount_of_nothing_is_an_amount() -> None:
    assert filled(without()) == {}


VALUES = st.dictionaries(st.sampled_from(sorted(WHOLE)), st.none()).map(lambda keys: {key: WHOLE[key] for key in keys})


TERMS = st.none() | st.sampled_from(["30 days", "30 days end of month", "end of month + 10 days", "when it suits", ""])


@pytest.mark.rule("D1", "D2", "D3", "D4", "D5", "D6", "D7", "D8", "D9")
@given(VALUES, TERMS)
def test_values_that_were_read_stay_and_values_that_were_filled_say_so(values: dict[str, str], term: str | None) -> None:
    before = read({**values, **({"payment_term": term} if term else {})})
    after = complete(before, DEMO, SENT)
    assert all(after.get(reading.field) == reading for reading in before.readings)
    new = [reading for reading in after.readings if before.get(reading.field) is None]
    rules = {(row.rule, row.field) for row in FALLBACKS}
    for reading in new:
        assert (reading.rule, reading.field) in rules
        assert reading.method is (Method.DERIVED if reading.rule == "D4" else Method.FALLBACK)
        assert reading.rule == "D4" or reading.confidence == 0
    assert complete(after, DEMO, SENT) == after


@pytest.mark.rule("D9")
@given(VALUES, TERMS)
def test_with_name_and_amount_an_invoice_is_complete(values: dict[str, str], term: str | None) -> None:
    given_values = {**values, "supplier_name": "Bakker BV", "total": "0.00", **({"payment_term": term} if term else {})}
    done = complete(read(given_values), DEMO, SENT)
    assert all(done.get(field) for field in REQUIRED)
    assert Invoice(done, is_credit_note=False).total.amount == 0
