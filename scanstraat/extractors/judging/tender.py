"""A till's receipt judged by its money: what was tendered less the change given is the total, rounded as it was paid."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from scanstraat.extractors.candidate import Candidate
from scanstraat.extractors.document_view import DocumentView, PrintedAmount
from scanstraat.extractors.fields.amounts import canonical, is_money
from scanstraat.extractors.labels.table import LabelKind
from scanstraat.extractors.signals import Signal
from scanstraat.model.field import FieldName

_TENDERED, _CHANGE = frozenset({LabelKind.TENDERED}), frozenset({LabelKind.CHANGE})
# How labels of a rounding begin, as they are folded, in the languages of the label tables; and the most it can be.
_ROUNDING = (
    "round",
    "afrond",
    "rundung",
    "avrund",
    "oresavrund",
    "pyorist",
    "arrond",
    "arroton",
    "redond",
    "arredond",
    "zaokr",
    "rotunj",
)
_MOST_ROUNDED = Decimal("0.50")


UNPROVED = "nothing tendered on the roll proves this total"
SHOPS_NAME = "the head of a till's roll may name the shop, the chain or the company"


def judged(view: DocumentView, found: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """The candidates, the total that was paid marked; doubts where the coarse print of a roll leaves a value unproved (C7)."""
    marked = _marked(view, found)
    if not (view.sheets and view.sheets[0].is_roll):
        return marked
    return tuple(_doubted(candidate) for candidate in marked)


def _doubted(candidate: Candidate) -> Candidate:
    if candidate.field is FieldName.TOTAL and Signal.TENDERED not in candidate.signals:
        return candidate.with_doubt(UNPROVED)
    return candidate.with_doubt(SHOPS_NAME) if candidate.field is FieldName.SUPPLIER_NAME else candidate


def _marked(view: DocumentView, found: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """The candidates, the total that was paid marked; added where it is printed without a label of its own."""
    known = {Decimal(c.value) for c in found if c.field is FieldName.TOTAL}
    paid, shown = _paid(view, known)
    if not paid:
        return found
    marked = tuple(
        c.with_signals(Signal.TENDERED) if c.field is FieldName.TOTAL and Decimal(c.value) in paid else c for c in found
    )
    return (*marked, *(c for value in sorted(shown - known) for c in _printed(view, value)))


def _paid(view: DocumentView, totals: Iterable[Decimal]) -> tuple[frozenset[Decimal], frozenset[Decimal]]:
    """The amounts that may have been paid, and those of them that are surely one: a difference does not come about by chance.

    Tendered less change, or after the rounding of a total; a tendered amount alone, as by card, where no change is printed.
    """
    tendered, change = _labelled(view, _TENDERED), _labelled(view, _CHANGE)
    sure = frozenset(t - c for t in tendered for c in change if 0 <= c < t)
    if view.sheets and view.sheets[0].is_roll:
        sure |= frozenset(total + rounding for total in totals for rounding in _roundings(view))
    return sure | (frozenset() if change else tendered), sure


def _roundings(view: DocumentView) -> frozenset[Decimal]:
    labelled = (a for a in view.amounts if any(p.hit.phrase.startswith(_ROUNDING) for p in a.pointers))
    return frozenset(a.value for a in labelled if 0 < abs(a.value) <= _MOST_ROUNDED)


def _labelled(view: DocumentView, kinds: frozenset[LabelKind]) -> frozenset[Decimal]:
    return frozenset(abs(a.value) for a in view.amounts if is_money(a) and _is(a, kinds))


def _is(amount: PrintedAmount, kinds: frozenset[LabelKind]) -> bool:
    return any(kinds.intersection(p.kinds) for p in amount.pointers)


def _printed(view: DocumentView, value: Decimal) -> list[Candidate]:
    """The amount where it is printed, not only as what was tendered."""
    places = [a for a in view.amounts if a.value == value and is_money(a) and not _is(a, _TENDERED)]
    return [Candidate(FieldName.TOTAL, canonical(value), view.evidence(places[-1].span), (Signal.TENDERED,))] if places else []
