"""Readings of tables: rows to lines, by the words of the head, or by a column of amounts that end at one right edge."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from scanstraat.extractors.document_view import DocumentView, PrintedAmount
from scanstraat.extractors.labels.table import LabelKind
from scanstraat.extractors.layout import Row, Span
from scanstraat.extractors.lines.bodies import Body, TableRow, bodies, grid, headless
from scanstraat.extractors.lines.heads import Column, heads
from scanstraat.model.field import InvoiceLine

# A value may stand this far from its head, in points; right edges this close are one column.
FAR_FROM_HEAD, SAME_EDGE = 25.0, 4.0
# Text this many row heights below a line no longer belongs to it; nor does what makes a description longer than this.
CONTINUES, LONGEST = 1.6, 300
# More columns of amounts than this are not tried without a head's word for them.
MOST_COLUMNS = 4
CENTS = Decimal("0.02")
Edge = tuple[float, float]
# "3 x 12,50"; not "30x40"
_TIMES = re.compile(r"\d\ *(?:[a-z]{1,4}\.?\ )?[x×]\ +(?:\S\ ?)?\d", re.VERBOSE | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line as one reading has it, with what its row says it is besides."""

    line: InvoiceLine
    subtotal: bool = False
    charge: bool = False

    @property
    def amount(self) -> Decimal:
        """The line's amount."""
        return self.line.line_total or Decimal()

    @property
    def bare(self) -> bool:
        """Whether it has neither quantity nor price."""
        return self.line.quantity is None and self.line.unit_price is None


@dataclass(frozen=True, slots=True)
class TableReading:
    """One way to read the tables. `headed`: they stand below heads; `named`: a head's word names the column of amounts."""

    lines: tuple[ReadLine, ...]
    headed: bool
    named: bool = False

    @property
    def computed(self) -> int:
        """How many lines have a quantity and price that make their amount."""
        return sum(is_product(read.line) for read in self.lines)


def is_product(line: InvoiceLine) -> bool:
    """Whether quantity times price is the line's amount."""
    if line.quantity is None or line.unit_price is None or line.line_total is None:
        return False
    return abs(line.quantity * line.unit_price - line.line_total) <= CENTS


def found(view: DocumentView) -> tuple[TableReading, ...]:
    """The readings of a document's tables, as many as it takes until one adds up to an amount that is printed elsewhere.

    By the words of the heads; by columns of amounts below the heads; by columns of amounts anywhere.
    """
    document = grid(view)
    tables = tuple(bodies(document, heads(view)))
    readings: list[TableReading] = []
    for more in (_named, lambda _: _by_edges(tables, True), lambda _: _by_edges((headless(document),), False)):
        readings.extend(r for r in more(tables) if r.lines)
        if any(_is_settled(r, view) for r in readings):
            break
    return tuple(readings)


def _is_settled(reading: TableReading, view: DocumentView) -> bool:
    """Whether the sum of the lines is printed (of a single line: again), and something larger, the total with VAT."""
    whole = sum((read.amount for read in reading.lines), Decimal())
    printed = [a.value for a in view.amounts if is_money(a)]
    larger = any(abs(value) > abs(whole) for value in printed)
    return larger and printed.count(whole) >= (2 if len(reading.lines) == 1 else 1)


def _named(tables: tuple[Body, ...]) -> Iterator[TableReading]:
    """The lines as the heads' words have them."""
    yield TableReading(tuple(line for body in tables for line in _lines(body, None)), True, True)


def _by_edges(tables: tuple[Body, ...], headed: bool) -> Iterator[TableReading]:
    """The lines by each column of money, the rightmost first."""
    for edge in _edges(tables):
        yield TableReading(tuple(line for body in tables for line in _lines(body, edge)), headed)


def _edges(tables: tuple[Body, ...]) -> list[Edge]:
    """Where columns of money end, as stretches of right edges that stand close to one another; rightmost first."""
    rights = sorted((a.span.box.x1 for body in tables for r in body.rows for a in r.amounts if is_money(a)), reverse=True)
    edges: list[Edge] = []
    for right in rights:
        if edges and edges[-1][0] - right <= SAME_EDGE:
            edges[-1] = (right, edges[-1][1])
        else:
            edges.append((right, right))
    return edges[:MOST_COLUMNS]


