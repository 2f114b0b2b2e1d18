"""The door of this room: PDF in, pages out, with everything foreign handled in a bounded process."""

from __future__ import annotations

from pathlib import Path

from scanstraat.bounded import Child, Limits
from scanstraat.model.page import Page, PageSource
from scanstraat.reading import cache, texts, worker
from scanstraat.reading.engines import Recipe
from scanstraat.reading.sheet import broken
from scanstraat.reading.worker import Batch
from scanstraat.settings import Settings

_MEGABYTE = 1_000_000
_BATCH = 0.25  # of a process's time: no page is begun after this, so that the last one has the rest


class Reader:
    """Reads PDFs through bounded processes. `cache` is a folder for results of OCR, which may be emptied at any time.

    `child` is made with `PRELOAD`. `light`, made with `PRELOAD_LIGHT`, takes what needs no OCR, at a fraction of the cost of a
    process that has the engine in memory; without it `child` does all.
    """

    def __init__(self, child: Child, settings: Settings, cache: Path | None = None, light: Child | None = None) -> None:
        self._child, self._light = child, light
        self._recipe = Recipe(settings.ocr_engine, settings.ocr_languages)
        self._limits = Limits(settings.child_memory_mb * _MEGABYTE, settings.child_seconds)
        self._cache = cache

    def read(self, pdf: bytes) -> tuple[Page, ...]:
        """All pages, in order, with words, boxes and barcodes.

        Each process works for about a quarter of `child_seconds`, then the next goes on, so a long scan stays within
        limits. Raises `Refused` (`pdf-encrypted`, `pdf-broken`, `too-many-pages`, `page-too-large`, `parser-…`) and
        `Unavailable` (`ocr-missing`, `ocr-language-missing`).
        """
        if self._light and (glanced := self._light.call(texts.glance, self._limits, pdf, self._limits.seconds * _BATCH)):
            return glanced
        name = cache.key(pdf, self._recipe) if self._cache else ""
        pages: list[Page] = []
        total = 1
        while len(pages) < total:
            batch = self._batch(pdf, name, len(pages) + 1)
            if not batch.pages:
                raise broken("its pages cannot be counted")
            pages.extend(batch.pages)
            total = batch.total
        return tuple(pages)

    def picture(self, pdf: bytes, page: int, dpi: int = 150) -> bytes:
        """Page `page` (from 1) as a PNG in colour; coarser than `dpi` where the page is very large. Raises as `read`."""
        return self._child.call(worker.draw, self._limits, pdf, page, dpi)

    def _batch(self, pdf: bytes, name: str, first: int) -> Batch:
        known = cache.load(self._cache, name, first) if self._cache else None
        if known is not None:
            return known
        batch = self._child.call(worker.read_batch, self._limits, pdf, first, self._recipe, self._limits.seconds * _BATCH)
        if self._cache and any(page.source is PageSource.OCR for page in batch.pages):
            cache.save(self._cache, name, first, batch)
        return batch
