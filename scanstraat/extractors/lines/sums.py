"""Which reading of the tables is the right one: its lines add up to the net amount, or to the total."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from scanstraat.extractors.lines.reading import CENTS, TableReading, is_product
from scanstraat.model.field import InvoiceLine

# Without a head, so many lines with quantity and price that make their amounts are believed though nothing sums them.
PROVED = 2
# Lines whose sums are rounded one by one may be this far from the total, a cent a line.
CENT = Decimal("0.01")


def sums_of(readings: tuple[TableReading, ...]) -> frozenset[Decimal]:
    """What the lines of each reading add up to, labelled sub-totals left out: amounts that speak for a net amount or total."""
    return frozenset(sum(_bare(r).amounts, Decimal()) for r in readings if len(r.lines) > 1 or r.headed)


def chosen(readings: tuple[TableReading, ...], net: Decimal | None, total: Decimal | None) -> tuple[InvoiceLine, ...]:
    """The lines of the reading whose sum holds; else what the heads say, else lines that prove themselves; else none.

    Where an amount was misread on one line and its quantity and price make the sum hold, they give it.
    """
    for target in dict.fromkeys(t for t in (net, total) if t is not None):
        alone = target == net
        runs = [run for r in readings for way in _ways(r) if (run := _run(way, target, len(way) // 2 if r.headed else 2 - alone))]
        if runs:
            return max(runs, key=lambda run: (sum(map(is_product, run)), len(run)))
    headed = [_bare(r) for r in readings if r.headed]
    if headed:
        return headed[0].lines
    proved = max(readings, key=lambda r: r.computed, default=None)
    return tuple(filter(is_product, proved.lines)) if proved and proved.computed >= PROVED else ()


def _bare(reading: TableReading) -> TableReading:
    """A reading without the rows that name a sub-total; those after one only where they have quantity or price."""
    kept: list[InvoiceLine] = []
    after = False
    for line, subtotal in zip(reading.lines, reading.subtotals, strict=True):
        after = after or subtotal
        priced = line.quantity is not None or line.unit_price is not None
        if not subtotal and (priced or not after):
            kept.append(line)
    return TableReading(tuple(kept), reading.headed, (False,) * len(kept))


def _ways(reading: TableReading) -> Iterator[tuple[InvoiceLine, ...]]:
    """The lines as they are, without labelled sub-totals, without what repeats the sum so far, and put right."""
    bare = tuple(line for line, subtotal in zip(reading.lines, reading.subtotals, strict=True) if not subtotal)
    yield _bare(reading).lines
    yield bare
    yield tuple(_without_running_sums(bare))
    yield tuple(map(_put_right, bare))
    yield tuple(map(_with_mark, bare))


def _without_running_sums(lines: tuple[InvoiceLine, ...]) -> Iterator[InvoiceLine]:
    """The lines but those that carry the sum of the lines before: sub-totals, and amounts carried to the next page."""
    whole, group, count = Decimal(), Decimal(), 0
    for line in lines:
        amount = line.line_total or Decimal()
        bare = line.quantity is None and line.unit_price is None
        if bare and count and amount and amount in {whole, group}:
            group, count = Decimal(), 1
            continue
        whole, group, count = whole + amount, group + amount, count + 1
        yield line


def _put_right(line: InvoiceLine) -> InvoiceLine:
    """The line with the amount its quantity and price make."""
    if line.quantity is None or line.unit_price is None:
        return line
    return replace(line, line_total=(line.quantity * line.unit_price).quantize(CENT))


def _with_mark(line: InvoiceLine) -> InvoiceLine:
    """The line with two decimals where its amount has none, as where OCR lost the mark."""
    amount = line.line_total
    if amount is None or amount.as_tuple().exponent != 0 or abs(amount) < 100:
        return line
    return replace(line, line_total=(amount / 100).quantize(CENT))


def _run(lines: tuple[InvoiceLine, ...], target: Decimal, least: int) -> tuple[InvoiceLine, ...]:
    """The longest run of described lines, at least so many, that adds up to the target; empty where none does."""
    sums = [Decimal()]
    for line in lines:
        sums.append(sums[-1] + (line.line_total or Decimal()))
    lengths = range(len(lines), max(least, 1) - 1, -1)
    runs = ((start, start + length) for length in lengths for start in range(len(lines) - length + 1))
    place = next(((s, e) for s, e in runs if abs(sums[e] - sums[s] - target) <= CENTS and _believable(lines[s:e])), None)
    return _trimmed(lines[place[0] : place[1]]) if place else ()


def _trimmed(run: tuple[InvoiceLine, ...]) -> tuple[InvoiceLine, ...]:
    """A run without lines of nothing at its end, which may be sums of their own: "charges 0.00"."""
    while run and not run[-1].line_total and run[-1].quantity is None:
        run = run[:-1]
    return run


def _believable(run: tuple[InvoiceLine, ...]) -> bool:
    """Whether a run can be the lines: not all amounts are nothing, and each is described where they are too few to prove it."""
    described = all(any(c.isalpha() for c in line.description) for line in run)
    return (described or len(run) >= PROVED + 1) and any(line.line_total for line in run)
