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
    rounded = _rounded(view, known)
    tendered, change = _labelled(view, _TENDERED), _labelled(view, _CHANGE)
    # a difference does not come about by chance; a tendered amount alone, as by card, may
    sure = {t - c for t in tendered for c in change if 0 <= c < t} | set(rounded.values())
    paid = sure | (set() if change else tendered)
    marked = (_marked_total(c, paid, rounded) if c.field is FieldName.TOTAL else c for c in found)
    return (*marked, *(c for value in sorted(sure - known) for c in _printed(view, value)))


def _marked_total(candidate: Candidate, paid: set[Decimal], rounded: dict[Decimal, Decimal]) -> Candidate:
    value = Decimal(candidate.value)
    candidate = candidate.with_signals(Signal.TENDERED) if value in paid else candidate
    return candidate.with_signals(Signal.ROUNDED_OFF) if value in rounded else candidate


def _rounded(view: DocumentView, totals: Iterable[Decimal]) -> dict[Decimal, Decimal]:
    """On a roll, what each total was rounded to, where that is printed."""
    if not (view.sheets and view.sheets[0].is_roll):
        return {}
    printed = {a.value for a in view.amounts if is_money(a)}
    return {total: total + off for total in totals for off in _roundings(view) if total + off in printed}


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
