from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanstraat.errors import Inconsistent
from scanstraat.model.document import Document, Kind, PageClass, PageTraits
from scanstraat.model.mail import PartRole
from scanstraat.model.page import Box, Page, PageRef, PageSource, Word
from scanstraat.pipeline.splitting import MOST_ALIKE, SplitPart, split

BOX = Box(0, 0, 10, 10)
Sheet = tuple[Page, PageClass]


def sheet(
    kind: Kind = Kind.INVOICE,
    number: str | None = None,
    first: bool | None = None,
    printed: tuple[int, int | None] | None = None,
    text: str = "",
    confidence: float = 0.9,
    traits: PageTraits | None = None,
) -> Sheet:
    """A page as it is seen; one that is said to be a first page has a heading, an addressee and a total."""
    shown = traits or (PageTraits(titled=True, addressed=True, summed=True) if first else PageTraits())
    words = tuple(Word(word, BOX) for word in text.split())
    at, of = printed or (None, None)
    return Page(1, 595, 842, PageSource.TEXT_LAYER, words), PageClass(kind, confidence, (), first, number, at, of, shown)


WHO_A, WHO_B = ("NL1", "ACME"), ("NL2", "OTHER")


def seen(
    who: tuple[str, ...],
    kind: Kind = Kind.INVOICE,
    number: str | None = None,
    first: bool | None = None,
    printed: tuple[int, int | None] | None = None,
) -> Sheet:
    """A page of a supplier, with its identities and the words of its head."""
    page, told = sheet(kind, number, first, printed)
    head = tuple(sorted({*who, "street", "town", "phone", "2026"} if who == WHO_A else {*who, "road", "city", "mail", "fax"}))
    return page, replace(told, traits=replace(told.traits, identities=who, running=head))


BLANK: Sheet = (Page(1, 595, 842, PageSource.BLANK), PageClass(Kind.OTHER, 0.0))


def part(index: int, *sheets: Sheet, name: str = "", role: PartRole = PartRole.DOCUMENT, problem: str = "") -> SplitPart:
    pages = tuple(Page(at, p.width, p.height, p.source, p.words) for at, (p, _) in enumerate(sheets, 1))
    return SplitPart(index, name or f"file{index}.pdf", role, pages, tuple(c for _, c in sheets), problem)


def shape(documents: tuple[Document, ...]) -> list[tuple[str, str]]:
    """Each document as its kind and its pages "part.page"."""
    return [(d.kind.value, " ".join(f"{ref.part}.{ref.page}" for ref in d.pages)) for d in documents]


def first(number: str | None = None, kind: Kind = Kind.INVOICE) -> Sheet:
    return sheet(kind, number, first=True)


def annex(text: str = "", number: str | None = None, kind: Kind = Kind.ANNEX) -> Sheet:
    return sheet(kind, number, text=text)


@pytest.mark.rule("B4")
def test_every_file_of_a_mail_that_is_an_invoice_is_a_document() -> None:
    documents = split((part(1, first("F-1")), part(2, first("F-2"), sheet(number="F-2", first=False))))
    assert shape(documents) == [("invoice", "1.1"), ("invoice", "2.1 2.2")]
    assert [d.ordinal for d in documents] == [0, 1]
    assert not any(d.doubts for d in documents)


@pytest.mark.rule("B4")
@pytest.mark.parametrize(
    "sheets",
    [
        (first("F-1"), sheet(), first("F-2"), sheet()),
        (sheet(number="F-1"), sheet(number="F-1"), sheet(number="F 2"), sheet(number="F 2")),
        (sheet(printed=(1, 2)), sheet(printed=(2, 2)), sheet(printed=(1, 2)), sheet(printed=(2, 2))),
        (first(), sheet(first=False), first(), BLANK),
        (first("F-1"), annex(), first("F-2"), annex(kind=Kind.DELIVERY_NOTE)),
        (first("F-1"), sheet(Kind.ADVERTISING), first("F-2"), sheet(Kind.OTHER, confidence=0.2)),
    ],
)
def test_several_invoices_in_one_file_are_cut_and_keep_their_annexes(sheets: tuple[Sheet, ...]) -> None:
    documents = split((part(0, *sheets),))
    assert shape(documents) == [("invoice", "0.1 0.2"), ("invoice", "0.3 0.4")]
    assert not any(d.doubts for d in documents)


