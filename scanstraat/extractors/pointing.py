"""Which labels point at which values: left of it in its row, above it in its column, or before it in a sentence."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from enum import StrEnum

from scanstraat.extractors.labels.finding import LabelHit
from scanstraat.extractors.labels.table import LabelKind
from scanstraat.extractors.layout import Sheet, Span
from scanstraat.model.page import Box

# A label may stand this many heights of the value above it.
ABOVE_REACH = 4.2
# A label at the left of a table's cell may stand this many heights above a value at the right of it.
CELL_REACH = 2.4
# Two boxes stand side by side when they share this part of the lower one's height.
BESIDE_SHARE = 0.4


class Relation(StrEnum):
    """How a label stands to a value."""

    LEFT = "left"
    LEFT_FAR = "left, others between"
    ABOVE = "above"


@dataclass(frozen=True, slots=True)
class Pointer:
    """A label that points at a value; `gap` in points between them."""

    hit: LabelHit
    relation: Relation
    gap: float

    @property
    def kinds(self) -> tuple[LabelKind, ...]:
        """What the label may say."""
        return self.hit.kinds


def pointers(values: tuple[Span, ...], hits: tuple[LabelHit, ...], sheets: tuple[Sheet, ...]) -> tuple[tuple[Pointer, ...], ...]:
    """For each value the labels that point at it, the likelier first: nearest left, then nearest above.

    A label above does not reach past other words in its column; values of the same kind between are a column of them.
    A label that has a value beside it does not point at the one below as well.
    """
    by_page: dict[int, list[LabelHit]] = {}
    for hit in hits:
        by_page.setdefault(hit.span.page, []).append(hit)
    values_by_page: dict[int, list[Span]] = {}
    for value in values:
        values_by_page.setdefault(value.page, []).append(value)
    sorted_hits = {page: sorted(found, key=lambda h: h.span.box.y0) for page, found in by_page.items()}
    found = [_pointers(v, sorted_hits.get(v.page, []), values_by_page[v.page], sheets[v.page - 1]) for v in values]
    used = {id(p.hit) for pointed in found for p in pointed if p.relation is Relation.LEFT}
    return tuple(tuple(p for p in pointed if p.relation is not Relation.ABOVE or id(p.hit) not in used) for pointed in found)


def _pointers(value: Span, hits: list[LabelHit], others: list[Span], sheet: Sheet) -> tuple[Pointer, ...]:
    height = max(6.0, value.box.height)
    low = bisect_left(hits, value.box.y0 - ABOVE_REACH * height - 14, key=lambda h: h.span.box.y0)
    left: LabelHit | None = None
    above: LabelHit | None = None
    cell: LabelHit | None = None
    for hit in hits[low:]:
        box = hit.span.box
        if box.y0 > value.box.y1:
            break
        if _beside(box, value.box) and box.x1 <= value.box.x0 + 2:
            left = hit if left is None or _closer(hit, left, value) else left
        elif box.y1 <= value.box.y0 + 0.3 * height and value.box.y0 - box.y1 <= ABOVE_REACH * height:
            if _stacked(hit, value):
                above = hit if above is None or _nearer(hit, above, value) else above
            elif value.box.y0 - box.y1 <= CELL_REACH * height and _in_cell(hit, value, sheet):
                cell = hit if cell is None or box.x0 > cell.span.box.x0 else cell
    found = []
    if left is not None:
        edge = left.span.box.x1
        between = any(edge <= o.box.x0 and o.box.x1 <= value.box.x0 and _beside(o.box, value.box) for o in others)
        relation = Relation.LEFT_FAR if between else Relation.LEFT
        found.append(Pointer(left, relation, value.box.x0 - left.span.box.x1))
    above = above or cell
    if above is not None and not _blocked(above, value, others, sheet):
        found.append(Pointer(above, Relation.ABOVE, value.box.y0 - above.span.box.y1))
    return tuple(found)


def _blocked(hit: LabelHit, value: Span, others: list[Span], sheet: Sheet) -> bool:
    """Whether words of another kind stand between a label and the value below it."""
    for row in sheet.rows[hit.span.row + 1 : value.row]:
        if row.box.y0 < hit.span.box.y1 - 2 or row.box.y1 > value.box.y0 + 2:
            continue
        for word in row.words:
            middle = word.box.middle[0]
            if value.box.x0 < middle < value.box.x1 and any(c.isalnum() for c in word.text):
                same = any(o.row == row.index and o.box.x0 - 1 <= middle <= o.box.x1 + 1 for o in others)
                if not same:
                    return True
    return False


def _beside(one: Box, other: Box) -> bool:
    top = one.y0 if one.y0 > other.y0 else other.y0
    bottom = one.y1 if one.y1 < other.y1 else other.y1
    return bottom > top and bottom - top >= BESIDE_SHARE * min(one.y1 - one.y0, other.y1 - other.y0)


def _closer(hit: LabelHit, than: LabelHit, value: Span) -> bool:
    """Whether a label is the nearer of two left of a value: that of its own row before one of a row beside it."""
    own, others = hit.span.row == value.row, than.span.row == value.row
    return own > others or (own == others and hit.span.box.x1 > than.span.box.x1)


def _stacked(hit: LabelHit, value: Span) -> bool:
    box = hit.span.box
    return min(box.x1, value.box.x1) > max(box.x0, value.box.x0) - 2


def _in_cell(hit: LabelHit, value: Span, sheet: Sheet) -> bool:
    """Whether a value stands to the right below a label but before the next one's column begins, as in boxed totals."""
    if not hit.leading or value.box.x0 < hit.span.box.x0 - 2:
        return False
    row = sheet.rows[hit.span.row]
    right = min((s.box.x0 for s in row.segments if s.start > hit.span.start), default=sheet.width)
    return value.box.x1 <= right + 2


def _nearer(hit: LabelHit, than: LabelHit, value: Span) -> bool:
    def distance(h: LabelHit) -> tuple[float, float]:
        return round(value.box.y0 - h.span.box.y1), abs(h.span.box.middle[0] - value.box.middle[0])

    return distance(hit) < distance(than)
