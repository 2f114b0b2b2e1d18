"""Print inside pictures on a page that has a text layer: a letterhead or a table set in as a picture.

Only pictures are looked at that are large enough for a block of text and have no words of the layer on them, and only those that
show letters side by side are read; a page without such pictures pays nothing, one with a photograph the drawing of it.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Iterator

from scanstraat.model.page import Barcode, Box, Word
from scanstraat.reading import ocr, pictures, upright
from scanstraat.reading.content import Content
from scanstraat.reading.engines import Engine
from scanstraat.reading.lines import Placed
from scanstraat.reading.sheet import Sheet
from scanstraat.reading.textlayer import TextLayer

_LEAST_AREA = 0.02  # of the page: a block of three lines on A4, larger than most emblems
_LEAST_SIDE = 18.0  # points: a line of print with some room
_WORDS_ON = 1  # words of the layer upon a picture, at most: with more it is a background, or was read by another program
_MOST = 3  # pictures of one page, the largest first
_LETTERS = 20  # that stand beside one another; an emblem has fewer, a letterhead more
_LEGIBLE = 0.5  # confidence; what is read in a photograph stays below


def missing_words(
    sheet: Sheet, content: Content, layer: TextLayer, codes: tuple[Barcode, ...], engine: Engine
) -> tuple[Placed, ...]:
    """What is printed in the pictures of the page and not in its text layer, with boxes on the page as displayed."""
    places = sorted(_places(sheet, content, layer, codes), key=lambda box: box.width * box.height, reverse=True)
    return tuple(word for place in places[:_MOST] for word in _read(sheet, place, engine))


def has_places(sheet: Sheet, content: Content, layer: TextLayer) -> bool:
    """Whether a picture of the page is worth a look; told without drawing anything."""
    return any(True for _ in _places(sheet, content, layer, ()))


def _places(sheet: Sheet, content: Content, layer: TextLayer, codes: tuple[Barcode, ...]) -> Iterator[Box]:
    """Where pictures stand that are large enough and have neither words nor a code on them."""
    for picture in content.pictures:
        whole = picture.box
        box = Box(max(whole.x0, 0.0), max(whole.y0, 0.0), min(whole.x1, sheet.width), min(whole.y1, sheet.height))
        if min(box.width, box.height) < _LEAST_SIDE or box.width * box.height < _LEAST_AREA * sheet.width * sheet.height:
            continue
        if not any(_on(box, code.box) for code in codes) and sum(_on(box, word.box) for word in layer.words) <= _WORDS_ON:
            yield box


def _on(place: Box, box: Box) -> bool:
    x, y = box.middle
    return place.x0 <= x <= place.x1 and place.y0 <= y <= place.y1


def _read(sheet: Sheet, place: Box, engine: Engine) -> Iterable[Placed]:
    picture = pictures.rendered(sheet, pictures.OCR_DPI, place)
    if upright.letters_beside(picture) < _LETTERS:
        return ()
    words = [word for word in ocr.read(sheet, picture, engine) if word.confidence >= _LEGIBLE]
    return _placed(words)


def _placed(words: list[Word]) -> list[Placed]:
    """Words of one reading with the line each stands on, so that they find their place among those of the layer."""
    bottoms: dict[int, list[float]] = {}
    for word in words:
        bottoms.setdefault(word.line, []).append(word.box.y1)
    return [Placed(word.text, word.box, statistics.median(bottoms[word.line]), word.confidence) for word in words]
