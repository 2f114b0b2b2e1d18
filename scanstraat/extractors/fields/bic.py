"""The BIC of the supplier's bank (C5): words of BIC form beside a BIC label or with the IBAN, and payment codes."""

from __future__ import annotations

import re

from scanstraat.extractors.candidate import Candidate
from scanstraat.extractors.document_view import DocumentView
from scanstraat.extractors.labels.finding import LabelHit
from scanstraat.extractors.labels.table import LabelKind
from scanstraat.extractors.layout import Span
from scanstraat.extractors.parties import Side
from scanstraat.extractors.signals import Signal
from scanstraat.extractors.values.iban import bics_in
from scanstraat.model.field import Evidence, FieldName, Method

# Labels may stand this many rows above a BIC, and an IBAN this many rows away.
ROWS_NEAR = 2
_ODD = re.compile(r"[:\s\t]*(?P<text>[A-Z]{4}\ ?[A-Z]{1,2}\ ?[A-Z0-9]{2,3}\ ?(?:[A-Z0-9]{3})?)(?![\w])", re.VERBOSE)


def candidates(view: DocumentView) -> tuple[Candidate, ...]:
    """Every BIC that may be the supplier's."""
    labels = view.of_kind(LabelKind.BIC)
    ibans = [p.span for p in view.ibans]
    found = []
    for sheet in view.sheets:
        for row in sheet.rows:
            for start, value in bics_in(row.text):
                signals = _signals(view, row.span(start, start + len(value)), labels, ibans)
                if signals:
                    found.append(Candidate(FieldName.BIC, value, view.evidence(row.span(start, start + len(value))), signals))
    if not found:
        found.extend(_odd(view, labels))
    for scanned in view.codes:
        if scanned.code.bic:
            evidence = Evidence(scanned.page, scanned.box, scanned.code.bic, Method.BARCODE)
            found.append(Candidate(FieldName.BIC, scanned.code.bic, evidence, (Signal.IN_QR,)))
    return tuple(found)


def _signals(view: DocumentView, span: Span, labels: tuple[LabelHit, ...], ibans: list[Span]) -> tuple[Signal, ...]:
    """What speaks for a word of BIC form; nothing where neither label nor IBAN is near, since many words have that form."""
    near = [h for h in labels if h.span.page == span.page and 0 <= span.row - h.span.row <= ROWS_NEAR]
    signals = []
    if any(h.span.row == span.row and h.span.end <= span.start for h in near):
        signals.append(Signal.LABEL_BESIDE)
    elif any(h.span.row < span.row and h.span.box.x0 - 15 < span.box.x1 and span.box.x0 < h.span.box.x1 + 60 for h in near):
        signals.append(Signal.LABEL_ABOVE)
    if any(i.page == span.page and abs(i.row - span.row) <= ROWS_NEAR for i in ibans):
        signals.append(Signal.NEXT_TO_IBAN)
        if any(i.page == span.page and abs(i.row - span.row) <= ROWS_NEAR and i.text[:2] == span.text[4:6] for i in ibans):
            signals.append(Signal.FITS_IBAN)
    if Signal.LABEL_BESIDE not in signals and Signal.LABEL_ABOVE not in signals and Signal.FITS_IBAN not in signals:
        return ()
    if view.within(span, Side.BUYER):
        signals.append(Signal.BUYERS)
    return tuple(signals)


def _odd(view: DocumentView, labels: tuple[LabelHit, ...]) -> list[Candidate]:
    """What a BIC label names although it has no BIC's form, or is broken by blanks."""
    found = []
    for hit in labels:
        row = view.row(hit.span)
        match = _ODD.match(row.text, hit.span.end)
        if match:
            value = match["text"].replace(" ", "")
            whole = next((v for _, v in bics_in(value)), None)
            signals = (Signal.LABEL_BESIDE,) if whole else (Signal.LABEL_BESIDE, Signal.ODD_FORM)
            doubts = () if whole else (f"{value} does not have the form of a BIC",)
            span = row.span(match.start("text"), match.end("text"))
            if len(value) >= 8:
                found.append(Candidate(FieldName.BIC, value, view.evidence(span), signals, doubts))
    return found
