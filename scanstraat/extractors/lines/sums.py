"""Which reading of the tables is the right one: its lines add up to the net amount, or to the total."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from scanstraat.extractors.lines.reading import CENTS, ReadLine, TableReading, is_product
from scanstraat.model.field import InvoiceLine

# Without a head, so many lines with quantity and price that make their amounts are believed though nothing sums them.
PROVED = 2
CENT = Decimal("0.01")
Run = tuple[ReadLine, ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """The lines of an invoice, and what is added or taken off for the whole of it: shipping, discount."""

    lines: tuple[InvoiceLine, ...] = ()
    charges: tuple[InvoiceLine, ...] = ()


def sums_of(readings: tuple[TableReading, ...]) -> frozenset[Decimal]:
    """What the lines of each reading add up to, labelled sub-totals left out: amounts that speak for a net amount or total."""
    return frozenset(_sum(_bare(r.lines)) for r in readings if len(r.lines) > 1 or r.named)


def chosen(readings: tuple[TableReading, ...], net: Decimal | None, total: Decimal | None) -> Chosen:
    """The lines of the reading whose sum holds; else those that prove themselves or that the head names; else none.

    Where an amount was misread on one line and its quantity and price make the sum hold, they give it.
    """
    for target in dict.fromkeys(t for t in (net, total) if t is not None):
        runs = [
            run for r in readings for way in _ways(r.lines) if (run := _run(way, target, _least(r, way, readings, target == net)))
        ]
        if runs:
            return _parted(max(runs, key=lambda run: (sum(is_product(read.line) for read in run), len(run))))
    named = next((r for r in readings if r.named), None)
    if named is not None:
        better = [r for r in readings if r.headed and r.computed > named.computed and len(r.lines) >= len(named.lines)]
        return _parted(_bare(max((named, *better), key=lambda r: r.computed).lines))
    proved = max(readings, key=lambda r: r.computed, default=None)
    if proved is None or proved.computed < PROVED:
        return Chosen()
    return _parted(tuple(read for read in proved.lines if is_product(read.line)))


def _least(reading: TableReading, way: Run, readings: tuple[TableReading, ...], is_net: bool) -> int:
    """Of how many lines a run must be: half of a table's; a single row without a head may only be all there is."""
    if reading.headed:
        return max(1, len(way) // 2)
    return 1 if is_net and not any(r.headed for r in readings) else 2


def _parted(run: Run) -> Chosen:
    """A run's lines, and apart from them the rows at its end that have neither quantity nor price where others have."""
    end = len(run)
    priced = any(not read.bare for read in run)
    while end > 1 and run[end - 1].bare and (priced or run[end - 1].charge):
        end -= 1
    return Chosen(tuple(read.line for read in run[:end]), tuple(read.line for read in run[end:]))


def _sum(run: Run) -> Decimal:
    return sum((read.amount for read in run), Decimal())


def _bare(lines: Run) -> Run:
    """The lines without the rows that name a sub-total; those after one only where they have quantity or price."""
    first = next((i for i, read in enumerate(lines) if read.subtotal), len(lines))
    return tuple(read for i, read in enumerate(lines) if not read.subtotal and (i < first or not read.bare))


def _ways(lines: Run) -> Iterator[Run]:
    """The lines without labelled sub-totals: without what follows them, with it, without what repeats a sum, and put right."""
    plain = tuple(read for read in lines if not read.subtotal)
    yield _bare(lines)
    yield plain
    yield tuple(_without_running_sums(plain))
    yield tuple(map(_put_right, plain))
    yield tuple(map(_with_mark, plain))


def _without_running_sums(lines: Run) -> Iterator[ReadLine]:
    """The lines but those that carry the sum of the lines before: sub-totals, and amounts carried to the next page."""
    whole, group, count = Decimal(), Decimal(), 0
    for read in lines:
        if read.bare and count and read.amount and read.amount in {whole, group}:
            group, count = Decimal(), 1
            continue
        whole, group, count = whole + read.amount, group + read.amount, count + 1
        yield read


def _put_right(read: ReadLine) -> ReadLine:
    """The line with the amount its quantity and price make."""
    line = read.line
    if line.quantity is None or line.unit_price is None:
        return read
    return replace(read, line=replace(line, line_total=(line.quantity * line.unit_price).quantize(CENT)))


def _with_mark(read: ReadLine) -> ReadLine:
    """The line with two decimals where its amount has none, as where OCR lost the mark."""
    amount = read.line.line_total
    if amount is None or amount.as_tuple().exponent != 0 or abs(amount) < 100:
        return read
    return replace(read, line=replace(read.line, line_total=(amount / 100).quantize(CENT)))


def _run(lines: Run, target: Decimal, least: int) -> Run:
    """The longest run of described lines, at least so many, that adds up to the target; empty where none does."""
    sums = [Decimal()]
    for read in lines:
        sums.append(sums[-1] + read.amount)
    lengths = range(len(lines), least - 1, -1)
    runs = ((start, start + length) for length in lengths for start in range(len(lines) - length + 1))
    place = next(((s, e) for s, e in runs if abs(sums[e] - sums[s] - target) <= CENTS and _believable(lines[s:e])), None)
    return _trimmed(lines[place[0] : place[1]]) if place else ()


def _trimmed(run: Run) -> Run:
    """A run without lines of nothing at its end, which may be sums of their own: "charges 0.00"."""
    while run and not run[-1].amount and run[-1].line.quantity is None:
        run = run[:-1]
    return run


def _believable(run: Run) -> bool:
    """Whether a run can be the lines: not all amounts are nothing, and half of them are described, each where they are few."""
    described = sum(any(c.isalpha() for c in read.line.description) for read in run)
    needed = len(run) if len(run) <= PROVED else len(run) / 2
    return described >= needed and any(read.amount for read in run)
