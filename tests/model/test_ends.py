"""Every part and page of a mail has exactly one end, with a reason (A9)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanstraat.model.document import Document, Kind
from scanstraat.model.ends import (
    END_OF_STATE,
    KEPT_BECAUSE,
    CountedPart,
    End,
    PartEnd,
    ToldDocument,
    document_end,
    ends_of,
)
from scanstraat.model.mail import PartRole, StoredPart
from scanstraat.model.page import PageRef
from scanstraat.model.state import DocumentState, MailState

DELIVERED = ToldDocument(Document(0, Kind.INVOICE, 1.0, (PageRef(1, 1), PageRef(1, 2))), DocumentState.DELIVERED, "", "bakker/1")


def _part(index: int, role: PartRole = PartRole.DOCUMENT, pages: int = 0, reason: str = "") -> CountedPart:
    stored = StoredPart(index, f"{index}.pdf", "application/pdf", role, "", reason=reason)
    return CountedPart(stored, tuple(range(1, pages + 1)))


def _told(ordinal: int, state: DocumentState, *refs: PageRef, why: str = "", **more: object) -> ToldDocument:
    return ToldDocument(Document(ordinal, Kind.INVOICE, 1.0, refs, **more), state, why)  # type: ignore[arg-type]


def _ends(
    parts: tuple[CountedPart, ...], *documents: ToldDocument, mail: MailState = MailState.DISPATCHED
) -> tuple[PartEnd, ...]:
    return ends_of(mail, "", parts, documents)


@pytest.mark.rule("A9")
def test_a_part_ends_where_its_document_ends_and_what_is_no_document_is_kept() -> None:
    parts = (_part(0, PartRole.BODY), _part(1, pages=2), _part(2, PartRole.DECORATION, reason="tracking pixel"))
    body, file, pixel = _ends(parts, DELIVERED)
    assert (body.end, body.reason) == (End.KEPT, KEPT_BECAUSE[PartRole.BODY])
    assert (file.end, file.reason, file.documents) == (End.DELIVERED, "delivered as bakker/1", (0,))
    assert [(page.page, page.end, page.documents) for page in file.pages] == [(1, End.DELIVERED, (0,)), (2, End.DELIVERED, (0,))]
    assert (pixel.end, pixel.reason) == (End.KEPT, "tracking pixel")


@pytest.mark.rule("A9", "B4")
def test_of_several_documents_the_one_that_most_needs_attention_counts_and_all_are_listed() -> None:
    review = _told(1, DocumentState.IN_REVIEW, PageRef(1, 3), why="the IBAN fails its check digits")
    (_, file) = _ends((_part(0, PartRole.BODY), _part(1, pages=3)), DELIVERED, review)
    assert (file.end, file.documents) == (End.IN_REVIEW, (0, 1))
    assert file.reason == "document 2: the IBAN fails its check digits"
    assert [page.end for page in file.pages] == [End.DELIVERED, End.DELIVERED, End.IN_REVIEW]


@pytest.mark.rule("A9", "B5", "B9")
def test_what_has_no_pages_ends_with_the_document_it_is_an_annex_of_or_that_says_why() -> None:
    invoice = _told(0, DocumentState.ARCHIVED, PageRef(0, 1), why="it is a quote", annexes=(1,))
    locked = _told(1, DocumentState.IN_REVIEW, why="it is encrypted", problem="it is encrypted", part=2)
    parts = (_part(0, pages=1), _part(1, PartRole.ANNEX), _part(2, PartRole.UNREADABLE))
    assert [(end.end, end.documents) for end in _ends(parts, invoice, locked)] == [
        (End.ARCHIVED, (0,)),
        (End.ARCHIVED, (0,)),
        (End.IN_REVIEW, (1,)),
    ]


@pytest.mark.rule("A9", "B3")
def test_a_page_or_file_in_no_document_is_lost_and_shown_as_such() -> None:
    body, file, other, sheet = _ends((_part(0, PartRole.BODY), _part(1, pages=3), _part(2), _part(3, PartRole.ANNEX)), DELIVERED)
    assert body.end is End.KEPT
    assert (file.end, [page.end for page in file.pages][2]) == (End.LOST, End.LOST)
    assert (other.end, sheet.end) == (End.LOST, End.LOST)


@pytest.mark.rule("A9")
@pytest.mark.parametrize("state", [MailState.RECEIVED, MailState.OPENED, MailState.READ])
def test_before_it_is_sorted_all_of_a_mail_is_under_way(state: MailState) -> None:
    ends = _ends((_part(0, PartRole.BODY), _part(1, pages=2)), mail=state)
    assert {end.end for end in ends} == {End.UNDER_WAY}
    assert all(end.reason for end in ends)
    assert {page.end for end in ends for page in end.pages} == {End.UNDER_WAY}


@pytest.mark.rule("A9")
def test_all_of_a_mail_laid_aside_is_laid_aside_for_its_reason() -> None:
    (end,) = ends_of(MailState.PARKED, "it holds 4,000 parts", (_part(0),), ())
    assert (end.end, end.reason) == (End.PARKED, "it holds 4,000 parts")
    waiting = _told(0, DocumentState.DECIDED, PageRef(0, 1))
    assert document_end(MailState.PARKED, "disk", waiting).end is End.PARKED
    assert document_end(MailState.PARKED, "disk", DELIVERED).end is End.DELIVERED


def test_every_state_of_a_document_has_an_end() -> None:
    assert set(END_OF_STATE) == set(DocumentState)
    assert {End.LOST, End.KEPT}.isdisjoint(END_OF_STATE.values())


_REFS = st.builds(PageRef, st.integers(0, 4), st.integers(1, 4))
_DOCUMENTS = st.lists(
    st.tuples(st.sampled_from(DocumentState), st.lists(_REFS, max_size=4, unique=True), st.none() | st.integers(0, 4)), max_size=4
)


@pytest.mark.rule("A9")
@given(st.lists(st.tuples(st.sampled_from(PartRole), st.integers(0, 4)), max_size=5), _DOCUMENTS, st.sampled_from(MailState))
def test_whatever_is_recorded_each_part_and_page_has_one_end(
    parts: list[tuple[PartRole, int]], documents: list[tuple[DocumentState, list[PageRef], int | None]], mail: MailState
) -> None:
    counted = tuple(_part(index, role, pages) for index, (role, pages) in enumerate(parts))
    told = tuple(_told(n, state, *refs, why="because", part=part) for n, (state, refs, part) in enumerate(documents))
    ends = ends_of(mail, "an error", counted, told)
    assert [end.part for end in ends] == [each.part.index for each in counted]
    assert [tuple(page.page for page in end.pages) for end in ends] == [each.pages for each in counted]
