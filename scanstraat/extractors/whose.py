"""Whose a stretch of print is by its place: a label that names the buyer is believed, the envelope's window less so (C6)."""

from __future__ import annotations

from scanstraat.extractors.document_view import DocumentView
from scanstraat.extractors.layout import Span
from scanstraat.extractors.parties import Side
from scanstraat.extractors.signals import Signal


def side_signals(view: DocumentView, span: Span, *buyers: Side) -> tuple[Signal, ...]:
    """The signals of the regions a span stands in; `buyers` are the sides that are not the seller's."""
    holding = [region for region in view.regions if region.holds(span)]
    theirs = [region for region in holding if region.side in buyers]
    found = [Signal.BUYERS if any(r.label for r in theirs) else Signal.IN_WINDOW] if theirs else []
    return (*found, *([Signal.SELLERS] if any(r.side is Side.SELLER for r in holding) else []))
