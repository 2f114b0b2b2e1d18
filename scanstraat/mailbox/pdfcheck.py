"""Whether a PDF can be read and taken apart later on the line, and what of it has to be drawn first (B9)."""

from __future__ import annotations

import io
from dataclasses import dataclass

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium_c

from scanstraat.errors import Refused
from scanstraat.mailbox.pdfforms import Form, form_of

MAX_PAGES = 1_000
# Points: the longest side the format itself knows (ISO 32000-1, annex C), and two A0 sheets, 280 million pixels at 300 dpi.
_MAX_SIDE, _MAX_AREA = 14_400.0, 16_000_000.0
_COPY = "Ask the sender for another copy."
# What objects of another kind than the standard says bring about in pikepdf and in code that trusts them.
DAMAGE = (pikepdf.PdfError, RuntimeError, ValueError, TypeError, AttributeError, LookupError, ArithmeticError)


@dataclass(frozen=True, slots=True)
class Examined:
    """A PDF that can be read: its pages, and what its form asks for."""

    pages: int
    form: Form


def check_pdf(content: bytes) -> int:
    """The number of pages of a PDF that can be read.

    Raises `Refused`: `pdf-encrypted` (a password is needed to open it), `pdf-broken`, `pdf-empty`, `too-many-pages`,
    `page-too-large`, `xfa-form` (its pages are not in it, but made by a program as it is opened).
    """
    return examined(content).pages


def examined(content: bytes) -> Examined:
    """The PDF examined; raises as `check_pdf` does."""
    pages = pages_as_rendered(content)
    taken_apart = _taken_apart(content)
    if pages != taken_apart.pages:
        raise Refused("pdf-broken", "The PDF is broken: programs do not agree how many pages it has.", _COPY)
    if taken_apart.form.is_dynamic:
        raise Refused(
            "xfa-form",
            "The PDF is a form whose pages only Adobe's programs can make (dynamic XFA).",
            "Open it in Adobe Reader and print it to a PDF, or ask the sender for one that is not a form.",
        )
    return taken_apart


def pages_as_rendered(content: bytes) -> int:
    """How many pages there are for the program that renders them; raises as `check_pdf` does."""
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


def _taken_apart(content: bytes) -> Examined:
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            return Examined(len(pdf.pages), form_of(pdf))
    except pikepdf.PasswordError:
        raise _encrypted() from None
    except DAMAGE as error:
        raise Refused("pdf-broken", f"The PDF is broken: {str(error)[:200].rstrip('.')}.", _COPY) from error


def _encrypted() -> Refused:
    return Refused("pdf-encrypted", "The PDF can only be opened with a password.", "Ask the sender for one without.")
