"""Words put together in rows: which of the reader's lines stand beside one another, on scans and bent pages too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from scanstraat.model.page import Box, Word

# Boxes that share this part of the lower one's height stand in one row, unless their middles lie farther apart than this part of
# the lower or of the higher one's height, as those of a stamp and of the print beside it do.
SAME_ROW, OFF_LOWER, OFF_HIGHER = 0.5, 0.7, 0.3
# A word lower than this share of a row's first word is a mark (comma, dash): it may hang below or above the row's middle.
MARK_HEIGHT = 0.5
# Words that share more points of width than this, or than this part of the narrower one, stand on one another, however close.
SHARED_WIDTH, SHARED_PART = 12.0, 0.6


def around(words: Sequence[Word]) -> Box:
    """The smallest box around words."""
    first = words[0].box
    if len(words) == 1:
        return first
    x0, y0, x1, y1 = first.x0, first.y0, first.x1, first.y1
    for word in words:  # asked for thousands of times a page, by a loop that makes nothing
        box = word.box
        if box.x0 < x0:
            x0 = box.x0
        if box.y0 < y0:
            y0 = box.y0
        if box.x1 > x1:
            x1 = box.x1
        if box.y1 > y1:
            y1 = box.y1
    return Box(x0, y0, x1, y1)


@dataclass(frozen=True, slots=True)
class Line:
    """Words the reader has in one line, as far as they stand in one."""

    words: list[Word]
    box: Box

    def apart(self, other: Line) -> float:
        """How far two lines stand from one another along the row; negative where they overlap."""
        return max(self.box.x0, other.box.x0) - min(self.box.x1, other.box.x1)

    def covers(self, other: Line) -> bool:
        """Whether words of both share a stretch of the page's width, so that they cannot stand in one row."""
        return self.apart(other) < 0 and any(_on_one_another(a.box, b.box) for a in self.words for b in other.words)


def grouped(words: list[Word]) -> list[list[Word]]:
    """Words put together in rows, left to right. The reader's own lines are kept whole; those side by side join.

    A line is held against the nearest one of a row, since the rows of a bent page drift.
    """
    rows: list[list[Line]] = []
    for line in sorted((Line(line, around(line)) for line in _lines(words)), key=lambda line: line.box.y0 + line.box.y1):
        mark = not any(c.isalnum() for word in line.words for c in word.text)
        near = [(row[0] if len(row) == 1 else min(row, key=line.apart), row) for row in rows[-5:]]
        beside = [(nearest, row) for nearest, row in near if _side_by_side(nearest.box, line.box, mark)]
        fitting = [(nearest, row) for nearest, row in beside if not any(part.covers(line) for part in row)]
        if fitting:
            min(fitting, key=lambda one: abs(one[0].box.middle[1] - line.box.middle[1]))[1].append(line)
        else:
            rows.append([line])
    return [_in_order(row) for row in rows]


def _in_order(row: list[Line]) -> list[Word]:
    """A row's words left to right; those of one line stay in the order they were read in, however their boxes came out."""
    if len(row) == 1:
        return row[0].words
    placed = [(reached, word) for line in row for reached, word in zip(_reached(line.words), line.words, strict=True)]
    return [word for _, word in sorted(placed, key=lambda one: one[0])]


def _reached(words: list[Word]) -> Iterator[float]:
    return accumulate((word.box.x0 for word in words), max)


def _lines(words: list[Word]) -> list[list[Word]]:
    """Neighbouring words of one line by the reader's count, as far as they do stand in one line."""
    lines: list[list[Word]] = []
    for word in words:
        last = lines[-1][-1] if lines else None
        if last is not None and last.line == word.line and _side_by_side(last.box, word.box) and word.box.x1 > last.box.x0:
            lines[-1].append(word)
        else:
            lines.append([word])
    return lines


def _on_one_another(one: Box, other: Box) -> bool:
    """Whether two words share more of the page's width than what a slip of their boxes makes."""
    narrower = min(one.x1 - one.x0, other.x1 - other.x0)
    return min(one.x1, other.x1) - max(one.x0, other.x0) > min(SHARED_WIDTH, SHARED_PART * narrower)


def _side_by_side(one: Box, other: Box, mark: bool = True) -> bool:
    """Whether two boxes stand in one row: enough of the lower one's height is shared; a mark may hang below its row's middle."""
    low, high = one.y1 - one.y0, other.y1 - other.y0
    if low > high:
        low, high = high, low
    shared, apart = min(one.y1, other.y1) - max(one.y0, other.y0), abs((one.y0 + one.y1) / 2 - (other.y0 + other.y1) / 2)
    if mark and low < MARK_HEIGHT * high:
        return apart <= 0.7 * high
    return shared >= SAME_ROW * low and apart <= max(OFF_LOWER * low, OFF_HIGHER * high)
