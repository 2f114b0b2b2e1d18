"""Composing a PDF, as the line has it done in a bounded child; knows neither the database nor the other stages."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import pikepdf

from scanstraat.delivery.attaching import Annex
from scanstraat.delivery.pdf import SourcePages, compose_pdf
from scanstraat.model.delivery import Overview


@dataclass(frozen=True, slots=True)
class ComposedPdf:
    """A composed PDF and how many pages it has, those of the overview too."""

    content: bytes
    pages: int


def compose(sources: tuple[SourcePages, ...], annexes: tuple[Annex, ...], overview: Overview | None, title: str) -> ComposedPdf:
    """Compose a PDF and count its pages."""
    content = compose_pdf(sources, overview, title, annexes)
    with pikepdf.open(BytesIO(content)) as composed:
        return ComposedPdf(content, len(composed.pages))
