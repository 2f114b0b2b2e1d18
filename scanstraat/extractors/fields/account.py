"""The account as printed where there is no IBAN (C5): bankgiro, plusgiro, a foreign account number beside its label."""

from __future__ import annotations

import re

from scanstraat.extractors.candidate import Candidate
from scanstraat.extractors.document_view import DocumentView
from scanstraat.extractors.folding import plain
from scanstraat.extractors.labels.finding import LabelHit
from scanstraat.extractors.labels.table import LabelKind
from scanstraat.extractors.layout import Span
from scanstraat.extractors.parties import Side
from scanstraat.extractors.signals import Signal
from scanstraat.extractors.values.iban import LENGTHS
from scanstraat.model.field import Evidence, FieldName, Method

_NUMBER = re.compile(
    r"[\s:.#]*(?:(?:no|nr|number|bank)\b[.:\s]*)?(?P<text>[A-Z]{0,4}\d[\d]*(?:[-\ ./]\d+){0,6})(?![\w,%])",
    re.VERBOSE | re.IGNORECASE,
)
_GIRO = re.compile(r"giro|bank|^bg|^pg|rib|ccp", re.VERBOSE)
_BANK = re.compile(r"bank|swift|\bbic\b|sort\ code|routing|clearing|banque|banco|banca|\baba\b|\bifsc\b", re.VERBOSE)
# Bank details of one account begin within this many points of each other.
SAME_COLUMN = 40.0
# A label this long tells by itself, even within a line of bank details.
TELLING = 8
# Fewest digits an account has: a Swedish bankgiro has 7, a plusgiro may have fewer.
FEWEST, MOST = 5, 22


def candidates(view: DocumentView) -> tuple[Candidate, ...]:
    """Every account number that a label names, and those of payment codes."""
    found = []
    for hit in view.of_kind(LabelKind.ACCOUNT):
        if not hit.leading and not hit.closed and len(hit.phrase) < TELLING:
            continue
        row = view.row(hit.span)
        match = _NUMBER.match(row.text, hit.span.end)
        span = row.span(match.start("text"), match.end("text")) if match else None
        if span is None and hit.closed:
            span = _below(view, hit)
        if span is None or not FEWEST <= sum(c.isdigit() for c in span.text) <= MOST or _is_iban(span.text):
            continue
        side = (Signal.BUYERS,) if view.within(span, Side.BUYER) else ()
        label = Signal.LABEL_BESIDE if match else Signal.LABEL_ABOVE
        bank = (Signal.BANK_NEAR,) if _bank_near(view, hit) else ()
        found.append(Candidate(FieldName.ACCOUNT, span.text.strip(), view.evidence(span), (label, *bank, *side)))
    for scanned in view.codes:
        if scanned.code.account:
            evidence = Evidence(scanned.page, scanned.box, scanned.code.account, Method.BARCODE)
            found.append(Candidate(FieldName.ACCOUNT, scanned.code.account, evidence, (Signal.IN_QR,)))
    return tuple(found)


def _bank_near(view: DocumentView, hit: LabelHit) -> bool:
    """Whether bank details stand around: "account number" alone is often the customer's number with the supplier."""
    if _GIRO.search(hit.phrase):
        return True
    rows = view.sheets[hit.span.page - 1].rows[max(0, hit.span.row - 2) : hit.span.row + 3]
    near = (s for row in rows for s in row.segments if row.index == hit.span.row or abs(s.box.x0 - hit.span.box.x0) < SAME_COLUMN)
    return any(_BANK.search(plain(segment.text)) for segment in near)


def _is_iban(text: str) -> bool:
    return text[:2] in LENGTHS and text[2:4].isdigit()


def _below(view: DocumentView, hit: LabelHit) -> Span | None:
    """The number in the label's column of the next row."""
    box = hit.span.box
    for below in view.sheets[hit.span.page - 1].rows[hit.span.row + 1 : hit.span.row + 2]:
        for segment in below.segments:
            beneath = segment.box.x0 < box.x1 and segment.box.x1 > box.x0
            if beneath and (match := _NUMBER.match(below.text, segment.start)):
                return below.span(match.start("text"), match.end("text"))
    return None
