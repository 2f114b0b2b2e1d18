from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanstraat.archive.filing import CATEGORIES, MAX_TITLE, category, title
from scanstraat.model.document import INVOICE_KINDS, Document, Kind
from scanstraat.model.field import FieldName, Reading, Readings

DAY = date(2026, 3, 31)


@pytest.mark.rule("G5")
def test_every_kind_has_a_main_and_a_sub_category_of_its_own() -> None:
    assert set(CATEGORIES) == set(Kind)
    assert len(set(CATEGORIES.values())) == len(Kind)


@pytest.mark.rule("G1", "G4")
def test_reminders_and_other_material_have_folders_apart_from_invoices() -> None:
    invoices = {category(kind).main for kind in INVOICE_KINDS}
    reminders = {category(Kind.REMINDER).main, category(Kind.PAYMENT_REQUEST).main}
    other = {category(kind).main for kind in set(Kind) - INVOICE_KINDS - {Kind.REMINDER, Kind.PAYMENT_REQUEST}}
    assert [len(folders) for folders in (invoices, reminders, other)] == [1, 1, 1]
    assert len(invoices | reminders | other) == 3


def named(kind: Kind, day: date = DAY, **values: str) -> str:
    found = tuple(Reading(FieldName[name.upper()], value, 0.9) for name, value in values.items())
    return title(Document(0, kind, 0.9, ()), Readings(found), day)


@pytest.mark.rule("G5")
@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (named(Kind.REMINDER, supplier_name="Bakker BV", invoice_number="F/12"), "2026-03-31 reminder - Bakker BV - F 12"),
        (named(Kind.OTHER, invoice_date="2026-02-01"), "2026-02-01 other"),
        (named(Kind.ORDER_CONFIRMATION, invoice_number="12"), "2026-03-31 order confirmation - 12"),
    ],
)
def test_a_title_holds_day_kind_supplier_and_number(found: str, expected: str) -> None:
    assert found == expected


@pytest.mark.rule("D8")
def test_what_a_fallback_filled_is_not_in_the_title() -> None:
    filled = Reading(FieldName.INVOICE_NUMBER, "2026-03-31", 0.0, rule="D1")
    assert title(Document(0, Kind.OTHER, 0.9, ()), Readings((filled,)), DAY) == "2026-03-31 other"


@pytest.mark.rule("G5")
@given(st.sampled_from(Kind), st.dates(), st.text(), st.text())
def test_a_title_is_one_short_line_fit_for_a_file_name(kind: Kind, day: date, name: str, number: str) -> None:
    found = named(kind, day, supplier_name=name, invoice_number=number)
    assert 0 < len(found) <= MAX_TITLE
    assert not set('<>:"/\\|?*\r\n\t\0') & set(found)
    assert found.isprintable()
    assert found == found.strip(" .")
    assert found.startswith(day.isoformat())
