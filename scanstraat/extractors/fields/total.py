"""The total with VAT (C1, BT-112): labelled as such, else as the amount to pay, else as a plain total. 0.00 is a value (C4)."""

from __future__ import annotations

from decimal import Decimal

from scanstraat.extractors.candidate import Candidate
from scanstraat.extractors.document_view import DocumentView, PrintedAmount
from scanstraat.extractors.fields.amounts import canonical, is_money, labelled_amounts
from scanstraat.extractors.fields.vat_breakdown import sums, vat_rows
from scanstraat.extractors.labels.table import LabelKind
from scanstraat.extractors.signals import Signal
from scanstraat.model.field import Evidence, FieldName, Method

GROSS = frozenset({LabelKind.TOTAL_GROSS})
DUE = frozenset({LabelKind.TOTAL_DUE})
PLAIN = frozenset({LabelKind.TOTAL})
# A smaller share of a total than this is a rounding or a fee, and no part that has a total of its own.
LEAST_PART = Decimal("0.02")
_NOT_PAID = frozenset({LabelKind.VAT_TOTAL, LabelKind.NET_TOTAL, LabelKind.SUBTOTAL, LabelKind.DISCOUNT})

# Less than this is a rounding, nothing that was paid.
LEAST_PAID = 1


def candidates(view: DocumentView) -> tuple[Candidate, ...]:
    """Every amount that may be the total, and the amount of a payment code."""
    money = [abs(a.value) for a in view.amounts if is_money(a)]
    largest = max(money, default=None)
    found: list[tuple[PrintedAmount, Candidate]] = []
    for amount, candidate in labelled_amounts(view, FieldName.TOTAL, GROSS | DUE, PLAIN):
        kinds = {k for p in amount.pointers for k in p.kinds}
        extra = [Signal.DUE_LABEL] if not kinds & GROSS and kinds & DUE else []
        extra.extend([Signal.LARGEST] if largest is not None and abs(amount.value) == largest else [Signal.SMALLER])
        extra.extend([Signal.REPEATED] if sum(a.value == amount.value for a in view.amounts) > 1 else [])
        found.append((amount, candidate.with_signals(*extra)))
    return (*_last(_of_parts(_of_rates(view, _paid(view, found)))), *_scanned(view))


def _last(found: list[Candidate]) -> list[Candidate]:
    if found:
        last = max(found, key=lambda c: (c.evidence.page, c.evidence.box.y0) if c.evidence else (0, 0.0))
        found = [c.with_signals(Signal.LAST) if c is last else c for c in found]
    return found


def _paid(view: DocumentView, found: list[tuple[PrintedAmount, Candidate]]) -> list[Candidate]:
    """The candidates; where one less what was paid already is another, labelled as still to pay, both are marked.

    The total with VAT is wanted, not what is left of it (BT-112, BT-113, BT-115). What a discount takes off was not paid.
    """
    named = (a for a in view.amounts if is_money(a) and not any(_NOT_PAID.intersection(p.kinds) for p in a.pointers))
    paid = {abs(a.value) for a in named if abs(a.value) >= LEAST_PAID}
    left = {a.value for a, _ in found if any(DUE.intersection(p.kinds) for p in a.pointers)}
    before = {a.value: a.value - b for a, _ in found for b in left if 0 < b < a.value and a.value - b in paid}
    after = {whole - part for whole, part in before.items()}
    marked = []
    for amount, candidate in found:
        if amount.value in before:
            candidate = candidate.with_signals(Signal.BEFORE_PAID)
        elif amount.value in after:
            candidate = candidate.with_signals(Signal.AFTER_PAID)
        marked.append(candidate)
    return marked


def _of_rates(view: DocumentView, found: list[Candidate]) -> list[Candidate]:
    """The candidates; those that a single rate's row gives beside others are marked, and those that all the rows make."""
    rows = vat_rows(view)
    single = {row.base + row.vat for row in rows}
    together = {net + vat for net, vat in sums(rows)} - single
    known = [value for c in found if (value := Decimal(c.value)) in single | together]
    marked = []
    for candidate in found:
        value = Decimal(candidate.value)
        if value in together:
            candidate = candidate.with_signals(Signal.SUM_OF_RATES)
        elif value in single and abs(value) < max(map(abs, known)):
            candidate = candidate.with_signals(Signal.OF_ONE_RATE)
        marked.append(candidate)
    return marked


def _of_parts(found: list[Candidate]) -> list[Candidate]:
    """The candidates; of three amounts labelled as totals, two that make the third are parts of it, as one for each rate is."""
    values = {Decimal(c.value) for c in found if {Signal.LABEL_BESIDE, Signal.WEAK_LABEL_BESIDE}.intersection(c.signals)}
    parts = {a: a + b for a in values for b in values if min(a, b) > LEAST_PART * (a + b) and a + b in values}
    marked = []
    for candidate in found:
        value = Decimal(candidate.value)
        if value in parts and Signal.OF_ONE_RATE not in candidate.signals:
            candidate = candidate.with_signals(Signal.OF_ONE_RATE)
        elif value in parts.values():
            candidate = candidate.with_signals(Signal.SUM_OF_RATES)
        marked.append(candidate)
    return marked


def _scanned(view: DocumentView) -> list[Candidate]:
    return [
        Candidate(
            FieldName.TOTAL,
            canonical(s.code.amount),
            Evidence(s.page, s.box, str(s.code.amount), Method.BARCODE),
            (Signal.IN_QR,),
        )
        for s in view.codes
        if s.code.amount is not None
    ]
