"""Pages as read: words with boxes, barcodes, and where they came from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in points (1/72 inch) from the top left of the page as a reader sees it; y grows downward."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        """Width in points."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """Height in points."""
        return self.y1 - self.y0

    @property
    def middle(self) -> tuple[float, float]:
        """The centre, as (x, y)."""
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2

    def united(self, other: Box) -> Box:
        """The smallest box around both.

        >>> Box(0, 0, 1, 1).united(Box(2, 0, 3, 2))
        Box(x0=0, y0=0, x1=3, y1=2)
        """
        return Box(min(self.x0, other.x0), min(self.y0, other.y0), max(self.x1, other.x1), max(self.y1, other.y1))


@dataclass(frozen=True, slots=True)
class Word:
    """One printed word.

    `confidence` is the reader's own, 0 to 1; a text layer's words have 1. `line` numbers the page's lines from 0.
    """

    text: str
    box: Box
    confidence: float = 1.0
    line: int = 0


@dataclass(frozen=True, slots=True)
class Barcode:
    """A decoded barcode. `symbology` as zxing names it ("QRCode", "Code128"); `text` decoded by the code's own character set."""

    symbology: str
    text: str
    box: Box


class PageSource(StrEnum):
    """Where a page's words came from."""

    TEXT_LAYER = "pdf-text"
    OCR = "ocr"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Page:
    """One page as read. `number` counts from 1 within its file; words in reading order; size in points, as displayed."""

    number: int
    width: float
    height: float
    source: PageSource
    words: tuple[Word, ...] = ()
    barcodes: tuple[Barcode, ...] = ()

    @property
    def text(self) -> str:
        """The words as text, a line a printed line."""
        lines: dict[int, list[str]] = {}
        for word in self.words:
            lines.setdefault(word.line, []).append(word.text)
        return "\n".join(" ".join(words) for words in lines.values())


@dataclass(frozen=True, slots=True)
class PageRef:
    """A page of a mail: part (counted from 0, the mail's own order) and page number within it (from 1)."""

    part: int
    page: int


@dataclass(frozen=True, slots=True)
class PartPages:
    """The pages of one part of a mail, in order."""

    part: int
    pages: tuple[Page, ...]
