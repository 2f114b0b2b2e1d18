"""Pages of one file that belong together, and what they show as a whole: the values that cutting works on (B3, B4)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import dropwhile

from scanstraat.model.document import INVOICE_KINDS, Kind, PageClass
from scanstraat.model.page import Page, PageRef, PageSource

# Kinds that begin a document of their own; the others go with what they stand by in a file.
STARTERS = INVOICE_KINDS | {Kind.REMINDER, Kind.PAYMENT_REQUEST}
# Of those others, the ones that are never part of an invoice, such as a quote.
STANDALONE = frozenset({Kind.STATEMENT, Kind.ORDER_CONFIRMATION, Kind.QUOTE, Kind.PRO_FORMA})
# Kinds that in front of an invoice's first page are a letter or annex to it.
IN_FRONT = frozenset({Kind.OTHER, Kind.ANNEX, Kind.DELIVERY_NOTE, Kind.ADVERTISING})
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+", re.VERBOSE)
_WORD = re.compile(r"(?P<word>[^\W_]+)", re.VERBOSE)
SHORTEST_NUMBER = 5  # a shorter one in running text may be a year or a quantity
_LONGEST_RUN = 5


def comparable(number: str) -> str:
    """A document number without blanks and marks.

    >>> comparable("F 2026/0012")
    'F20260012'
    """
    return _NOT_ALPHANUMERIC.sub("", number).upper()


@lru_cache(maxsize=64)
def runs(text: str) -> frozenset[str]:
    """Every run of up to five words as one, since a number may be printed with blanks and marks in it.

    >>> "20260012" in runs("Betreft factuur 2026-0012.")
    True
    """
    words = [match["word"].upper() for match in _WORD.finditer(text)]
    return frozenset("".join(words[at : at + length]) for at in range(len(words)) for length in range(1, _LONGEST_RUN + 1))


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page of a mail with what it looks like."""

    ref: PageRef
    page: Page
    seen: PageClass

    @property
    def is_blank(self) -> bool:
        """Whether nothing is printed on it."""
        return self.page.source is PageSource.BLANK

    @property
    def starts(self) -> bool:
        """Whether its kind begins a document of its own."""
        return self.seen.kind in STARTERS and not self.is_blank

    @property
    def number(self) -> str:
        """The document number printed on it, comparable; empty where none is."""
        return comparable(self.seen.number or "")

    @property
    def running(self) -> frozenset[str]:
        """The words of its head and foot."""
        return frozenset(self.seen.traits.running)

    def names(self, number: str) -> bool:
        """Whether a document number stands anywhere on it."""
        return len(number) >= SHORTEST_NUMBER and number in runs(self.page.text)


@dataclass(frozen=True, slots=True)
class Segment:
    """Neighbouring pages of one file that belong together, at least one."""

    leaves: tuple[Leaf, ...]
    doubts: tuple[str, ...] = ()

    @property
    def printed(self) -> tuple[Leaf, ...]:
        """The pages that are not blank; all, where every one is."""
        return tuple(leaf for leaf in self.leaves if not leaf.is_blank) or self.leaves

    @property
    def is_blank(self) -> bool:
        """Whether every page is blank."""
        return all(leaf.is_blank for leaf in self.leaves)

    @property
    def head(self) -> Leaf:
        """The page that tells what it is: the first; behind a letter, an annex or advertising the first of a starting kind.

        Where the pages before have no kind at all, any kind tells more.
        """
        first = self.printed[0]
        if first.seen.kind not in IN_FRONT:
            return first
        later = next((leaf for leaf in self.printed if leaf.starts), None)
        if later is not None:
            return later
        plain = first.seen.kind in {Kind.ADVERTISING, Kind.UNREADABLE}
        return next((leaf for leaf in self.printed if leaf.seen.kind is not first.seen.kind), first) if plain else first

    @property
    def starts(self) -> bool:
        """Whether it can be a document by itself rather than go with another."""
        return self.head.starts

    @property
    def kind(self) -> Kind:
        """Its kind."""
        return Kind.OTHER if self.is_blank else self.head.seen.kind

    @property
    def confidence(self) -> float:
        """How sure the kind is, by its surest page."""
        return max(leaf.seen.confidence for leaf in self.leaves if leaf.seen.kind is self.head.seen.kind)

    @property
    def number(self) -> str:
        """Its document number, by the first page of its kind that has one."""
        return next((leaf.number for leaf in self.leaves if leaf.number and leaf.seen.kind is self.kind), "")

    @property
    def numbers(self) -> frozenset[str]:
        """Every document number its pages bear."""
        return frozenset(leaf.number for leaf in self.leaves if leaf.number)

    @property
    def identities(self) -> frozenset[str]:
        """VAT numbers, accounts and web addresses on its pages."""
        return frozenset(identity for leaf in self.leaves for identity in leaf.seen.traits.identities)

    @property
    def day(self) -> str:
        """The date it bears, by the page that tells what it is."""
        return self.head.seen.traits.day

    @property
    def summed(self) -> bool:
        """Whether a total is printed on it."""
        return any(leaf.seen.traits.summed for leaf in self.leaves)

    @property
    def counted(self) -> int:
        """How many different page numbers of the last count are there."""
        pages = self.last_printed.printed_pages
        return len({leaf.seen.printed_page for leaf in self.printed if leaf.seen.printed_pages == pages})

    @property
    def lacks_page_one(self) -> bool:
        """Whether its pages are numbered, and none of them 1."""
        return not any(leaf.seen.printed_page == 1 for leaf in self.printed)

    @property
    def in_order(self) -> tuple[Leaf, ...]:
        """Its own pages, then what stood in front of an invoice's first, as an annex does."""
        head = self.head if self.starts and self.head.seen.first else self.leaves[0]
        own = tuple(dropwhile(lambda leaf: leaf is not head, self.leaves))
        return own + self.leaves[: len(self.leaves) - len(own)]

    @property
    def last_printed(self) -> PageClass:
        """The class of the last page that is not blank."""
        return self.printed[-1].seen