@pytest.mark.rule("B4")
@pytest.mark.parametrize(
    "sheets",
    [
        (first("F-1"), sheet(number="f 1", first=True), sheet(number="F.1")),
        (sheet(printed=(1, 3)), sheet(printed=(2, 3), first=True), sheet(printed=(3, 3))),
        (first(), sheet(), sheet()),
        (first("F-1"), sheet(), annex(number="PB-88", kind=Kind.DELIVERY_NOTE)),
        (first(), BLANK, sheet(first=False)),
    ],
)
def test_an_invoice_of_several_pages_stays_one(sheets: tuple[Sheet, ...]) -> None:
    documents = split((part(0, *sheets),))
    assert shape(documents) == [("invoice", "0.1 0.2 0.3")]
    assert documents[0].doubts == ()


@pytest.mark.rule("B3", "B4")
def test_a_letter_in_front_of_an_invoice_in_its_file_goes_behind_it() -> None:
    letter = annex("Hierbij onze factuur F 10001", kind=Kind.OTHER)
    assert shape(split((part(0, letter, BLANK, first("F-10001"), sheet()),))) == [("invoice", "0.3 0.4 0.1 0.2")]


@pytest.mark.rule("B7")
def test_what_is_of_another_kind_is_another_document() -> None:
    sheets = (first(kind=Kind.STATEMENT), first(kind=Kind.REMINDER), first("F-1"), first("F-2", Kind.CREDIT_NOTE))
    assert shape(split((part(0, *sheets),))) == [
        ("statement", "0.1"),
        ("reminder", "0.2"),
        ("invoice", "0.3"),
        ("credit-note", "0.4"),
    ]


@pytest.mark.rule("B4", "C7")
@pytest.mark.parametrize(
    "sheets",
    [
        (sheet(number="F-1", printed=(1, 2)), sheet(number="F-2", printed=(2, 2))),
        (sheet(printed=(1, 3)), sheet(printed=(3, 3))),
        (sheet(printed=(1, 1)), sheet(printed=(2, 2))),
        (first("F-1"), sheet(number="F-1", first=True, printed=(1, 1))),
        (sheet(number="F-1", printed=(1, 2)), sheet(number="F-2", printed=(3, 3))),
        (seen(WHO_A, number="F-1", first=True), seen(WHO_B, printed=(2, None))),
    ],
)
def test_signs_that_disagree_are_a_doubt_that_names_them(sheets: tuple[Sheet, ...]) -> None:
    documents = split((part(0, *sheets),))
    doubts = [doubt for document in documents for doubt in document.doubts]
    assert len(doubts) == 1
    assert doubts[0].startswith("page 2: it ")
    assert " though " in doubts[0]


@pytest.mark.rule("B4")
@pytest.mark.parametrize(
    "second",
    [
        sheet(number="F-2", first=False),
        sheet(printed=(1, 2)),
        seen(WHO_B),
        seen(WHO_A, number="F-2", first=True),
        seen(WHO_A, Kind.REMINDER, first=True),
        seen(WHO_A, Kind.QUOTE, first=True),
    ],
)
def test_a_page_with_signs_of_its_own_begins_a_document(second: Sheet) -> None:
    documents = split((part(0, seen(WHO_A, number="F-1", first=True), second),))
    assert [d.pages for d in documents] == [(PageRef(0, 1),), (PageRef(0, 2),)]


