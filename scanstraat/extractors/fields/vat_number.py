"""The supplier's VAT number (C1): numbers of a country's form and what a VAT label names; never the customer's (C6)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from scanstraat.extractors.candidate import Candidate
from scanstraat.extractors.captions import captioned
from scanstraat.extractors.document_view import DocumentView
from scanstraat.extractors.fields.vat_labelled import bare, named_by_label
from scanstraat.extractors.identities import PrintedNumber
from scanstraat.extractors.labels.finding import LabelHit
from scanstraat.extractors.labels.table import LabelKind
from scanstraat.extractors.layout import GAP, Span
from scanstraat.extractors.parties import Side
from scanstraat.extractors.pointing import Pointer, pointers
from scanstraat.extractors.signals import Signal
from scanstraat.extractors.values.iban import LENGTHS
from scanstraat.extractors.values.iban import checks as iban_checks
from scanstraat.extractors.values.vat_number import checks, country_without_prefix, has_form, without_lookalikes
from scanstraat.extractors.whose import names_theirs, side_signals
from scanstraat.model.field import FieldName, Method

# The Swiss company number is the VAT number behind which one of these words stands (ESTV), the Norwegian one with "MVA".
_SWISS = re.compile(r"(?P<number>CHE\d{9})(?:MWST|TVA|IVA)", re.VERBOSE)
_NAMED_TAX = re.compile(r"CHE\d{9}(?:MWST|TVA|IVA)|NO\d{9}MVA", re.VERBOSE)
_TELLING = frozenset({LabelKind.VAT_NUMBER, LabelKind.YOUR_VAT_NUMBER, LabelKind.REGISTER_NUMBER})
_THEIRS = frozenset({Signal.BUYER_LABEL, Signal.BUYERS, Signal.IN_WINDOW})
# A number of fewer characters is believed only where its check digits hold.
SHORTEST_UNCHECKED = 8
_NORWEGIAN = re.compile(r"NO\d{9}", re.VERBOSE)
# Where a company tells who it is, its numbers stand within so many points of each other.
COMPANY_REACH = 30.0
# What is broken over two rows begins at most so many points apart.
SAME_LEFT = 5.0
# The head of an IBAN that goes on in the next row: "RO09 INGB 0000", "PL33 1140 2004".
_IBAN_HEAD = re.compile(r"[A-Z]{2}\d{2}(?:\ [A-Z0-9]{4})*", re.VERBOSE)


def candidates(view: DocumentView) -> tuple[Candidate, ...]:
    """Every VAT number that may be the supplier's."""
    own = {bare(number) for number in view.own.vat_numbers}
    printed = [_with_mva(view, p) for p in view.vat_numbers if not _begins_iban(view, p)]
    printed.extend(named_by_label(view, {p.text for p in printed}))
    printed.sort(key=lambda p: (p.span.page, p.span.row, p.span.start))
    spans = tuple(p.span for p in printed)
    hits = tuple(h for h in view.hits if LabelKind.BUYER not in h.kinds)  # "Adószám (vevő)" is one label
    pointed = tuple(tuple(p for p in ps if not _TELLING.isdisjoint(p.kinds)) for ps in pointers(spans, hits, view.sheets))
    labels = captioned(spans, pointed, view.hits)
    found = [_candidate(view, p, _kinds(view, p, found)) for p, found in zip(printed, labels, strict=True)]
    return tuple(_first_marked([c for c in found if bare(c.value) not in own]))


def _with_mva(view: DocumentView, printed: PrintedNumber) -> PrintedNumber:
    """A Norwegian number with the "MVA" that stands below it where it is broken over two rows."""
    if not _NORWEGIAN.fullmatch(printed.text):
        return printed
    below = view.sheets[printed.span.page - 1].rows[printed.span.row + 1 : printed.span.row + 3]
    broken = any(s.text.strip() == "MVA" and abs(s.box.x0 - printed.span.box.x0) < SAME_LEFT for r in below for s in r.segments)
    return replace(printed, text=printed.text + "MVA") if broken else printed


def _begins_iban(view: DocumentView, printed: PrintedNumber) -> bool:
    """Whether a number is the head of an account, which may be broken over two rows."""
    span = printed.span
    accounts = (i.span for i in view.ibans if iban_checks(i.text))
    if any((a.page, a.row) == (span.page, span.row) and a.start <= span.start < a.end for a in accounts):
        return True
    text = view.row(span).text[span.start :]
    head = _IBAN_HEAD.match(text)
    if not head or printed.text[:2] not in LENGTHS or len(bare(head[0])) < len(printed.text):
        return False
    return len(printed.text) < SHORTEST_UNCHECKED or (not checks(printed.text) and text[head.end() : head.end() + 1] in {"", GAP})


