"""How well a stack of pages is cut into documents, and how well their kinds are told.

    python -m benchmarks.splitting [--bundles 300] [--seed 7] [--held-out] [--scanned] [--errors]

Bundles come from `fixtures.testbed.bundles`. A boundary is a page that begins a document, the first page of a file left out. The
kind of a document counts where the cut found its first page. "Doubt" is a document that goes to a person for its cut or kind.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from fixtures.testbed.bundles import Leaf, bundles, scanned
from scanstraat.bounded import Child
from scanstraat.extractors.pageclass import classify
from scanstraat.model.document import Document
from scanstraat.model.mail import PartRole
from scanstraat.model.page import Page
from scanstraat.pipeline.splitting import SplitPart, split
from scanstraat.reading import PRELOAD
from scanstraat.reading.reader import Reader
from scanstraat.settings import Settings


@dataclass(frozen=True, slots=True)
class Outcome:
    """One bundle: its truth, the documents made of it, and the errors found in words."""

    truth: tuple[Leaf, ...]
    documents: tuple[Document, ...]

    @property
    def true_starts(self) -> dict[int, str]:
        """Page (from 1) to kind where a document begins."""
        firsts: dict[int, tuple[int, str]] = {}
        for at, leaf in enumerate(self.truth, 1):
            firsts.setdefault(leaf.document, (at, leaf.kind))
        return dict(firsts.values())

    @property
    def starts(self) -> dict[int, Document]:
        """Page (from 1) to document where one was begun; its pages need not be in the order of the file."""
        return {min(ref.page for ref in document.pages): document for document in self.documents}

    @property
    def is_right(self) -> bool:
        """Whether every document has its pages and kind."""
        return {p: d.kind.value for p, d in self.starts.items()} == self.true_starts


@dataclass(slots=True)
class Score:
    """Counts over bundles."""

    bundles: int = 0
    right: int = 0
    found: int = 0
    false: int = 0
    missed: int = 0
    doubted: int = 0
    documents: int = 0
    wrong: int = 0
    wrong_doubted: int = 0
    kinds: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, outcome: Outcome) -> None:
        """Count one bundle in."""
        true, made = outcome.true_starts, outcome.starts
        self.bundles += 1
        self.right += outcome.is_right
        self.found += len((true.keys() & made.keys()) - {1})
        self.false += len(made.keys() - true.keys())
        self.missed += len(true.keys() - made.keys())
        self.kinds.update((kind, made[page].kind.value) for page, kind in true.items() if page in made)
        ends = dict(zip(sorted(true), [*sorted(true)[1:], len(outcome.truth) + 1], strict=True))
        for page, document in made.items():
            good = page in true and {ref.page for ref in document.pages} == set(range(page, ends[page]))
            good = good and true[page] == document.kind.value
            doubt = bool(document.doubts)
            self.documents += 1
            self.doubted += doubt
            self.wrong += not good
            self.wrong_doubted += doubt and not good

    @property
    def f1(self) -> float:
        """The harmonic mean of the boundaries' precision and recall."""
        return 2 * self.found / max(1, 2 * self.found + self.false + self.missed)

    @property
    def kinds_right(self) -> float:
        """The share of documents whose kind was told."""
        return sum(n for (true, told), n in self.kinds.items() if true == told) / max(1, self.kinds.total())

    def lines(self) -> Iterator[str]:
        """The tables."""
        precision, recall = self.found / max(1, self.found + self.false), self.found / max(1, self.found + self.missed)
        yield f"bundles {self.bundles}, wholly right {self.right / max(1, self.bundles):.1%}"
        yield f"boundaries: precision {precision:.3f}, recall {recall:.3f}, F1 {self.f1:.3f}"
        yield f"false {self.false}, missed {self.missed}, found {self.found}"
        yield f"kinds right {self.kinds_right:.1%} of {self.kinds.total()}"
        yield (
            f"documents {self.documents}, doubted {self.doubted / max(1, self.documents):.1%}; "
            f"wrong {self.wrong}, of them doubted {self.wrong_doubted / max(1, self.wrong):.1%}"
        )
        for true in sorted({kind for kind, _ in self.kinds}):
            told = Counter({other: n for (kind, other), n in self.kinds.items() if kind == true})
            yield f"  {true:<20} {told[true]:>4} of {told.total():>4}   " + ", ".join(
                f"{other} {n}" for other, n in told.most_common() if other != true
            )


def documents_of(pages: tuple[Page, ...]) -> tuple[Document, ...]:
    """The documents that pages of one file make."""
    return split((SplitPart(0, "stack.pdf", PartRole.DOCUMENT, pages, tuple(classify(page) for page in pages)),))


def read(arguments: argparse.Namespace) -> Iterator[tuple[tuple[Page, ...], tuple[Leaf, ...]]]:
    """The bundles asked for, read."""
    with Child(PRELOAD) as child:
        reader = Reader(child, Settings.from_environment())
        for at, (pdf, truth) in enumerate(bundles(arguments.bundles, arguments.seed, arguments.held_out)):
            yield reader.read(scanned(pdf, random.Random(f"{arguments.seed}{at}")) if arguments.scanned else pdf), truth


def measure(stacks: Iterable[tuple[tuple[Page, ...], tuple[Leaf, ...]]], errors: bool) -> tuple[Score, float, int]:
    """The score, and processor seconds spent on so many pages."""
    score, seconds, count = Score(), 0.0, 0
    for at, (pages, truth) in enumerate(stacks):
        began = time.process_time()
        outcome = Outcome(truth, documents_of(pages))
        seconds, count = seconds + time.process_time() - began, count + len(pages)
        score.add(outcome)
        if errors and not outcome.is_right:
            print(f"bundle {at}: {outcome.true_starts}")
            for page, document in sorted(outcome.starts.items()):
                print(f"    {page} {document.kind} {document.confidence:.2f} {'; '.join(document.doubts)}")
    return score, seconds, count


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="How well a stack of pages is cut into documents.")
    parser.add_argument("--bundles", type=int, default=300)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--held-out", action="store_true", help="print in looks kept apart")
    parser.add_argument("--scanned", action="store_true", help="read pictures of the pages")
    parser.add_argument("--errors", action="store_true", help="also list the bundles that were cut or told wrongly")
    arguments = parser.parse_args()
    score, seconds, count = measure(read(arguments), arguments.errors)
    print("\n".join(score.lines()))
    print(
        f"{count} pages, {seconds / max(1, count) * 1000:.1f} ms of processor time each, classifying and cutting", file=sys.stderr
    )


if __name__ == "__main__":
    main()
