"""A PDF file and its pages as pdfium opens them: sizes as displayed, and refusals for what cannot be opened."""

from __future__ import annotations

import contextlib
import ctypes
import io
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from scanstraat.errors import Refused
from scanstraat.reading.affine import Affine

MAX_PAGES = 500
_MAX_SIDE = 20_000.0  # points, seven metres; PDF itself once stopped at 14,400
_DRAWN_ANNOTATIONS = {pdfium_c.FPDF_ANNOT_WIDGET, pdfium_c.FPDF_ANNOT_FREETEXT, pdfium_c.FPDF_ANNOT_STAMP}
_MANY_ANNOTATIONS = 2_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page, open: `width` and `height` in points as displayed, `display` maps the PDF's own space to that."""

    handle: pdfium.PdfPage
    width: float
    height: float
    display: Affine


@contextlib.contextmanager
def opened(pdf: bytes) -> Iterator[pdfium.PdfDocument]:
    """The document; raises `Refused` with `pdf-encrypted`, `pdf-broken` or `too-many-pages`."""
    try:
        document = pdfium.PdfDocument(pdf)
    except pdfium.PdfiumError as error:
        if error.err_code in (pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY):
            raise Refused(
                "pdf-encrypted", "the PDF can only be opened with a password.", "Ask the sender for a copy without password."
            ) from error
        raise broken("it does not open") from error
    try:
        if len(document) == 0:
            raise broken("it has no pages")
        if len(document) > MAX_PAGES:
            raise Refused(
                "too-many-pages",
                f"the PDF has {len(document)} pages; at most {MAX_PAGES} are read.",
                "Ask the sender for the invoices in smaller files.",
            )
        yield document
    finally:
        document.close()


@contextlib.contextmanager
def page(document: pdfium.PdfDocument, number: int) -> Iterator[Sheet]:
    """Page `number`, from 1, with filled-in form fields and stamps made part of it; raises `Refused` (`pdf-broken`)."""
    if not 1 <= number <= len(document):
        raise Refused("no-such-page", f"the PDF has {len(document)} pages, so no page {number}.", "Ask for a page that it has.")
    handle = _loaded(document, number)
    try:
        if _has_drawn_annotations(handle):
            pdfium_c.FPDFPage_Flatten(handle, pdfium_c.FLAT_NORMALDISPLAY)
            handle.close()
            handle = _loaded(document, number)
        yield _measured(handle, number)
    finally:
        handle.close()


def broken(why: str) -> Refused:
    """A PDF that cannot be used, and why."""
    return Refused("pdf-broken", f"the PDF is broken: {why}.", "Ask the sender for a sound copy.")


def sample() -> bytes:
    """A one-page PDF with one line of text."""
    document, content = pdfium.PdfDocument.new(), io.BytesIO()
    new_page = document.new_page(595, 842)
    text = pdfium_c.FPDFPageObj_NewTextObj(document, b"Helvetica", 12)
    pdfium_c.FPDFText_SetText(text, (ctypes.c_ushort * 6)(*b"Total\0"))
    pdfium_c.FPDFPage_InsertObject(new_page, text)
    pdfium_c.FPDFPage_GenerateContent(new_page)
    document.save(content)
    new_page.close()
    document.close()
    return content.getvalue()


def _loaded(document: pdfium.PdfDocument, number: int) -> pdfium.PdfPage:
    try:
        return document[number - 1]
    except pdfium.PdfiumError as error:
        raise broken(f"page {number} does not open") from error


def _has_drawn_annotations(handle: pdfium.PdfPage) -> bool:
    """Whether something is drawn on the page that is not in its content, such as the values of a form."""
    for index in range(min(pdfium_c.FPDFPage_GetAnnotCount(handle), _MANY_ANNOTATIONS)):
        annotation = pdfium_c.FPDFPage_GetAnnot(handle, index)
        if annotation:
            kind = pdfium_c.FPDFAnnot_GetSubtype(annotation)
            pdfium_c.FPDFPage_CloseAnnot(annotation)
            if kind in _DRAWN_ANNOTATIONS:
                return True
    return False


def _measured(handle: pdfium.PdfPage, number: int) -> Sheet:
    bounds = pdfium_c.FS_RECTF()
    if not pdfium_c.FPDF_GetPageBoundingBox(handle, ctypes.byref(bounds)):
        raise broken(f"page {number} has no size")
    left, top, right, bottom = bounds.left, bounds.top, bounds.right, bounds.bottom
    width, height = right - left, top - bottom
    if not (0 < width <= _MAX_SIDE and 0 < height <= _MAX_SIDE):
        raise Refused(
            "page-too-large",
            f"page {number} measures {width / 72:.0f} by {height / 72:.0f} inches; no paper does.",
            "Ask the sender for a copy on ordinary paper.",
        )
    turns = pdfium_c.FPDFPage_GetRotation(handle) % 4
    display = (
        Affine(1, 0, 0, -1, -left, top),
        Affine(0, 1, 1, 0, -bottom, -left),
        Affine(-1, 0, 0, 1, right, -bottom),
        Affine(0, -1, -1, 0, top, right),
    )[turns]
    return Sheet(handle, *((height, width) if turns % 2 else (width, height)), display)
