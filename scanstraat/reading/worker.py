"""What the child process does: open the PDF, read page by page, stop in time. Called through `bounded.Child` by the reader."""

from __future__ import annotations

import ctypes
import logging
import time
from dataclasses import dataclass, replace

import cv2

from scanstraat.errors import ScanstraatError
from scanstraat.model.page import Barcode, Page, PageSource
from scanstraat.reading import barcodes, inlays, ocr, pictures, repair, sheet, textlayer
from scanstraat.reading.content import Content, survey
from scanstraat.reading.engines import Recipe, engine
from scanstraat.reading.sheet import Sheet
from scanstraat.reading.textlayer import TextLayer
from scanstraat.reading.texts import suffices, words_of
from scanstraat.settings import Settings

_log = logging.getLogger(__name__)
_C_LIBRARY = ctypes.CDLL(None)
_MMAP_THRESHOLD, _LARGE = -3, 4 * 2**20  # mallopt's option, and octets


@dataclass(frozen=True, slots=True)
class Batch:
    """Some pages in a row, and how many the file has in all."""

    pages: tuple[Page, ...]
    total: int


def preload() -> None:
    """Load the OCR engine the settings name and read a page once, so that forked processes inherit what that sets up."""
    _map_large_pieces()
    settings = Settings.from_environment()
    try:
        engine(Recipe(settings.ocr_engine, settings.ocr_languages))
    except ScanstraatError as error:  # text layers are read without; a scan will say it again
        _log.warning("OCR is not ready: %s", error)
    read_batch(sheet.sample(), 1, Recipe(), 1.0)


def read_batch(pdf: bytes, first: int, recipe: Recipe, seconds: float) -> Batch:
    """Pages from number `first` on, as many as begin within `seconds`, at least one."""
    cv2.setNumThreads(1)
    until = time.monotonic() + seconds
    pages: list[Page] = []
    with sheet.opened(pdf) as document:
        total = len(document)
        for number in range(first, total + 1):
            with sheet.page(document, number) as open_page:
                pages.append(_read(open_page, number, recipe))
            _give_back()
            if time.monotonic() > until:
                break
    return Batch(tuple(pages), total)


def draw(pdf: bytes, number: int, dpi: int) -> bytes:
    """Page `number` as a PNG picture."""
    with sheet.opened(pdf) as document, sheet.page(document, number) as open_page:
        return pictures.png(open_page, dpi)


def _read(at: Sheet, number: int, recipe: Recipe) -> Page:
    layer, content = textlayer.read(at), survey(at)
    if content.is_empty:
        return Page(number, at.width, at.height, PageSource.BLANK)
    if suffices(layer, content, at):
        codes = barcodes.on_sheet(at, content)
        layer = _completed(at, content, layer, codes, recipe)
        return Page(number, at.width, at.height, PageSource.TEXT_LAYER, words_of(layer, content, at), codes)
    return _looked_at(at, number, layer, content, recipe)


def _map_large_pieces() -> None:
    """Have large arrays of a page leave memory as soon as they are freed (mallopt(3)): some 330 MB at the most, not 440."""
    set_option = getattr(_C_LIBRARY, "mallopt", None)
    if set_option:
        set_option(_MMAP_THRESHOLD, _LARGE)


def _give_back() -> None:
    """Hand freed memory back to the system, where the C library knows how: kept, it grows by the page."""
    trim = getattr(_C_LIBRARY, "malloc_trim", None)
    if trim:
        trim(0)


def _completed(at: Sheet, content: Content, layer: TextLayer, codes: tuple[Barcode, ...], recipe: Recipe) -> TextLayer:
    """The layer with what is printed in pictures of the page; as it is where there is no OCR, since it suffices."""
    if not inlays.has_places(at, content, layer):
        return layer
    try:
        return replace(layer, words=layer.words + inlays.missing_words(at, content, layer, codes, engine(recipe)))
    except ScanstraatError as error:
        _log.warning("pictures on page are not read: %s", error)
        return layer


def _looked_at(at: Sheet, number: int, layer: TextLayer, content: Content, recipe: Recipe) -> Page:
    """The page as a picture: blank, or read by OCR, unless its text layer says more after all."""
    picture = pictures.of_page(at, content)
    if repair.is_blank(picture):
        return Page(number, at.width, at.height, PageSource.BLANK)
    words = ocr.read(at, picture, engine(recipe))
    codes = barcodes.on_picture(picture)
    if layer.sound and layer.letters >= sum(len(word.text) for word in words):
        return Page(number, at.width, at.height, PageSource.TEXT_LAYER, words_of(layer, content, at), codes)
    return Page(number, at.width, at.height, PageSource.OCR, words, codes)
