from __future__ import annotations

from io import BytesIO

import numpy as np
import pdfplumber
import pikepdf
import pypdfium2 as pdfium
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pypdfium2.raw import FPDFText_GetUnicode

from scanstraat.delivery.pdf import SourcePages, compose_pdf
from scanstraat.model.page import Box, Page, PageSource, Word
from tests.delivery.samples import scan

CROPS = (None, (50.0, 80.0, 450.0, 700.0), (-20.0, -30.0, 500.0, 900.0))
TURNS = (0, 90, 180, 270, -90, 450)
TEXTS = ("Factuur", "2026-1", "€", "Ærøskøbing", "Łódź", "日本語", "NL91ABNA0417164300", "𝔘", "I")


def _size(pdf: bytes) -> tuple[float, float]:
    with pdfium.PdfDocument(pdf) as document:
        width, height = document[0].get_size()
        return float(width), float(height)


def _read(pdf: bytes) -> list[tuple[str, Box]]:
    """Words with their boxes as displayed, found the way any reader finds them: by pdfium's characters."""
    with pdfium.PdfDocument(pdf) as document:
        target = document[0]
        text = target.get_textpage()
        # UTF-16 units, as pdfium counts
        characters = [(chr(FPDFText_GetUnicode(text, i)), text.get_charbox(i, loose=True)) for i in range(text.count_chars())]
        bitmap_size = [int(side) for side in target.get_size()]
        placed = [(c, _displayed(target, box, bitmap_size)) for c, box in characters]
    words: list[tuple[str, Box]] = []
    joined = False
    for character, box in placed:
        if not character.strip():
            joined = False
        elif joined:
            words[-1] = (words[-1][0] + character, words[-1][1].united(box))
        else:
            words.append((character, box))
            joined = True
    return [(word.encode("utf-16", "surrogatepass").decode("utf-16"), box) for word, box in words]


def _displayed(target: pdfium.PdfPage, box: tuple[float, ...], size: list[int]) -> Box:
    """User space to points from the top left as displayed, by pdfium's own arithmetic (a thousandth of a point fine)."""
    fine = 1000
    conv = pdfium.PdfPosConv(target, (0, 0, size[0] * fine, size[1] * fine, 0))
    (x0, y0), (x1, y1) = conv.to_bitmap(box[0], box[1]), conv.to_bitmap(box[2], box[3])
    return Box(min(x0, x1) / fine, min(y0, y1) / fine, max(x0, x1) / fine, max(y0, y1) / fine)


def _page(size: tuple[float, float], *words: Word) -> Page:
    return Page(1, *size, PageSource.OCR, words)


def _word(text: str, x: float, y: float, width: float = 60, height: float = 11, line: int = 0) -> Word:
    return Word(text, Box(x, y, x + width, y + height), 0.9, line)


def _composed(pdf: bytes, words: tuple[Word, ...]) -> bytes:
    return compose_pdf((SourcePages(pdf, (_page(_size(pdf), *words),)),), None, "t")


def _near(found: Box, wanted: Box, by: float = 1.0) -> bool:
    pairs = zip((found.x0, found.y0, found.x1, found.y1), (wanted.x0, wanted.y0, wanted.x1, wanted.y1), strict=True)
    return all(abs(a - b) <= by for a, b in pairs)


