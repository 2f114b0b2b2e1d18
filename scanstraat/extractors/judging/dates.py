"""Dates judged together: the due date does not precede the invoice date, and a printed term gives it (C7)."""

from __future__ import annotations

from datetime import date, timedelta

from scanstraat.extractors.candidate import Candidate
from scanstraat.extractors.signals import Signal
from scanstraat.extractors.values.payment_term import parse_term
from scanstraat.extractors.weights import score
from scanstraat.model.field import FieldName

# Due dates farther off than this are something else.
FARTHEST = timedelta(days=200)


def judged(found: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """The candidates, dates marked by how well they go together."""
    issued = _best(found, FieldName.INVOICE_DATE)
    due = _best(found, FieldName.DUE_DATE)
    if issued is None or due is None:
        return found
    terms = [t for c in found if c.field is FieldName.PAYMENT_TERM and (t := parse_term(c.value))]
    out = []
    for candidate in found:
        if candidate.field is FieldName.DUE_DATE:
            candidate = _marked(candidate, date.fromisoformat(issued.value), date.fromisoformat(candidate.value))
            if any(t.due(date.fromisoformat(issued.value)).isoformat() == candidate.value for t in terms):
                candidate = candidate.with_signals(Signal.FITS_TERM)
        elif candidate.field is FieldName.INVOICE_DATE:
            candidate = _marked(candidate, date.fromisoformat(candidate.value), date.fromisoformat(due.value))
            if any(t.due(date.fromisoformat(candidate.value)).isoformat() == due.value for t in terms):
                candidate = candidate.with_signals(Signal.FITS_TERM)
        out.append(candidate)
    return tuple(out)


def _best(found: tuple[Candidate, ...], field: FieldName) -> Candidate | None:
    return max((c for c in found if c.field is field), key=score, default=None)


def _marked(candidate: Candidate, issued: date, due: date) -> Candidate:
    if due < issued:
        doubt = f"the due date {due} would precede the invoice date {issued}"
        return candidate.with_signals(Signal.DUE_BEFORE_DATE).with_doubt(doubt)
    if due - issued <= FARTHEST:
        return candidate.with_signals(Signal.DUE_AFTER_DATE)
    return candidate
