"""How many printed words are read right after a scanner, a fax or a telephone had them; the truth is the PDF's own text.

    python -m benchmarks.words [--pages 12] [--kind scan …] [--losses]

Pages are fixtures, each spoilt by `fixtures.generator.degrading` with a seed of its own and read as a PDF holding that picture. A
word counts as read where the same letters stand within half a line's height of where the noise put it. Words with a digit are
shown apart, since numbers, dates and amounts are what the line lives on. `--losses` also lists the words that were lost.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from fixtures.generator.degrading import KINDS, PAGE_DPI, Picture, degrade
from fixtures.generator.scans import rendered
from scanstraat.bounded import Child
from scanstraat.errors import Refused
from scanstraat.model.page import Page, PageSource, Word
from scanstraat.reading import PRELOAD
from scanstraat.reading.reader import Reader
from scanstraat.settings import Settings

_FIXTURES = Path(__file__).parent.parent / "fixtures" / "invoices"
_DEFAULT_KINDS = ("scan", "scan_hard", "fax_fine", "fax_coarse", "phone")
_EDGES = ".,:;()"  # marks at the ends of a word that are not counted


@dataclass(slots=True)
class Tally:
    """Words printed and read, all and those with a digit."""

    printed: int = 0
    read: int = 0
    digits_printed: int = 0
    digits_read: int = 0
    lost: list[str] = field(default_factory=list)

    def count(self, word: str, is_read: bool) -> None:
        """One more printed word."""
        has_digit = any(map(str.isdigit, word))
        self.printed += 1
        self.read += is_read
        self.digits_printed += has_digit
        self.digits_read += has_digit and is_read
        if not is_read:
            self.lost.append(word)

    def __str__(self) -> str:
        return (
            f"{self.printed:>6} {100 * self.read / max(self.printed, 1):>8.1f} "
            f"{self.digits_printed:>8} {100 * self.digits_read / max(self.digits_printed, 1):>8.1f}"
        )


def _printed(reader: Reader, count: int) -> Iterator[tuple[str, bytes, Page]]:
    """First pages of fixtures with a text layer, spread over all of them."""
    names = sorted(_FIXTURES.glob("*.pdf"))
    for path in names[:: max(1, len(names) // count)]:
        try:
            page = reader.read(path.read_bytes())[0]
        except Refused:
            continue
        if page.source is PageSource.TEXT_LAYER:
            yield path.stem, path.read_bytes(), page


def compared(truth: Page, picture: Picture, read: Page, tally: Tally) -> None:
    """Count the printed words that were read where they are."""
    places: dict[str, list[Word]] = {}
    for word in read.words:
        places.setdefault(word.text.strip(_EDGES), []).append(word)
    for word in truth.words:
        if text := word.text.strip(_EDGES):
            at = picture.shown(word.box)
            (x, y), slack = at.middle, max(at.height, 6.0)
            near = (
                abs(seen.box.middle[0] - x) < max(slack, at.width / 2) and abs(seen.box.middle[1] - y) < slack
                for seen in places.get(text, ())
            )
            tally.count(text, any(near))


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description="How many printed words are read right.")
    parser.add_argument("--pages", type=int, default=12, help="pages of each kind, about")
    parser.add_argument("--kind", action="append", choices=list(KINDS), help="may be repeated")
    parser.add_argument("--losses", action="store_true", help="also list the words that were lost")
    arguments = parser.parse_args()
    print(f"{'kind':<12} {'words':>6} {'% read':>8} {'digits':>8} {'% read':>8}")
    with Child(PRELOAD) as child:
        reader = Reader(child, Settings.from_environment())
        pages = list(_printed(reader, arguments.pages))
        for kind in arguments.kind or _DEFAULT_KINDS:
            tally = Tally()
            for name, pdf, page in pages:
                picture = degrade(rendered(pdf, PAGE_DPI)[0], kind, random.Random(f"{name} {kind}"))
                (read,) = reader.read(picture.pdf())
                one = Tally()
                compared(page, picture, read, one)
                compared(page, picture, read, tally)
                if arguments.losses:
                    print(f"    {name:<28} {one}  {' '.join(one.lost)[:150]}")
            print(f"{kind:<12} {tally}", flush=True)


if __name__ == "__main__":
    main()
