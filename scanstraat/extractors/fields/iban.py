"""The supplier's IBAN (C1): every stretch of print with an IBAN's form, and payment codes. Never the customer's own (C6)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scanstraat.extractors.candidate import Candidate
from scanstraat.extractors.document_view import DocumentView
from scanstraat.extractors.labels.table import LabelKind
from scanstraat.extractors.layout import Row, Sheet, Span
from scanstraat.extractors.parties import Side
from scanstraat.extractors.pointing import Pointer, Relation, pointers
from scanstraat.extractors.signals import Signal
from scanstraat.extractors.values.iban import LENGTHS, checks, has_form, repaired
from scanstraat.model.field import Evidence, FieldName, Method

# An IBAN whose check fails is told only right beside its label, within this many points.
BESIDE = 60.0
_TO_LETTER = str.maketrans("01528", "OISZB")
_CHECK_DIGITS = frozenset("0123456789OILSBQDZ")


@dataclass(frozen=True, slots=True)
class PrintedIban:
    """A stretch of print with an IBAN's length and form; `text` in capitals without blanks."""

    text: str
    span: Span


def ibans_on(sheet: Sheet) -> Iterator[PrintedIban]:
    """The stretches of a page that have an IBAN's form; one broken over two rows is put together."""
    for row in sheet.rows:
        letters = [(c, i) for i, c in enumerate(row.text) if c.isalnum() and c.isascii()]
        text = "".join(c for c, _ in letters)
        past = 0
        for at in range(len(text) - 10):
            if at < past or not _begins(row.text, letters[at][1], text, at):
                continue
            length = LENGTHS.get(text[at : at + 2].translate(_TO_LETTER), 0)
            found = _fitting(row, letters, text, at, length) or _wrapped(sheet, row, letters, text, at, length)
            if length and found:
                yield found
                past = min(at + length, len(text))


def _begins(raw: str, position: int, text: str, at: int) -> bool:
    """Whether an IBAN may begin here: a word's start (or after "IBAN" glued to it), two capitals, two digits or look-alikes."""
    starts = position == 0 or not raw[position - 1].isalnum() or text[max(0, at - 4) : at].upper() == "IBAN"
    head = text[at : at + 4]
    return starts and head[0].isupper() and (head[1].isupper() or head[1] in "015") and set(head[2:]) <= _CHECK_DIGITS


def _fitting(row: Row, letters: list[tuple[str, int]], text: str, at: int, length: int) -> PrintedIban | None:
    if not length or at + length > len(text):
        return None
    start, end = letters[at][1], letters[at + length - 1][1] + 1
    whole = end >= len(row.text) or not row.text[end].isalnum()
    return PrintedIban(text[at : at + length].upper(), row.span(start, end)) if whole else None


def _wrapped(sheet: Sheet, row: Row, letters: list[tuple[str, int]], text: str, at: int, length: int) -> PrintedIban | None:
    """An IBAN that goes on in the row below, at the left end of the same column."""
    missing = length - (len(text) - at)
    if not length or missing <= 0 or len(text) - at < 8 or row.index + 1 >= len(sheet.rows):
        return None
    below = sheet.rows[row.index + 1]
    here = row.span(letters[at][1], len(row.text))
    for segment in below.segments:
        rest = "".join(c for c in segment.text if c.isalnum())
        near = abs(segment.box.x0 - here.box.x0) < 60 and below.box.y0 - row.box.y1 < 1.5 * row.em
        if near and len(rest) >= missing and checks((text[at:] + rest[:missing]).upper()):
            return PrintedIban((text[at:] + rest[:missing]).upper(), here)
    return None


def candidates(view: DocumentView) -> tuple[Candidate, ...]:
    """Every IBAN that may be the supplier's."""
    own = {i.replace(" ", "").upper() for i in view.own.ibans}
    printed = [p for sheet in view.sheets for p in ibans_on(sheet)]
    labels = pointers(tuple(p.span for p in printed), view.hits, view.sheets)
    found = [_candidate(view, p, found) for p, found in zip(printed, labels, strict=True)]
    found.extend(
        Candidate(
            FieldName.IBAN, s.code.iban, Evidence(s.page, s.box, s.code.iban, Method.BARCODE), (Signal.IN_QR, Signal.CHECKS)
        )
        for s in view.codes
    )
    return tuple(c for c in found if c is not None and c.value not in own)


def _candidate(view: DocumentView, printed: PrintedIban, labels: tuple[Pointer, ...]) -> Candidate | None:
    signals, doubts, value = [], [], printed.text
    labelled = any(LabelKind.IBAN in p.kinds for p in labels)
    beside = any(LabelKind.IBAN in p.kinds and p.relation is Relation.LEFT and p.gap < BESIDE for p in labels)
    if checks(value):
        signals.append(Signal.CHECKS)
    elif (better := repaired(value)) and view.method(printed.span.page) is Method.OCR:
        value = better
        signals.extend([Signal.CHECKS, Signal.REPAIRED])
    else:
        if not beside or not has_form(value):
            return None
        signals.append(Signal.FAILS_CHECK)
        doubts.append(f"the check digits of {value} do not hold")
    signals.extend([Signal.LABEL_BESIDE] if labelled else [])
    signals.extend(_whose(view, printed.span, labels))
    return Candidate(FieldName.IBAN, value, view.evidence(printed.span), tuple(signals), tuple(doubts))


def _whose(view: DocumentView, span: Span, labels: tuple[Pointer, ...]) -> list[Signal]:
    signals = []
    row = view.row(span)
    debit = [h for h in view.of_kind(LabelKind.DEBIT) if h.span.page == span.page and 0 <= row.index - h.span.row <= 1]
    if any(LabelKind.DEBIT in p.kinds for p in labels) or any(h.span.row < span.row or h.span.end <= span.start for h in debit):
        signals.append(Signal.DEBIT)
    if view.within(span, Side.BUYER):
        signals.append(Signal.BUYERS)
    if view.within(span, Side.SELLER):
        signals.append(Signal.SELLERS)
    return signals