def _kinds(view: DocumentView, printed: PrintedNumber, labels: tuple[Pointer, ...]) -> frozenset[LabelKind]:
    """What the labels of a number say: the nearest that speaks of numbers of companies, and the one that led to it."""
    telling = next((p.hit for p in labels), None)
    hits = [hit for hit in (telling, printed.label, *_leading_to(view, printed.span)) if hit is not None]
    kinds = {kind for hit in hits for kind in hit.kinds}
    if LabelKind.VAT_NUMBER in kinds and any(names_theirs(view, hit) for hit in hits):
        kinds = kinds - {LabelKind.VAT_NUMBER} | {LabelKind.YOUR_VAT_NUMBER}
    return frozenset(kinds)


def _leading_to(view: DocumentView, span: Span) -> Iterator[LabelHit]:
    """The labels before a number with nothing but marks between ("Y-tunnus/ALV: FI10339016"); one may hold its prefix."""
    text, end = view.row(span).text, span.start
    for hit in reversed([h for h in view.on_row(span) if h.span.start < span.start]):
        if any(c.isalnum() for c in text[hit.span.end : end]):
            return
        end = hit.span.start
        yield hit


def _first_marked(found: list[Candidate]) -> Iterator[Candidate]:
    """The candidates, those that no label gives to the customer anywhere, the first of them marked."""
    theirs = {c.value for c in found if _THEIRS.intersection(c.signals)}
    first = next((c.value for c in found if c.value not in theirs), None)
    for candidate in found:
        yield candidate.with_signals(Signal.FIRST) if candidate.value == first else candidate


def _candidate(view: DocumentView, printed: PrintedNumber, kinds: frozenset[LabelKind]) -> Candidate:
    swiss = _SWISS.fullmatch(printed.text)
    value, signals, doubts = swiss["number"] if swiss else printed.text, [], []
    labelled = LabelKind.VAT_NUMBER in kinds or LabelKind.YOUR_VAT_NUMBER in kinds
    better = without_lookalikes(value) if view.method(printed.span.page) is Method.OCR and not checks_form(value) else None
    if better:
        value = better
        signals.append(Signal.REPAIRED)
    if country_without_prefix(value):
        signals.append(Signal.CHECKS)
    elif not has_form(value):
        signals.append(Signal.ODD_FORM)
        doubts.append(f"{value} does not have the form of a VAT number")
    elif checks(value):
        signals.append(Signal.CHECKS)
    else:
        signals.append(Signal.FAILS_CHECK)
        doubts.append(f"the check digit of {value} does not hold")
    if not labelled and Signal.CHECKS not in signals and LabelKind.REGISTER_NUMBER not in kinds:
        signals.append(Signal.NO_LABEL)
    told = LabelKind.YOUR_VAT_NUMBER not in kinds and _NAMED_TAX.fullmatch(printed.text) is not None
    signals.extend([Signal.LABEL_BESIDE] if LabelKind.VAT_NUMBER in kinds or told else [])
    signals.extend([Signal.OTHER_LABEL] if LabelKind.REGISTER_NUMBER in kinds and not labelled and not told else [])
    signals.extend([Signal.BUYER_LABEL] if LabelKind.YOUR_VAT_NUMBER in kinds else [])
    signals.extend([] if printed.prefixed else [Signal.PREFIX_ADDED])
    signals.extend([Signal.NEAR_IDENTITY] if _beside_identity(view, printed.span) else [])
    signals.extend(side_signals(view, printed.span, Side.BUYER, Side.DELIVERY))
    signals.extend([Signal.FOOTER] if printed.span.box.y0 > 0.85 * view.sheets[printed.span.page - 1].height else [])
    return Candidate(FieldName.VAT_NUMBER, value, view.evidence(printed.span), tuple(signals), tuple(doubts))


def _beside_identity(view: DocumentView, span: Span) -> bool:
    """Whether a register number's label or an account stands with a number, as where a company tells who it is."""
    others = (*(h.span for h in view.of_kind(LabelKind.REGISTER_NUMBER)), *(i.span for i in view.ibans))
    near = (o for o in others if o.page == span.page and abs(o.box.y0 - span.box.y0) <= COMPANY_REACH)
    return any(o.row != span.row or o.end <= span.start or o.start >= span.end for o in near)


def checks_form(number: str) -> bool:
    """Whether a number has its country's form and its check digits hold."""
    return bool(country_without_prefix(number)) or (has_form(number) and checks(number))
