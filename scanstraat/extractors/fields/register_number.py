"""The supplier's number in a company register (C2): what a register's label names, and numbers whose form tells (HRB 12345).

KvK, KBO, HRB, SIREN, Y-tunnus, org.nr, CVR, REGON, IČO and others (`values/register_number.py`), with their check digits where
they have them. The customer's part of the page is left out (C6).
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
from scanstraat.extractors.parties import Side
from scanstraat.extractors.signals import Signal
from scanstraat.extractors.values.register_number import register_of
from scanstraat.model.field import FieldName

# Behind a label a place may stand before the number: "RCS Paris B 123 456 789", "Handelsregister Amsterdam nr. 12345678".
_VALUE = re.compile(
    r"""
    (?:[^\W\d]{2,20}[\ .:]+){0,3}? (?:(?:no|nr|n|nummer|number|B)\b[.:°\ ]*)?
    (?P<text>(?:CHE|[A-Z]{2})?[-\ ]?\d[\d.\ -]{4,18}\d(?:\ ?[A-Z]{1,2}\b)? | B\ ?\d{4,6} | \d{5,6}\ ?[a-z]\b
      | [JFC]\d{1,2}/\d{1,6}/\d{4})
    """,
    re.VERBOSE,
)
_EVIDENT = re.compile(
    r"(?P<text>\b(?:HR\ ?[AB]|GnR)\ ?(?:Nr\.?:?\ ?|:\ ?)?\d{2,6}(?:\ [A-Z]\b)?|\b[JFC]\d{1,2}/\d{1,6}/(?:19|20)\d{2}\b)",
    re.VERBOSE,
)
_NUMBER_WORD = re.compile(r"(?i)nr\.?|:", re.VERBOSE)
FEWEST, MOST = 5, 14
# Labels that stand among registers and name the branch of trade.
_BRANCH_CODES = ("ape", "naf")
# A number that fits no register of its country is believed up to this length.
LONGEST_UNKNOWN = 10


def candidates(view: DocumentView) -> tuple[Candidate, ...]:
    """Every register number that may be the supplier's."""
    evident = tuple(_evident(view))
    labelled = tuple((s, signal) for s, signal in _labelled(view) if not any(_overlap(s, e) for e, _ in evident))
    ours = ((span, signal) for span, signal in (*labelled, *evident) if not view.within(span, Side.BUYER, Side.DELIVERY))
    return tuple(c for span, signal in ours if (c := _candidate(view, span, signal)) is not None)


def _overlap(one: Span, other: Span) -> bool:
    return (one.page, one.row) == (other.page, other.row) and one.start < other.end and other.start < one.end


def _labelled(view: DocumentView) -> Iterator[tuple[Span, Signal]]:
    for hit, span, signal in named(view, LabelKind.REGISTER_NUMBER, _VALUE):
        if hit.phrase.endswith(_BRANCH_CODES):
            continue
        if FEWEST <= sum(c.isdigit() for c in span.text) <= MOST and not is_other(view, span):
            yield span, signal


def _evident(view: DocumentView) -> Iterator[tuple[Span, Signal]]:
    for sheet in view.sheets:
        for row in sheet.rows:
            for match in _EVIDENT.finditer(row.text):
                yield row.span(*match.span("text")), Signal.WELL_FORMED


def _candidate(view: DocumentView, span: Span, signal: Signal) -> Candidate | None:
    value, register, checks = register_of(_NUMBER_WORD.sub("", span.text), countries(view))
    if register is None and len(value) > LONGEST_UNKNOWN:
        return None
    signals, doubts = [signal], []
    signals.extend([Signal.WELL_FORMED] if register is not None and signal is not Signal.WELL_FORMED else [])
    if checks is not None:
        signals.append(Signal.CHECKS if checks else Signal.FAILS_CHECK)
    if checks is False:
        doubts.append(f"the check digit of {value} does not hold")
    signals.extend([Signal.SELLERS] if view.within(span, Side.SELLER) else [])
    return Candidate(FieldName.REGISTER_NUMBER, value, view.evidence(span), tuple(signals), tuple(doubts))
