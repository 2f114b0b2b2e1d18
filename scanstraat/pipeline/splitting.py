"""The pages of a mail put together into documents (B3, B4, B5, B7, B9).

Each file is cut by itself (`pipeline.cutting`); then files that go on with another, and annexes in files of their own, are
put where they belong. What cannot be told is a document by itself with a doubt, so that a person looks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from scanstraat.model.document import INVOICE_KINDS, Document, Kind
from scanstraat.model.mail import PartRole
from scanstraat.pipeline.annexes import with_annexes
from scanstraat.pipeline.cutting import SplitPart, cut
from scanstraat.pipeline.pagegroups import SHORTEST_NUMBER, Segment, runs

__all__ = ["SplitPart", "split"]


@dataclass(frozen=True, slots=True)
class Draft:
    """A document in the making: the part it came in and, where that has pages, those of one document in it.

    `alike` are further parts that it stands for.
    """

    part: SplitPart
    segment: Segment | None
    doubts: tuple[str, ...] = ()
    problem: str = ""
    alike: tuple[int, ...] = ()

    @property
    def starts(self) -> bool:
        """Whether it can be a document by itself."""
        return self.segment is not None and self.segment.starts

    @property
    def invoice_number(self) -> str:
        """Its number if it is an invoice with one, comparable."""
        return self.segment.number if self.segment and self.segment.kind in INVOICE_KINDS else ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a draft goes: to the one at `target`, or nowhere (None); the doubt travels with its pages."""

    target: int | None = None
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Follower:
    """How a kind in a file of its own finds its invoice: by the number it names, and else as the one behind an invoice (B5)."""

    by_number: bool = False
    by_order: bool = False


MOST_ALIKE = 10  # files of a mail that cannot be read for the same reason and are looked at one by one
# Kinds that are not here stand by themselves: invoices, reminders, and what belongs to no invoice.
FOLLOWERS = {
    Kind.ANNEX: Follower(by_number=True, by_order=True),
    Kind.DELIVERY_NOTE: Follower(by_number=True, by_order=True),
    Kind.ORDER_CONFIRMATION: Follower(by_number=True),
    Kind.OTHER: Follower(by_number=True),
}


def split(parts: tuple[SplitPart, ...]) -> tuple[Document, ...]:
    """The documents of a mail, in mail order, at least one; every page of a document part is in exactly one of them.

    So is every file without pages that is an annex. Body, decoration and containers give none of their own, unless the body is
    all there is; a mail without any gives one document of kind OTHER without pages, so that it too ends somewhere.

    >>> [(document.kind.value, document.pages) for document in split(())]
    [('other', ())]
    """
    drafts = _gathered(tuple(draft for part in _telling(parts) for draft in _drafts(part)))
    places = tuple(_place(drafts, at) for at in range(len(drafts)))
    drafts = tuple(replace(d, doubts=(*d.doubts, p.doubt)) if p.doubt else d for d, p in zip(drafts, places, strict=True))
    roots = tuple(_root(places, at) for at in range(len(drafts)))
    groups = tuple(_group(drafts, roots, root) for root in sorted(set(roots)))
    documents = tuple(_document(ordinal, group) for ordinal, group in enumerate(groups))
    annexes = tuple(part for part in parts if part.role is PartRole.ANNEX)
    if annexes:
        documents = with_annexes(documents, [group[0].invoice_number for group in groups], annexes)
    return documents or (Document(0, Kind.OTHER, 1.0, ()),)


def _telling(parts: tuple[SplitPart, ...]) -> tuple[SplitPart, ...]:
    """The parts that give documents."""
    asked = (PartRole.DOCUMENT, PartRole.UNREADABLE)
    telling = tuple(part for part in parts if part.role in asked or (part.role is PartRole.CONTAINER and part.problem))
    return telling or tuple(part for part in parts if part.role is PartRole.BODY and part.pages)


def _drafts(part: SplitPart) -> tuple[Draft, ...]:
    """The documents one part gives by itself; a part without pages gives one that says why (B9)."""
    if not part.pages:
        return (Draft(part, None, problem=f"{_called(part)}: {part.problem or 'it holds no pages'}"),)
    doubts = (part.problem,) if part.problem else ()
    return tuple(Draft(part, segment, segment.doubts + doubts) for segment in cut(part))


def _gathered(drafts: tuple[Draft, ...]) -> tuple[Draft, ...]:
    """The drafts; where many files cannot be read for the same reason, the first stands for all: one look is enough."""
    lacking: dict[str, list[Draft]] = {}
    for draft in drafts:
        if draft.segment is None:
            lacking.setdefault(draft.part.problem, []).append(draft)
    spoken_for = {draft.part.index for found in lacking.values() if len(found) > MOST_ALIKE for draft in found[1:]}
    left = (draft for draft in drafts if draft.segment or draft.part.index not in spoken_for)
    return tuple(draft if draft.segment else _standing_for(draft, lacking[draft.part.problem]) for draft in left)


def _standing_for(first: Draft, found: list[Draft]) -> Draft:
    if len(found) <= MOST_ALIKE:
        return first
    problem = f"{_called(first.part)} and {len(found) - 1} more files: {first.part.problem or 'they hold no pages'}"
    return replace(first, problem=problem, alike=tuple(draft.part.index for draft in found[1:]))


