"""How many pages a PDF has, counted in a bounded child."""

from __future__ import annotations

import pypdfium2 as pdfium

from scanstraat.errors import Refused


def pages_in(pdf: bytes) -> int:
    """The number of its pages; raises `Refused` (`pdf-broken`) where it does not open."""
    try:
        document = pdfium.PdfDocument(pdf)
    except pdfium.PdfiumError as error:
        raise Refused("pdf-broken", f"the PDF does not open: {error}.") from error
    try:
        return len(document)
    finally:
        document.close()
