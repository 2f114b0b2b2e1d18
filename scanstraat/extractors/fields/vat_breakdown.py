"""The VAT breakdown (C2, BG-23): rows that hold a rate, what it is applied to and the VAT that makes, wherever they stand.

A row counts where its own arithmetic holds: base times rate is the VAT. Which rows are the breakdown is told by their sums: the
bases make the net amount, the VAT amounts make the VAT, both make the total (Directive 2006/112/EC, article 226 (8) to (10)).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import permutations

from scanstraat.extractors.document_view import DocumentView, PrintedAmount
from scanstraat.extractors.layout import Span
from scanstraat.model.field import VatRate

# Rates of VAT there are in Europe, in percent; a number counts as a rate without its sign only if it is one of these.
RATES = tuple(
    Decimal(rate)
    for rate in ("2.1", "2.6", "3.8", "5", "5.5", "6", "7", "7.7", "8", "8.1", "9", "9.5", "10", "12", "13", "13.5", "14", "15",
                 "16", "17", "18", "19", "20", "21", "22", "23", "24", "25", "25.5", "27")
)  # fmt: skip
# VAT may be this far from base times rate: rounding of one amount, and of several that were rounded one by one.
CENTS, ROUNDED = Decimal("0.01"), Decimal("0.0005")
MOST_NUMBERS = 7


@dataclass(frozen=True, slots=True)
class VatRow:
    """A printed row whose arithmetic holds. `gross`: base and VAT together are printed in it too."""

    rate: Decimal
    base: Decimal
    vat: Decimal
    gross: bool
    span: Span


@lru_cache(maxsize=4)  # the total, the sums and the breakdown all ask
def vat_rows(view: DocumentView) -> tuple[VatRow, ...]:
    """The rows of a document that hold a rate, its base and its VAT; one a printed row, those with their sum preferred."""
    rates: dict[tuple[int, int], list[Decimal]] = {}
    for span, rate in view.rates:
        rates.setdefault((span.page, span.row), []).append(rate)
    amounts: dict[tuple[int, int], list[PrintedAmount]] = {}
    for amount in view.amounts:
        amounts.setdefault((amount.span.page, amount.span.row), []).append(amount)
    found = (_best(printed, rates.get(place, [])) for place, printed in amounts.items() if 2 <= len(printed) <= MOST_NUMBERS)
    return tuple(row for row in found if row is not None)


def _best(printed: list[PrintedAmount], rates: list[Decimal]) -> VatRow | None:
    rows = sorted(_rows(printed, rates), key=lambda row: not row.gross)
    return rows[0] if rows else None


def _rows(printed: list[PrintedAmount], rates: list[Decimal]) -> Iterator[VatRow]:
    values = {amount.value for amount in printed}
    bare = [a.value for a in printed if a.value in RATES and not a.text.currency] if not rates else []
    money = [a for a in printed if a.text.has_decimals or abs(a.value) >= 1000]
    for rate in (*rates, *bare):
        for base, vat in permutations(money, 2):
            if base.value and not (bare and rate in {base.value, vat.value}) and makes(base.value, rate, vat.value):
                yield VatRow(rate, base.value, vat.value, base.value + vat.value in values, base.span)


def makes(base: Decimal, rate: Decimal, vat: Decimal) -> bool:
    """Whether a base and a rate in percent make a VAT amount, give or take what rounding does.

    >>> makes(Decimal("316.00"), Decimal(21), Decimal("66.36")), makes(Decimal("100.00"), Decimal(21), Decimal("20.00"))
    (True, False)
    """
    return abs(base * rate / 100 - vat) <= max(CENTS, abs(vat) * ROUNDED)


def found(view: DocumentView, net: Decimal | None, vat: Decimal | None) -> tuple[VatRate, ...]:
    """The rows that together make this net amount and VAT, one a rate; else one made of both where a printed rate fits.

    Empty where neither does: nothing is invented (an incomplete breakdown is worse than none).
    """
    if net is None or vat is None:
        return ()
    rows = vat_rows(view)
    for parts in _runs(rows):
        if _sums(parts) == (net, vat):
            return tuple(VatRate(r.rate, r.base, r.vat, r.span.page) for r in parts)
    fitting = {rate for _, rate in view.rates if rate and vat and makes(net, rate, vat)}
    return (VatRate(fitting.pop(), net, vat, 1),) if len(fitting) == 1 else ()


def sums(rows: tuple[VatRow, ...]) -> dict[tuple[Decimal, Decimal], tuple[VatRow, ...]]:
    """Net amount and VAT that rows make which follow one another, each of another rate; with the most rows that make them."""
    found: dict[tuple[Decimal, Decimal], tuple[VatRow, ...]] = {}
    for parts in _runs(rows):
        key = _sums(parts)
        found[key] = max(found.get(key, ()), parts, key=len)
    return found


def _runs(rows: tuple[VatRow, ...]) -> Iterator[tuple[VatRow, ...]]:
    """The stretches of rows in which no rate comes twice; a row that only says again what one of them says counts once."""
    for start in range(len(rows)):
        parts: dict[Decimal, VatRow] = {}
        for row in rows[start:]:
            known = parts.get(row.rate)
            if known is not None and (known.base, known.vat) == (row.base, row.vat):
                continue
            if known is not None:
                break
            parts[row.rate] = row
            yield tuple(parts.values())


def _sums(rows: Iterable[VatRow]) -> tuple[Decimal, Decimal]:
    parts = tuple(rows)
    return sum((r.base for r in parts), Decimal()), sum((r.vat for r in parts), Decimal())
