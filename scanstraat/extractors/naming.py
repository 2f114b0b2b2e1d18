"""Numbers that a label names: what stands beside it, behind a second label that says the same, or below it in its column."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanstraat.extractors.document_view import DocumentView
from scanstraat.extractors.labels.finding import LabelHit
from scanstraat.extractors.labels.table import LabelKind
from scanstraat.extractors.layout import Row, Span
from scanstraat.extractors.signals import Signal

# A value stands at most this many row heights below its label, and begins this close to its left edge or middle.
BELOW, SAME_LEFT = 3.2, 12.0
_GAP = re.compile(r"[\s:.#=°º]*(?:(?:no|nr|num|nro|n)\b[.:°º\s]*)?", re.VERBOSE | re.IGNORECASE)


def named(
    view: DocumentView, kind: LabelKind, value: re.Pattern[str], through: frozenset[LabelKind] = frozenset()
) -> Iterator[tuple[LabelHit, Span, Signal]]:
    """Each label of a kind with the value that it names, and how that stands; `value` is a pattern with a group `text`.

    Labels of the kinds `through` may stand between: "quoting invoice number 12".
    """
    for hit in view.of_kind(kind):
        row = view.row(hit.span)
        at = _behind(view, row, hit, through)
        match = value.match(row.text, at)
        if match:
            beside = Signal.LABEL_BESIDE if hit.leading else Signal.LABEL_IN_SENTENCE
            yield hit, row.span(match.start("text"), match.end("text")), beside
            continue
        alone = hit.leading and not row.text[at : row.segment(hit.span.start)[1]].strip(" :.")
        below = _below(view, hit, value) if alone else None
        if below is not None:
            yield hit, below, Signal.LABEL_ABOVE


def _behind(view: DocumentView, row: Row, hit: LabelHit, through: frozenset[LabelKind]) -> int:
    """Where the value may begin: behind the label, its colon, and any label that only says more of the same."""
    end = _after(row, hit.span.end)
    for other in view.on_row(hit.span) if through else ():
        if 0 <= other.span.start - end <= 2 and through.intersection(other.kinds):
            end = _after(row, other.span.end)
    return end


def _after(row: Row, end: int) -> int:
    gap = _GAP.match(row.text, end)
    return gap.end() if gap else end


def _below(view: DocumentView, hit: LabelHit, value: re.Pattern[str]) -> Span | None:
    box = hit.span.box
    for row in view.sheets[hit.span.page - 1].rows[hit.span.row + 1 : hit.span.row + 5]:
        if row.box.y0 - box.y1 > BELOW * max(row.em, box.height):
            return None
        for segment in row.segments:
            if abs(segment.box.x0 - box.x0) <= SAME_LEFT or segment.box.x0 < box.middle[0] < segment.box.x1:
                match = value.match(row.text, segment.start)
                return row.span(match.start("text"), match.end("text")) if match else None
    return None


def is_other(view: DocumentView, span: Span) -> bool:
    """Whether a span holds a day, an amount of money, an IBAN or a label, and so no number of the kind looked for."""

    def covers(other: Span) -> bool:
        return other.page == span.page and other.row == span.row and other.start < span.end and span.start < other.end

    money = any(covers(a.span) and (a.text.currency or a.text.percent) for a in view.amounts)
    return money or any(covers(s) for s in (*(d.span for d in view.days), *(i.span for i in view.ibans)))
