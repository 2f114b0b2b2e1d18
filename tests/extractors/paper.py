"""Real files for tests of the whole way: the text of a test as a PDF, or as the picture of it."""

from __future__ import annotations

import io

import pypdfium2
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

MARGIN, ROW = 40, 14


def paper(*pages: str, picture: bool = False) -> bytes:
    """A PDF with a text layer, a page a text; or, of the first page, a PNG at 200 dpi. A row that begins with "# " is large."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    for text in pages:
        for number, line in enumerate(text.strip("\n").split("\n")):
            large = line.startswith("# ")
            canvas.setFont("Courier-Bold" if large else "Courier", 14 if large else 9)
            canvas.drawString(MARGIN, A4[1] - MARGIN - number * ROW, line.removeprefix("# "))
        canvas.showPage()
    canvas.save()
    return _drawn(out.getvalue()) if picture else out.getvalue()


def _drawn(pdf: bytes) -> bytes:
    document = pypdfium2.PdfDocument(pdf)
    try:
        out = io.BytesIO()
        document[0].render(scale=200 / 72).to_pil().save(out, "PNG", dpi=(200, 200))
        return out.getvalue()
    finally:
        document.close()
