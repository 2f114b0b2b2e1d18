"""The payment reference (C2): what its label names, what its form tells (RF, +++, FIK, Swiss QR), and payment codes.

Check digits are those of the scheme (`values/payment_reference.py`): betalingskenmerk, viite, OCR, KID and the others. One that
fails is read all the same, and doubted (C7).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanstraat.extractors.candidate import Candidate
from scanstraat.extractors.document_view import DocumentView
from scanstraat.extractors.fields.countries import countries
from scanstraat.extractors.labels.table import LabelKind
from scanstraat.extractors.layout import Span
from scanstraat.extractors.naming import is_other, named
from scanstraat.extractors.signals import Signal
from scanstraat.extractors.values.payment_reference import PaymentReference, evident, reference
from scanstraat.model.field import Evidence, FieldName, Method

_VALUE = re.compile(r"(?P<text>(?:\+\+\+|\*\*\*|\+)?[A-Z]{0,4}\d[\w+*<]*(?:[\ /.-]{1,2}[\d+*<]+)*(?:-[A-Z0-9]+)*)", re.VERBOSE)
_DIRECT = frozenset({LabelKind.INVOICE_NUMBER, LabelKind.NUMBER, LabelKind.PAYMENT_REFERENCE})
FEWEST, MOST = 3, 35


def candidates(view: DocumentView) -> tuple[Candidate, ...]:
    """Every text that may be the reference to pay with."""
    found = [*_labelled(view), *_evident(view)]
    for scanned in view.codes:
        if scanned.code.reference:
            evidence = Evidence(scanned.page, scanned.box, scanned.code.reference, Method.BARCODE)
            known = evident(scanned.code.reference)
            value = known[0].value if known else " ".join(scanned.code.reference.split())
            found.append(Candidate(FieldName.PAYMENT_REFERENCE, value, evidence, (Signal.IN_QR,)))
    return tuple(found)


def _labelled(view: DocumentView) -> Iterator[Candidate]:
    of = countries(view)
    for _, span, signal in named(view, LabelKind.PAYMENT_REFERENCE, _VALUE, _DIRECT):
        if FEWEST <= sum(c.isdigit() for c in span.text) <= MOST and not is_other(view, span):
            yield _candidate(view, span, reference(span.text, of), signal)


def _evident(view: DocumentView) -> Iterator[Candidate]:
    for sheet in view.sheets:
        for row in sheet.rows:
            found = evident(row.text)
            if found:
                yield _candidate(view, row.span(found[1], found[2]), found[0], Signal.WELL_FORMED)


def _candidate(view: DocumentView, span: Span, read: PaymentReference, signal: Signal) -> Candidate:
    signals, doubts = [signal], []
    if read.checks is not None:
        signals.append(Signal.CHECKS if read.checks else Signal.FAILS_CHECK)
    if read.checks is False:
        doubts.append(f"the check digits of {read.value} do not hold")
    return Candidate(FieldName.PAYMENT_REFERENCE, read.value, view.evidence(span), tuple(signals), tuple(doubts))
