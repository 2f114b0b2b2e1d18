"""Pages for tests, laid out as typed: a word stands in the column where the text has it."""

from __future__ import annotations

from dataclasses import dataclass, field

from scanstraat.model.page import Barcode, Box, Page, PageSource, Word

COLUMN, ROW, HEIGHT = 5.0, 12.0, 9.0
MARGIN = 30.0


def printed(text: str, number: int = 1, source: PageSource = PageSource.TEXT_LAYER, codes: tuple[str, ...] = ()) -> Page:
    """A page of the text's rows; a row that begins with "# " is printed twice as large. `codes` are QR codes on it."""
    words = []
    for row, line in enumerate(text.strip("\n").split("\n")):
        large = line.startswith("# ")
        line = line[2:] if large else line
        scale = 2.0 if large else 1.0
        column = 0
        for piece in line.split(" "):
            if piece:
                x, y = MARGIN + column * COLUMN * scale, MARGIN + row * ROW
                box = Box(x, y - HEIGHT * (scale - 1), x + (len(piece) * COLUMN - 0.5) * scale, y + HEIGHT)
                words.append(Word(piece, box, 1.0, row))
            column += len(piece) + 1
    barcodes = tuple(Barcode("QRCode", code, Box(400, 700, 480, 780)) for code in codes)
    return Page(number, 595.0, 842.0, source, tuple(words), barcodes)


@dataclass(frozen=True)
class Golden:
    """A document as printed and what is to be read on it; `absent` fields must stay empty."""

    name: str
    language: str
    text: str
    expected: dict[str, str]
    absent: tuple[str, ...] = ()
    codes: tuple[str, ...] = field(default=())
