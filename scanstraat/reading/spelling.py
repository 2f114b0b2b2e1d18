"""From the letters of a line to its words: the reader tells roughly where a letter is, the ink on the crop tells exactly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise, takewhile

import cv2
import numpy as np
import numpy.typing as npt

from scanstraat.reading.pictures import Gray

# Of a line's height: white this wide parts two words even where the reader saw no blank, if it stands out from its other gaps.
# After a mark less is enough; before one, and within a number, where marks are often set wide, it takes more.
_APART, _APART_AFTER_MARK, _APART_TOGETHER = 0.15, 0.2, 0.9
_USUAL, _OUTSTANDING = 0.8, 2.0  # of the line's gaps, all but the widest fifth; how many times as wide a gap must be
_MARKS, _DECIMAL_MARKS = frozenset(":;,.)"), frozenset(",.")
_LONGEST_GROUP = 3  # digits after a decimal or thousands mark
_FAINT = 40  # gray levels between paper and ink; with less there is nothing to be told
_HEART = (0.22, 0.78)  # of a crop's height: no other line reaches into it, nor does a dot or accent stand outside of it
_RULE = 0.85  # of a column or row of the crop; no letter is as high as its margins, no word without gaps
_SPECK = 2  # pixels of ink; a column or row with fewer is dirt


@dataclass(frozen=True, slots=True)
class Letter:
    """One character with its confidence (0 to 1); `at` is its middle, as a share of the line's width."""

    text: str
    confidence: float
    at: float


@dataclass(frozen=True, slots=True)
class SpelledWord:
    """A word of a line, in pixels of its crop; `confidence` is that of its worst letter."""

    text: str
    x0: int
    y0: int
    x1: int
    y1: int
    confidence: float


def spelled_words(crop: Gray, letters: tuple[Letter, ...]) -> Iterator[SpelledWord]:
    """The words of a line, each as tight around its ink as can be told."""
    if not letters:
        return
    ink = _ink(crop)
    columns = ink.sum(0) >= _SPECK
    words = tuple(_parted(letters, columns, crop.shape[0]))
    inked = np.flatnonzero(ink.any(0)).tolist() or [0, crop.shape[1] - 1]
    ends = [inked[0]]
    for before, after in pairwise(words):
        ends.extend(_gap(columns, _middle(before[-1], columns), _middle(after[0], columns)))
    ends.append(inked[-1] + 1)
    for place, word in enumerate(words):
        x0, x1 = ends[2 * place], max(ends[2 * place] + 1, ends[2 * place + 1])
        y0, y1 = _rows(ink[:, x0:x1].sum(1) >= min(_SPECK, x1 - x0))
        yield SpelledWord("".join(letter.text for letter in word), x0, y0, x1, y1, min(letter.confidence for letter in word))


def _rows(inked: npt.NDArray[np.bool_]) -> tuple[int, int]:
    """From where to where a word's ink reaches: its heart, and what hangs together with it; not the lines above and below."""
    height = len(inked)
    top, bottom = round(height * _HEART[0]), round(height * _HEART[1])
    inner = np.flatnonzero(inked[top:bottom])
    if not len(inner):
        return 0, height
    y0, y1 = top + int(inner[0]), top + int(inner[-1]) + 1
    while y0 == top and top > 0 and inked[top - 1]:
        y0 = top = top - 1
    while y1 == bottom and bottom < height and inked[bottom]:
        y1 = bottom = bottom + 1
    return y0, y1


def _ink(crop: Gray) -> npt.NDArray[np.bool_]:
    """What is print: the rarer of the two shades, so that white on black counts too; without rules across the whole crop."""
    if int(crop.max()) - int(crop.min()) < _FAINT:
        return np.zeros(crop.shape, np.bool_)
    dark = cv2.threshold(crop, 0, 1, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)[1]
    ink = np.asarray(dark if dark.mean() <= 0.5 else 1 - dark, np.bool_)
    ruled = ink.mean(0) > _RULE, ink.mean(1) > _RULE
    return np.asarray(ink & ~ruled[0][None, :] & ~ruled[1][:, None], np.bool_)


def _parted(letters: tuple[Letter, ...], columns: npt.NDArray[np.bool_], height: int) -> Iterator[tuple[Letter, ...]]:
    """The letters of each word: parted by blanks, or by white that is wide enough."""
    gaps = [_white(columns, _middle(a, columns), _middle(b, columns)) for a, b in pairwise(letters)]
    usual = sorted(gaps)[int(_USUAL * (len(gaps) - 1))] if gaps else 0
    word: list[Letter] = []
    for place, letter in enumerate(letters):
        wide = word and gaps[place - 1] > max(height * _apart(letters, place), _OUTSTANDING * usual)
        if word and (wide or letter.text == " "):
            yield tuple(word)
            word = []
        if letter.text != " ":
            word.append(letter)
    if word:
        yield tuple(word)


def _apart(letters: tuple[Letter, ...], place: int) -> float:
    """How much white before a letter parts words, as a share of the line's height."""
    mark = letters[place - 1].text
    if letters[place].text in _MARKS:
        return _APART_TOGETHER
    if mark not in _MARKS:
        return _APART
    digits = sum(1 for _ in takewhile(lambda letter: letter.text.isdigit(), letters[place:]))
    number = mark in _DECIMAL_MARKS and letters[place - 2].text.isdigit() and 0 < digits <= _LONGEST_GROUP
    return _APART_TOGETHER if number else _APART_AFTER_MARK


def _middle(letter: Letter, columns: npt.NDArray[np.bool_]) -> int:
    return min(len(columns) - 1, round(letter.at * len(columns)))


def _white(columns: npt.NDArray[np.bool_], start: int, end: int) -> int:
    """How wide the widest run without ink between two letters is."""
    x0, x1 = _run(columns, start, end)
    return x1 - x0


def _gap(columns: npt.NDArray[np.bool_], start: int, end: int) -> tuple[int, int]:
    """The white between two words. A narrow letter's middle may lie a little beside its ink, outward of which all is white."""
    before, after = np.flatnonzero(columns[: start + 1]), np.flatnonzero(columns[end:])
    return _run(columns, int(before[-1]) if len(before) else start, end + int(after[0]) if len(after) else end)


def _run(columns: npt.NDArray[np.bool_], start: int, end: int) -> tuple[int, int]:
    """The widest run without ink; the middle where there is none."""
    edges = [start, *(np.flatnonzero(columns[start : end + 1]) + start).tolist(), end]
    x0, x1 = max(pairwise(edges), key=lambda run: run[1] - run[0], default=(start, end))
    return (x0 + 1, x1) if x1 - x0 > 1 else ((start + end) // 2,) * 2
