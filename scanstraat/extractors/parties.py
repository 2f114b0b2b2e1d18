"""Whose part of the page is whose: the regions that a label opens (bill to, seller), and the address window."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scanstraat.extractors.blocks import POSTAL_LINE, in_window
from scanstraat.extractors.labels.finding import LabelHit
from scanstraat.extractors.labels.table import LabelKind
from scanstraat.extractors.layout import Row, Sheet, Span
from scanstraat.model.page import Box

# A region ends where a gap of so many row heights opens (more below its label), after so many points, or so many rows after
# the postal line.
FIRST_GAP, REGION_GAP = 2.6, 1.55
REGION_REACH = 190.0
AFTER_POSTAL = 3


class Side(StrEnum):
    """Whose region it is."""

    BUYER = "buyer"
    DELIVERY = "delivery"
    SELLER = "seller"


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a page that tells of one party; `label` is None where only its place on the page tells."""

    side: Side
    page: int
    box: Box
    label: LabelHit | None = None

    def holds(self, span: Span) -> bool:
        """Whether a span lies within."""
        x, y = span.box.middle
        return span.page == self.page and self.box.x0 <= x <= self.box.x1 and self.box.y0 <= y <= self.box.y1


_SIDES = {LabelKind.BUYER: Side.BUYER, LabelKind.DELIVERY: Side.DELIVERY, LabelKind.SELLER: Side.SELLER}


def regions(sheets: tuple[Sheet, ...], hits: tuple[LabelHit, ...], heads: tuple[tuple[int, int], ...]) -> tuple[Region, ...]:
    """All regions of a document; where no label opens a buyer's region, the address window does.

    A till's roll has no window: what stands at its head is the seller.
    """
    opening = [(hit, side) for hit in hits for kind, side in _SIDES.items() if kind in hit.kinds and _opens(hit, sheets, heads)]
    found = [_opened(hit, side, sheets[hit.span.page - 1], opening, hits) for hit, side in opening]
    if sheets and not sheets[0].is_roll and not any(r.side is Side.BUYER and _has_address(r, sheets) for r in found):
        block = in_window(sheets[0])
        if block and not any(r.side is Side.SELLER and r.holds(block.spans[0]) for r in found):
            box = Box(block.box.x0 - 3, block.box.y0 - 1, block.box.x1 + 3, block.box.y1 + 1)
            found.append(Region(Side.BUYER, sheets[0].number, box))
    return tuple(found)


def _has_address(region: Region, sheets: tuple[Sheet, ...]) -> bool:
    """Whether a postal line stands in a region: "Customer 4711" opens one that tells of nobody."""
    segments = (s for row in sheets[region.page - 1].rows for s in row.segments)
    return any(region.holds(s) and POSTAL_LINE.search(s.text.strip(" ,.")) for s in segments)


def _opens(hit: LabelHit, sheets: tuple[Sheet, ...], heads: tuple[tuple[int, int], ...]) -> bool:
    """A party label opens a region when it stands alone at a segment's start and not in a table's head."""
    if not hit.alone or LabelKind.TITLE in hit.kinds or (hit.span.page, hit.span.row) in heads:
        return False
    row = sheets[hit.span.page - 1].rows[hit.span.row]
    rest = row.text[hit.span.end : row.segment(hit.span.start)[1]]
    return len(hit.phrase) > 3 or not rest.strip(" :.") or rest.lstrip().startswith(":")


def _opened(hit: LabelHit, side: Side, sheet: Sheet, opening: list[tuple[LabelHit, Side]], hits: tuple[LabelHit, ...]) -> Region:
    row, box = sheet.rows[hit.span.row], hit.span.box
    beside = _text_beside(hit, row, hits)
    left = beside.box.x0 if beside else box.x0
    right = min((s.box.x0 for s in row.segments if s.start > (beside or hit.span).end), default=sheet.width + 2) - 2
    stops = [o.span.box.y0 for o, whose in opening if whose is not side and _stops(o.span, hit.span, left, right)]
    limit = min([box.y1 + REGION_REACH, *stops])
    bottom = _end(sheet, Box(left - 6, box.y0, right, limit), row, beside is not None)
    return Region(side, hit.span.page, Box(min(left, box.x0) - 6 if beside is None else left - 6, box.y0 - 1, right, bottom), hit)


def _stops(other: Span, label: Span, left: float, right: float) -> bool:
    """Whether another party's label ends the region, standing below in its columns."""
    below = other.page == label.page and other.box.y0 > label.box.y1
    return below and other.box.x0 < min(right, label.box.x1 + 60) and other.box.x1 > left - 5


def _text_beside(hit: LabelHit, row: Row, hits: tuple[LabelHit, ...]) -> Span | None:
    """The party's own text in the label's row, after the label or (behind a colon) in the next segment."""
    start, end = hit.span.end, row.segment(hit.span.start)[1]
    while start < end and not row.text[start].isalnum():
        start += 1
    if start < end:
        return row.span(start, end)
    colon = ":" in row.text[hit.span.end : end]
    following = next((s for s in row.segments if s.start > hit.span.end), None)
    if not colon or following is None:
        return None
    labelled = any(h.span.row == row.index and h.span.page == row.page and h.span.start == following.start for h in hits)
    return None if labelled else following


def _end(sheet: Sheet, box: Box, first: Row, beside: bool) -> float:
    """Where the region's rows end: a wide gap, rows enough after the postal line, or text that starts left of it."""
    last, postal = first.box.y1, None
    for row in sheet.rows:
        if row.box.y0 < first.box.y1 - 2 or row.box.y0 > box.y1:
            continue
        inside = [s for s in row.segments if box.x0 <= s.box.x0 <= box.x1]
        crossing = any(s.box.x0 < box.x0 - 2 and s.box.x1 > box.x0 + 12 for s in row.segments)
        if beside and crossing:
            break
        if not inside:
            continue
        if min(s.box.y0 for s in inside) - last > (FIRST_GAP if last == first.box.y1 else REGION_GAP) * max(first.em, 7.0):
            break
        if postal is not None and row.index - postal > AFTER_POSTAL:
            break
        if any(POSTAL_LINE.search(s.text.strip(" ,.")) for s in inside):
            postal = row.index
        last = max(last, max(s.box.y1 for s in inside))
    return min(box.y1, last + 1)
