"""A file recognised by itself: real reading, real child processes, no mail and no database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import pytest

from scanstraat.bounded import Child, SteadyChild
from scanstraat.errors import Inconsistent, Refused
from scanstraat.extractors.labels.table import phrases
from scanstraat.model.administration import Administration, OwnIdentity
from scanstraat.model.document import Kind
from scanstraat.model.field import FieldName
from scanstraat.pipeline.recognition import PRELOAD, PRELOAD_LIGHT, PRELOAD_WORDS, Beside, Context, recognise_file
from scanstraat.settings import Settings
from tests.extractors.paper import paper

NOBODY = OwnIdentity()
SETTINGS = Settings()

INVOICE = """
# Hoveniersbedrijf Groenrijk B.V.
Dorpsstraat 12, 3999 AA Tull

FACTUUR
Factuurnummer     {number}
Factuurdatum      03-02-2026

Totaal excl. btw        675,00
BTW 21%                 141,75
Totaal incl. btw      EUR 816,75

IBAN NL20INGB0001234567   BTW NL820471616B01
"""


@pytest.fixture(scope="module")
def child() -> Iterator[Child]:
    with Child(PRELOAD) as one:
        yield one


@pytest.mark.rule("C1")
def test_a_pdf_gives_its_fields_with_their_place(child: Child) -> None:
    (found,) = recognise_file(paper(INVOICE.format(number="2026-0117")), "a.pdf", NOBODY, child, SETTINGS)
    assert found.document.kind is Kind.INVOICE
    assert found.readings.value(FieldName.INVOICE_NUMBER) == "2026-0117"
    assert found.readings.value(FieldName.TOTAL) == "816.75"
    assert all(reading.rule is None for reading in found.readings.readings)


@pytest.mark.rule("B4")
def test_two_invoices_in_one_file_are_read_apart(child: Child) -> None:
    pdf = paper(INVOICE.format(number="2026-0117"), INVOICE.format(number="2026-0118"))
    found = recognise_file(pdf, "two.pdf", NOBODY, child, SETTINGS)
    assert [f.readings.value(FieldName.INVOICE_NUMBER) for f in found] == ["2026-0117", "2026-0118"]
    assert [[ref.page for ref in f.document.pages] for f in found] == [[1], [2]]


@pytest.mark.rule("B1")
def test_a_picture_is_read_like_a_scan(child: Child) -> None:
    (found,) = recognise_file(paper(INVOICE.format(number="2026-0117"), picture=True), "photo.png", NOBODY, child, SETTINGS)
    total = found.readings.get(FieldName.TOTAL)
    assert total is not None
    assert total.value == "816.75"
    assert total.evidence is not None
    assert total.evidence.method == "ocr"


@pytest.mark.rule("D1", "D5")
def test_fallbacks_fill_only_where_the_date_sent_is_known(child: Child) -> None:
    pdf = paper(INVOICE.replace("Factuurnummer     {number}\n", ""))
    (alone,) = recognise_file(pdf, "a.pdf", NOBODY, child, SETTINGS)
    assert alone.readings.get(FieldName.DUE_DATE) is None
    context = Context(Administration(1, "Demo", NOBODY, "demo"), datetime(2026, 2, 4, tzinfo=UTC))
    (filled,) = recognise_file(pdf, "a.pdf", NOBODY, child, SETTINGS, context)
    number, due = filled.readings.get(FieldName.INVOICE_NUMBER), filled.readings.get(FieldName.DUE_DATE)
    assert number is not None
    assert due is not None
    assert (number.value, number.rule) == ("2026-02-03", "D1")
    assert (due.value, due.rule) == ("2026-02-03", "D5")


@pytest.mark.rule("C6")
def test_the_customers_own_identity_reaches_the_fields(child: Child) -> None:
    own = OwnIdentity(("Hoveniersbedrijf Groenrijk",), ("NL820471616B01",), ("NL20INGB0001234567",))
    (found,) = recognise_file(paper(INVOICE.format(number="1")), "a.pdf", own, child, SETTINGS)
    assert {FieldName.SUPPLIER_NAME, FieldName.VAT_NUMBER, FieldName.IBAN}.isdisjoint(r.field for r in found.readings.readings)


@pytest.mark.rule("B9")
@pytest.mark.parametrize(("content", "code"), [(b"%PDF-1.7 rubbish", "pdf-broken"), (b"\x00\x01\x02", "unknown-type")])
def test_what_cannot_be_read_is_refused_by_code(child: Child, content: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        recognise_file(content, "x", NOBODY, child, SETTINGS)
    assert refused.value.code == code


def test_the_fixtures_that_cannot_be_read_say_why(child: Child) -> None:
    folder = Path(__file__).parents[2] / "fixtures" / "invoices"
    with pytest.raises(Refused) as refused:
        recognise_file((folder / "nl-locked.pdf").read_bytes(), "nl-locked.pdf", NOBODY, child, SETTINGS)
    assert refused.value.code == "pdf-encrypted"


def test_the_warm_process_reads_the_tables_before_the_first_call():
    phrases.cache_clear()
    for name in PRELOAD:
        if name.startswith("scanstraat.pipeline"):
            import_module(name).preload()
    assert phrases.cache_info().currsize == 1


def test_a_born_digital_file_does_without_the_process_that_has_the_engine():
    engine = Child(("no.such.module",))
    with Child(PRELOAD_LIGHT) as light, SteadyChild(PRELOAD_WORDS) as words:
        pdf = paper(INVOICE.format(number="2026-0117"))
        (found,) = recognise_file(pdf, "a.pdf", NOBODY, engine, SETTINGS, beside=Beside(light, words))
        with pytest.raises(Inconsistent):
            recognise_file(pdf, "a.pdf", NOBODY, engine, SETTINGS)
    assert found.document.kind is Kind.INVOICE