@pytest.mark.rule("B4")
@pytest.mark.parametrize(
    "second",
    [
        seen(WHO_A, number="F-1"),
        seen(WHO_A, number="F-1", first=True, printed=(2, 2)),
        seen(WHO_A),
        sheet(Kind.OTHER),
        sheet(traits=PageTraits(carried_in=True)),
        seen(WHO_A, Kind.DELIVERY_NOTE, number="PB-88", first=True),
        seen(WHO_A, Kind.ANNEX, first=True, printed=(1, 1)),
        sheet(Kind.ADVERTISING),
    ],
)
def test_a_page_that_shows_nothing_new_goes_on(second: Sheet) -> None:
    documents = split((part(0, seen(WHO_A, number="F-1", first=True), second),))
    assert [d.pages for d in documents] == [(PageRef(0, 1), PageRef(0, 2))]
    assert documents[0].doubts == ()


@pytest.mark.rule("B7", "C7")
@pytest.mark.parametrize("traits", [PageTraits(summed=True), PageTraits(carried_in=True)])
def test_what_may_be_an_invoice_but_nothing_names_is_a_doubt(traits: PageTraits) -> None:
    (document,) = split((part(0, sheet(Kind.OTHER, traits=traits)),))
    assert document.doubts[0].startswith("page 1: nothing tells what it is, but ")
    assert split((part(0, sheet(Kind.OTHER)),))[0].doubts == ()


@pytest.mark.rule("B4")
def test_pages_the_other_way_about_are_one_document() -> None:
    sheets = (seen(WHO_A, number="F-1", first=False, printed=(2, 2)), seen(WHO_A, number="F-1", first=True, printed=(1, 2)))
    assert shape(split((part(0, *sheets),))) == [("invoice", "0.1 0.2")]


@pytest.mark.rule("B7")
def test_an_invoice_whose_first_page_tells_nothing_is_told_by_the_page_with_its_totals() -> None:
    sheets = (sheet(Kind.OTHER, printed=(1, 2)), sheet(Kind.INVOICE, printed=(2, 2)))
    assert shape(split((part(0, *sheets),))) == [("invoice", "0.1 0.2")]


INVOICES = (part(1, first("2026-0012")), part(2, first("2026-0013")))


@pytest.mark.rule("B5")
@pytest.mark.parametrize(
    "named",
    [
        part(3, annex("Bijlage bij factuur 2026-0012")),
        part(3, annex("Factuur: 2026 0012, blad 1")),
        part(3, annex(number="20260012")),
        part(3, annex(), name="bijlage_2026-0012.pdf"),
        part(0, annex("Bijlage bij factuur 2026-0012")),
        part(3, annex("Bestelling bij 2026-0012", kind=Kind.ORDER_CONFIRMATION)),
        part(3, annex("Toelichting op 2026-0012", kind=Kind.OTHER)),
    ],
)
def test_an_annex_follows_the_invoice_it_names(named: SplitPart) -> None:
    parts = tuple(sorted((*INVOICES, named), key=lambda p: p.index))
    documents = split(parts)
    assert shape(documents) == [("invoice", f"1.1 {named.index}.1"), ("invoice", "2.1")]
    assert not any(d.doubts for d in documents)


@pytest.mark.rule("B5")
def test_an_annex_that_names_none_follows_the_invoice_before_it() -> None:
    note = part(2, annex("Order 99120012", kind=Kind.DELIVERY_NOTE))
    documents = split((part(0, first("2026-0012")), part(1, first("2026-0013")), note, part(3, first("2026-0014"))))
    assert shape(documents) == [("invoice", "0.1"), ("invoice", "1.1 2.1"), ("invoice", "3.1")]
    assert not any(d.doubts for d in documents)


@pytest.mark.rule("B5")
def test_an_annex_with_no_invoice_before_it_waits_for_a_person() -> None:
    documents = split((part(0, annex()), part(1, first("2026-0012"))))
    assert shape(documents) == [("annex", "0.1"), ("invoice", "1.1")]
    assert documents[0].doubts == ("it is an annex, and no invoice stands before it",)


@pytest.mark.rule("B5", "C7")
def test_an_annex_that_names_several_invoices_is_a_doubt() -> None:
    documents = split((*INVOICES, part(3, annex("uren bij 2026-0012 en 2026-0013"))))
    assert shape(documents) == [("invoice", "1.1"), ("invoice", "2.1 3.1")]
    assert documents[1].doubts == ("file3.pdf names 2 invoices",)


