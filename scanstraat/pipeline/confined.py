"""What the line has done in bounded children: it knows foreign words and pages, and neither the database nor the other stages."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import pikepdf

from scanstraat.delivery.pdf import SourcePages, compose_pdf
from scanstraat.extractors.pageclass import classify
from scanstraat.extractors.recognition import recognise
from scanstraat.model.administration import OwnIdentity
from scanstraat.model.delivery import Overview
from scanstraat.model.document import PageClass
from scanstraat.model.page import Box, Page, PageSource, Word


@dataclass(frozen=True, slots=True)
class ComposedPdf:
    """A composed PDF and how many pages it has, those of the overview too."""

    content: bytes
    pages: int


def preload() -> None:
    """Read the tables of labels and compile the patterns, once in the warm process rather than in each child."""
    words = tuple(Word(text, Box(50, 50, 90, 60)) for text in ("Invoice", "NL91ABNA0417164300", "1,00", "2026-03-31"))
    page = Page(1, 595, 842, PageSource.TEXT_LAYER, words)
    classify(page)
    recognise((page,), OwnIdentity())


def classify_all(pages: tuple[Page, ...]) -> tuple[PageClass, ...]:
    """The class of each page."""
    return tuple(classify(page) for page in pages)


def compose(sources: tuple[SourcePages, ...], overview: Overview | None, title: str) -> ComposedPdf:
    """Compose a PDF and count its pages."""
    content = compose_pdf(sources, overview, title)
    with pikepdf.open(BytesIO(content)) as composed:
        return ComposedPdf(content, len(composed.pages))
