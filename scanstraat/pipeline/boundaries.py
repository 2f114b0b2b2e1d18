"""Whether a page begins a document or goes on with the one before it: named signs, each worth some log-odds (B4).

A sign is a sentence a person can read beside the page. `WEIGHTS` says what each is worth for "a document begins here"; the
weights are fitted on bundles with known boundaries by `benchmarks/boundary_weights.py` and rounded, and stay a table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum
from math import exp

from scanstraat.model.document import INVOICE_KINDS, WEB, Kind
from scanstraat.pipeline.pagegroups import STANDALONE, STARTERS, Leaf, Segment

# Kinds that behind an invoice are its annexes, with numbers, days and page numbers of their own.
BEHIND = frozenset({Kind.ANNEX, Kind.DELIVERY_NOTE})
OWN = STARTERS | STANDALONE
# Kinds that end in a total, so that a table of theirs without one goes on.
SUMMING = frozenset({Kind.INVOICE, Kind.CREDIT_NOTE, Kind.PRO_FORMA, Kind.ORDER_CONFIRMATION, Kind.QUOTE})
# Heads and feet are compared where each page has so many words there; alike from this share on, unlike below the other.
ENOUGH_WORDS, ALIKE, UNLIKE = 4, 0.6, 0.25
# Page sizes differ from so many points on.
OTHER_SIZE = 20.0


class Sign(StrEnum):
    """What speaks for or against a new document at a page."""

    PAGE_ONE = "it is printed page 1"
    PAGE_ONE_BEHIND = "it is printed page 1 of what may be an annex"
    PAGE_ONE_MISSED = "it is printed page 1, which the document before lacks"
    PAGE_NEXT = "its page number follows"
    PAGE_NEXT_OF = "its page number follows, of the same count"
    PAGE_SAME_COUNT = "its page number is of the same count, in another order"
    PAGE_LATER = "its page number is not the next"
    PAGE_MISSING = "it has no page number, the page before has"
    ENDED = "all pages before are there"
    UNENDED = "pages of the one before are still to come"
    NUMBER_SAME = "it bears the same document number"
    NUMBER_OTHER = "it bears another document number"
    NUMBER_OTHER_BEHIND = "it bears a number of its own, as annexes do"
    NAMES_NUMBER = "it names the number of the document before"
    WHO_SAME = "VAT number, account or web address are the same"
    WHO_OTHER = "VAT number or account are others"
    WEB_OTHER = "its web address is another"
    RUNNING_SAME = "head and foot are like those before"
    RUNNING_OTHER = "head and foot are unlike those before"
    RUNNING_NONE = "it has no head and foot, the page before has"
    GREETS = "it opens as a letter does"
    BARE = "it has neither heading, addressee, date nor number"
    COMPLETE = "it has all that a first page has"
    TITLE = "a heading names a document"
    TITLE_BEHIND = "a heading names an annex"
    ADDRESSED = "an addressee stands on it"
    ADDRESSED_BEHIND = "an addressee stands on what may be an annex"
    DAY_SAME = "it bears the same date"
    DAY_OTHER = "it bears another date"
    DAY_NEW = "it bears a date, the one before does not"
    CARRIED = "a sum is carried over to it"
    SUMMED = "the document before has its total"
    UNSUMMED = "the document before has no total yet"
    KIND_SAME = "it is of the same kind"
    KIND_OTHER = "it is of another kind that stands by itself"
    KIND_PLAIN = "nothing tells what it is"
    KIND_BEHIND = "it is of a kind that goes with an invoice"
    ADVERTISING = "it is advertising"
    COVER = "the letter before it names its number"
    LETTER = "a letter of the same sender stands before it"
    BLANK_BETWEEN = "a blank page stands before it"
    SIZE_OTHER = "its paper is of another size"


BIAS = -1.5
WEIGHTS: dict[Sign, float] = {
    Sign.PAGE_ONE: 3.5,
    Sign.PAGE_ONE_BEHIND: -0.1,
    Sign.PAGE_ONE_MISSED: -2.5,
    Sign.PAGE_NEXT: -3.5,
    Sign.PAGE_NEXT_OF: -5.5,
    Sign.PAGE_SAME_COUNT: -1.0,
    Sign.PAGE_LATER: -1.4,
    Sign.PAGE_MISSING: 0.1,
    Sign.ENDED: 0.5,
    Sign.UNENDED: -0.8,
    Sign.NUMBER_SAME: -5.5,
    Sign.NUMBER_OTHER: 3.5,
    Sign.NUMBER_OTHER_BEHIND: -0.1,
    Sign.NAMES_NUMBER: -2.6,
    Sign.WHO_SAME: -0.2,
    Sign.WHO_OTHER: 2.5,
    Sign.WEB_OTHER: 1.3,
    Sign.RUNNING_SAME: -0.1,
    Sign.RUNNING_OTHER: 0.6,
    Sign.RUNNING_NONE: -0.9,
    Sign.GREETS: 2.2,
    Sign.BARE: -1.8,
    Sign.COMPLETE: 0.7,
    Sign.TITLE: 1.3,
    Sign.TITLE_BEHIND: -0.8,
    Sign.ADDRESSED: 1.1,
    Sign.ADDRESSED_BEHIND: -0.3,
    Sign.DAY_SAME: -0.6,
    Sign.DAY_OTHER: 1.3,
    Sign.DAY_NEW: 0.5,
    Sign.CARRIED: -3.0,
    Sign.SUMMED: 1.5,
    Sign.UNSUMMED: -1.4,
    Sign.KIND_SAME: 0.1,
    Sign.KIND_OTHER: 0.7,
    Sign.KIND_PLAIN: -0.6,
    Sign.KIND_BEHIND: -2.8,
    Sign.ADVERTISING: -0.4,
    Sign.COVER: -5.1,
    Sign.LETTER: -4.4,
    Sign.BLANK_BETWEEN: 0.6,
    Sign.SIZE_OTHER: 0.7,
}


def signs(before: Segment, leaf: Leaf) -> tuple[Sign, ...]:
    """Everything noticed of a page behind a document in the making."""
    return tuple(sign for look in _LOOKS for sign in look(before, leaf))


def log_odds(noticed: tuple[Sign, ...]) -> float:
    """How much speaks for a new document; below 0 the page goes on with the one before."""
    return BIAS + sum(WEIGHTS[sign] for sign in noticed)


def sureness(odds: float) -> float:
    """How sure the decision is, from 0.5 to 1.

    >>> sureness(0.0), round(sureness(-2.2), 2)
    (0.5, 0.9)
    """
    return 1.0 / (1.0 + exp(-abs(odds)))


def goes_behind(before: Segment, leaf: Leaf) -> bool:
    """Whether a page is of a kind that goes behind the invoice before it, and not another sender's."""
    payable = before.kind in INVOICE_KINDS or (before.kind is Kind.OTHER and before.summed)
    return leaf.seen.kind in BEHIND and payable and not _of_another(before, leaf)


