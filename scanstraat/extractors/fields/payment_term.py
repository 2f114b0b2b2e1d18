"""The payment term (D4): what stands with its label or in a sentence about paying; canonical as `values.payment_term` has it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanstraat.extractors.candidate import Candidate
from scanstraat.extractors.clauses import clause
from scanstraat.extractors.document_view import DocumentView
from scanstraat.extractors.folding import plain
from scanstraat.extractors.labels.finding import LabelHit
from scanstraat.extractors.labels.table import LabelKind
from scanstraat.extractors.layout import Span
from scanstraat.extractors.signals import Signal
from scanstraat.extractors.values.payment_term import PaymentTerm, term_in
from scanstraat.model.field import FieldName

# Words in a term's clause that make it another one: discount, interest, complaints, cancelling.
_OTHER = re.compile(
    r"skonto|discount|escompte|rabat|korting|sconto|descuento|desconto|alennus|\d\ ?%|reclam|reklam|complain|huomaut|anmarkning"
    r"|discrepan|notify|innvending|indsigelse|bezwaar|beanstand|contest|einspruch|widerruf|cancel|retour|garant"
    r"|verzug|overdue|late\ pay|retard|drojsmal|viivas",
    re.VERBOSE,
)
LONGEST_TERM = 180
# In a sentence, a term stands at most this many letters behind its label.
REACH = 60
# A term stands at most this many row heights below its label.
BELOW = 3.2


def candidates(view: DocumentView) -> tuple[Candidate, ...]:
    """Every payment term printed beside or below a term's label, or after one in a sentence."""
    return tuple(c for hit in view.of_kind(LabelKind.TERM, LabelKind.DUE_DATE) for c in _of_label(view, hit))


def _of_label(view: DocumentView, hit: LabelHit) -> Iterator[Candidate]:
    row = view.row(hit.span)
    found = list(_terms(row.text, hit.span.end, len(row.text)))
    if found:
        headed = hit.leading and hit.closed
        for term, start, end in found:
            if headed or start - hit.span.end <= REACH:
                signal = Signal.LABEL_BESIDE if headed else Signal.LABEL_IN_SENTENCE
                yield _candidate(view, term, row.span(start, end), signal)
    elif hit.alone:
        yield from _below(view, hit)


def _below(view: DocumentView, hit: LabelHit) -> Iterator[Candidate]:
    """The terms in the label's column of the next rows, as far as nothing else stands in it."""
    box = hit.span.box
    for row in view.sheets[hit.span.page - 1].rows[hit.span.row + 1 : hit.span.row + 4]:
        if row.box.y0 - box.y1 > BELOW * max(row.em, box.height):
            return
        beneath = [s for s in row.segments if abs(s.box.x0 - box.x0) < 20 or s.box.x0 < box.middle[0] < s.box.x1]
        for segment in beneath:
            for term, start, end in _terms(row.text, segment.start, segment.end):
                yield _candidate(view, term, row.span(start, end), Signal.LABEL_ABOVE)
        if beneath:
            return


def _terms(text: str, start: int, end: int) -> Iterator[tuple[PaymentTerm, int, int]]:
    """The terms in a stretch of text, one a clause, with their places; clauses about discount or interest are left out."""
    while start < end:
        stop = min(clause(text, start)[1], end)
        place = term_in(plain(text[start:stop]))
        first, last = clause(text, start + place[1]) if place else (start, stop)
        if place and place[0].days <= LONGEST_TERM and not _OTHER.search(plain(text[first:last])):
            yield place[0], start + place[1], start + place[2]
        start = max(stop, start + 1)


def _candidate(view: DocumentView, term: PaymentTerm, span: Span, signal: Signal) -> Candidate:
    return Candidate(FieldName.PAYMENT_TERM, str(term), view.evidence(span), (signal,))