@pytest.mark.rule("F5")
@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("crop", CROPS)
def test_words_of_a_scan_are_found_where_they_stand(turn: int, crop: tuple[float, ...] | None) -> None:
    words = tuple(_word(text, 30 + 90 * (i % 3), 40 + 30 * (i // 3), line=i // 3) for i, text in enumerate(TEXTS))
    found = _read(_composed(scan(turn, crop), words))
    assert [text for text, _ in found] == list(TEXTS)
    off = [(text, box, word.box) for (text, box), word in zip(found, words, strict=True) if not _near(box, word.box)]
    assert off == []


@pytest.mark.rule("F5")
@pytest.mark.parametrize("read_at", TURNS)
@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_page_that_a_person_turned_takes_its_words_along(read_at: int, degrees: int) -> None:
    source = scan(read_at)
    words = tuple(_word(text, 30 + 90 * (i % 3), 40 + 30 * (i // 3), line=i // 3) for i, text in enumerate(TEXTS[:3]))
    turned = compose_pdf((SourcePages(source, (_page(_size(source), *words),), (degrees,)),), None, "t")
    width, height = _size(source)
    assert _size(turned) == ((width, height) if degrees == 180 else (height, width))
    found, wanted = dict(_read(turned)), {word.text: _turned(word.box, degrees, width, height) for word in words}
    assert found.keys() == wanted.keys()
    assert all(_near(found[text], wanted[text]) for text in wanted)
    with pdfium.PdfDocument(source) as before, pdfium.PdfDocument(turned) as after:
        seen = np.rot90(before[0].render().to_numpy(), -degrees // 90)
        assert np.array_equal(seen, after[0].render().to_numpy())


def _turned(box: Box, degrees: int, width: float, height: float) -> Box:
    """Where a box stands once its page is turned clockwise."""
    if degrees == 180:
        return Box(width - box.x1, height - box.y1, width - box.x0, height - box.y0)
    if degrees == 90:
        return Box(height - box.y1, box.x0, height - box.y0, box.x1)
    return Box(box.y0, width - box.x1, box.y1, width - box.x0)


@pytest.mark.rule("F5")
def test_the_text_layer_is_not_seen() -> None:
    source = scan()
    with pikepdf.open(BytesIO(_composed(source, (_word("Factuur", 50, 50),)))) as pdf:
        modes = [int(numbers[0]) for numbers, operator in pikepdf.parse_content_stream(pdf.pages[0]) if str(operator) == "Tr"]
    assert modes == [3]  # neither filled nor stroked: ISO 32000-1, 9.3.6
    with pdfium.PdfDocument(source) as before, pdfium.PdfDocument(_composed(source, (_word("Factuur", 50, 50),))) as after:
        assert np.array_equal(before[0].render().to_numpy(), after[0].render().to_numpy())


@pytest.mark.rule("F5")
def test_another_reader_finds_the_words_too() -> None:
    words = tuple(_word(text, 30 + 90 * i, 40) for i, text in enumerate(("Factuur", "Łódź", "2026-1")))
    with pdfplumber.open(BytesIO(_composed(scan(), words))) as pdf:
        found = pdf.pages[0].extract_words()
    assert [word["text"] for word in found] == ["Factuur", "Łódź", "2026-1"]
    assert all(abs(word["x0"] - 30 - 90 * i) < 1 and abs(word["top"] - 40) < 3 for i, word in enumerate(found))


@pytest.mark.rule("F5")
def test_words_that_nearly_touch_stay_two() -> None:
    words = (_word("bedrag", 50, 50, 30), _word("121,00", 80.5, 50, 30), _word("EUR", 110.5, 50, 15))
    assert [text for text, _ in _read(_composed(scan(), words))] == ["bedrag", "121,00", "EUR"]


def test_the_page_s_own_transformations_do_not_move_the_text() -> None:
    source = scan(content=b"q 0.1 0 0 0.1 300 300 cm\n")
    ((text, box),) = _read(_composed(source, (_word("Factuur", 50, 50),)))
    assert text == "Factuur"
    assert _near(box, Box(50, 50, 110, 61))


def test_a_page_read_in_another_scale_gets_its_words_in_place() -> None:
    source = scan()
    double = Page(1, 1190, 1684, PageSource.OCR, (_word("Factuur", 100, 100, 120, 22),))
    ((_, box),) = _read(compose_pdf((SourcePages(source, (double,)),), None, "t"))
    assert _near(box, Box(50, 50, 110, 61))


def test_a_born_digital_page_is_left_as_it_is() -> None:
    source = scan()
    read = Page(1, 595, 842, PageSource.TEXT_LAYER, (_word("Factuur", 50, 50),))
    assert _read(compose_pdf((SourcePages(source, (read,)),), None, "t")) == []


def test_pages_that_share_their_resources_each_keep_their_own_words() -> None:
    with pikepdf.open(BytesIO(scan(pages=2))) as pdf:
        pdf.pages[1].obj.Resources = pdf.pages[0].obj.Resources = pdf.make_indirect(pikepdf.Dictionary())
        file = BytesIO()
        pdf.save(file)
    pages = tuple(Page(n, 595, 842, PageSource.OCR, (_word(f"pagina{n}", 50, 50),)) for n in (1, 2))
    with pdfium.PdfDocument(compose_pdf((SourcePages(file.getvalue(), pages),), None, "t")) as composed:
        assert [composed[i].get_textpage().get_text_range().strip() for i in (0, 1)] == ["pagina1", "pagina2"]


_SIDE = st.floats(0, 400)


@pytest.mark.rule("F5")
@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.text(st.characters(exclude_categories=()), max_size=8), _SIDE, _SIDE, _SIDE, _SIDE), max_size=8))
@example([("x", 0, 0, 0, 0), ("", 1, 1, 2, 2), (" ", 1, 1, 2, 2), ("\x00", 9, 9, 5, 5)])
def test_any_words_make_a_readable_page(odd: list[tuple[str, float, float, float, float]]) -> None:
    words = tuple(Word(text, Box(*box)) for text, *box in odd)
    with pdfium.PdfDocument(_composed(scan(90), words)) as pdf:
        # pdfium takes equal characters in one place for one, so that they cannot be counted
        assert (pdf[0].get_textpage().count_chars() > 0) is any(word.text.strip() for word in words)
