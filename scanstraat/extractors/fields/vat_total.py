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


def candidates(view: DocumentView) -> tuple[Candidate, ...]:
    """Every amount that may be the VAT, and the sum over several rates."""
    found = list(_labelled(view))
    return (*(c for _, c in found), *_summed(view, found))


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
    """The amount in another row that a rate of this row makes of `amount`, as where the VAT stands a line below its base."""
    taxes = {(amount.value * rate / 100).quantize(Decimal("0.01")) for rate in rates if rate and is_money(amount)}
    others = (a for a in view.amounts if not _same_row(a, amount) and is_money(a))
    return next((other for other in others if other.value and other.value in taxes), None)


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
