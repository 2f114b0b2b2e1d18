"""Rows, columns and slanted scans."""

from __future__ import annotations

from dataclasses import replace
from math import tan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanstraat.extractors.document_view import view
from scanstraat.extractors.layout import GAP, sheet
from scanstraat.extractors.parties import Side
from scanstraat.extractors.recognition import recognise
from scanstraat.model.administration import OwnIdentity
from scanstraat.model.field import FieldName
from scanstraat.model.page import Box, Page, PageSource, Word
from tests.extractors.printed import printed

TEXT = """
Datum factuur       03-02-2026          Klantnummer     10045
Factuurnummer       2026-0117           Referentie      tuin voorzijde
Vervaldatum         05-03-2026          Contactpersoon  Jan de Boer

Totaal exclusief btw                                  675,00
BTW 21%                                               141,75
Totaal inclusief btw                                  816,75
"""


def slanted(page: Page, slope: float) -> Page:
    """The page as a scanner that took it in askew gives it."""
    words = tuple(
        replace(w, box=Box(w.box.x0, w.box.y0 + slope * w.box.x0, w.box.x1, w.box.y1 + slope * w.box.x1)) for w in page.words
    )
    return replace(page, words=words, source=PageSource.OCR)


def test_wide_gaps_part_columns_and_small_ones_words() -> None:
    row = sheet(printed("Totaal te betalen        12,50"), 1).rows[0]
    assert row.text == f"Totaal te betalen{GAP}12,50"
    assert [segment.text for segment in row.segments] == ["Totaal te betalen", "12,50"]


def test_a_mark_torn_from_its_digits_is_put_back() -> None:
    words = tuple(
        Word(t, Box(x, 100, x + len(t) * 5, 109)) for t, x in (("1", 50), (".", 57), ("005", 62), (",", 79), ("55", 84))
    )
    assert sheet(Page(1, 595, 842, PageSource.TEXT_LAYER, words), 1).rows[0].text == "1.005,55"


@pytest.mark.parametrize("slope", [tan(0.02), -tan(0.015), 0.0])
def test_a_slanted_scan_reads_like_a_straight_one(slope: float) -> None:
    straight = recognise((printed(TEXT),), OwnIdentity())
    found = recognise((slanted(printed(TEXT), slope),), OwnIdentity())
    assert [(r.field, r.value) for r in found.readings] == [(r.field, r.value) for r in straight.readings]


def test_evidence_of_a_slanted_scan_lies_where_the_print_is() -> None:
    page = slanted(printed(TEXT), 0.03)
    total = recognise((page,), OwnIdentity()).get(FieldName.TOTAL)
    word = next(w for w in page.words if w.text == "816,75")
    assert total is not None
    assert total.evidence is not None
    assert abs(total.evidence.box.middle[1] - word.box.middle[1]) < 3