def _priced(read: ReadLine, row: TableRow) -> ReadLine:
    """The line with quantity and price from a row below it, as shops print them: "3 x 12,50"."""
    if not read.bare or len(row.amounts) < 2 or not _TIMES.search(row.row.text):
        return read
    quantity, price = (amount.value for amount in row.amounts[:2])
    return replace(read, line=replace(read.line, quantity=quantity, unit_price=price))


def is_money(amount: PrintedAmount) -> bool:
    """Whether a number is printed as money is: with two decimals, a currency, or its thousands apart (forints have no cents)."""
    return amount.text.has_decimals or bool(amount.text.currency) or " " in amount.text.body


def _lines(body: Body, edge: Edge | None) -> Iterator[ReadLine]:
    """The lines of a body; text without amount belongs to the line above, or to the one below where that has none of its own."""
    open_line: ReadLine | None = None
    last, before = 0.0, ""
    for table_row in body.rows:
        row = table_row.row
        line = _line(table_row, body.columns, edge)
        if line is not None:
            if open_line is not None:
                yield open_line
            line = line if line.description else replace(line, description=before)
            open_line, last, before = ReadLine(line, table_row.subtotal, table_row.charge), row.box.y1, ""
            continue
        text = _description(row, body.columns, [])
        near = 0 <= row.box.y0 - last < CONTINUES * row.em or row.box.y0 <= last <= row.box.y1
        if open_line is None or not near:
            before = text
            continue
        open_line, last = _priced(_continued(open_line, text), table_row), row.box.y1
    if open_line is not None:
        yield open_line


def _continued(read: ReadLine, text: str) -> ReadLine:
    whole = f"{read.line.description} {text}".strip()
    return replace(read, line=replace(read.line, description=whole)) if len(whole) <= LONGEST else read


def _line(row: TableRow, columns: tuple[Column, ...], edge: Edge | None) -> InvoiceLine | None:
    """The line a row holds, where an amount stands in the column of line totals."""
    values, taken = _values(row, columns)
    total = values.get(LabelKind.HEAD_LINE_TOTAL)
    if edge is not None:
        total = next((a for a in row.amounts if edge[0] <= a.span.box.x1 <= edge[1]), None)
        taken = [*taken, total.span] if total is not None else taken
    if total is None:
        return None
    quantity, price = (values.get(k) for k in (LabelKind.HEAD_QUANTITY, LabelKind.HEAD_UNIT_PRICE))
    if not columns:
        quantity, price = _factors(row.amounts, total)
        taken = [a.span for a in (quantity, price, total) if a is not None]
    text = _description(row.row, columns, taken)
    return InvoiceLine(text, _value(quantity), _value(price), total.value, row.row.page)


def _value(amount: PrintedAmount | None) -> Decimal | None:
    return None if amount is None else amount.value


def _values(row: TableRow, columns: tuple[Column, ...]) -> tuple[dict[LabelKind, PrintedAmount], list[Span]]:
    """The numbers of a row by the head they stand under, and where these stand."""
    values: dict[LabelKind, PrintedAmount] = {}
    taken: list[Span] = []
    for amount in row.amounts if columns else ():
        column = min(columns, key=lambda c: c.distance(amount.span))
        if column.kind is not LabelKind.HEAD_DESCRIPTION and column.distance(amount.span) <= FAR_FROM_HEAD:
            taken.append(amount.span)
            values[column.kind] = amount
    return values, taken


def _factors(amounts: tuple[PrintedAmount, ...], total: PrintedAmount) -> tuple[PrintedAmount | None, PrintedAmount | None]:
    """Two numbers of a row that make its amount: quantity and unit price."""
    others = [a for a in amounts if a is not total]
    for i, one in enumerate(others):
        for other in others[i + 1 :]:
            if one.value and abs(one.value * other.value - total.value) <= CENTS:
                return (other, one) if one.text.has_decimals and not other.text.has_decimals else (one, other)
    return None, None


def _description(row: Row, columns: tuple[Column, ...], taken: list[Span]) -> str:
    """The row's text in the description column: from its head's left edge, or a little before, to the number right of it."""
    head = next((c for c in columns if c.kind is LabelKind.HEAD_DESCRIPTION), None)
    left = head.x0 - 12 if head else 0.0
    following = [c.x0 for c in columns if head and c.x0 > head.x1]
    right = min([*(s.box.x0 for s in taken if s.box.x0 > left + 15), *(x + 25 for x in following[:1])], default=row.box.x1 + 1)
    words = [w.text for w in row.words if w.box.x0 >= left and w.box.x0 < right - 1]
    return " ".join(words).strip(" -–")
