"""The invoice date (C1): days with an invoice-date label, a bare date label, or near the title."""

from __future__ import annotations

import re

from scanstraat.extractors.candidate import Candidate
from scanstraat.extractors.document_view import DocumentView, PrintedDay
from scanstraat.extractors.labelled import label_signals
from scanstraat.extractors.labels.finding import LabelHit
from scanstraat.extractors.labels.table import LabelKind
from scanstraat.extractors.signals import Signal
from scanstraat.model.field import FieldName

STRONG = frozenset({LabelKind.INVOICE_DATE})
WEAK = frozenset({LabelKind.DATE, LabelKind.TITLE, LabelKind.TITLE_CREDIT})
_TIME = re.compile(r"\s*[-,]?\s*\d{1,2}:\d{2}(?!\d)", re.VERBOSE)
_NUMBERS = frozenset({LabelKind.INVOICE_NUMBER, LabelKind.NUMBER})


def candidates(view: DocumentView) -> tuple[Candidate, ...]:
    """Every day that may be the invoice date."""
    return tuple(_candidate(view, day, i) for i, day in enumerate(view.days))


def _candidate(view: DocumentView, day: PrintedDay, order: int) -> Candidate:
    signals = list(label_signals(day.pointers, STRONG, WEAK))
    nearest = day.pointers[0] if day.pointers else None
    if Signal.OTHER_LABEL in signals and nearest and _NUMBERS.intersection(nearest.kinds):
        # "Invoice 4711, 3 May 2024": the number's label reaches over the number to the day.
        signals = [Signal.TITLE_BESIDE if nearest.hit.span.row == day.span.row else Signal.NO_LABEL]
    if nearest and signals == [Signal.NO_LABEL] and LabelKind.DUE_DATE in nearest.kinds:
        signals = [Signal.OTHER_LABEL]
    if any(_titles(hit) and hit.span.end <= day.span.start for hit in view.on_row(day.span)):
        signals.append(Signal.TITLE_NEAR)
    page = view.sheets[day.span.page - 1]
    if page.is_roll and _TIME.match(view.row(day.span).text, day.span.end):
        signals = [*(s for s in signals if s is not Signal.OTHER_LABEL), Signal.WITH_TIME]
    signals.extend([Signal.ON_TOP] if day.span.page == 1 and day.span.box.y0 < 0.45 * page.height else [])
    signals.extend([Signal.FOOTER] if day.span.box.y0 > 0.9 * page.height else [])
    signals.extend([Signal.FIRST] if order == 0 else [])
    signals.extend([Signal.AMBIGUOUS_DAY] if day.ambiguous else [])
    if sum(d.value == day.value for d in view.days) > 1:
        signals.append(Signal.REPEATED)
    if len({d.value for d in view.days}) == 1 and Signal.OTHER_LABEL not in signals:
        signals.append(Signal.ONLY_ONE)
    if (
        any(d.span.row == day.span.row and d.span.page == day.span.page and d is not day for d in view.days)
        and Signal.NO_LABEL in signals
    ):
        signals.append(Signal.SENTENCE)
    return Candidate(FieldName.INVOICE_DATE, day.value.isoformat(), view.evidence(day.span), tuple(signals), _doubts(day))


def _titles(hit: LabelHit) -> bool:
    """Whether a label is the document's title or number, as in "Invoice 4711 of 3 May 2024"."""
    telling = {LabelKind.TITLE, LabelKind.TITLE_CREDIT, LabelKind.INVOICE_NUMBER}.intersection(hit.kinds)
    return bool(telling) and hit.leading and hit.span.page == 1


def _doubts(day: PrintedDay) -> tuple[str, ...]:
    return (f"{day.span.text} may be read with the month first",) if day.ambiguous else ()