def _called(part: SplitPart) -> str:
    return f"“{part.name}”" if part.name else "a part without a name"


def _root(places: tuple[Place, ...], at: int) -> int:
    """The draft in which the pages of `at` end up: blank files follow what is before them, which may follow an invoice itself."""
    target = places[at].target
    return at if target is None else _root(places, target)


def _group(drafts: tuple[Draft, ...], roots: tuple[int, ...], root: int) -> tuple[Draft, ...]:
    """A document's drafts: its own, files that go on with it, then annexes, each in mail order."""
    followers = [draft for at, draft in enumerate(drafts) if roots[at] == root and at != root]
    return (drafts[root], *sorted(followers, key=lambda draft: not draft.starts))


def _document(ordinal: int, group: tuple[Draft, ...]) -> Document:
    main = group[0]
    doubts = tuple(doubt for draft in group for doubt in draft.doubts)
    if main.segment is None:
        return Document(ordinal, Kind.UNREADABLE, 1.0, (), doubts, main.problem, main.part.index, main.alike)
    leaves = (leaf for draft in group if draft.segment for leaf in draft.segment.in_order)
    return Document(ordinal, main.segment.kind, main.segment.confidence, tuple(leaf.ref for leaf in leaves), doubts)


def _place(drafts: tuple[Draft, ...], at: int) -> Place:
    """The first rule of the table that knows where a draft goes; none does: it stands by itself."""
    segment = drafts[at].segment
    if segment is None:
        return Place()
    return next((place for rule in PLACES if (place := rule(drafts, at, segment))), Place())


def _blank_file(drafts: tuple[Draft, ...], at: int, segment: Segment) -> Place | None:
    """A blank file goes with the document before it."""
    if not segment.is_blank:
        return None
    before = next((earlier for earlier in reversed(range(at)) if drafts[earlier].segment), None)
    return Place(before, "" if before is not None else "all its pages are blank")


def _goes_on(drafts: tuple[Draft, ...], at: int, segment: Segment) -> Place | None:
    """A file that begins in the middle, such as the photo of a second page, goes on with the one whose number or count it has."""
    seen = segment.head.seen
    printed = seen.printed_page or 1
    is_first_of_file = at == 0 or drafts[at - 1].part is not drafts[at].part
    if not segment.starts or not is_first_of_file or (printed == 1 and seen.first is not False):
        return None
    earlier = tuple(place for place in reversed(range(at)) if drafts[place].starts)
    for place in earlier:
        other = drafts[place].segment
        if other and (_same_number(other, segment) or (place == earlier[0] and _numbered_on(other, segment))):
            return Place(place)
    if printed > 1:
        return Place(doubt=f"it begins with printed page {printed}")
    may_go_on = earlier and not segment.number
    return Place(doubt="it does not begin like a document, and may go on with one before it") if may_go_on else None


def _same_number(other: Segment, segment: Segment) -> bool:
    return bool(segment.number) and segment.number == other.number and segment.kind is other.kind


def _numbered_on(other: Segment, segment: Segment) -> bool:
    """Whether "page 2 of 3" without a document number stands behind "page 1 of 3"."""
    last, seen = other.last_printed, segment.head.seen
    if segment.number or last.printed_page is None or seen.printed_page is None:
        return False
    return (last.printed_page + 1, last.printed_pages) == (seen.printed_page, seen.printed_pages)


def _annex(drafts: tuple[Draft, ...], at: int, segment: Segment) -> Place | None:
    """An annex follows the invoice it names, else the one before it in the mail, else a person decides (B5)."""
    follower = FOLLOWERS.get(segment.kind, Follower())
    before = next((earlier for earlier in reversed(range(at)) if _is_invoice(drafts[earlier])), None)
    named = _named(drafts, drafts[at]) if follower.by_number else ()
    numbers = {drafts[place].invoice_number for place in named}
    if len(numbers) == 1 or (numbers and follower.by_order):
        target = before if before in named else named[0]
        return Place(target, f"{drafts[at].part.name} names {len(numbers)} invoices" if len(numbers) > 1 else "")
    if not follower.by_order:
        return None
    return Place(before, "" if before is not None else "it is an annex, and no invoice stands before it")


def _is_invoice(draft: Draft) -> bool:
    return draft.segment is not None and draft.segment.kind in INVOICE_KINDS


def _named(drafts: tuple[Draft, ...], annex: Draft) -> tuple[int, ...]:
    """The invoices whose number stands on the annex or in its file's name."""
    if annex.segment is None:
        return ()
    printed = {leaf.number for leaf in annex.segment.leaves}
    running = runs(annex.part.name).union(*(runs(leaf.page.text) for leaf in annex.segment.leaves))
    written = printed | {run for run in running if len(run) >= SHORTEST_NUMBER}
    return tuple(place for place, draft in enumerate(drafts) if draft.invoice_number and draft.invoice_number in written)


PLACES: tuple[Callable[[tuple[Draft, ...], int, Segment], Place | None], ...] = (_blank_file, _goes_on, _annex)
