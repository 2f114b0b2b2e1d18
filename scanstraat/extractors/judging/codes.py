"""Payment codes against print (C7): a code outranks print, but where they disagree a person looks.

So too where a code fails its check. Amounts are compared where they are judged together (`judging/amounts.py`).
"""

from __future__ import annotations

from scanstraat.extractors.candidate import Candidate
from scanstraat.extractors.document_view import DocumentView
from scanstraat.extractors.signals import Signal
from scanstraat.extractors.weights import score
from scanstraat.model.field import FieldName, Method

COMPARED = frozenset(
    {
        FieldName.IBAN,
        FieldName.ACCOUNT,
        FieldName.INVOICE_NUMBER,
        FieldName.INVOICE_DATE,
        FieldName.DUE_DATE,
        FieldName.VAT_NUMBER,
        FieldName.PAYMENT_REFERENCE,
    }
)
PAYEE = frozenset({FieldName.IBAN, FieldName.ACCOUNT})
# A printed value with log-odds from here on is a reading that a code can disagree with.
READ = 0.0


def judged(view: DocumentView, found: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """The candidates, printed ones that a code repeats marked, and doubts where print and code are at odds."""
    if view.codes:
        scanned = {field: {c.value for c in found if c.field is field and _is_scanned(c)} for field in COMPARED}
        printed = {field: {c.value for c in found if c.field is field and _is_read(c)} for field in COMPARED}
        found = tuple(_compared(c, scanned.get(c.field, set()), printed.get(c.field, set())) for c in found)
    for fault in view.code_faults:
        found = tuple(c.with_doubt(fault) if c.field in PAYEE else c for c in found)
    return found


def _is_scanned(candidate: Candidate) -> bool:
    return candidate.evidence is not None and candidate.evidence.method is Method.BARCODE


def _is_read(candidate: Candidate) -> bool:
    return not _is_scanned(candidate) and score(candidate) >= READ


def _compared(candidate: Candidate, scanned: set[str], printed: set[str]) -> Candidate:
    if not scanned:
        return candidate
    if candidate.value not in scanned:
        return candidate.with_signals(Signal.AGAINST_QR)
    if printed and candidate.value not in printed:
        return candidate.with_doubt(f"the payment code says {candidate.value}, print says {', '.join(sorted(printed))}")
    return candidate.with_signals(Signal.IN_QR)
