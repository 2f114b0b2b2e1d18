"""Where on a drawn page a barcode may be: told from what is drawn, without drawing it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from scanstraat.model.page import Box
from scanstraat.reading.content import Content
from scanstraat.reading.sheet import Sheet

_MIN_SIDE = 8.0  # points; a code below three millimetres is not read by anybody
_MIN_LENGTH = 25.0  # points of the longer side
_MANY_DRAWINGS = 20  # small drawings that may together be a code; the smallest QR code has over a hundred dark cells
_MAX_DRAWINGS = 3_000
_QUIET = 6.0  # points of paper around a code
_MAX_REGIONS = 8  # of one page; with more, the page is looked at as a whole


def code_places(sheet: Sheet, content: Content) -> tuple[Box, ...]:
    """The pictures and intricate drawings of the page; the whole page where there are too many of them."""
    places = tuple(islice(_regions(sheet, content), _MAX_REGIONS + 1))
    return places if len(places) <= _MAX_REGIONS else (Box(0, 0, sheet.width, sheet.height),)


def _regions(sheet: Sheet, content: Content) -> Iterator[Box]:
    """The places of the page where a code may be, each with some paper around."""
    drawings = (
        _joined(content.drawings[:_MAX_DRAWINGS]) if len(content.drawings) >= _MANY_DRAWINGS else content.drawings[:_MAX_REGIONS]
    )
    for box in (*(picture.box for picture in content.pictures), *drawings):
        shown = Box(
            max(box.x0 - _QUIET, 0.0),
            max(box.y0 - _QUIET, 0.0),
            min(box.x1 + _QUIET, sheet.width),
            min(box.y1 + _QUIET, sheet.height),
        )
        if (
            min(box.width, box.height) >= _MIN_SIDE
            and max(box.width, box.height) >= _MIN_LENGTH
            and shown.width > 0 < shown.height
        ):
            yield shown


def _joined(drawings: tuple[Box, ...]) -> list[Box]:
    """Small drawings that lie close to one another, as one place each."""
    places = list(drawings)
    while True:
        joined: list[Box] = []
        for box in places:
            near = next((i for i in range(len(joined) - 1, -1, -1) if _near(joined[i], box)), None)
            if near is None:
                joined.append(box)
            else:
                joined[near] = joined[near].united(box)
        if len(joined) == len(places):
            return joined
        places = joined


def _near(a: Box, b: Box) -> bool:
    return max(a.x0, b.x0) - min(a.x1, b.x1) < _QUIET and max(a.y0, b.y0) - min(a.y1, b.y1) < _QUIET
