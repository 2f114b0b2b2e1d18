from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanstraat.archive.filing import CATEGORIES, MAX_TITLE, category, title
from scanstraat.model.document import INVOICE_KINDS, Kind

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


@pytest.mark.parametrize(
    ("given_title", "expected"),
    [
        (title(Kind.PAYMENT_REQUEST, DAY, "Bakker", "12", "Mail"), "2026-03-31 payment request - Bakker - 12"),
        (title(Kind.OTHER, DAY, "", "", "Fwd: a/b"), "2026-03-31 other - Fwd a b"),
        (title(Kind.OTHER, DAY), "2026-03-31 other"),
        (title(Kind.OTHER, DAY, number="12", subject="x"), "2026-03-31 other - 12"),
    ],
)
def test_titles(given_title: str, expected: str) -> None:
    assert given_title == expected


@pytest.mark.rule("G5")
@given(st.sampled_from(Kind), st.dates(), st.text(), st.text(), st.text())
def test_a_title_is_one_short_line_fit_for_a_file_name(kind: Kind, day: date, name: str, number: str, subject: str) -> None:
    found = title(kind, day, name, number, subject)
    assert 0 < len(found) <= MAX_TITLE
    assert not set('<>:"/\\|?*\r\n\t\0') & set(found)
    assert found.isprintable()
    assert found == found.strip(" .")
    assert found.startswith(day.isoformat())
