"""QR codes and Code 128 bars on a page, such as the EPC code for a payment; looked for where there may be one, at small cost."""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np
import zxingcpp

from scanstraat.model.page import Barcode, Box
from scanstraat.reading import pictures
from scanstraat.reading.codeplaces import code_places
from scanstraat.reading.content import Content
from scanstraat.reading.pictures import Picture
from scanstraat.reading.sheet import Sheet

_FORMATS = (zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.Code128)
_REGION_DPI = 200
_EPC = b"BCD"
# the third line of an EPC code says how its bytes are written (European Payments Council, EPC069-12, table of the data elements)
_EPC_CHARACTERS = {
    b"1": "utf-8",
    b"2": "iso-8859-1",
    b"3": "iso-8859-2",
    b"4": "iso-8859-4",
    b"5": "iso-8859-5",
    b"6": "iso-8859-7",
    b"7": "iso-8859-10",
    b"8": "iso-8859-15",
}


def on_picture(picture: Picture) -> tuple[Barcode, ...]:
    """The codes on a page's picture. What was found but not decoded is tried again enlarged, then smoothed along its bars."""
    found = _decoded(picture.pixels, picture, 1.0)
    if found.failed:
        enlarged = cv2.resize(picture.pixels, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
        for pixels in (enlarged, cv2.blur(enlarged, (1, 7))):
            again = _decoded(np.asarray(pixels, np.uint8), picture, 2.0)
            if len(again.codes) > len(found.codes):
                return again.codes
    return found.codes


def on_sheet(sheet: Sheet, content: Content) -> tuple[Barcode, ...]:
    """The codes on a page that was drawn rather than scanned: only its pictures and intricate drawings are looked at."""
    places = code_places(sheet, content)
    return tuple(dict.fromkeys(code for place in places for code in on_picture(pictures.rendered(sheet, _REGION_DPI, place))))


def decoded_text(content: bytes, text: str) -> str:
    """The text of a code by its own character set where it names one (EPC), else as UTF-8, else as the decoder took it.

    >>> decoded_text("BCD\\n002\\n2\\nSCT\\n\\nCafé".encode("latin-1"), "").splitlines()[-1]
    'Café'
    >>> decoded_text("Zürich".encode(), ""), decoded_text(b"\\xff", "?")
    ('Zürich', '?')
    """
    lines = content.split(b"\n", 3)
    named = _EPC_CHARACTERS.get(lines[2].strip()) if len(lines) > 2 and lines[0].strip() == _EPC else None
    try:
        return content.decode(named or "utf-8")
    except UnicodeDecodeError:
        return text


class _Found:
    def __init__(self, codes: Iterable[Barcode], failed: bool) -> None:
        self.codes = tuple(codes)
        self.failed = failed


def _decoded(pixels: pictures.Gray, picture: Picture, enlarged: float) -> _Found:
    results = zxingcpp.read_barcodes(
        pixels, formats=zxingcpp.BarcodeFormats(list(_FORMATS)), try_invert=False, return_errors=True
    )
    codes = []
    for result in results:
        if result.valid:
            at = result.position
            corners = (at.top_left, at.top_right, at.bottom_right, at.bottom_left)
            points = [picture.display.point(corner.x / enlarged, corner.y / enlarged) for corner in corners]
            across, down = [x for x, _ in points], [y for _, y in points]
            box = Box(min(across), min(down), max(across), max(down))
            codes.append(Barcode(result.format.name, decoded_text(result.bytes, result.text), box))
    return _Found(codes, any(not result.valid for result in results))
