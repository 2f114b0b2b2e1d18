"""What the second look at unsure places of scans mends, breaks and costs, on a folder of labelled invoices.

    python -m benchmarks.second_look [--corpus ../shared/corpus] [--variant scan_hard] [--engine tesserocr]

The corpus is no part of the project: a folder with `index.json` and `pdf/<id>/{truth.json,scan.pdf,scan_hard.pdf}`, such as
`python -m fixtures.testbed` writes. Where it is not there, this says so and ends well.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from fitting.comparing import is_right
from fitting.labelled import truths
from scanstraat.bounded import Child, Limits
from scanstraat.delivery.pdf import SourcePages
from scanstraat.extractors.second_opinion import FirstLook, first_look
from scanstraat.model.administration import OwnIdentity
from scanstraat.model.field import FieldName, Readings
from scanstraat.model.page import Page
from scanstraat.pipeline.recognition import PRELOAD
from scanstraat.pipeline.second_look import Eyes, looked_again
from scanstraat.reading.crops import Looker
from scanstraat.reading.reader import Reader
from scanstraat.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
NOBODY = OwnIdentity()
SURE = 0.9


@dataclass(frozen=True, slots=True)
class Twice:
    """A file's readings before and after the second look, with the seconds reading its pages and looking again took."""

    first: FirstLook
    after: Readings
    reading: float
    looking: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="What a second look mends, breaks and costs.")
    parser.add_argument("--corpus", type=Path, default=ROOT.parent / "shared" / "corpus")
    parser.add_argument("--variant", default="scan_hard")
    parser.add_argument("--engine", default=Settings().ocr_engine, help="what reads the pages; the other one looks again")
    asked = parser.parse_args()
    files = sorted(asked.corpus.glob(f"pdf/*/{asked.variant}.pdf"))
    if not files:
        print(f"no labelled invoices in {asked.corpus}: nothing measured (give --corpus)")
        return
    settings = Settings(ocr_engine=asked.engine)
    with Child(PRELOAD) as child:
        results = [(twice(file.read_bytes(), child, settings), _truths(file)) for file in files]
    report(results)


def twice(pdf: bytes, child: Child, settings: Settings) -> Twice:
    """Read a file's pages as one document, look, and look again."""
    started = time.perf_counter()
    pages: tuple[Page, ...] = Reader(child, settings).read(pdf)
    read = time.perf_counter()
    limits = Limits(settings.child_memory_mb * 1_000_000, settings.child_seconds)
    first = child.call(first_look, limits, pages, NOBODY)
    told = time.perf_counter()
    eyes = Eyes(child, Looker(child, settings), limits)
    after = looked_again(first, pages, NOBODY, lambda: (SourcePages(pdf, pages),), eyes)
    return Twice(first, after, read - started, time.perf_counter() - told)


def _truths(file: Path) -> dict[FieldName, tuple[str, ...]]:
    return truths(json.loads((file.parent / "truth.json").read_text("utf-8")))


def report(results: list[tuple[Twice, dict[FieldName, tuple[str, ...]]]]) -> None:
    """Print what was right before and after, by field where that differs, and the cost."""
    turned: Counter[tuple[FieldName, bool, bool]] = Counter()
    wrong: Counter[str] = Counter()
    for result, known in results:
        for field, values in known.items():
            if not values:
                continue
            right = []
            for when, readings in (("before", result.first.readings), ("after", result.after)):
                found = readings.get(field)
                right.append(found is not None and is_right(field, found.value, values))
                wrong[when] += found is not None and found.confidence >= SURE and not right[-1]
            turned[field, right[0], right[1]] += 1
    total = turned.total()
    print(f"{len(results)} files, {total} values: right {_sum(turned, 1)} before, {_sum(turned, 2)} after")
    print(f"wrong at {SURE} and above: {wrong['before']} before, {wrong['after']} after")
    for (field, before, after), count in sorted(turned.items()):
        if before != after:
            print(f"    {field}: {count} {'mended' if after else 'broken'}")
    places, looking = sum(len(r.first.places) for r, _ in results), sum(r.looking for r, _ in results)
    reading = sum(r.reading for r, _ in results)
    print(f"{places} places looked at; it took {looking / reading:.1%} of the time that reading the pages took")


def _sum(turned: Counter[tuple[FieldName, bool, bool]], which: int) -> int:
    return sum(count for key, count in turned.items() if key[which])


if __name__ == "__main__":
    main()
