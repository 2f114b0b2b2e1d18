"""A page's picture to words on the page: repaired, read, mapped back."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, replace

from scanstraat.model.page import Box, Word
from scanstraat.reading import repair, upright
from scanstraat.reading.affine import Affine
from scanstraat.reading.engines import Engine, Seen
from scanstraat.reading.flattening import Flat, flattened
from scanstraat.reading.lines import Placed, numbered
from scanstraat.reading.pictures import Picture
from scanstraat.reading.repair import Repairs
from scanstraat.reading.sheet import Sheet

_POOR, _DOUBTFUL = 0.75, 0.88  # confidence, weighed by letters; text read upside down stays below the first
_ENOUGH = 5  # words; with fewer there is no text to be set upright
_POINTS = 72.0


@dataclass(frozen=True, slots=True)
class _Attempt:
    seen: tuple[Seen, ...]
    picture: Picture
    repairs: Repairs

    def quality(self) -> float:
        letters = sum(len(word.text) for word in self.seen)
        return sum(word.confidence * len(word.text) for word in self.seen) / letters if letters else 0.0

    def is_below(self, quality: float) -> bool:
        """Whether there are words enough to tell, and poor ones."""
        return len(self.seen) >= _ENOUGH and self.quality() < quality


def read(sheet: Sheet, picture: Picture, engine: Engine) -> tuple[Word, ...]:
    """The words of the page in reading order, with boxes on the page as displayed even where it was scanned askew or turned."""
    flat = flattened(picture)
    picture = flat.picture if flat else picture
    return _on_page(_best(picture, upright.turn(picture), engine), sheet, flat)


def _best(picture: Picture, way_up: upright.Turn, engine: Engine) -> _Attempt:
    """The page as it lies; where that gives poor words, the other way up; where those are poor too, without its specks.

    Specks stay where the words are good with them, since small print goes when they do.
    """
    best = _attempt(picture, replace(repair.needed(picture, way_up.turns), specks=False), engine)
    if best.is_below(_POOR if way_up.sure else _DOUBTFUL):
        over = replace(repair.needed(picture, (way_up.turns + 2) % 4), specks=False)
        best = max(best, _attempt(picture, over, engine), key=_Attempt.quality)
    if best.is_below(_DOUBTFUL) and (needed := repair.needed(picture, best.repairs.turns)).specks:
        best = max(best, _attempt(picture, needed, engine), key=_Attempt.quality)
    return best


def _attempt(picture: Picture, repairs: Repairs, engine: Engine) -> _Attempt:
    ready = repair.prepared(picture, repairs, engine.least_dpi)
    return _Attempt(engine.words(ready.pixels, round(ready.dpi)), ready, repairs)


def _on_page(attempt: _Attempt, sheet: Sheet, flat: Flat | None) -> tuple[Word, ...]:
    """Lines are told in the straightened picture, where they are level; boxes are then mapped back to the page."""
    dots = attempt.picture.dpi / _POINTS
    to_page = Affine(dots, 0, 0, dots).then(attempt.picture.display)
    placed = []
    for word in numbered(_level(attempt.seen, 1 / dots)):
        box = to_page.box(word.box.x0, word.box.y0, word.box.x1, word.box.y1)
        box = flat.box(box) if flat else box
        across, down = box.middle
        if 0 <= across <= sheet.width and 0 <= down <= sheet.height:  # a picture may reach over the edge of its page
            placed.append(Word(word.text, box, round(word.confidence, 4), word.line))
    return tuple(placed)


def _level(seen: tuple[Seen, ...], points: float) -> list[Placed]:
    """The words in points of the straightened picture; what a line stands on is where most of its words end."""
    bottoms: dict[int, list[int]] = {}
    for word in seen:
        bottoms.setdefault(word.line, []).append(word.y1)
    baselines = {line: statistics.median(ends) * points for line, ends in bottoms.items()}
    return [
        Placed(w.text, Box(w.x0 * points, w.y0 * points, w.x1 * points, w.y1 * points), baselines[w.line], w.confidence)
        for w in seen
    ]
