"""Reading order: which words stand on one line, and which comes first."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from scanstraat.model.page import Box, Word


class Direction(Enum):
    """Where the text runs on the page as displayed."""

    RIGHT = 0
    DOWN = 1
    LEFT = 2
    UP = 3


@dataclass(frozen=True, slots=True)
class Placed:
    """A word before its line is known; `baseline` is the coordinate, across the direction of the text, of what it stands on."""

    text: str
    box: Box
    baseline: float
    confidence: float = 1.0
    direction: Direction = Direction.RIGHT


# where a word begins along its line
_ALONG: dict[Direction, Callable[[Placed], float]] = {
    Direction.RIGHT: lambda word: word.box.x0,
    Direction.DOWN: lambda word: word.box.y0,
    Direction.LEFT: lambda word: -word.box.x1,
    Direction.UP: lambda word: -word.box.y1,
}
# a line further down, as one reads, has the larger value here
_DOWN = {Direction.RIGHT: 1, Direction.DOWN: -1, Direction.LEFT: -1, Direction.UP: 1}
_TOLERANCE = 0.3  # of the usual height of a word: baselines closer than this are one
_SLACK = 1.0  # points; baselines closer than this are one however small the print


def numbered(words: Sequence[Placed]) -> tuple[Word, ...]:
    """The words in reading order with their lines numbered: lines from the top, words from the left.

    Text that runs in another direction (an address along the margin) comes after, in lines of its own.
    """
    result: list[Word] = []
    line = 0
    for direction in Direction:
        for row in _rows([word for word in words if word.direction is direction]):
            result.extend(Word(w.text, w.box, w.confidence, line) for w in sorted(row, key=_ALONG[direction]))
            line += 1
    return tuple(result)


def _rows(words: Sequence[Placed]) -> list[list[Placed]]:
    if not words:
        return []
    height = statistics.median(min(word.box.height, word.box.width) for word in words)
    tolerance = max(_TOLERANCE * height, _SLACK)
    rows: list[list[Placed]] = []
    mean = 0.0
    sign = _DOWN[words[0].direction]
    for word in sorted(words, key=lambda word: sign * word.baseline):
        down = sign * word.baseline
        if not rows or down - mean > tolerance:
            rows.append([])
            mean = down
        rows[-1].append(word)
        mean += (down - mean) / len(rows[-1])
    return rows
