"""Classifying pages, as the line has it done in a bounded child; knows nothing of the database."""

from __future__ import annotations

from scanstraat.extractors.pageclass import classify
from scanstraat.model.document import PageClass
from scanstraat.model.page import Page


def classify_all(pages: tuple[Page, ...]) -> tuple[PageClass, ...]:
    """The class of each page."""
    return tuple(classify(page) for page in pages)
