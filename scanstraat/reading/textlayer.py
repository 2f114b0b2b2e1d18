"""Words of a PDF's own text layer with their boxes, and whether that layer can be believed."""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2.raw as pdfium_c

from scanstraat.model.page import Box
from scanstraat.reading.letters import WORD, plain
from scanstraat.reading.lines import Direction, Placed
from scanstraat.reading.sheet import Sheet, broken

_MAX_CHARACTERS = 200_000  # of one page; the densest real one has under 20,000
_SAMPLE = 200  # characters asked whether their font maps them
_MAX_STRANGE = 0.15  # share of characters that stand for nothing
_MAX_UNMAPPED = 0.3  # share of characters whose font does not say what they are
_MIN_ALPHANUMERIC = 0.35  # share of letters and digits; dotted lines and rules of dashes are normal, only they are not
_MIN_VOWELLED = 0.5  # share of long Latin words that have a vowel; below, the letters are shuffled
_ENOUGH_WORDS = 12  # long words, to judge by vowels
_GAP = 1.5  # of a word's height: pieces further apart were never one word

_LONG_WORD = re.compile(r"(?P<word> [A-Za-zÀ-ɏ]{4,} )", re.VERBOSE)
"""A word long enough to have a vowel in every language written with Latin letters.

>>> _LONG_WORD.findall("Factuur 2026 btw é")
['Factuur']
>>> _LONG_WORD.search("NL12 BTW") is None
True
"""
_VOWELS = frozenset("aeiouyw")
_MARKS = "\x02\ufffe\x00"  # pdfium's own for hyphens, and nothing
_STRANGE = {"Co", "Cn", "Cc", "Cs"}


@dataclass(frozen=True, slots=True)
class TextLayer:
    """The words of the layer; `letters` is how many characters they have, `sound` whether they can be believed."""

    words: tuple[Placed, ...]
    letters: int
    sound: bool


def read(sheet: Sheet) -> TextLayer:
    """The page's text layer. Words that lie off the page as displayed are left out, since nobody sees them."""
    with _Text(sheet) as text:
        content = text.content
        places = tuple(placed for match in WORD.finditer(content) for placed in text.placed(match))
        words = tuple(word for word in places if word.text and _on(sheet, word.box))
        letters = sum(len(word.text) for word in words)
        return TextLayer(words, letters, letters > 0 and not text.unmapped() and is_sound(content))


def is_sound(text: str) -> bool:
    r"""Whether the characters make sense as text.

    >>> is_sound("Factuur 2026-001\r\nTotaal € 12,50"), is_sound("\ue001\ue002\ue003 \ufffd\ufffd"), is_sound("&$%' #!()")
    (True, False, False)
    >>> is_sound(")DFWXXU\x1d\x15\x13\x15\x19\x10\x13\x13\x14")  # each letter 29 off: digits become control characters
    False
    """
    letters = [letter for letter in text if not letter.isspace() and letter not in _MARKS]
    if not letters:
        return False
    strange = sum(unicodedata.category(letter) in _STRANGE or letter == "\ufffd" for letter in letters)
    alphanumeric = sum(map(str.isalnum, letters))
    return strange <= _MAX_STRANGE * len(letters) and alphanumeric >= _MIN_ALPHANUMERIC * len(letters) and not _shuffled(text)


def _shuffled(text: str) -> bool:
    words = _LONG_WORD.findall(text)
    vowelled = sum(not _VOWELS.isdisjoint(unicodedata.normalize("NFD", word.lower())) for word in words)
    return len(words) >= _ENOUGH_WORDS and vowelled < _MIN_VOWELLED * len(words)


def _on(sheet: Sheet, box: Box) -> bool:
    x, y = box.middle
    return 0 <= x <= sheet.width and 0 <= y <= sheet.height


