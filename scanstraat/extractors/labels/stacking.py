"""Labels broken over two rows, as in the narrow columns of a table's head: "Rechnungs-" over "datum", "Amount" over "due"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from scanstraat.extractors.folding import fold
from scanstraat.extractors.labels.finding import LabelHit
from scanstraat.extractors.labels.table import phrases
from scanstraat.extractors.layout import Row, Sheet, Span

# The two rows stand this close, in heights of the upper one, and are printed about equally large.
CLOSE, ALIKE = 0.75, 1.3
# Their left edges, middles or right edges differ by at most so many points.
IN_LINE = 7.0
LONGEST_LINE = 26
_HYPHENS = ("-", "\u00ad", "‐")


def with_stacked(hits: Iterable[LabelHit], sheet: Sheet) -> tuple[LabelHit, ...]:
    """The labels of a page, those that two rows make together in place of what the lower row says alone."""
    found = tuple(_stacked(sheet))
    covered = {(hit.span.row, hit.span.start): hit.span.end for hit in found}
    kept = (h for h in hits if not any(h.span.row == row and s <= h.span.start < e for (row, s), e in covered.items()))
    return tuple(sorted((*kept, *found), key=lambda hit: (hit.span.row, hit.span.start))) if found else tuple(hits)


def _stacked(sheet: Sheet) -> Iterator[LabelHit]:
    for upper, lower in pairwise(sheet.rows):
        if -3 <= lower.box.y0 - upper.box.y1 <= CLOSE * upper.em and 1 / ALIKE <= lower.em / upper.em <= ALIKE:
            for below in lower.segments:
                above = next((s for s in upper.segments if _makes_one(s, below, upper)), None)
                hit = _hit(above, below) if above else None
                if hit is not None:
                    yield hit


def _makes_one(above: Span, below: Span, upper: Row) -> bool:
    """Whether two short pieces of print stand on one another, the upper one without a value of its own beside it."""
    if len(above.text) > LONGEST_LINE or len(below.text) > LONGEST_LINE or above.text.endswith(":"):
        return False
    one, other = above.box, below.box
    apart = min(abs(one.x0 - other.x0), abs(one.x1 - other.x1), abs(one.middle[0] - other.middle[0]))
    if apart > IN_LINE or any(map(str.isdigit, above.text + below.text)):
        return False
    return above.text.endswith(_HYPHENS) or not any(map(str.isdigit, upper.text[above.end :]))


def _hit(above: Span, below: Span) -> LabelHit | None:
    phrase = fold(above.text) + fold(below.text)
    meaning = phrases().meanings.get(phrase)
    if meaning is None or not fold(below.text):
        return None
    box = above.box.united(below.box)
    span = Span(below.page, below.row, below.start, below.end, f"{above.text} {below.text}", box)
    return LabelHit(meaning.kinds, span, phrase, leading=True, closed=True)
