"""The lines of an invoice from its table (C2): columns by the words that head them, rows down to the totals.

A row is a line when an amount stands in the column of line totals; text without one belongs to the line above. Amounts are
given as printed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from scanstraat.extractors.document_view import DocumentView, PrintedAmount
from scanstraat.extractors.labels.finding import LabelHit
from scanstraat.extractors.labels.table import LabelKind
from scanstraat.extractors.layout import Row, Span
from scanstraat.model.field import InvoiceLine

_ENDS = frozenset(
    {LabelKind.TOTAL, LabelKind.TOTAL_GROSS, LabelKind.TOTAL_DUE, LabelKind.NET_TOTAL, LabelKind.VAT_TOTAL, LabelKind.TERM}
)
# What a head stands for where its word could mean several: the first that fits.
_HEADS = (
    LabelKind.HEAD_DESCRIPTION,
    LabelKind.HEAD_QUANTITY,
    LabelKind.HEAD_UNIT_PRICE,
    LabelKind.HEAD_LINE_TOTAL,
    LabelKind.HEAD_VAT,
    LabelKind.HEAD_POSITION,
)
# Text this many row heights below a line no longer belongs to it.
CONTINUES = 1.6
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table: what its head says and where that stands."""

    kind: LabelKind
    x0: float
    x1: float

    def distance(self, span: Span) -> float:
        """How far a value stands from the head; negative where they overlap, the more the deeper."""
        return max(self.x0 - span.box.x1, span.box.x0 - self.x1)


def lines(view: DocumentView) -> tuple[InvoiceLine, ...]:
    """The lines of all tables of the document, top to bottom."""
    found: list[InvoiceLine] = []
    for page, index in view.heads:
        columns = _columns(view, page, index)
        if any(c.kind is LabelKind.HEAD_LINE_TOTAL for c in columns):
            found.extend(_of_table(view, page, index, columns))
    return tuple(found)


def _columns(view: DocumentView, page: int, index: int) -> tuple[Column, ...]:
    """The head's columns, left to right; of several that may head line totals the last one does."""
    hits = sorted((h for h in view.hits if h.span.page == page and h.span.row == index), key=lambda h: h.span.start)
    columns = [Column(kind, h.span.box.x0, h.span.box.x1) for h in hits if (kind := _kind(h)) is not None]
    totals = [c for c in columns if c.kind is LabelKind.HEAD_LINE_TOTAL]
    return tuple(c if c not in totals[:-1] else replace(c, kind=LabelKind.HEAD_VAT) for c in columns)


def _kind(hit: LabelHit) -> LabelKind | None:
    return next((kind for kind in _HEADS if kind in hit.kinds), None)


def _of_table(view: DocumentView, page: int, index: int, columns: tuple[Column, ...]) -> Iterator[InvoiceLine]:
    rows = view.sheets[page - 1].rows
    amounts: dict[int, list[PrintedAmount]] = {}
    for amount in view.amounts:
        if amount.span.page == page:
            amounts.setdefault(amount.span.row, []).append(amount)
    open_line: InvoiceLine | None = None
    last = rows[index]
    after_subtotal = False
    for row in rows[index + 1 :]:
        if (page, row.index) in view.heads or _ends(view, row, columns):
            break
        line = _line(row, amounts.get(row.index, []), columns)
        subtotal = any(LabelKind.SUBTOTAL in h.kinds and h.leading for h in view.on_row(row.span(0, 1)))
        after_subtotal = after_subtotal or subtotal
        priced = line is not None and (line.quantity is not None or line.unit_price is not None)
        if line and (priced or not after_subtotal):
            if open_line is not None:
                yield open_line
            open_line, last = line, row
        elif open_line is not None and not line and row.box.y0 - last.box.y1 < CONTINUES * row.em:
            open_line, last = _continued(open_line, row, columns), row
    if open_line is not None:
        yield open_line


def _ends(view: DocumentView, row: Row, columns: tuple[Column, ...]) -> bool:
    """Whether the totals begin here: a label of theirs opens the row's first segment, or stands alone before an amount."""
    description = next((c for c in columns if c.kind is LabelKind.HEAD_DESCRIPTION), None)
    for hit in view.on_row(row.span(0, 1)):
        if not _ENDS.intersection(hit.kinds) or not hit.leading:
            continue
        first = row.text[: hit.span.start].strip() == ""
        right = description is None or hit.span.box.x0 > description.x1 + 20
        if first and (right or hit.closed or not row.text[hit.span.end :].strip(" :")[:1].isalpha()):
            return True
    return False


def _line(row: Row, amounts: list[PrintedAmount], columns: tuple[Column, ...]) -> InvoiceLine | None:
    values: dict[LabelKind, Decimal] = {}
    taken: list[Span] = []
    for amount in amounts:
        column = min(columns, key=lambda c: c.distance(amount.span))
        if column.kind is LabelKind.HEAD_DESCRIPTION or column.distance(amount.span) > 25:
            continue
        taken.append(amount.span)
        values[column.kind] = amount.value
    total = values.get(LabelKind.HEAD_LINE_TOTAL)
    if total is None:
        return None
    text = _description(row, columns, taken)
    return InvoiceLine(text, values.get(LabelKind.HEAD_QUANTITY), values.get(LabelKind.HEAD_UNIT_PRICE), total, row.page)


def _description(row: Row, columns: tuple[Column, ...], taken: list[Span]) -> str:
    """The row's text in the description column: from its head's left edge, or a little before, to the number right of it."""
    head = next((c for c in columns if c.kind is LabelKind.HEAD_DESCRIPTION), None)
    left = head.x0 - 12 if head else 0.0
    following = [c.x0 for c in columns if head and c.x0 > head.x1]
    right = min([*(s.box.x0 for s in taken if s.box.x0 > left + 15), *(x + 25 for x in following[:1])], default=row.box.x1 + 1)
    words = [w.text for w in row.words if w.box.x0 >= left and w.box.x0 < right - 1]
    return " ".join(words).strip(" -–")


def _continued(line: InvoiceLine, row: Row, columns: tuple[Column, ...]) -> InvoiceLine:
    text = _description(row, columns, [])
    whole = f"{line.description} {text}".strip()
    return replace(line, description=whole) if text and len(whole) <= LONGEST else line