class _Text:
    """pdfium's view of the text of one page, asked with as few calls as will do."""

    def __init__(self, sheet: Sheet) -> None:
        self._handle = pdfium_c.FPDFText_LoadPage(sheet.handle)
        if not self._handle:
            raise broken("the text of a page cannot be read")
        self._display = sheet.display
        self._turned = pdfium_c.FPDFPage_GetRotation(sheet.handle) % 4
        self._numbers = tuple(ctypes.c_double() for _ in range(4))
        self._references = tuple(map(ctypes.byref, self._numbers))
        self._count = min(max(pdfium_c.FPDFText_CountChars(self._handle), 0), _MAX_CHARACTERS)
        self.content = self._content()
        # characters that stand for nothing are counted but not written; then the two numberings differ
        self._aligned = len(self.content) == self._count

    def __enter__(self) -> _Text:
        return self

    def __exit__(self, *_: object) -> None:
        pdfium_c.FPDFText_ClosePage(self._handle)

    def _content(self) -> str:
        units = 2 * self._count + 1  # UTF-16, and the closing zero
        buffer = (ctypes.c_ushort * units)()
        written = pdfium_c.FPDFText_GetText(self._handle, 0, self._count, buffer)
        return bytes(memoryview(buffer).cast("B")[: 2 * max(written - 1, 0)]).decode("utf-16-le", "replace")

    def _index(self, position: int) -> int:
        """The number pdfium gives the character at this position of `content`."""
        return position if self._aligned else int(pdfium_c.FPDFText_GetCharIndexFromTextIndex(self._handle, position))

    def unmapped(self) -> bool:
        """Whether too many characters belong to fonts that do not say what they are."""
        step = max(1, self._count // _SAMPLE)
        sample = [i for i in range(0, self._count, step) if not pdfium_c.FPDFText_IsGenerated(self._handle, i)]
        unmapped = sum(int(pdfium_c.FPDFText_HasUnicodeMapError(self._handle, i)) == 1 for i in sample)
        return unmapped > _MAX_UNMAPPED * len(sample)

    def placed(self, match: re.Match[str]) -> Iterator[Placed]:
        """The word found at this place of `content`, or its pieces where they lie far apart."""
        first, last = self._index(match.start()), self._index(match.end() - 1)
        if first < 0 or last < first:
            return
        box, scattered = self._united(first, last - first + 1)
        if not scattered:
            yield self._word(match["word"], first, box)
            return
        for text, index, piece in self._pieces(match["word"], first):
            yield self._word(text, index, piece)

    def _word(self, text: str, index: int, box: Box) -> Placed:
        x, y, _, _ = self._references
        pdfium_c.FPDFText_GetCharOrigin(self._handle, index, x, y)
        right, down = self._display.point(self._numbers[0].value, self._numbers[1].value)
        # the angle is clockwise in the PDF's own space; the page may be turned on top of it
        turns = round(pdfium_c.FPDFText_GetCharAngle(self._handle, index) / (math.pi / 2)) + self._turned
        direction = Direction(turns % 4)
        return Placed(plain(text), box, down if direction in (Direction.RIGHT, Direction.LEFT) else right, 1.0, direction)

    def _united(self, first: int, count: int) -> tuple[Box, bool]:
        """The box around all rectangles of the characters, and whether these lie too far apart for one word."""
        left, top, right, bottom = self._references
        found = []
        for number in range(pdfium_c.FPDFText_CountRects(self._handle, first, count)):
            pdfium_c.FPDFText_GetRect(self._handle, number, left, top, right, bottom)
            x0, y1, x1, y0 = (value.value for value in self._numbers)
            found.append((x0, y0, x1, y1))
        if len(found) == 1:
            return self._display.box(*found[0]), False
        if not found:
            return Box(0, 0, 0, 0), False
        lefts, bottoms, rights, tops = zip(*found, strict=True)
        boxes = [Box(*one) for one in found]
        return self._display.box(min(lefts), min(bottoms), max(rights), max(tops)), any(map(_apart, boxes, boxes[1:]))

    def _pieces(self, text: str, first: int) -> list[tuple[str, int, Box]]:
        """The word cut where its characters lie apart: (text, number of the first character, box) of each piece."""
        left, right, bottom, top = self._references
        pieces: list[tuple[str, int, Box]] = []
        before: Box | None = None
        for offset, letter in enumerate(text):
            pdfium_c.FPDFText_GetCharBox(self._handle, first + offset, left, right, bottom, top)
            x0, x1, y0, y1 = (value.value for value in self._numbers)
            box = self._display.box(x0, y0, x1, y1)
            if before is None or _apart(before, box):
                pieces.append((letter, first + offset, box))
            else:
                word, index, around = pieces[-1]
                pieces[-1] = (word + letter, index, around.united(box))
            before = box
        return pieces


def _apart(a: Box, b: Box) -> bool:
    size = _GAP * max(min(a.height, a.width), min(b.height, b.width), 1.0)
    return max(a.x0, b.x0) - min(a.x1, b.x1) > size or max(a.y0, b.y0) - min(a.y1, b.y1) > size