@pytest.mark.rule("B5")
def test_a_short_number_in_running_text_names_nothing() -> None:
    documents = split((part(0, first("2026")), part(1, first("77")), part(2, annex("maart 2026"))))
    assert shape(documents) == [("invoice", "0.1"), ("invoice", "1.1 2.1")]


@pytest.mark.rule("B7")
@pytest.mark.parametrize("kind", [Kind.OTHER, Kind.QUOTE, Kind.STATEMENT, Kind.ADVERTISING, Kind.REMINDER])
def test_other_material_in_a_file_of_its_own_is_a_document_by_itself(kind: Kind) -> None:
    assert shape(split((part(0, first("2026-0012")), part(1, annex("hallo", kind=kind))))) == [("invoice", "0.1"), (kind, "1.1")]


@pytest.mark.rule("B3", "B8")
def test_advertising_in_front_of_something_else_does_not_make_it_advertising() -> None:
    assert shape(split((part(0, sheet(Kind.ADVERTISING), sheet(Kind.QUOTE)),))) == [("quote", "0.1 0.2")]


@pytest.mark.rule("B4")
@pytest.mark.parametrize(
    ("one", "two"),
    [(sheet(printed=(1, 2), first=True), sheet(printed=(2, 2))), (first("F-1"), sheet(number="F-1", first=False))],
)
def test_photos_of_the_pages_of_one_invoice_are_one_document(one: Sheet, two: Sheet) -> None:
    documents = split((part(0, one), part(1, two), part(2, annex())))
    assert shape(documents) == [("invoice", "0.1 1.1 2.1")]
    assert documents[0].doubts == ()


@pytest.mark.rule("B4", "C7")
@pytest.mark.parametrize("second", [sheet(printed=(2, 2)), sheet(first=False)])
def test_a_file_that_begins_in_the_middle_is_a_doubt(second: Sheet) -> None:
    documents = split((part(0, sheet(first=True, printed=(1, 1))), part(1, second)))
    assert shape(documents) == [("invoice", "0.1"), ("invoice", "1.1")]
    assert [len(d.doubts) for d in documents] == [0, 1]


@pytest.mark.rule("B3")
def test_a_blank_file_goes_with_the_document_before_it() -> None:
    assert shape(split((part(0, first("F-1")), part(1, annex()), part(2, BLANK, BLANK)))) == [("invoice", "0.1 1.1 2.1 2.2")]
    alone = split((part(0, BLANK),))
    assert shape(alone) == [("other", "0.1")]
    assert alone[0].doubts == ("all its pages are blank",)


@pytest.mark.rule("B9")
def test_a_file_that_cannot_be_read_is_a_document_that_says_why_and_its_neighbours_go_on() -> None:
    locked = part(1, name="geheim.pdf", role=PartRole.UNREADABLE, problem="it is encrypted")
    documents = split((part(0, first("F-1")), locked, part(2, annex()), part(3)))
    assert shape(documents) == [("invoice", "0.1 2.1"), ("unreadable", ""), ("unreadable", "")]
    assert [(d.problem, d.part) for d in documents[1:]] == [
        ("“geheim.pdf”: it is encrypted", 1),
        ("“file3.pdf”: it holds no pages", 3),
    ]


@pytest.mark.rule("B9")
def test_many_files_that_cannot_be_read_for_one_reason_are_one_document_and_few_are_not() -> None:
    def junk(count: int) -> tuple[SplitPart, ...]:
        return tuple(part(n, name=f"{n}.bin", role=PartRole.UNREADABLE, problem="of no known kind") for n in range(1, count + 1))

    locked = part(99, name="geheim.pdf", role=PartRole.UNREADABLE, problem="it is encrypted")
    sheet_file = part(100, name="uren.xlsx", role=PartRole.ANNEX)
    assert len(split((part(0, first("17")), *junk(MOST_ALIKE)))) == 1 + MOST_ALIKE
    invoice, many, one = split((part(0, first("17")), *junk(MOST_ALIKE + 1), locked, sheet_file))
    assert (many.kind, many.part, many.annexes) == (Kind.UNREADABLE, 1, tuple(range(2, MOST_ALIKE + 2)))
    assert many.problem == f"“1.bin” and {MOST_ALIKE} more files: of no known kind"
    assert (one.part, one.annexes, invoice.annexes) == (99, (), (100,))