def _of_another(before: Segment, leaf: Leaf) -> bool:
    """Whether VAT numbers and accounts say that it is another sender's; web addresses alone do not say so for sure."""
    mine, theirs = frozenset(leaf.seen.traits.identities), before.identities
    return bool(_registered(mine) and _registered(theirs)) and not mine & theirs


def _registered(identities: frozenset[str]) -> frozenset[str]:
    return frozenset(identity for identity in identities if not identity.startswith(WEB))


def _numbering(before: Segment, leaf: Leaf) -> Iterator[Sign]:
    page, pages, last = leaf.seen.printed_page, leaf.seen.printed_pages, before.last_printed
    at, of = last.printed_page, last.printed_pages
    follows = page == at + 1 and pages == of if at is not None else page == len(before.printed) + 1 and page > 1
    if page == 1:
        lacks = at is not None and of == pages and before.lacks_page_one
        yield Sign.PAGE_ONE_MISSED if lacks else Sign.PAGE_ONE_BEHIND if goes_behind(before, leaf) else Sign.PAGE_ONE
    elif page is None and at is not None:
        yield Sign.PAGE_MISSING
    elif follows:
        yield Sign.PAGE_NEXT if pages is None else Sign.PAGE_NEXT_OF
    elif page is not None:
        yield Sign.PAGE_SAME_COUNT if of is not None and pages == of and page != at else Sign.PAGE_LATER
    if of is not None and not follows:
        yield Sign.ENDED if before.counted >= of else Sign.UNENDED


