"""What is printed in a picture on a page with a text layer is read too; nothing is read twice, and not every picture is."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from scanstraat.bounded import Child
from scanstraat.model.page import PageSource
from scanstraat.reading.reader import Reader
from scanstraat.settings import Settings
from tests.reading.paper import A4, INVOICE, Text, drawn, misfits, picture

HEAD = (
    Text(20, 95, "Drukkerij Wolters B.V.", 16),
    Text(20, 70, "Kanaalweg 14, 3526 KM Utrecht"),
    Text(20, 54, "IBAN NL20INGB0001234567"),
    Text(20, 38, "BTW NL009876543B01"),
)


def with_picture(inlay: Image.Image, texts: Sequence[Text] = INVOICE[3:], at: tuple[float, float] = (40, 700)) -> bytes:
    """A page with a text layer and a picture set in, which shows 200 pixels to the inch."""
    content = io.BytesIO()
    canvas = Canvas(content, pagesize=A4, invariant=True)
    canvas.drawImage(ImageReader(inlay), *at, inlay.width * 0.36, inlay.height * 0.36)
    for text in texts:
        canvas.setFont("Sans", text.size)
        canvas.drawString(text.x, text.y, text.words)
    canvas.save()
    return content.getvalue()


@pytest.fixture(scope="module")
def letterhead() -> Image.Image:
    return picture(drawn(HEAD, size=(330, 125)), 200)


@pytest.mark.rule("B1", "B3")
def test_a_letterhead_that_is_a_picture_is_read_with_the_text_around_it(reader: Reader, letterhead: Image.Image) -> None:
    pdf = with_picture(letterhead, [text for text in INVOICE[3:] if text.y < 690])
    (page,) = reader.read(pdf)
    assert page.source is PageSource.TEXT_LAYER
    assert page.text.index("Drukkerij Wolters B.V.") < page.text.index("Vervaldatum: 30-04-2026")
    assert {"NL20INGB0001234567", "NL009876543B01"} <= {word.text for word in page.words}
    assert misfits(pdf, page, slack=4) == []
    assert {word.confidence == 1 for word in page.words if word.box.y0 > 160} == {True}


def test_a_background_with_text_upon_it_is_not_read(reader: Reader, letterhead: Image.Image) -> None:
    upon = [Text(60, 780, "Drukkerij Wolters"), *INVOICE[3:]]
    (page,) = reader.read(with_picture(letterhead, upon))
    assert "NL20INGB0001234567" not in page.text


def test_a_photograph_gives_no_words(reader: Reader) -> None:
    photo = Image.effect_noise((900, 500), 60)
    (page,) = reader.read(with_picture(photo, [text for text in INVOICE[3:] if text.y < 690]))
    assert page.words == reader.read(drawn(tuple(text for text in INVOICE[3:] if text.y < 690)))[0].words


def test_the_text_layer_stands_where_there_is_no_ocr(child: Child, letterhead: Image.Image) -> None:
    pdf = with_picture(letterhead, [text for text in INVOICE[3:] if text.y < 690])
    (page,) = Reader(child, Settings(ocr_engine="tesserocr", ocr_languages="fin")).read(pdf)
    assert page.source is PageSource.TEXT_LAYER
    assert "Vervaldatum: 30-04-2026" in page.text
