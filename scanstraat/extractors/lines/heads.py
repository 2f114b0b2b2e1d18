"""The heads of tables of lines: words that name columns, in one row or stacked over up to three."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from scanstraat.extractors.document_view import HEAD_KINDS, DocumentView
from scanstraat.extractors.labels.finding import LabelHit
from scanstraat.extractors.labels.table import LabelKind
from scanstraat.extractors.layout import Row, Span

# What a head stands for where its word could mean several: the first that fits.
_KINDS = (
    LabelKind.HEAD_DESCRIPTION,
    LabelKind.HEAD_QUANTITY,
    LabelKind.HEAD_UNIT_PRICE,
    LabelKind.HEAD_LINE_TOTAL,
    LabelKind.HEAD_VAT,
    LabelKind.HEAD_POSITION,
)
_WANTED = frozenset({LabelKind.HEAD_DESCRIPTION, LabelKind.HEAD_QUANTITY, LabelKind.HEAD_UNIT_PRICE})
# Rows stacked to one head overlap or stand closer than this many row heights; so many at most.
STACKED, MOST_ROWS = 0.9, 4
# A head of two words only is one where its row holds hardly anything else than its labels.
LABELLED_SHARE = 0.75


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table: what its head says and where that stands."""

    kind: LabelKind
    x0: float
    x1: float

    def distance(self, span: Span) -> float:
        """How far a value stands from the head; negative where they overlap, the more the deeper."""
        return max(self.x0 - span.box.x1, span.box.x0 - self.x1)


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a table: its page, its first and last row, and its columns from left to right."""

    page: int
    first: int
    last: int
    columns: tuple[Column, ...]

    def column(self, kind: LabelKind) -> Column | None:
        """The column of a kind, or None."""
        return next((c for c in self.columns if c.kind is kind), None)


def heads(view: DocumentView) -> tuple[Head, ...]:
    """The heads of all tables, in the order of the pages."""
    by_row: dict[tuple[int, int], list[LabelHit]] = {}
    for hit in view.hits:
        if not HEAD_KINDS.isdisjoint(hit.kinds) or LabelKind.HEAD_VAT in hit.kinds:
            by_row.setdefault((hit.span.page, hit.span.row), []).append(hit)
    money = {(a.span.page, a.span.row) for a in view.amounts if a.text.has_decimals}
    found: list[Head] = []
    for page, index in sorted(by_row):
        if found and found[-1].page == page and index <= found[-1].last:
            continue
        if (page, index) not in money:
            found.extend(_head_at(view, page, index, by_row, money))
    return tuple(found)


def _head_at(
    view: DocumentView, page: int, index: int, by_row: dict[tuple[int, int], list[LabelHit]], money: set[tuple[int, int]]
) -> Iterator[Head]:
    """The head that begins in this row, the fewest rows that make one and what is stacked below them."""
    rows = view.sheets[page - 1].rows
    hits: list[LabelHit] = []
    made: Head | None = None
    for row in rows[index : index + MOST_ROWS]:
        stacked = row.index == index or row.box.y0 - rows[row.index - 1].box.y1 < STACKED * row.em
        if not stacked or (page, row.index) in money:
            break
        here = by_row.get((page, row.index), [])
        if made is not None and not here:
            break
        hits.extend(here)
        if _is_head(row, hits):
            made = Head(page, index, row.index, _columns(hits))
    if made is not None:
        yield made


def _is_head(row: Row, hits: list[LabelHit]) -> bool:
    kinds = {kind for hit in hits for kind in HEAD_KINDS.intersection(hit.kinds)}
    if len(kinds) >= 3 and len(kinds & _WANTED) >= 2:
        return True
    both = {LabelKind.HEAD_LINE_TOTAL, LabelKind.HEAD_DESCRIPTION} <= kinds
    here = [h for h in hits if h.span.row == row.index]
    labelled = sum(h.span.end - h.span.start for h in here)
    return both and len(here) >= 2 and labelled >= LABELLED_SHARE * len(row.text) and len({_kind(h) for h in here}) >= 2


def _columns(hits: list[LabelHit]) -> tuple[Column, ...]:
    """The head's columns, left to right; of several that may head line totals the last one does."""
    ordered = sorted(hits, key=lambda h: h.span.box.x0)
    columns = [Column(kind, h.span.box.x0, h.span.box.x1) for h in ordered if (kind := _kind(h)) is not None]
    totals = [c for c in columns if c.kind is LabelKind.HEAD_LINE_TOTAL]
    return tuple(c if c not in totals[:-1] else replace(c, kind=LabelKind.HEAD_VAT) for c in columns)


def _kind(hit: LabelHit) -> LabelKind | None:
    return next((kind for kind in _KINDS if kind in hit.kinds), None)
