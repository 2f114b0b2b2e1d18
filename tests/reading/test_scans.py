"""Scans are read by OCR, whatever the scanner did to them, and their boxes are where the words are on the page as displayed."""

from __future__ import annotations

import io
import itertools

import numpy as np
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from scanstraat.bounded import Child
from scanstraat.model.page import Page, PageSource
from scanstraat.reading.reader import Reader
from scanstraat.settings import Settings
from tests.reading.paper import A4, INVOICE, LINES, Text, changed, drawn, lines, misfits, picture, scanned, skewed, spoilt


def share_right(page: Page) -> float:
    """The share of the printed words that were read letter for letter."""
    printed, read = " ".join(LINES).split(), [word.text for word in page.words]
    return sum(word in read for word in printed) / len(printed)


@pytest.fixture(scope="module")
def paper() -> Image.Image:
    return picture(drawn(INVOICE))


@pytest.mark.rule("B1", "B3")
def test_a_clean_scan_is_read_as_printed(reader: Reader, paper: Image.Image) -> None:
    pdf = scanned(paper)
    (page,) = reader.read(pdf)
    assert page.source is PageSource.OCR
    assert lines(page) == LINES
    assert misfits(pdf, page) == []
    assert all(0 < word.confidence <= 1 for word in page.words)
    assert np.mean([word.confidence for word in page.words]) > 0.85


@pytest.mark.parametrize("degrees", [-3, -1, 2.5])
def test_a_skewed_scan_is_read_and_its_boxes_lie_on_the_page_as_displayed(
    reader: Reader, paper: Image.Image, degrees: float
) -> None:
    pdf = scanned(skewed(paper, degrees))
    (page,) = reader.read(pdf)
    assert lines(page) == LINES
    assert misfits(pdf, page, slack=4) == []


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_scan_stored_sideways_and_displayed_upright(reader: Reader, paper: Image.Image, turn: int) -> None:
    pdf = changed(scanned(paper.rotate(turn, expand=True)), Rotate=turn)
    (page,) = reader.read(pdf)
    assert lines(page) == LINES
    assert misfits(pdf, page) == []


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_scan_fed_the_wrong_way_round(reader: Reader, paper: Image.Image, turn: int) -> None:
    pdf = scanned(paper.rotate(turn, expand=True))
    (page,) = reader.read(pdf)
    assert lines(page) == LINES
    assert misfits(pdf, page) == []


def test_specks_and_shade_are_repaired(reader: Reader, paper: Image.Image) -> None:
    (page,) = reader.read(scanned(spoilt(skewed(paper, 2), specks=0.03, shade=0.6)))
    assert share_right(page) > 0.8


@pytest.mark.parametrize("dpi", [150, 300, 450])
def test_other_resolutions(reader: Reader, dpi: int) -> None:
    pdf = scanned(picture(drawn(INVOICE), dpi), dpi=dpi)
    (page,) = reader.read(pdf)
    assert (round(page.width), round(page.height)) == (595, 842)
    assert share_right(page) > 0.95
    assert misfits(pdf, page) == []


def test_a_photo_that_claims_to_be_as_large_as_a_door_is_read(reader: Reader, paper: Image.Image) -> None:
    (page,) = reader.read(scanned(paper.resize((paper.width * 2, paper.height * 2)), dpi=72))
    assert page.height > 4600
    assert share_right(page) > 0.95


@pytest.mark.parametrize("mode", ["L", "1", "RGB", "P", "CMYK", "inverted"])
def test_other_codecs_and_colours(reader: Reader, paper: Image.Image, mode: str) -> None:
    content = io.BytesIO()
    stored = paper if mode == "inverted" else paper.convert(mode)
    stored.save(content, "PDF", resolution=200)
    pdf = content.getvalue()
    if mode == "inverted":
        pdf = scanned(Image.fromarray(255 - np.asarray(paper)))
        pdf = pdf.replace(b"/ColorSpace /DeviceGray", b"/Decode [1 0] /ColorSpace /DeviceGray")
    (page,) = reader.read(pdf)
    assert page.source is PageSource.OCR
    assert share_right(page) > 0.95
    assert misfits(pdf, page, slack=2.5) == []


def test_a_scan_in_strips_is_read(reader: Reader, paper: Image.Image) -> None:
    content = io.BytesIO()
    canvas = Canvas(content, pagesize=A4)
    edges = [0, *(round(paper.height * share) for share in (0.25, 0.5, 0.75)), paper.height]
    for top, bottom in itertools.pairwise(edges):
        strip = paper.crop((0, top, paper.width, bottom))
        below = A4[1] * (1 - bottom / paper.height)
        canvas.drawImage(ImageReader(strip), 0, below, A4[0], A4[1] * (bottom - top) / paper.height)
    canvas.save()
    (page,) = reader.read(content.getvalue())
    assert share_right(page) > 0.95


def test_a_mirrored_picture_is_read_as_it_is_displayed(reader: Reader, paper: Image.Image) -> None:
    content = io.BytesIO()
    canvas = Canvas(content, pagesize=A4)
    canvas.translate(A4[0], 0)
    canvas.scale(-1, 1)
    canvas.drawImage(ImageReader(paper.transpose(Image.Transpose.FLIP_LEFT_RIGHT)), 0, 0, *A4)
    canvas.save()
    (page,) = reader.read(content.getvalue())
    assert lines(page) == LINES


def test_letters_drawn_as_curves_are_read(reader: Reader) -> None:
    content = io.BytesIO()
    canvas = Canvas(content, pagesize=A4)
    canvas.rect(50, 50, 495, 742)
    canvas.drawImage(ImageReader(picture(drawn(INVOICE)).crop((100, 100, 1500, 1000))), 60, 300, 480, 308)
    canvas.save()
    (page,) = reader.read(content.getvalue())
    assert page.source is PageSource.OCR
    assert "2026-00417" in page.text


@pytest.mark.rule("B3")
def test_blank_pages_are_told(reader: Reader, paper: Image.Image) -> None:
    dusty = np.full((2339, 1654), 246, np.uint8)
    dusty[:, :25] = 90  # the shadow of the lid
    dusty[np.random.default_rng(2).random(dusty.shape) < 0.001] = 120
    pages = reader.read(scanned(Image.fromarray(dusty), paper))
    assert [page.source for page in pages] == [PageSource.BLANK, PageSource.OCR]
    assert pages[0].words == ()
    assert reader.read(drawn(()))[0].source is PageSource.BLANK


def test_a_page_with_one_short_line_is_not_blank(reader: Reader) -> None:
    (page,) = reader.read(scanned(picture(drawn((Text(300, 400, "Bijlage bij 2026-00417", 10),)))))
    assert lines(page) == ["Bijlage bij 2026-00417"]


def test_both_engines_read_a_clean_page_alike(child: Child, paper: Image.Image) -> None:
    pdf = scanned(paper)
    (kept,) = Reader(child, Settings(ocr_engine="tesserocr")).read(pdf)
    (command,) = Reader(child, Settings(ocr_engine="pytesseract")).read(pdf)
    assert lines(kept) == lines(command) == LINES
    assert misfits(pdf, command) == []


def test_languages_are_chosen_by_the_settings(child: Child, paper: Image.Image) -> None:
    (page,) = Reader(child, Settings(ocr_languages="nld+eng")).read(scanned(paper))
    assert share_right(page) > 0.9
