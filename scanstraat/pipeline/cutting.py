"""One file cut where one document ends and the next begins (B4): a table of rules, asked in order for every page after the first.

Pages of a file are never lost and never shared (B3); where a rule has to choose between signs that disagree, it leaves a doubt.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import dropwhile

from scanstraat.errors import Inconsistent
from scanstraat.model.document import INVOICE_KINDS, Kind, PageClass
from scanstraat.model.mail import PartRole
from scanstraat.model.page import Page, PageRef, PageSource

# Kinds that begin a document of their own; the others go with what they stand by in a file.
STARTERS = INVOICE_KINDS | {Kind.REMINDER, Kind.PAYMENT_REQUEST}
# Of those others, the ones that in front of an invoice are no part of it, such as a quote.
STANDALONE = frozenset({Kind.STATEMENT, Kind.ORDER_CONFIRMATION, Kind.QUOTE, Kind.PRO_FORMA})
_PLAIN = frozenset({Kind.OTHER, Kind.UNREADABLE})
_SURE = 0.5
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+", re.VERBOSE)


@dataclass(frozen=True, slots=True)
class SplitPart:
    """What splitting needs to know of a part: `classes` has one class for each of `pages`; `problem` is why it has none (B9)."""

    index: int
    name: str
    role: PartRole
    pages: tuple[Page, ...] = ()
    classes: tuple[PageClass, ...] = ()
    problem: str = ""

    def __post_init__(self) -> None:
        if len(self.pages) != len(self.classes):
            raise Inconsistent("page-classes", f"part {self.index} has {len(self.pages)} pages and {len(self.classes)} classes.")


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


@dataclass(frozen=True, slots=True)
class Segment:
    """Neighbouring pages of one file that belong together, at least one."""

    leaves: tuple[Leaf, ...]
    doubts: tuple[str, ...] = ()

    @property
    def is_blank(self) -> bool:
        """Whether every page is blank."""
        return all(leaf.is_blank for leaf in self.leaves)

    @property
    def head(self) -> Leaf:
        """The page that tells what it is: the first of a starting kind, else the first that is more than advertising."""
        printed = [leaf for leaf in self.leaves if not leaf.is_blank] or list(self.leaves)
        telling = [leaf for leaf in printed if leaf.seen.kind is not Kind.ADVERTISING] or printed
        return next((leaf for leaf in telling if leaf.starts), telling[0])

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
    def in_order(self) -> tuple[Leaf, ...]:
        """Its own pages, then what stood in front of an invoice's first, as an annex does."""
        head = self.head if self.starts else self.leaves[0]
        own = tuple(dropwhile(lambda leaf: leaf is not head, self.leaves))
        return own + self.leaves[: len(self.leaves) - len(own)]

    @property
    def last_printed(self) -> PageClass:
        """The class of the last page that is not blank."""
        return next((leaf.seen for leaf in reversed(self.leaves) if not leaf.is_blank), self.leaves[-1].seen)


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a rule says of a page: whether a document begins with it, and a doubt where signs disagree."""

    begins: bool
    doubt: str = ""


Rule = Callable[[Segment, Leaf], Ruling | None]


def comparable(number: str) -> str:
    """A document number without blanks and marks.

    >>> comparable("F 2026/0012")
    'F20260012'
    """
    return _NOT_ALPHANUMERIC.sub("", number).upper()


def cut(part: SplitPart) -> tuple[Segment, ...]:
    """The documents in one file, in order; every page of it is in exactly one (B3)."""
    segments: list[Segment] = []
    for page, seen in zip(part.pages, part.classes, strict=True):
        leaf = Leaf(PageRef(part.index, page.number), page, seen)
        ruling = _ruling(segments[-1], leaf) if segments else Ruling(begins=True)
        doubts = (f"{_where(leaf)}: {ruling.doubt}",) if ruling.doubt else ()
        if ruling.begins:
            segments.append(Segment((leaf,), doubts))
        else:
            last = segments[-1]
            segments[-1] = replace(last, leaves=(*last.leaves, leaf), doubts=last.doubts + doubts)
    return tuple(segments)


def _where(leaf: Leaf) -> str:
    return f"page {leaf.ref.page}"


def _ruling(before: Segment, leaf: Leaf) -> Ruling:
    """The first rule of the table that has something to say; nothing said, the page goes with the one before."""
    return next((ruling for rule in RULES if (ruling := rule(before, leaf))), Ruling(begins=False))


def _differ(before: Segment, leaf: Leaf) -> bool:
    return bool(before.number and leaf.number and before.number != leaf.number)


def _blank(before: Segment, leaf: Leaf) -> Ruling | None:
    """A blank page goes with what is before it; blank pages in front go with what follows."""
    return Ruling(begins=False) if leaf.is_blank or before.is_blank else None


def _behind_invoice(before: Segment, leaf: Leaf) -> Ruling | None:
    """A page of no starting kind behind an invoice is its annex."""
    if leaf.starts or not before.starts:
        return None
    odd = leaf.seen.kind in _PLAIN and leaf.seen.first and _differ(before, leaf)
    return Ruling(begins=False, doubt="it bears another number and may be a document of its own" if odd else "")


def _cover(before: Segment, leaf: Leaf) -> Ruling | None:
    """A letter in front of an invoice in one file is its annex; a quote or a statement is not."""
    if before.starts or not leaf.starts:
        return None
    return Ruling(begins=before.kind in STANDALONE and leaf.seen.first is not False)


def _same_number(before: Segment, leaf: Leaf) -> Ruling | None:
    """The same kind and number again is the same document."""
    if leaf.number != before.number or not leaf.number or leaf.seen.kind is not before.kind:
        return None
    again = leaf.seen.printed_page == 1 and leaf.seen.first
    return Ruling(begins=False, doubt="it is a first page again, with the same number" if again else "")


def _numbered_on(before: Segment, leaf: Leaf) -> Ruling | None:
    """ "Page 2 of 3" goes with page 1."""
    page, last = leaf.seen.printed_page, before.last_printed
    if page is None or page <= 1:
        return None
    if last.printed_page is not None and (page, leaf.seen.printed_pages) != (last.printed_page + 1, last.printed_pages):
        return Ruling(begins=_differ(before, leaf), doubt=f"it is printed page {page}, after printed page {last.printed_page}")
    return Ruling(begins=False, doubt="it is numbered on, but bears another number" if _differ(before, leaf) else "")


def _numbered_one(before: Segment, leaf: Leaf) -> Ruling | None:  # noqa: ARG001 - one row of a table of rules
    """ "Page 1 of 3" begins a document."""
    if leaf.seen.printed_page != 1:
        return None
    return Ruling(
        begins=True, doubt="it is printed page 1, but does not look like a first page" if leaf.seen.first is False else ""
    )


def _other_number(before: Segment, leaf: Leaf) -> Ruling | None:
    """Another number is another document."""
    if not _differ(before, leaf):
        return None
    return Ruling(
        begins=True, doubt="it bears another number, but does not look like a first page" if leaf.seen.first is False else ""
    )


def _looks(before: Segment, leaf: Leaf) -> Ruling | None:  # noqa: ARG001 - one row of a table of rules
    """A page that looks like a first page begins a document, and one that does not goes on with it."""
    return None if leaf.seen.first is None else Ruling(begins=leaf.seen.first)


def _other_kind(before: Segment, leaf: Leaf) -> Ruling | None:
    """Nothing tells but the kind: it stays, for a person to look at."""
    if not leaf.starts or leaf.seen.kind is before.kind or leaf.seen.confidence < _SURE:
        return None
    return Ruling(begins=False, doubt=f"it looks like {leaf.seen.kind}, what is before it like {before.kind}")


def _after_the_last(before: Segment, leaf: Leaf) -> Ruling | None:
    """A page like an invoice's after "page 2 of 2"."""
    last = before.last_printed
    if not leaf.starts or last.printed_page is None or last.printed_page != last.printed_pages:
        return None
    return Ruling(begins=False, doubt=f"it comes after printed page {last.printed_page} of {last.printed_pages}")


RULES: tuple[Rule, ...] = (
    _blank,
    _behind_invoice,
    _cover,
    _same_number,
    _numbered_on,
    _numbered_one,
    _other_number,
    _looks,
    _other_kind,
    _after_the_last,
)
