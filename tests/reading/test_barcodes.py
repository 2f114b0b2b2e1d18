"""QR codes and bar codes are found where they are, drawn or scanned, and decoded by their own character set."""

from __future__ import annotations

import io

import pytest
import zxingcpp
from PIL import Image, ImageFilter
from reportlab.graphics import renderPDF
from reportlab.graphics.barcode import code128, qr
from reportlab.graphics.shapes import Drawing
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from scanstraat.model.page import Barcode, Box, PageSource
from scanstraat.reading.reader import Reader
from tests.reading.paper import A4, INVOICE, Text, changed, drawn, picture, scanned, skewed

EPC = "BCD\n002\n{}\nSCT\nABNANL2A\nCafé Müller B.V.\nNL91ABNA0417164300\nEUR490.50\n\n\nFactuur 2026-00417\n"


def square(content: str) -> Image.Image:
    """A QR code as a picture."""
    code = zxingcpp.create_barcode(content, zxingcpp.BarcodeFormat.QRCode)
    return Image.fromarray(zxingcpp.write_barcode_to_image(code, scale=4, add_quiet_zones=True)).convert("L")


def with_code(kind: str, texts: tuple[Text, ...] = INVOICE) -> bytes:
    """An invoice with a code of 100 points at (400, 160) from the bottom left: a picture, or drawn in cells or bars."""
    content = io.BytesIO()
    canvas = Canvas(content, pagesize=A4)
    for text in texts:
        canvas.setFont("Sans", text.size)
        canvas.drawString(text.x, text.y, text.words)
    if kind == "picture":
        canvas.drawImage(ImageReader(square(EPC.format(1))), 400, 160, 100, 100)
    elif kind == "cells":
        drawing = Drawing(100, 100)
        drawing.add(qr.QrCodeWidget(EPC.format(1), barWidth=100, barHeight=100))
        renderPDF.draw(drawing, canvas, 400, 160)
    else:
        code128.Code128("4589104171643000012345", barHeight=40, barWidth=0.9).drawOn(canvas, 300, 160)
    canvas.save()
    return content.getvalue()


def inside(barcode: Barcode, box: Box) -> bool:
    return (
        box.x0 <= barcode.box.x0 < barcode.box.x1 <= box.x1
        and box.y0 <= barcode.box.y0 < barcode.box.y1 <= box.y1
        and barcode.box.width > 0.6 * box.width
    )


PLACE = Box(398, A4[1] - 262, 502, A4[1] - 158)


@pytest.mark.parametrize("kind", ["picture", "cells"])
def test_a_payment_code_on_a_drawn_page_is_read(reader: Reader, kind: str) -> None:
    (page,) = reader.read(with_code(kind))
    assert page.source is PageSource.TEXT_LAYER
    (code,) = page.barcodes
    assert (code.symbology, code.text) == ("QRCode", EPC.format(1))
    assert inside(code, PLACE)


@pytest.mark.parametrize("degrees", [0, 2])
def test_a_payment_code_on_a_scan_is_read(reader: Reader, degrees: float) -> None:
    scan = skewed(picture(with_code("picture")), degrees)
    (page,) = reader.read(scanned(scan))
    assert page.source is PageSource.OCR
    (code,) = page.barcodes
    assert code.text == EPC.format(1)
    assert degrees or inside(code, PLACE)


def test_bars_are_read_drawn_and_scanned(reader: Reader) -> None:
    pdf = with_code("bars")
    for content in (pdf, scanned(picture(pdf))):
        (page,) = reader.read(content)
        (code,) = page.barcodes
        assert (code.symbology, code.text) == ("Code128", "4589104171643000012345")
        assert abs(code.box.middle[1] - (A4[1] - 180)) < 25


def test_a_code_on_a_turned_page_is_where_it_is_displayed(reader: Reader) -> None:
    (page,) = reader.read(changed(with_code("picture"), Rotate=90))
    (code,) = page.barcodes
    assert inside(code, Box(158, 398, 262, 502))


def test_a_blurred_code_is_tried_again(reader: Reader) -> None:
    scan = picture(with_code("picture"), 110).filter(ImageFilter.GaussianBlur(0.6))
    (page,) = reader.read(scanned(scan, dpi=110, quality=60))
    assert [code.text for code in page.barcodes] == [EPC.format(1)]


def test_a_page_without_code_has_none(reader: Reader) -> None:
    assert [page.barcodes for page in (*reader.read(drawn(INVOICE)), *reader.read(scanned(picture(drawn(INVOICE)))))] == [(), ()]
