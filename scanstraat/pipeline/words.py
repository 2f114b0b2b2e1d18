"""Classifying pages, as the line has it done in a bounded child; knows nothing of the database."""

from __future__ import annotations

from scanstraat.extractors.pageclass import classify
from scanstraat.extractors.recognition import sample
from scanstraat.model.document import PageClass
from scanstraat.model.page import Page


def preload() -> None:
    """Read the tables of the kinds of pages once, in the warm process."""
    classify_all(tuple(sample()))


def classify_all(pages: tuple[Page, ...]) -> tuple[PageClass, ...]:
    """The class of each page."""
    return tuple(classify(page) for page in pages)
