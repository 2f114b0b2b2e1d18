"""A body that is all there is of an invoice, as pages to be read and delivered (B1, B3)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas

_FONT_FILES = (Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"), Path("Vera.ttf"))  # Debian's; reportlab's own
_FONT = "MailBody"
_SIZE, _LEADING, _MARGIN = 10, 13, 56  # points
_LINES = int((A4[1] - 2 * _MARGIN) // _LEADING)


def text_pdf(text: str) -> bytes:
    """`text` on pages of A4, its words and lines as they are; the same octets for the same text."""
    _register_font()
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4, invariant=True)
    for lines in _pages(text):
        page = canvas.beginText(_MARGIN, A4[1] - _MARGIN - _SIZE)
        page.setFont(_FONT, _SIZE, _LEADING)
        for line in lines:
            page.textLine(line)
        canvas.drawText(page)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def _pages(text: str) -> Iterator[tuple[str, ...]]:
    width = A4[0] - 2 * _MARGIN
    lines = [piece for line in text.split("\n") for piece in simpleSplit(line.expandtabs(4), _FONT, _SIZE, width) or [""]]
    for begin in range(0, max(1, len(lines)), _LINES):
        yield tuple(lines[begin : begin + _LINES])


@cache
def _register_font() -> None:
    for path in _FONT_FILES:
        try:
            pdfmetrics.registerFont(TTFont(_FONT, str(path)))
        except TTFError:
            continue
        return
