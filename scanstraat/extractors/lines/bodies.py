"""The bodies of tables of lines: from the head down to the totals, over page breaks; or all rows before the totals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scanstraat.extractors.document_view import DocumentView, PrintedAmount
from scanstraat.extractors.labels.finding import LabelHit
from scanstraat.extractors.labels.table import LabelKind
from scanstraat.extractors.layout import Row
from scanstraat.extractors.lines.heads import Column, Head

_ENDS = frozenset(
    {LabelKind.TOTAL, LabelKind.TOTAL_GROSS, LabelKind.TOTAL_DUE, LabelKind.NET_TOTAL, LabelKind.VAT_TOTAL, LabelKind.TERM}
)
_SUMS = _ENDS - {LabelKind.TERM}
# Labels that may begin the text of a line.
_OF_LINES = frozenset(
    {
        LabelKind.HEAD_DESCRIPTION,
        LabelKind.HEAD_QUANTITY,
        LabelKind.HEAD_UNIT_PRICE,
        LabelKind.HEAD_LINE_TOTAL,
        LabelKind.HEAD_POSITION,
        LabelKind.OTHER_AMOUNT,
        LabelKind.DISCOUNT,
        LabelKind.SUBTOTAL,
    }
)
_CHARGES = frozenset({LabelKind.OTHER_AMOUNT, LabelKind.DISCOUNT})
# A label of totals this far right of the description's head, in points, ends a table whatever follows it.
RIGHT_OF_TEXT = 20.0
# A row with so many labels of totals heads a summary.
HEADS_OF_TOTALS = 2


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table with its numbers.

    `subtotal`: it names a sum so far, or one carried over from another page; `charge`: a discount, shipping and the like.
    """

    row: Row
    amounts: tuple[PrintedAmount, ...]
    subtotal: bool = False
    charge: bool = False


@dataclass(frozen=True, slots=True)
class Body:
    """The rows of one table below its head; `columns` is empty where it has no head."""

    columns: tuple[Column, ...]
    rows: tuple[TableRow, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A document's rows with the amounts and labels of each, looked up by page and row."""

    view: DocumentView
    amounts: dict[tuple[int, int], list[PrintedAmount]]
    hits: dict[tuple[int, int], list[LabelHit]]

    def row(self, row: Row) -> TableRow:
        """A row of a page as one of a table."""
        kinds = {kind for hit in self.hits_on(row) if hit.leading for kind in hit.kinds}
        amounts = tuple(self.amounts.get((row.page, row.index), ()))
        return TableRow(row, amounts, LabelKind.SUBTOTAL in kinds, not _CHARGES.isdisjoint(kinds))

    def hits_on(self, row: Row) -> list[LabelHit]:
        """The labels of a row."""
        return self.hits.get((row.page, row.index), [])


def grid(view: DocumentView) -> Grid:
    """The document with its amounts and labels in the order of their rows."""
    amounts: dict[tuple[int, int], list[PrintedAmount]] = {}
    hits: dict[tuple[int, int], list[LabelHit]] = {}
    for amount in view.amounts:
        amounts.setdefault((amount.span.page, amount.span.row), []).append(amount)
    for hit in view.hits:
        hits.setdefault((hit.span.page, hit.span.row), []).append(hit)
    return Grid(view, amounts, hits)


def bodies(document: Grid, heads: tuple[Head, ...]) -> Iterator[Body]:
    """The body below each head; one that its page cuts off goes on on the next page, where that has no head of its own."""
    headed = {head.page for head in heads}
    stops = {(head.page, head.first) for head in heads}
    for head in heads:
        rows, ended = _until_end(document, head.page, head.last + 1, head.columns, stops)
        page = head.page
        while not ended and page < len(document.view.sheets) and page + 1 not in headed:
            page += 1
            more, ended = _until_end(document, page, 0, head.columns, stops)
            rows += [r for r in more if r.subtotal or not _names_else(document, r.row)]
        yield Body(head.columns, tuple(rows))


def headless(document: Grid) -> Body:
    """All rows of the document but those that name totals, dates or identities, as one body without columns."""
    rows = (document.row(row) for sheet in document.view.sheets for row in sheet.rows)
    return Body((), tuple(r for r in rows if not (r.amounts and _names_else(document, r.row))))


def _until_end(
    document: Grid, page: int, first: int, columns: tuple[Column, ...], stops: set[tuple[int, int]]
) -> tuple[list[TableRow], bool]:
    """The rows from one on down to the totals or the next head, and whether those came before the page's end."""
    rows: list[TableRow] = []
    for row in document.view.sheets[page - 1].rows[first:]:
        if (page, row.index) in stops or _ends(document, row, columns):
            return rows, True
        rows.append(document.row(row))
    return rows, False


def _ends(document: Grid, row: Row, columns: tuple[Column, ...]) -> bool:
    """Whether the totals begin here: a label of theirs opens the row's first segment, or stands alone before an amount."""
    description = next((c for c in columns if c.kind is LabelKind.HEAD_DESCRIPTION), None)
    if sum(not _SUMS.isdisjoint(hit.kinds) for hit in document.hits_on(row)) >= HEADS_OF_TOTALS:
        return True
    for hit in document.hits_on(row):
        if not _ENDS.intersection(hit.kinds) or not hit.leading:
            continue
        first = row.text[: hit.span.start].strip() == ""
        right = description is None or hit.span.box.x0 > description.x1 + RIGHT_OF_TEXT
        if first and (right or hit.closed or not row.text[hit.span.end :].strip(" :")[:1].isalpha()):
            return True
    return False


def _names_else(document: Grid, row: Row) -> bool:
    """Whether a label of totals, dates or identities heads something in the row."""
    leading = [set(hit.kinds) for hit in document.hits_on(row) if hit.leading]
    return any(kinds & _SUMS or not kinds & _OF_LINES for kinds in leading)
