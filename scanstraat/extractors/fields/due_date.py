"""The due date (C1): days with a due-date label. A printed term is a field of its own; D4 makes a date of it."""

from __future__ import annotations

from scanstraat.extractors.candidate import Candidate
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
    """Whether the row speaks of a discount for paying early: its day is not the last day to pay."""
    return any(h.span.page == day.span.page and h.span.row == day.span.row for h in view.of_kind(LabelKind.DISCOUNT))


def _doubts(day: PrintedDay) -> tuple[str, ...]:
    return (f"{day.span.text} may be read with the month first",) if day.ambiguous else ()