@pytest.mark.rule("B9")
def test_a_container_that_cannot_be_opened_is_a_document_that_says_why() -> None:
    broken = part(0, name="facturen.zip", role=PartRole.CONTAINER, problem="it is broken")
    assert split((broken,))[0].problem == "“facturen.zip”: it is broken"


@pytest.mark.rule("B6")
def test_body_decoration_and_containers_are_no_documents() -> None:
    others = (
        part(0, role=PartRole.BODY),
        part(1, sheet(), role=PartRole.DECORATION),
        part(2, role=PartRole.CONTAINER),
        part(3, sheet(), role=PartRole.BODY),
    )
    assert shape(split((*others, part(4, first("F-1"))))) == [("invoice", "4.1")]


@pytest.mark.rule("B3")
def test_a_body_is_a_document_when_it_is_all_there_is() -> None:
    assert shape(split((part(0, first("F-1"), role=PartRole.BODY), part(1, role=PartRole.DECORATION)))) == [("invoice", "0.1")]


@pytest.mark.rule("B3")
def test_a_mail_without_any_document_still_ends_somewhere() -> None:
    assert split((part(0, role=PartRole.BODY),)) == (Document(0, Kind.OTHER, 1.0, ()),)


def test_pages_without_classes_are_refused() -> None:
    with pytest.raises(Inconsistent):
        SplitPart(0, "a", PartRole.DOCUMENT, (sheet()[0],))


SHEETS = st.builds(
    sheet,
    st.sampled_from(Kind),
    st.sampled_from([None, "F-10001", "F-10002", "f 10001", "7"]),
    st.sampled_from([None, True, False]),
    st.none() | st.tuples(st.integers(1, 3), st.integers(1, 3)),
    st.sampled_from(["", "bij F-10001", "bij F-10001 en F-10002"]),
    st.sampled_from([0.2, 0.9]),
) | st.just(BLANK)
PARTS = st.lists(st.tuples(st.lists(SHEETS, max_size=5), st.sampled_from(PartRole)), max_size=5).map(
    lambda drawn: tuple(
        part(index, *(sheets if role is not PartRole.UNREADABLE else ()), role=role) for index, (sheets, role) in enumerate(drawn)
    )
)


@pytest.mark.rule("B3", "B4", "B5")
@given(PARTS)
def test_every_page_ends_in_exactly_one_document(parts: tuple[SplitPart, ...]) -> None:
    documents = split(parts)
    telling = [p for p in parts if p.role in (PartRole.DOCUMENT, PartRole.UNREADABLE)] or [
        p for p in parts if p.role is PartRole.BODY
    ]
    expected = sorted((p.index, page.number) for p in telling for page in p.pages)
    assert sorted((ref.part, ref.page) for d in documents for ref in d.pages) == expected
    assert [d.ordinal for d in documents] == list(range(len(documents)))
    assert documents


@pytest.mark.rule("B3", "B9")
@given(PARTS)
def test_documents_are_in_mail_order_and_each_has_pages_or_says_why_not(parts: tuple[SplitPart, ...]) -> None:
    documents = split(parts)
    begins = [d.pages[0].part if d.pages else d.part for d in documents]
    if documents[0].pages or documents[0].problem:
        assert begins == sorted(begins, key=lambda index: -1 if index is None else index)
        assert all(bool(d.pages) != bool(d.problem) for d in documents)
    for d in documents:
        assert d.kind is Kind.UNREADABLE or not d.problem
        assert all(isinstance(ref, PageRef) for ref in d.pages)
