"""The picture of a page: the scanner's own pixels where the page is one picture, else rendered."""

from __future__ import annotations

import ctypes
import io
import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image

from scanstraat.errors import Refused
from scanstraat.model.page import Box
from scanstraat.reading.affine import Affine
from scanstraat.reading.content import Content, Drawn
from scanstraat.reading.sheet import Sheet

Gray = npt.NDArray[np.uint8]

OCR_DPI = 250  # reads as well as 300 and costs a tenth less; 200 loses 4 of 100 words with digits
MAX_PIXELS = 40_000_000  # of one picture in memory; an A4 page at 300 dpi has 8.7 million
_MIN_DPI = 25  # a page that can only be drawn coarser than this is not read
_DARK = 70  # mean gray of a picture that is likely to be stored inverted: then pdfium decides
_POINTS = 72.0


@dataclass(frozen=True, slots=True)
class Picture:
    """Gray pixels, and the mapping of their coordinates (x to the right, y down) to points on the page as displayed."""

    pixels: Gray
    display: Affine

    @property
    def dpi(self) -> float:
        """Pixels to the inch, the finer of the two directions."""
        across, down = math.hypot(self.display.a, self.display.b), math.hypot(self.display.c, self.display.d)
        return _POINTS / min(across, down)


def of_page(sheet: Sheet, content: Content) -> Picture:
    """The page in gray: its one picture as stored, else rendered; raises `Refused` (`page-too-large`)."""
    sole = content.sole_picture
    return (sole and _stored(sole)) or rendered(sheet, OCR_DPI)


def rendered(sheet: Sheet, dpi: float, region: Box | None = None) -> Picture:
    """The page, or a region of it, drawn in gray; coarser where it would take too much memory."""
    region = region or Box(0, 0, sheet.width, sheet.height)
    scale = _scale(dpi, region.width, region.height)
    crop = (region.x0, sheet.height - region.y1, sheet.width - region.x1, region.y0)
    bitmap = sheet.handle.render(scale=scale, crop=crop, grayscale=True, may_draw_forms=False)
    pixels = _gray(bitmap)
    # pdfium draws the page on whole pixels, a little larger than asked for
    across, down = sheet.width / math.ceil(sheet.width * scale), sheet.height / math.ceil(sheet.height * scale)
    return Picture(pixels, Affine(across, 0, 0, down, across * math.ceil(region.x0 * scale), down * math.ceil(region.y0 * scale)))


def png(sheet: Sheet, dpi: float) -> bytes:
    """The page in colour, for people to look at."""
    bitmap = sheet.handle.render(scale=_scale(dpi, sheet.width, sheet.height), may_draw_forms=False, rev_byteorder=True)
    content = io.BytesIO()
    bitmap.to_pil().convert("RGB").save(content, "PNG", compress_level=3)
    bitmap.close()
    return content.getvalue()


def _scale(dpi: float, width: float, height: float) -> float:
    """Pixels to the point, such that the picture fits in memory."""
    scale = min(dpi / _POINTS, math.sqrt(MAX_PIXELS / (width * height)))
    if scale * _POINTS < min(_MIN_DPI, dpi):
        raise Refused(
            "page-too-large",
            f"a page of {width / _POINTS:.0f} by {height / _POINTS:.0f} inches is too large to be drawn.",
            "Ask the sender for a copy on ordinary paper.",
        )
    return scale


def _stored(drawn: Drawn) -> Picture | None:
    """The picture's own pixels, decoded; None where only pdfium can tell what it looks like on the page."""
    facts, handle = pdfium_c.FPDF_IMAGEOBJ_METADATA(), drawn.handle
    if pdfium_c.FPDFPageObj_HasTransparency(handle) or not drawn.display.determinant:
        return None
    if not pdfium_c.FPDFImageObj_GetImageMetadata(handle, None, ctypes.byref(facts)):
        return None
    is_mask = facts.bits_per_pixel == 1 and facts.colorspace == pdfium_c.FPDF_COLORSPACE_UNKNOWN
    if is_mask or not 0 < facts.width * facts.height <= MAX_PIXELS:
        return None
    pixels = _jpeg(handle) if _filters(handle) == ("DCTDecode",) else _bitmap(handle)
    if pixels is None or pixels.mean() < _DARK:
        return None
    height, width = pixels.shape
    display = Affine(1 / width, 0, 0, -1 / height, 0, 1).then(drawn.display)
    return Picture(pixels, display) if display.quarter_turns is not None else None


def _filters(handle: object) -> tuple[str, ...]:
    """The names of the codecs the picture is stored with, outermost first."""
    names = []
    for number in range(pdfium_c.FPDFImageObj_GetImageFilterCount(handle)):
        buffer = ctypes.create_string_buffer(_LONGEST_NAME)
        pdfium_c.FPDFImageObj_GetImageFilter(handle, number, buffer, _LONGEST_NAME)
        names.append(buffer.value.decode("ascii", "replace"))
    return tuple(names)


def _jpeg(handle: object) -> Gray | None:
    """A JPEG decoded to gray without its colours being worked out; None for the odd kinds (four colours, broken)."""
    length = pdfium_c.FPDFImageObj_GetImageDataRaw(handle, None, 0)
    buffer = ctypes.create_string_buffer(length)
    pdfium_c.FPDFImageObj_GetImageDataRaw(handle, buffer, length)
    try:
        with Image.open(io.BytesIO(buffer.raw), formats=("JPEG",)) as picture:
            if picture.mode not in ("L", "RGB") or picture.width * picture.height > MAX_PIXELS:
                return None
            picture.draft("L", picture.size)
            return np.array(picture.convert("L"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):  # all of them are Pillow's way to say: broken
        return None


def _bitmap(handle: object) -> Gray | None:
    """Any other codec, decoded by pdfium."""
    raw = pdfium_c.FPDFImageObj_GetBitmap(handle)
    return _gray(pdfium.PdfBitmap.from_raw(raw)) if raw else None


def _gray(bitmap: pdfium.PdfBitmap) -> Gray:
    """The pixels, ours to keep; the bitmap is given back."""
    pixels = bitmap.to_numpy()
    conversion = _CONVERSIONS.get(bitmap.n_channels)
    gray = np.array(pixels, dtype=np.uint8) if conversion is None else cv2.cvtColor(pixels, conversion)
    bitmap.close()
    return np.ascontiguousarray(gray, dtype=np.uint8)


_LONGEST_NAME = 32
_CONVERSIONS = {3: cv2.COLOR_BGR2GRAY, 4: cv2.COLOR_BGRA2GRAY}
