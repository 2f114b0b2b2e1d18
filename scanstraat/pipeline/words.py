"""Classifying pages, as the line has it done in a bounded child, which also recognises; knows nothing of the database."""

from __future__ import annotations

from scanstraat.extractors.pageclass import classify
from scanstraat.extractors.recognition import recognise
from scanstraat.model.administration import OwnIdentity
from scanstraat.model.document import PageClass
from scanstraat.model.page import Box, Page, PageSource, Word


def preload() -> None:
    """Read the tables of labels and compile the patterns, once in the warm process rather than in each child."""
    words = tuple(Word(text, Box(50, 50, 90, 60)) for text in ("Invoice", "NL91ABNA0417164300", "1,00", "2026-03-31"))
    page = Page(1, 595, 842, PageSource.TEXT_LAYER, words)
    classify(page)
    recognise((page,), OwnIdentity())


def classify_all(pages: tuple[Page, ...]) -> tuple[PageClass, ...]:
    """The class of each page."""
    return tuple(classify(page) for page in pages)
