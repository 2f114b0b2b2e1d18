"""What is drawn on a page, as far as it matters for choosing how to read it: pictures, lines, visible and hidden text."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2.raw as pdfium_c

from scanstraat.model.page import Box
from scanstraat.reading.affine import Affine
from scanstraat.reading.sheet import Sheet

_MAX_DEPTH = 5  # of groups within groups
_MAX_OBJECTS = 20_000
_SPECK = 8.0  # points; path objects smaller than this may be the cells of a drawn code
_TALLEST = 90.0  # points; bars of a bar code are shorter, lines of a table longer
_MAX_SEGMENTS = 100  # of one path; more may be a whole code drawn at once


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture on the page: `display` maps the unit square it fills (y upward) to the page as displayed."""

    handle: object
    display: Affine

    @property
    def box(self) -> Box:
        """The place it takes on the page."""
        return self.display.box(0, 0, 1, 1)


@dataclass(frozen=True, slots=True)
class Content:
    """What is drawn. `drawings` are places of small or intricate paths; `whole` is False where there was too much to look at."""

    pictures: tuple[Drawn, ...]
    drawings: tuple[Box, ...]
    paths: int
    visible_text: bool
    hidden_text: bool
    whole: bool

    @property
    def is_empty(self) -> bool:
        """Nothing is drawn at all."""
        return self.whole and not (self.pictures or self.paths or self.visible_text or self.hidden_text)

    @property
    def is_text_only(self) -> bool:
        """Neither picture nor line."""
        return self.whole and not (self.pictures or self.paths)

    @property
    def sole_picture(self) -> Drawn | None:
        """The picture, where the page shows that one picture and nothing else."""
        alone = self.whole and len(self.pictures) == 1 and not self.paths and not self.visible_text
        return self.pictures[0] if alone else None

    def pictured(self, sheet: Sheet) -> float:
        """The share of the page that its largest picture covers, 0 to 1."""
        return max((_shown(picture.box, sheet) for picture in self.pictures), default=0.0) / (sheet.width * sheet.height)


def survey(sheet: Sheet) -> Content:
    """Look through everything drawn on the page, groups included."""
    pictures: list[Drawn] = []
    drawings: list[Box] = []
    paths = visible = hidden = seen = 0
    for handle, space in _objects(sheet):
        seen += 1
        kind = pdfium_c.FPDFPageObj_GetType(handle)
        if kind == pdfium_c.FPDF_PAGEOBJ_TEXT:
            is_hidden = pdfium_c.FPDFTextObj_GetTextRenderMode(handle) == pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE
            hidden, visible = hidden + is_hidden, visible + (not is_hidden)
        elif kind == pdfium_c.FPDF_PAGEOBJ_IMAGE:
            pictures.append(Drawn(handle, _matrix(handle).then(space)))
        else:
            paths += 1
            if kind == pdfium_c.FPDF_PAGEOBJ_PATH:
                drawings.extend(_intricate(handle, space))
    return Content(tuple(pictures), tuple(drawings), paths, visible > 0, hidden > 0, seen < _MAX_OBJECTS)


def _objects(sheet: Sheet) -> Iterator[tuple[object, Affine]]:
    """Each object with the mapping of its space to the page as displayed, at most `_MAX_OBJECTS`."""
    count = pdfium_c.FPDFPage_CountObjects(sheet.handle)
    left = [(pdfium_c.FPDFPage_GetObject(sheet.handle, i), sheet.display, 0) for i in range(min(count, _MAX_OBJECTS))]
    left.reverse()
    for _ in range(_MAX_OBJECTS):
        if not left:
            return
        handle, space, depth = left.pop()
        if pdfium_c.FPDFPageObj_GetType(handle) == pdfium_c.FPDF_PAGEOBJ_FORM and depth < _MAX_DEPTH:
            inner = _matrix(handle).then(space)
            within = min(pdfium_c.FPDFFormObj_CountObjects(handle), _MAX_OBJECTS)
            left.extend((pdfium_c.FPDFFormObj_GetObject(handle, i), inner, depth + 1) for i in reversed(range(within)))
        else:
            yield handle, space


def _matrix(handle: object) -> Affine:
    matrix = pdfium_c.FS_MATRIX()
    if not pdfium_c.FPDFPageObj_GetMatrix(handle, ctypes.byref(matrix)):
        return Affine()
    return Affine(matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)


def _intricate(handle: object, space: Affine) -> Iterator[Box]:
    """The place of a path that may belong to a drawn code: a speck, or one of very many strokes."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not pdfium_c.FPDFPageObj_GetBounds(handle, *map(ctypes.byref, (left, bottom, right, top))):
        return
    width, height = right.value - left.value, top.value - bottom.value
    is_speck = width < _SPECK and height < _TALLEST  # a cell of a QR code or a bar of a bar code
    if is_speck or pdfium_c.FPDFPath_CountSegments(handle) >= _MAX_SEGMENTS:
        yield space.box(left.value, bottom.value, right.value, top.value)


def _shown(box: Box, sheet: Sheet) -> float:
    width = min(box.x1, sheet.width) - max(box.x0, 0.0)
    height = min(box.y1, sheet.height) - max(box.y0, 0.0)
    return max(width, 0.0) * max(height, 0.0)
