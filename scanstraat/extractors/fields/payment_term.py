"""The payment term (D4): what stands with its label or in a sentence about paying; canonical as `values.payment_term` has it."""

from __future__ import annotations

import re

from scanstraat.extractors.candidate import Candidate
from scanstraat.extractors.document_view import DocumentView
from scanstraat.extractors.folding import plain
from scanstraat.extractors.labels.table import LabelKind
from scanstraat.extractors.signals import Signal
from scanstraat.extractors.values.payment_term import term_in
from scanstraat.model.field import FieldName

# Words near a term that make it another one: interest, complaints, cancelling, discount.
_OTHER = re.compile(
    r"skonto|discount|escompte|rabat|korting|reclam|widerruf|verzug|overdue|retour|garant|complain"
    r"|late\ pay|retard|drojsmal|viivas|cancel|huomaut|reklam|einspruch",
    re.VERBOSE,
)
LONGEST_TERM = 180


def candidates(view: DocumentView) -> tuple[Candidate, ...]:
    """Every payment term printed beside or below a term's label, or after one in a sentence."""
    found = []
    for hit in view.of_kind(LabelKind.TERM, LabelKind.DUE_DATE):
        row = view.row(hit.span)
        rest, start = row.text[hit.span.end :], hit.span.end
        place = term_in(plain(rest))
        signal = Signal.LABEL_BESIDE if hit.leading and hit.closed else Signal.LABEL_IN_SENTENCE
        if place is None and hit.alone:
            row, start, place = _below(view, hit.span.page, hit.span.row, hit.span.box.x0)
            signal = Signal.LABEL_ABOVE
        if place is None or row is None:
            continue
        term, begin, end = place
        around = plain(row.text)
        if term.days > LONGEST_TERM or _OTHER.search(around):
            continue
        if signal is Signal.LABEL_IN_SENTENCE and begin > 60:
            continue
        found.append(Candidate(FieldName.PAYMENT_TERM, str(term), view.evidence(row.span(start + begin, start + end)), (signal,)))
    return tuple(found)


def _below(view: DocumentView, page: int, index: int, x0: float):  # type: ignore[no-untyped-def]
    for row in view.sheets[page - 1].rows[index + 1 : index + 2]:
        for segment in row.segments:
            if abs(segment.box.x0 - x0) < 20 and (place := term_in(plain(segment.text))):
                return row, segment.start, place
    return None, 0, None
