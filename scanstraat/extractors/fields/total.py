"""The total with VAT (C1, BT-112): labelled as such, else as the amount to pay, else as a plain total. 0.00 is a value (C4)."""

from __future__ import annotations

from scanstraat.extractors.candidate import Candidate
from scanstraat.extractors.document_view import DocumentView
from scanstraat.extractors.fields.amounts import canonical, is_money, labelled_amounts
from scanstraat.extractors.labels.table import LabelKind
from scanstraat.extractors.signals import Signal
from scanstraat.model.field import Evidence, FieldName, Method

GROSS = frozenset({LabelKind.TOTAL_GROSS})
DUE = frozenset({LabelKind.TOTAL_DUE})
PLAIN = frozenset({LabelKind.TOTAL})


def candidates(view: DocumentView) -> tuple[Candidate, ...]:
    """Every amount that may be the total, and the amount of a payment code."""
    money = [abs(a.value) for a in view.amounts if is_money(a)]
    largest = max(money, default=None)
    found = []
    for amount, candidate in labelled_amounts(view, FieldName.TOTAL, GROSS | DUE, PLAIN):
        kinds = {k for p in amount.pointers for k in p.kinds}
        extra = [Signal.DUE_LABEL] if not kinds & GROSS and kinds & DUE else []
        extra.extend([Signal.LARGEST] if largest is not None and abs(amount.value) == largest else [Signal.SMALLER])
        extra.extend([Signal.REPEATED] if sum(a.value == amount.value for a in view.amounts) > 1 else [])
        found.append(candidate.with_signals(*extra))
    if found:
        last = max(found, key=lambda c: (c.evidence.page, c.evidence.box.y0) if c.evidence else (0, 0.0))
        found = [c.with_signals(Signal.LAST) if c is last else c for c in found]
    return (*found, *_scanned(view))


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