@given(
    st.lists(
        st.tuples(st.text(min_size=1, max_size=8), st.floats(0, 590), st.floats(0, 830), st.floats(0.1, 200), st.floats(0.1, 60)),
        max_size=25,
    )
)
def test_words_anywhere_are_read_or_not_but_never_an_error(placed: list[tuple[str, float, float, float, float]]) -> None:
    words = tuple(Word(t, Box(x, y, x + w, y + h), line=i // 3) for i, (t, x, y, w, h) in enumerate(placed))
    for source in (PageSource.TEXT_LAYER, PageSource.OCR):
        page = Page(1, 595, 842, source, words)
        recognise((page,), OwnIdentity())
        kept = [word.text for row in sheet(page, 1).rows for word in row.words]
        assert sorted(kept) == sorted(w.text for w in words if w.text.strip())


def test_the_addressee_in_the_window_is_the_buyer() -> None:
    text = "." + "\n" * 9 + "Nordlicht Verlag AG\nFrau Petersen\nMöwenweg 14\n23552 Lübeck\n\n\n\nRechnung Nr. 12\n"
    seen = view((printed(text),), OwnIdentity())
    assert [region.side for region in seen.regions] == [Side.BUYER]
    assert seen.within(seen.sheets[0].rows[1].span(0, 5), Side.BUYER)


def test_words_of_one_line_keep_the_order_they_were_read_in() -> None:
    words = (Word("CHF", Box(40, 100, 58, 109), 1.0, 3), Word("1", Box(62.5, 104, 62.8, 105), 1.0, 3))
    amount = Word("182.97", Box(62, 100, 92, 109), 1.0, 3)
    assert sheet(Page(1, 595, 842, PageSource.OCR, (*words, amount)), 1).rows[0].text == "CHF 1 182.97"


def test_a_ruled_line_in_the_boxes_of_a_scan_runs_no_rows_together() -> None:
    def row(texts: str, y: float, line: int, high: float) -> tuple[Word, ...]:
        places = (40, 90, 160, 260)
        return tuple(
            Word(t, Box(x, y - high / 2, x + 5 * len(t), y + high / 2), 1.0, line)
            for t, x in zip(texts.split(), places, strict=True)
        )

    words = (
        *row("Article Quantity Price Amount", 100, 0, 9),
        *row("Cement 22 75,08 1651,76", 115, 1, 20),
        *row("Labour 19,75 369,15 7290,71", 128, 2, 20),
        *row("Sand 2 10,00 20,00", 141, 3, 9),
        *row("Gravel 3 20,00 60,00", 154, 4, 9),
    )
    rows = sheet(Page(1, 595, 842, PageSource.OCR, words), 1).rows
    assert [row.text.split()[0] for row in rows] == ["Article", "Cement", "Labour", "Sand", "Gravel"]
    assert max(row.em for row in rows) < 13


def test_a_stamp_across_two_rows_joins_neither() -> None:
    words = (
        Word("Due", Box(40, 86, 55, 95), 1.0, 0),
        Word("PAID", Box(200, 90, 280, 122), 1.0, 1),
        Word("31-03-2025", Box(300, 114, 350, 123), 1.0, 2),
    )
    rows = sheet(Page(1, 595, 842, PageSource.TEXT_LAYER, words), 1).rows
    assert [row.text for row in rows] == ["Due", "PAID", "31-03-2025"]


def test_print_along_the_margin_is_a_row_of_its_own() -> None:
    row = tuple(Word(t, Box(x, 300, x + 5 * len(t), 309), 1.0, 0) for t, x in (("Total", 60), ("12,50", 120)))
    margin = (Word("Invoice", Box(30, 295, 36, 330), 1.0, 1), Word("A/7", Box(30, 275, 36, 290), 1.0, 1))
    texts = [row.text for row in sheet(Page(1, 595, 842, PageSource.TEXT_LAYER, (*row, *margin)), 1).rows]
    assert texts == [f"Total{GAP}12,50", "Invoice A/7"]


def test_a_line_joins_the_row_whose_nearest_line_it_stands_beside() -> None:
    bent = [("Street", 40, 100), ("12", 200, 103), ("Due", 300, 106), ("02.01.2026", 420, 104)]
    words = tuple(Word(t, Box(x, y, x + 5 * len(t), y + 9), 1.0, n) for n, (t, x, y) in enumerate(bent))
    assert [row.text for row in sheet(Page(1, 842, 595, PageSource.OCR, words), 1).rows] == [GAP.join(t for t, _, _ in bent)]


def test_a_word_between_two_words_of_another_line_is_put_between_them() -> None:
    words = [("12 ", 40, 0), ("38,00", 400, 0), ("3,17", 200, 1)]
    placed = tuple(Word(t.strip(), Box(x, 100, x + 5 * len(t), 109), 1.0, n) for t, x, n in words)
    assert [row.text for row in sheet(Page(1, 595, 842, PageSource.OCR, placed), 1).rows] == [GAP.join(("12", "3,17", "38,00"))]
