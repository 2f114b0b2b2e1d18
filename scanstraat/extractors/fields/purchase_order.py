"""The customer's order number (C2): what a label of it names; the supplier's own order number is another (BT-14)."""

from __future__ import annotations

import re

from scanstraat.extractors.candidate import Candidate
from scanstraat.extractors.document_view import DocumentView
from scanstraat.extractors.labels.table import LabelKind
from scanstraat.extractors.naming import is_other, named
from scanstraat.extractors.signals import Signal
from scanstraat.model.field import FieldName

# A number with at most some letters before or between: "PO-2026/17", "4500012345", "AB 123".
_VALUE = re.compile(
    r"(?P<text>(?=[^\t\ ]*\d|[A-Z]{1,4}\ \d)[A-Z]{0,8}\ ?[A-Z0-9]+(?:[-/._][A-Z0-9]+)*)", re.VERBOSE | re.IGNORECASE
)
LONGEST = 30


def candidates(view: DocumentView) -> tuple[Candidate, ...]:
    """Every number that a label names as the customer's order."""
    found = []
    for hit, span, signal in named(view, LabelKind.PURCHASE_ORDER, _VALUE):
        if len(span.text) > LONGEST or is_other(view, span):
            continue
        short = (Signal.SHORT,) if sum(c.isalnum() for c in span.text) < 3 else (Signal.WELL_FORMED,)
        top = (Signal.ON_TOP,) if hit.span.page == 1 else ()
        found.append(Candidate(FieldName.PURCHASE_ORDER, span.text, view.evidence(span), (signal, *short, *top)))
    return tuple(found)
