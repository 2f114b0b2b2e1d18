"""Dates judged together: the due date does not precede the invoice date, and a printed term gives it (C7)."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

from scanstraat.extractors.candidate import Candidate
from scanstraat.extractors.signals import Signal
from scanstraat.extractors.values.payment_term import PaymentTerm, parse_term
from scanstraat.extractors.weights import score
from scanstraat.model.field import FieldName

# Due dates farther off than this are something else.
FARTHEST = timedelta(days=200)
# How many of the likeliest dates are tried with one another.
TRIED = 4


def judged(found: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """The candidates, dates marked by how well they go with the other date of the best pair."""
    terms = tuple(t for c in found if c.field is FieldName.PAYMENT_TERM and (t := parse_term(c.value)))
    pair = _best_pair(found, terms)
    if pair is None:
        return found
    issued, due = pair
    out = []
    for candidate in found:
        if candidate.field is FieldName.DUE_DATE:
            candidate = _marked(candidate, issued, date.fromisoformat(candidate.value), terms)
        elif candidate.field is FieldName.INVOICE_DATE:
            candidate = _marked(candidate, date.fromisoformat(candidate.value), due, terms)
        out.append(candidate)
    return tuple(out)


def _best_pair(found: tuple[Candidate, ...], terms: tuple[PaymentTerm, ...]) -> tuple[date, date] | None:
    """The invoice date and due date that are likeliest together; None where either is not printed."""
    sides = [_likeliest(found, field) for field in (FieldName.INVOICE_DATE, FieldName.DUE_DATE)]
    best: tuple[float, date, date] | None = None
    for one, other in product(*sides):
        issued, due = date.fromisoformat(one.value), date.fromisoformat(other.value)
        worth = score(_marked(one, issued, due, terms)) + score(_marked(other, issued, due, terms))
        if best is None or worth > best[0]:
            best = (worth, issued, due)
    return best[1:] if best else None


def _likeliest(found: tuple[Candidate, ...], field: FieldName) -> list[Candidate]:
    return sorted((c for c in found if c.field is field), key=score, reverse=True)[:TRIED]


def _marked(candidate: Candidate, issued: date, due: date, terms: tuple[PaymentTerm, ...]) -> Candidate:
    if due < issued:
        doubt = f"the due date {due} would precede the invoice date {issued}"
        return candidate.with_signals(Signal.DUE_BEFORE_DATE).with_doubt(doubt)
    signals = [Signal.DUE_AFTER_DATE] if due - issued <= FARTHEST else []
    signals.extend([Signal.FITS_TERM] if any(t.due(issued) == due for t in terms) else [])
    return candidate.with_signals(*signals)
