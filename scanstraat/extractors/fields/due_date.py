"""The due date (C1): days with a due-date label. A printed term is a field of its own; D4 makes a date of it."""

from __future__ import annotations

from scanstraat.extractors.candidate import Candidate
from scanstraat.extractors.clauses import clause
from scanstraat.extractors.document_view import DocumentView, PrintedDay
from scanstraat.extractors.labelled import label_signals
from scanstraat.extractors.labels.table import LabelKind
from scanstraat.extractors.signals import Signal
from scanstraat.model.field import FieldName

STRONG = frozenset({LabelKind.DUE_DATE})
WEAK = frozenset({LabelKind.TOTAL_DUE, LabelKind.TERM})


def candidates(view: DocumentView) -> tuple[Candidate, ...]:
    """Every day that a label names as the day to pay."""
    return tuple(c for day in view.days if (c := _candidate(view, day)) is not None)


def _candidate(view: DocumentView, day: PrintedDay) -> Candidate | None:
    signals = list(label_signals(day.pointers, STRONG, WEAK))
    if {Signal.NO_LABEL, Signal.OTHER_LABEL} & set(signals):
        return None
    if _is_discount(view, day):
        signals.append(Signal.OTHER_LABEL)
    if sum(d.value == day.value for d in view.days) > 1:
        signals.append(Signal.REPEATED)
    return Candidate(FieldName.DUE_DATE, day.value.isoformat(), view.evidence(day.span), tuple(signals), _doubts(day))


def _is_discount(view: DocumentView, day: PrintedDay) -> bool:
    """Whether the day's clause speaks of a discount for paying early: it is not the last day to pay then."""
    start, end = clause(view.row(day.span).text, day.span.start)
    discounts = (h for h in view.on_row(day.span) if LabelKind.DISCOUNT in h.kinds)
    return any(start <= h.span.start < end for h in discounts)


def _doubts(day: PrintedDay) -> tuple[str, ...]:
    return (f"{day.span.text} may be read with the month first",) if day.ambiguous else ()
