"""The VAT amount (C2, BT-110): what a VAT label gives, checked with the rate and base of its row, and the sum of all rates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from scanstraat.extractors.candidate import Candidate
from scanstraat.extractors.document_view import DocumentView, PrintedAmount
from scanstraat.extractors.fields.amounts import canonical, is_money, labelled_amounts
from scanstraat.extractors.labels.table import LabelKind
from scanstraat.extractors.pointing import Relation
from scanstraat.extractors.signals import Signal
from scanstraat.model.field import FieldName

STRONG = frozenset({LabelKind.VAT_TOTAL})
# A VAT amount may be this far from base times rate.
CENTS = Decimal("0.02")
MOST_RATES = 5
# A VAT of 0.00 stands at most so many rows below the base it is of.
CLOSE_BELOW = 2


def candidates(view: DocumentView) -> tuple[Candidate, ...]:
    """Every amount that may be the VAT, and the sum over several rates."""
    found = list(_labelled(view))
    return (*(c for _, c in found), *_summed(view, found), *_nothing(view))


def _nothing(view: DocumentView) -> Iterator[Candidate]:
    """The VAT of 0.00 beside a rate of 0%, where "VAT 0%" may mean an amount without VAT as well."""
    rated = {(span.page, span.row) for span, rate in view.rates if not rate}
    for amount, candidate in labelled_amounts(view, FieldName.VAT_TOTAL, frozenset({LabelKind.NET_TOTAL}), frozenset()):
        if not amount.value and (amount.span.page, amount.span.row) in rated:
            yield candidate


def _labelled(view: DocumentView) -> Iterator[tuple[PrintedAmount, Candidate]]:
    for amount, candidate in labelled_amounts(view, FieldName.VAT_TOTAL, STRONG, frozenset()):
        row = [a for a in view.amounts if _same_row(a, amount)]
        rates = [r for span, r in view.rates if span.page == amount.span.page and span.row == amount.span.row]
        below = amount.pointers[0].relation is Relation.ABOVE
        tax = _tax_elsewhere(amount, view, rates)
        if tax is not None:  # its row names the base, the VAT stands in a line of its own
            signals = (Signal.LABEL_FAR, Signal.MONEY_FORM, Signal.RATE_OF_BASE)
            found = replace(tax, pointers=amount.pointers)
            yield found, Candidate(FieldName.VAT_TOTAL, canonical(tax.value), view.evidence(tax.span), signals)
            continue
        if not below and _is_base(amount, row, rates):
            continue
        if any(_is_rate_of(amount, base, rates) for base in row):
            candidate = candidate.with_signals(Signal.RATE_OF_BASE)
        yield amount, candidate


def _same_row(one: PrintedAmount, other: PrintedAmount) -> bool:
    return one.span.page == other.span.page and one.span.row == other.span.row


def _is_rate_of(amount: PrintedAmount, base: PrintedAmount, rates: list[Decimal]) -> bool:
    """Whether an amount is base times a rate of its row.

    >>> Decimal("316.00") * 21 / 100 - Decimal("66.36")
    Decimal('0.00')
    """
    return base is not amount and any(abs(base.value * rate / 100 - amount.value) <= CENTS for rate in rates)


def _is_base(amount: PrintedAmount, row: list[PrintedAmount], rates: list[Decimal]) -> bool:
    """Whether an amount of a VAT row is what the rate is applied to, or a rate printed without its sign."""
    others = [a for a in row if a is not amount]
    if any(_is_rate_of(other, amount, rates) for other in others):
        return True
    bare_rate = not amount.text.currency and amount.value in {
        Decimal(r) for r in (5, 6, 7, 8, 9, 10, 12, 19, 20, 21, 22, 23, 24, 25)
    }
    return bare_rate and any(is_money(a) and a.span.start > amount.span.start for a in others)


def _tax_elsewhere(amount: PrintedAmount, view: DocumentView, rates: list[Decimal]) -> PrintedAmount | None:
    """The amount in another row that a rate of this row makes of `amount`, as where the VAT stands a line below its base.

    0.00 is one only close below, since it may be printed anywhere.
    """
    taxes = {(amount.value * rate / 100).quantize(Decimal("0.01")) for rate in rates if amount.value and is_money(amount)}
    here = any(_same_row(a, amount) and a is not amount and a.value in taxes for a in view.amounts)
    others = (a for a in view.amounts if not here and not _same_row(a, amount) and is_money(a))
    return next((a for a in others if a.value in taxes and (a.value or 0 < _rows_below(a, amount) <= CLOSE_BELOW)), None)


def _rows_below(one: PrintedAmount, other: PrintedAmount) -> int:
    return one.span.row - other.span.row if one.span.page == other.span.page else 0


def _summed(view: DocumentView, found: list[tuple[PrintedAmount, Candidate]]) -> Iterator[Candidate]:
    """The sum of the VAT amounts of several rates, one for each label that a rate stands with."""
    by_label: dict[tuple[int, int, int], tuple[PrintedAmount, Candidate]] = {}
    for amount, candidate in found:
        label = amount.pointers[0].hit.span
        sure = Signal.LABEL_FAR not in candidate.signals or Signal.RATE_OF_BASE in candidate.signals
        rated = any(s.page == label.page and s.row in {label.row, amount.span.row} for s, _ in view.rates)
        place = (label.page, label.row, label.start)
        if sure and rated and is_money(amount) and (place not in by_label or amount.span.start > by_label[place][0].span.start):
            by_label[place] = (amount, candidate)
    parts = list(by_label.values())
    if 2 <= len(parts) <= MOST_RATES:
        total = sum((amount.value for amount, _ in parts), Decimal(0))
        yield Candidate(FieldName.VAT_TOTAL, canonical(total), parts[-1][1].evidence, (Signal.SUM_OF_RATES,))
