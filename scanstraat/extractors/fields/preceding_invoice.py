"""The invoice that this one corrects (C3): what a label of it names, on a credit note above all."""

from __future__ import annotations

import re

from scanstraat.extractors.candidate import Candidate
from scanstraat.extractors.document_view import DocumentView
from scanstraat.extractors.fields.is_credit_note import is_title, names_credit
from scanstraat.extractors.labels.table import LabelKind
from scanstraat.extractors.naming import is_other, named
from scanstraat.extractors.signals import Signal
from scanstraat.model.field import FieldName

_VALUE = re.compile(r"(?P<text>(?=[^\t\ ]*\d)[A-Z0-9]+(?:[-/._][A-Z0-9]+)*)", re.VERBOSE | re.IGNORECASE)
_DIRECT = frozenset({LabelKind.INVOICE_NUMBER, LabelKind.NUMBER, LabelKind.TITLE})
LONGEST = 30


def candidates(view: DocumentView) -> tuple[Candidate, ...]:
    """Every number that a label names as that of an earlier invoice."""
    found = []
    for hit, span, signal in named(view, LabelKind.PRECEDING_INVOICE, _VALUE, _DIRECT):
        if len(span.text) > LONGEST or is_other(view, span):
            continue
        credit = (Signal.TITLE,) if any(names_credit(h) and is_title(view, h) for h in view.hits if h is not hit) else ()
        found.append(Candidate(FieldName.PRECEDING_INVOICE, span.text, view.evidence(span), (signal, *credit)))
    return tuple(found)
