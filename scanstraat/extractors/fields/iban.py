"""The supplier's IBAN (C1): every stretch of print with an IBAN's form, and payment codes. Never the customer's own (C6)."""

from __future__ import annotations

import re

from scanstraat.extractors.candidate import Candidate
from scanstraat.extractors.document_view import DocumentView
from scanstraat.extractors.folding import plain
from scanstraat.extractors.identities import PrintedIban
from scanstraat.extractors.labels.finding import LabelHit
from scanstraat.extractors.labels.table import LabelKind
from scanstraat.extractors.layout import Span
from scanstraat.extractors.parties import Side
from scanstraat.extractors.pointing import Pointer, Relation, pointers
from scanstraat.extractors.signals import Signal
from scanstraat.extractors.values.iban import checks, has_form, repaired
from scanstraat.extractors.whose import side_signals
from scanstraat.model.field import Evidence, FieldName, Method

# An IBAN whose check fails is told only right beside its label, within this many points.
BESIDE = 60.0

# Words of a direct debit before an account in its sentence: it is the account the money is taken from. Folded to lower case.
# Met by "prelevement automatique sur le compte CH16", refused by "lastschrift. unser konto CH16".
_DIRECT_DEBIT = re.compile(
    r"""\b(?: direct\ debit | debited | incasso | afgeschreven | abgebucht | abbuchung | eingezogen | einzug | lastschrift
      | prelevement | preleve | addebito | addebitat[oi] | domiciliacion | adeudo | debito\ direto | suoraveloitus | autogiro
      | polecenie\ zaplaty | inkasso )\b (?:(?!\.\s)[^;])*$""",
    re.VERBOSE,
)


def candidates(view: DocumentView) -> tuple[Candidate, ...]:
    """Every IBAN that may be the supplier's."""
    own = {i.replace(" ", "").upper() for i in view.own.ibans}
    printed = view.ibans
    labels = pointers(tuple(p.span for p in printed), view.hits, view.sheets)
    found = [_candidate(view, p, found) for p, found in zip(printed, labels, strict=True)]
    found.extend(
        Candidate(
            FieldName.IBAN, s.code.iban, Evidence(s.page, s.box, s.code.iban, Method.BARCODE), (Signal.IN_QR, Signal.CHECKS)
        )
        for s in view.codes
        if s.code.iban
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
    named = any(LabelKind.DEBIT in p.kinds for p in labels) or any(_debits(view, h, span) for h in view.of_kind(LabelKind.DEBIT))
    told = _DIRECT_DEBIT.search(plain(view.row(span).text[: span.start]))
    signals = [Signal.DEBIT] if named or told else []
    return [*signals, *side_signals(view, span, Side.BUYER)]


def _debits(view: DocumentView, hit: LabelHit, span: Span) -> bool:
    """Whether a label of the account to be debited means this one: it stands before it, or ends the row above without another."""
    if hit.span.page != span.page or not 0 <= span.row - hit.span.row <= 1:
        return False
    if hit.span.row == span.row:
        return hit.span.end <= span.start
    return not any(p.span.page == span.page and p.span.row == hit.span.row and p.span.start >= hit.span.end for p in view.ibans)
