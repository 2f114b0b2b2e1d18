from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanstraat.model.document import Document, Kind
from scanstraat.model.mail import MailHeader, PartRole, StoredPart
from scanstraat.pipeline.overview import overview_of
from scanstraat.pipeline.splitting import SplitPart, split
from tests.pipeline.test_overview import stored
from tests.pipeline.test_splitting import first, part, sheet


def sheet_file(index: int, name: str = "uren.xlsx") -> SplitPart:
    return part(index, name=name, role=PartRole.ANNEX)


def annexes(*parts: SplitPart) -> list[tuple[str, tuple[int, ...]]]:
    return [(document.kind.value, document.annexes) for document in split(parts)]


F1, F2 = first("F-20260001"), first("F-20260002")


@pytest.mark.rule("B5")
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("uren.xlsx", ((), (3,))),
        ("uren F 2026-0001.xlsx", ((3,), ())),
        ("F20260002.xlsx", ((), (3,))),
        ("F-20260009.xlsx", ((), (3,))),
    ],
)
def test_a_spreadsheet_follows_the_invoice_it_names_else_the_one_before_it(
    name: str, expected: tuple[tuple[int, ...], ...]
) -> None:
    documents = split((part(1, F1), part(2, F2), sheet_file(3, name)))
    assert tuple(document.annexes for document in documents) == expected


@pytest.mark.rule("B5")
def test_in_front_of_the_only_invoice_it_goes_with_that() -> None:
    assert annexes(sheet_file(1), part(2, F1)) == [("invoice", (1,))]


@pytest.mark.rule("B5", "B9")
@pytest.mark.parametrize(
    "others",
    [(), (part(9, F1), part(10, F2)), (part(0, sheet(Kind.REMINDER, first=True)),)],
    ids=["alone", "in front of two invoices", "behind a reminder"],
)
def test_else_a_person_looks(others: tuple[SplitPart, ...]) -> None:
    files = (sheet_file(4), sheet_file(5, "km.ods"))
    documents = split(tuple(sorted((*others, *files), key=lambda p: p.index)))
    assert len(documents) == len(others) + 1
    (last,) = (document for document in documents if document.annexes)
    assert (last.kind, last.part, last.annexes) == (Kind.UNREADABLE, 4, (4, 5))
    assert [document.ordinal for document in documents] == list(range(len(documents)))
    assert "“uren.xlsx”, “km.ods”" in last.problem


@pytest.mark.rule("B3", "F2")
def test_the_overview_page_lists_it() -> None:
    parts = (
        StoredPart(0, "body.txt", "text/plain", PartRole.BODY, ""),
        StoredPart(1, "factuur.pdf", "application/pdf", PartRole.DOCUMENT, ""),
        StoredPart(2, "uren.xlsx", "application/zip", PartRole.ANNEX, ""),
    )
    assert overview_of(stored(MailHeader(), ""), parts).attachments == ("factuur.pdf", "uren.xlsx")


@pytest.mark.rule("B3")
@given(st.lists(st.sampled_from(["F-20260001", "F-20260002", "reminder", "annex", "F-20260001.xlsx", "broken"]), max_size=8))
def test_every_annex_is_with_exactly_one_document(kinds: list[str]) -> None:
    def made(index: int, kind: str) -> SplitPart:
        if kind == "reminder":
            return part(index, sheet(Kind.REMINDER, first=True))
        if kind == "broken":
            return part(index, role=PartRole.UNREADABLE, problem="it is broken")
        if kind.startswith("F-") and "." not in kind:
            return part(index, first(kind))
        return sheet_file(index, kind)

    parts = tuple(made(index, kind) for index, kind in enumerate(kinds))
    documents: tuple[Document, ...] = split(parts)
    given_out = sorted(index for document in documents for index in document.annexes)
    assert given_out == [p.index for p in parts if p.role is PartRole.ANNEX]
    assert [d.ordinal for d in documents] == list(range(len(documents)))
    pages = sorted((ref.part, ref.page) for d in documents for ref in d.pages)
    assert pages == [(p.index, 1) for p in parts if p.pages]
