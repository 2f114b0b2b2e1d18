"""Born-digital files, read without a picture of them being made; loads neither the OCR engine nor what repairs scans."""

from __future__ import annotations

import time

from scanstraat.model.page import Page, PageSource, Word
from scanstraat.reading import sheet, textlayer
from scanstraat.reading.codeplaces import code_places
from scanstraat.reading.content import Content, survey
from scanstraat.reading.lines import numbered
from scanstraat.reading.sheet import Sheet
from scanstraat.reading.textlayer import TextLayer

_FEW_LETTERS = 30  # a page with less text may be a picture with a stamp or page number put on it
_CAPTION_LETTERS = 150  # so may one with less text than this whose picture covers most of it
_COVERS = 0.6  # share of the page from which a picture may be the page itself
_HIDDEN = 0.9  # confidence of another program's OCR, which is what text hidden behind a picture is


def preload() -> None:
    """Read a page once, so that what PDFium and we set up at the first page is inherited by forked processes."""
    glance(sheet.sample(), 1.0)


def glance(pdf: bytes, seconds: float) -> tuple[Page, ...]:
    """All pages, where each is empty or a sound text layer and no barcode; () where one has to be looked at, or time is short."""
    until = time.monotonic() + seconds
    pages: list[Page] = []
    with sheet.opened(pdf) as document:
        for number in range(1, len(document) + 1):
            with sheet.page(document, number) as open_page:
                page = _glanced(open_page, number)
            if page is None or time.monotonic() > until:
                return ()
            pages.append(page)
    return tuple(pages)


def _glanced(at: Sheet, number: int) -> Page | None:
    layer, content = textlayer.read(at), survey(at)
    if content.is_empty:
        return Page(number, at.width, at.height, PageSource.BLANK)
    if not suffices(layer, content, at) or code_places(at, content):
        return None
    return Page(number, at.width, at.height, PageSource.TEXT_LAYER, words_of(layer, content, at))


def suffices(layer: TextLayer, content: Content, at: Sheet) -> bool:
    """Whether the text layer is all that there is to be read; told without drawing anything."""
    if not layer.sound:
        return False
    if content.is_text_only:
        return True
    return layer.letters >= (_CAPTION_LETTERS if content.pictured(at) >= _COVERS else _FEW_LETTERS)


def words_of(layer: TextLayer, content: Content, at: Sheet) -> tuple[Word, ...]:
    """The layer's words in order; those hidden behind a picture of the page are another program's guess, and marked so."""
    words = numbered(layer.words)
    if content.hidden_text and not content.visible_text and content.pictured(at) >= _COVERS:
        return tuple(Word(word.text, word.box, _HIDDEN, word.line) for word in words)
    return words
