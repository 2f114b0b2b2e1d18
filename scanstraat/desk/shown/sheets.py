"""The pages of a document as pictures, with a box around each value that was read on them."""

from __future__ import annotations

from dataclasses import dataclass

from scanstraat.desk.shown.readings import Certainty, ReadingLine
from scanstraat.model.page import Page, PageRef

_MARGIN = 2.5  # points between the printed value and its box, so that the box does not touch the ink


@dataclass(frozen=True, slots=True)
class Mark:
    """A box on a sheet, in points; `anchor` is the field it belongs to."""

    anchor: str
    label: str
    value: str
    certainty: Certainty
    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of a document: its number there (from 1), the file it comes from, its size in points, and its marks.

    `turn` is how far a person turned it, clockwise, in degrees.
    """

    number: int
    file: str
    file_page: int
    width: str
    height: str
    marks: tuple[Mark, ...]
    turn: int = 0


def sheets(
    refs: tuple[PageRef, ...],
    names: dict[int, str],
    pages: dict[PageRef, Page],
    lines: tuple[ReadingLine, ...],
    turns: tuple[int, ...] = (),
) -> tuple[Sheet, ...]:
    """The sheets of a document; pages that were never read have no picture and are left out."""
    return tuple(
        Sheet(
            number=number,
            file=names.get(ref.part, ""),
            file_page=ref.page,
            width=_points(pages[ref].width),
            height=_points(pages[ref].height),
            marks=tuple(_mark(line) for line in lines if line.evidence and line.page == number),
            turn=turns[number - 1] if turns else 0,
        )
        for number, ref in enumerate(refs, start=1)
        if ref in pages
    )


def _mark(line: ReadingLine) -> Mark:
    if line.evidence is None:
        raise ValueError(line.anchor)
    box = line.evidence.box
    return Mark(
        anchor=line.anchor,
        label=line.label,
        value=line.value,
        certainty=line.certainty,
        x=_points(box.x0 - _MARGIN),
        y=_points(box.y0 - _MARGIN),
        width=_points(box.width + 2 * _MARGIN),
        height=_points(box.height + 2 * _MARGIN),
    )


def _points(length: float) -> str:
    """A length for SVG: never in a country's own way of writing numbers.

    >>> _points(595.2756)
    '595.28'
    """
    return f"{length:.2f}"
