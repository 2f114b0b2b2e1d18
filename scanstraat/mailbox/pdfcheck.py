"""Whether a PDF can be read and taken apart later on the line (B9)."""

from __future__ import annotations

import io

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium_c

from scanstraat.errors import Refused

MAX_PAGES = 1_000
# Points: the longest side the format itself knows (ISO 32000-1, annex C), and two A0 sheets, 280 million pixels at 300 dpi.
_MAX_SIDE, _MAX_AREA = 14_400.0, 16_000_000.0
_COPY = "Ask the sender for another copy."


def check_pdf(content: bytes) -> int:
    """The number of pages of a PDF that can be read.

    Raises `Refused`: `pdf-encrypted` (a password is needed to open it), `pdf-broken`, `pdf-empty`, `too-many-pages`,
    `page-too-large`.
    """
    pages = _pages_as_rendered(content)
    if pages != _pages_as_taken_apart(content):
        raise Refused("pdf-broken", "The PDF is broken: programs do not agree how many pages it has.", _COPY)
    return pages


def _pages_as_rendered(content: bytes) -> int:
    try:
        document = pypdfium2.PdfDocument(content)
        try:
            sizes = _sizes(document)
        finally:
            document.close()
    except pypdfium2.PdfiumError as error:
        if error.err_code == pdfium_c.FPDF_ERR_PASSWORD:
            raise _encrypted() from None
        raise Refused("pdf-broken", "The PDF is broken and cannot be opened.", _COPY) from error
    for number, (width, height) in enumerate(sizes, 1):
        _check_size(number, width, height)
    return len(sizes)


def _sizes(document: pypdfium2.PdfDocument) -> tuple[tuple[float, float], ...]:
    pages = len(document)
    if pages == 0:
        raise Refused("pdf-empty", "The PDF has no pages.", _COPY)
    if pages > MAX_PAGES:
        raise Refused("too-many-pages", f"The PDF has {pages} pages; at most {MAX_PAGES} are read.", "Send it in pieces.")
    return tuple(document.get_page_size(number) for number in range(pages))


def _check_size(number: int, width: float, height: float) -> None:
    if not (0 < width <= _MAX_SIDE and 0 < height <= _MAX_SIDE and width * height <= _MAX_AREA):
        raise Refused("page-too-large", f"Page {number} of the PDF measures {width / 72:.0f} by {height / 72:.0f} inches.", _COPY)


def _pages_as_taken_apart(content: bytes) -> int:
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            return len(pdf.pages)
    except pikepdf.PasswordError:
        raise _encrypted() from None
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError) as error:
        raise Refused("pdf-broken", f"The PDF is broken: {str(error)[:200].rstrip('.')}.", _COPY) from error


def _encrypted() -> Refused:
    return Refused("pdf-encrypted", "The PDF can only be opened with a password.", "Ask the sender for one without.")
