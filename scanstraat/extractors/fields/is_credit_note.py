"""Whether it is a credit note (C3): its title says so, or its total is negative."""

from __future__ import annotations

from functools import cache

from scanstraat.extractors.candidate import Candidate
from scanstraat.extractors.document_view import DocumentView, PrintedAmount
from scanstraat.extractors.labels.finding import LabelHit
from scanstraat.extractors.labels.table import LabelKind, phrases
from scanstraat.extractors.signals import Signal
from scanstraat.model.field import FieldName

_TOTALS = frozenset({LabelKind.TOTAL, LabelKind.TOTAL_DUE, LabelKind.TOTAL_GROSS})
# A title stands in this upper part of the first page.
TITLE_PART = 0.55


def candidates(view: DocumentView) -> tuple[Candidate, ...]:
    """Both answers where something speaks for a credit note, else "false"."""
    titles = [h for h in view.hits if names_credit(h) and is_title(view, h)]
    invoices = [h for h in view.of_kind(LabelKind.TITLE) if is_title(view, h)]
    negative = _negative_totals(view)
    found = []
    if titles:
        signals = (Signal.TITLE, *((Signal.NEGATIVE_TOTAL,) if negative else ()))
        first = (
            not invoices or _height(view, titles[0]) >= _height(view, invoices[0]) or titles[0].span.row < invoices[0].span.row
        )
        if first:
            found.append(Candidate(FieldName.IS_CREDIT_NOTE, "true", view.evidence(titles[0].span), signals))
    elif negative:
        doubt = "the total is negative but nothing calls this a credit note"
        found.append(
            Candidate(FieldName.IS_CREDIT_NOTE, "true", view.evidence(negative[0].span), (Signal.NEGATIVE_TOTAL,), (doubt,))
        )
    if not found:
        evidence = view.evidence(invoices[0].span) if invoices else None
        found.append(Candidate(FieldName.IS_CREDIT_NOTE, "false", evidence, (Signal.TITLE,) if invoices else ()))
    return tuple(found)


@cache
def _credit_words() -> tuple[str, ...]:
    return tuple(phrase for phrase, kinds in phrases().kinds if LabelKind.TITLE_CREDIT in kinds)


def names_credit(hit: LabelHit) -> bool:
    """Whether a label names a credit note: as a title, or as the first word of a number's label ("Gutschrift-Nr.")."""
    if LabelKind.TITLE_CREDIT in hit.kinds:
        return True
    return LabelKind.INVOICE_NUMBER in hit.kinds and hit.phrase.startswith(_credit_words())


def is_title(view: DocumentView, hit: LabelHit) -> bool:
    """Whether a document word is a title: leading its segment, high on the first page, not within running text."""
    if hit.span.page != 1 or not hit.leading or hit.span.box.y0 > TITLE_PART * view.sheets[0].height:
        return False
    row = view.row(hit.span)
    start, end = row.segment(hit.span.start)
    rest = row.text[hit.span.end : end]
    lower_words = sum(w[:1].islower() and w.isalpha() and len(w) > 2 for w in rest.split())
    return lower_words <= 2 and row.text[start : hit.span.start].strip(" -–•") == ""


def _height(view: DocumentView, hit: LabelHit) -> float:
    return view.row(hit.span).em


def _negative_totals(view: DocumentView) -> list[PrintedAmount]:
    totals = [a for a in view.amounts if a.pointers and _TOTALS.intersection(a.pointers[0].kinds)]
    negative = [a for a in totals if a.value < 0]
    return negative if negative and not any(a.value > 0 for a in totals) else []
