"""The invisible text of scanned pages: each word where it was read, so that archives find it (F5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import pikepdf
from pikepdf import Dictionary, Name

from scanstraat.delivery.characters import one_line
from scanstraat.delivery.glyphless import ADVANCE, Glyphless, glyphless
from scanstraat.model.page import Box, Page, PageSource, Word

_FONT = Name("/ScanstraatUnseen")
_LETTER = (0.0, 0.0, 612.0, 792.0)  # what readers take where a page has no box
_SMALLEST = 0.5  # points; a word read with less height or width still is a word


@dataclass(frozen=True, slots=True)
class Placement:
    """How the displayed page lies in user space (ISO 32000-1, 8.3.2.3).

    `corner`: the user-space point shown at the top left; `right` and `up`: unit vectors of those directions as displayed;
    `width` and `height` as displayed, in user-space units.
    """

    corner: tuple[float, float]
    right: tuple[int, int]
    up: tuple[int, int]
    width: float
    height: float


def add_text_layers(pdf: pikepdf.Pdf, pages: tuple[tuple[pikepdf.Page, Page], ...]) -> None:
    """Put the words of each page that was read by OCR under its picture, unseen; other pages stay as they are."""
    scans = [(target, page) for target, page in pages if page.source is PageSource.OCR and page.words]
    if not scans:
        return
    font = glyphless(pdf, (character for _, page in scans for word in page.words for character in f"{one_line(word.text)} "))
    for target, page in scans:
        _name_font(pdf, target, font)
        # In front of the page's own content: that may leave a transformation behind, and what is unseen hides nothing.
        target.contents_add(_content(page, placement(target), font), prepend=True)


def placement(page: pikepdf.Page) -> Placement:
    """The placement of `page`: its crop box within its media box, turned by its /Rotate."""
    left, bottom, right, top = _visible(page)
    width, height = right - left, top - bottom
    turns = {
        0: Placement((left, top), (1, 0), (0, 1), width, height),
        90: Placement((left, bottom), (0, 1), (-1, 0), height, width),
        180: Placement((right, bottom), (-1, 0), (0, -1), width, height),
        270: Placement((right, top), (0, -1), (1, 0), height, width),
    }
    return turns[int(page.obj.get(Name.Rotate, 0)) // 90 * 90 % 360]


def _visible(page: pikepdf.Page) -> tuple[float, float, float, float]:
    media = _box(page.obj.get(Name.MediaBox)) or _LETTER
    crop = _box(page.obj.get(Name.CropBox)) or media
    left, bottom = max(media[0], crop[0]), max(media[1], crop[1])
    right, top = min(media[2], crop[2]), min(media[3], crop[3])
    return (left, bottom, right, top) if left < right and bottom < top else media


def _box(value: object) -> tuple[float, float, float, float] | None:
    if not isinstance(value, pikepdf.Array) or len(value) != 4:
        return None
    x0, y0, x1, y1 = (float(number) for number in value.as_list())
    box = min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
    return box if box[0] < box[2] and box[1] < box[3] else None


def _name_font(pdf: pikepdf.Pdf, page: pikepdf.Page, font: Glyphless) -> None:
    # Copies of the two dictionaries: other pages may share them.
    resources = _copy(page.obj, Name.Resources)
    fonts = _copy(resources, Name.Font)
    fonts[_FONT] = font.font
    resources.Font = fonts
    page.obj.Resources = pdf.make_indirect(resources)


def _copy(holder: pikepdf.Object, key: Name) -> Dictionary:
    value = holder.get(key)
    return Dictionary(dict(value.items())) if isinstance(value, Dictionary) else Dictionary()


def _content(page: Page, place: Placement, font: Glyphless) -> bytes:
    words = "\n".join(_shown(word.box, text, page, place, font) for word, text in _texts(page.words))
    return f"q BT 3 Tr\n{words}\nET Q\n".encode("ascii")


def _texts(words: tuple[Word, ...]) -> Iterator[tuple[Word, str]]:
    """Words with the text to write: a blank after each that is followed by another, which viewers need to tell them apart."""
    spoken = [(word, one_line(word.text)) for word in words if word.text.strip()]
    yield from ((word, f"{text} ") for (word, text), _ in pairwise(spoken))
    yield from spoken[-1:]


def _shown(box: Box, text: str, page: Page, place: Placement, font: Glyphless) -> str:
    across, down = place.width / page.width, place.height / page.height
    width, height = max(box.width * across, _SMALLEST), max(box.height * down, _SMALLEST)
    x, y = place.corner
    (rx, ry), (ux, uy) = place.right, place.up
    x += rx * box.x0 * across - ux * box.y1 * down
    y += ry * box.x0 * across - uy * box.y1 * down
    stretch = 100 * width / (len(text.rstrip()) * height * ADVANCE / 1000)
    return f"{_FONT} {height:.2f} Tf {stretch:.2f} Tz {rx} {ry} {ux} {uy} {x:.2f} {y:.2f} Tm <{font.encoded(text)}> Tj"
