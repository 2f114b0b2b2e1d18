"""Whose a stretch of print is by its place: a label that names the buyer is believed, the envelope's window less so (C6)."""

from __future__ import annotations

import re

from scanstraat.extractors.document_view import DocumentView
from scanstraat.extractors.folding import plain
from scanstraat.extractors.labels.finding import LabelHit
from scanstraat.extractors.layout import Span
from scanstraat.extractors.parties import Side
from scanstraat.extractors.signals import Signal
from scanstraat.extractors.wordlists import BUYERS_WORDS

# The word before a label and the one behind it: "V/ NIF", "Your VAT No.", "NIP (klienta)", "CVR-nr. kunde".
_BEFORE = re.compile(r"(?P<word>[^\W\d_]+)['’.]?[\ /-]{0,3}$", re.VERBOSE)
_BEHIND = re.compile(r"[.\ ]{0,2}[/(-]?\ ?(?P<word>[^\W\d_]+)", re.VERBOSE)


def side_signals(view: DocumentView, span: Span, *buyers: Side) -> tuple[Signal, ...]:
    """The signals of the regions a span stands in; `buyers` are the sides that are not the seller's."""
    holding = [region for region in view.regions if region.holds(span)]
    theirs = [region for region in holding if region.side in buyers]
    found = [Signal.BUYERS if any(r.label for r in theirs) else Signal.IN_WINDOW] if theirs else []
    return (*found, *([Signal.SELLERS] if any(r.side is Side.SELLER for r in holding) else []))


def names_theirs(view: DocumentView, hit: LabelHit) -> bool:
    """Whether the word before or behind a label says that it names the customer's."""
    row = view.row(hit.span)
    start, end = row.segment(hit.span.start)
    before = _BEFORE.search(plain(row.text[start : hit.span.start]))
    behind = _BEHIND.match(plain(row.text[hit.span.end : end]))
    return any(m["word"] in BUYERS_WORDS for m in (before, behind) if m)
