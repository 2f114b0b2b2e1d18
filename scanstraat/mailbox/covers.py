"""Cover sheets of PDF portfolios: pages that only say what to open the portfolio with (B6)."""

from __future__ import annotations

import re
from dataclasses import replace

import pypdfium2
import pypdfium2.raw as pdfium_c

from scanstraat.mailbox.bodytext import tells_invoice
from scanstraat.mailbox.containers.portable import is_portfolio
from scanstraat.mailbox.filetype import PDF
from scanstraat.model.mail import Part, PartRole

_PORTFOLIO = re.compile(r"portfolio|portefeuille|portafoglio|adobe|acrobat", re.VERBOSE | re.IGNORECASE)
_SHORT = 1_500  # characters


def without_covers(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts; the sheet of a portfolio is decoration where a document is inside and the sheet is none itself."""
    holders = {part.container for part in parts if part.role is PartRole.DOCUMENT and part.container is not None}
    return tuple(_cover(part) if part.index in holders and _is_cover(part) else part for part in parts)


def _cover(part: Part) -> Part:
    return replace(part, role=PartRole.DECORATION, reason="cover sheet of a PDF portfolio")


def _is_cover(part: Part) -> bool:
    if part.role is not PartRole.DOCUMENT or part.media_type != PDF or not is_portfolio(part.content):
        return False
    text, is_pictured = _seen(part.content)
    if not text.strip():
        return not is_pictured
    return len(text) <= _SHORT and bool(_PORTFOLIO.search(text)) and not tells_invoice(text)


def _seen(content: bytes) -> tuple[str, bool]:
    """The text of the first page, and whether there is a picture on it; a page that cannot be looked at counts as one."""
    try:
        document = pypdfium2.PdfDocument(content)
        try:
            page = document[0]
            pictures = page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE])
            return str(page.get_textpage().get_text_bounded()), next(iter(pictures), None) is not None
        finally:
            document.close()
    except pypdfium2.PdfiumError:
        return "", True