def _numbers(before: Segment, leaf: Leaf) -> Iterator[Sign]:
    if leaf.number and leaf.number in before.numbers:
        yield Sign.NUMBER_SAME
    elif leaf.number and before.number:
        yield Sign.NUMBER_OTHER_BEHIND if goes_behind(before, leaf) else Sign.NUMBER_OTHER
    if before.number and leaf.number != before.number and leaf.names(before.number):
        yield Sign.NAMES_NUMBER
    if before.kind is Kind.OTHER and leaf.starts and leaf.number and any(page.names(leaf.number) for page in before.leaves):
        yield Sign.COVER


def _who(before: Segment, leaf: Leaf) -> Iterator[Sign]:
    mine, theirs = set(leaf.seen.traits.identities), before.identities
    if mine and theirs:
        yield Sign.WHO_SAME if mine & theirs else Sign.WHO_OTHER if _of_another(before, leaf) else Sign.WEB_OTHER
    likeness = max((_alike(page, leaf) for page in before.leaves if page.running), default=None)
    alike = likeness is not None and likeness >= ALIKE
    if before.kind is Kind.OTHER and leaf.starts and (mine & theirs or alike) and not _of_another(before, leaf):
        yield Sign.LETTER
    if likeness is None:
        return
    if len(leaf.running) < ENOUGH_WORDS:
        yield Sign.RUNNING_NONE
    elif likeness >= ALIKE:
        yield Sign.RUNNING_SAME
    elif likeness < UNLIKE:
        yield Sign.RUNNING_OTHER


def _alike(page: Leaf, leaf: Leaf) -> float:
    """The share of the words in head and foot that two pages have in common, of the one with fewer."""
    return len(page.running & leaf.running) / max(ENOUGH_WORDS, min(len(page.running), len(leaf.running)))


def _form(before: Segment, leaf: Leaf) -> Iterator[Sign]:
    shown, behind = leaf.seen.traits, goes_behind(before, leaf)
    if shown.titled:
        yield Sign.TITLE_BEHIND if behind or leaf.seen.kind is Kind.ANNEX else Sign.TITLE
    if shown.greets and leaf.seen.printed_page in (None, 1):
        yield Sign.GREETS
    if shown.addressed:
        yield Sign.ADDRESSED_BEHIND if behind else Sign.ADDRESSED
    if leaf.seen.printed_page != 1 and not (shown.titled or shown.addressed or shown.day or shown.greets or leaf.number):
        yield Sign.BARE
    if shown.titled and shown.addressed and (shown.day or leaf.number) and not behind:
        yield Sign.COMPLETE
    if shown.day and before.day:
        yield from ([Sign.DAY_SAME] if shown.day == before.day else [] if behind else [Sign.DAY_OTHER])
    elif shown.day:
        yield Sign.DAY_NEW
    if shown.carried_in or (before.last_printed.traits.carried_out and not shown.titled):
        yield Sign.CARRIED
    if before.summed:
        yield Sign.SUMMED
    elif before.kind in SUMMING and before.head.seen.traits.headed:
        yield Sign.UNSUMMED
    if abs(leaf.page.width - before.head.page.width) + abs(leaf.page.height - before.head.page.height) > OTHER_SIZE:
        yield Sign.SIZE_OTHER


def _kinds(before: Segment, leaf: Leaf) -> Iterator[Sign]:
    kind = leaf.seen.kind
    if kind is Kind.ADVERTISING:
        yield Sign.ADVERTISING
    elif goes_behind(before, leaf):
        yield Sign.KIND_BEHIND
    elif kind is Kind.OTHER:
        yield Sign.KIND_PLAIN
    elif kind is before.kind:
        yield Sign.KIND_SAME
    elif kind in OWN:
        yield Sign.KIND_OTHER
    if before.leaves[-1].is_blank:
        yield Sign.BLANK_BETWEEN


_LOOKS: tuple[Callable[[Segment, Leaf], Iterator[Sign]], ...] = (_numbering, _numbers, _who, _form, _kinds)
