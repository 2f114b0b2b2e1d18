"""The rarer places of a label: in small print below its value, as on forms, and right of it, as on slips."""

from __future__ import annotations

from itertools import groupby

from scanstraat.extractors.labels.finding import LabelHit
from scanstraat.extractors.labels.table import LabelKind
from scanstraat.extractors.layout import Sheet, Span
from scanstraat.extractors.pointing import Pointer, Relation

# A caption stands this close below its value, in heights of the value, and at its left edge.
CLOSE, EDGE = 1.2, 5.0
# It is the value's where the label above stands so many times as far.
FARTHER = 1.6
# What a label left of a day may be to be its own; others belong to the column before ("30 days").
_DAYS_BESIDE = frozenset(
    {
        *(LabelKind.INVOICE_DATE, LabelKind.DATE, LabelKind.DUE_DATE, LabelKind.OTHER_DATE, LabelKind.TOTAL_DUE),
        *(LabelKind.TITLE, LabelKind.TITLE_CREDIT, LabelKind.INVOICE_NUMBER, LabelKind.NUMBER),
    }
)
_SUMS = frozenset({LabelKind.TOTAL_GROSS, LabelKind.TOTAL_DUE, LabelKind.TOTAL})

Pointed = tuple[tuple[Pointer, ...], ...]


def captioned(values: tuple[Span, ...], pointed: Pointed, hits: tuple[LabelHit, ...]) -> Pointed:
    """The labels of values, with the caption below in place of a label above that stands farther."""
    below = {page: list(found) for page, found in groupby(sorted(hits, key=_page), key=_page)}
    return tuple(_captioned(v, labels, below.get(v.page, [])) for v, labels in zip(values, pointed, strict=True))


def _page(hit: LabelHit) -> int:
    return hit.span.page


def _captioned(value: Span, labels: tuple[Pointer, ...], hits: list[LabelHit]) -> tuple[Pointer, ...]:
    if any(p.relation is not Relation.ABOVE and _DAYS_BESIDE.intersection(p.kinds) for p in labels):
        return labels
    box = value.box
    reach = CLOSE * box.height
    found = [h for h in hits if h.alone and abs(h.span.box.x0 - box.x0) <= EDGE and -1 <= h.span.box.y0 - box.y1 <= reach]
    caption = min(found, key=lambda h: h.span.box.y0, default=None)
    if caption is None or caption.span.box.height > box.height + 1:
        return labels
    gap = max(0.0, caption.span.box.y0 - box.y1)
    nearer = all(p.gap >= FARTHER * max(gap, 1.0) for p in labels if p.relation is Relation.ABOVE)
    return (Pointer(caption, Relation.ABOVE, gap),) if nearer else labels


def over_caption(hit: LabelHit, sheet: Sheet, beside: tuple[LabelHit, ...]) -> Span | None:
    """What stands over a label in its own column, where the label is nearer to that than to what follows below its row.

    `beside` are the labels of its row. In a row of captions each has a value over it; a head over an empty column has none.
    """
    row, box = sheet.rows[hit.span.row], hit.span.box
    above = [s for r in sheet.rows[max(0, row.index - 3) : row.index] for s in r.segments if abs(s.box.x0 - box.x0) <= EDGE]
    value = max(above, key=lambda s: s.box.y1, default=None)
    if value is None or value.box.height + 1 < box.height or not -1 <= box.y0 - value.box.y1 <= CLOSE * value.box.height:
        return None
    low, high = min(h.span.box.x0 for h in beside), max(h.span.box.x1 for h in beside)
    below = (
        s.box.y0 for r in sheet.rows[row.index + 1 : row.index + 4] for s in r.segments if s.box.x0 < high and s.box.x1 > low
    )
    gap = max(1.0, box.y0 - value.box.y1)
    return value if min(below, default=sheet.height) - box.y1 >= FARTHER * gap else None


def named_after(values: tuple[Span, ...], pointed: Pointed, hits: tuple[LabelHit, ...], sheets: tuple[Sheet, ...]) -> Pointed:
    """The labels of amounts, with the sum's name behind an amount where the two are all there is in the row."""
    after = {(h.span.page, h.span.row): h for h in hits if _SUMS.intersection(h.kinds)}
    return tuple(
        (Pointer(hit, Relation.LEFT, hit.span.box.x0 - v.box.x1), *labels)
        if not any(p.relation is not Relation.ABOVE for p in labels)
        and (hit := after.get((v.page, v.row)))
        and _all(v, hit, sheets)
        else labels
        for v, labels in zip(values, pointed, strict=True)
    )


def _all(value: Span, hit: LabelHit, sheets: tuple[Sheet, ...]) -> bool:
    text = sheets[value.page - 1].rows[value.row].text
    before, between, behind = text[: value.start], text[value.end : hit.span.start], text[hit.span.end :]
    return hit.span.start > value.end and not any(c.isalnum() for c in before + between + behind)
