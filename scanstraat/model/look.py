"""Second looks: places on pages that are to be read again by themselves, and what was read there."""

from __future__ import annotations

from dataclasses import dataclass

from scanstraat.model.page import Box, Word


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of one printed line: page (from 1), box in points on the page as displayed, its middle that of the print.

    `slope` is how far the print sinks per point to the right; the box is as high and wide as if it did not.
    """

    page: int
    box: Box
    slope: float = 0.0


@dataclass(frozen=True, slots=True)
class Look:
    """What a second reader saw at a place: words from left to right with boxes on the page; none where it saw no text."""

    place: Place
    words: tuple[Word, ...]
