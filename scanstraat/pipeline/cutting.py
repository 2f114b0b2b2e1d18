"""One file cut where one document ends and the next begins (B4): for every page after the first, the signs for and against.

Pages of a file are never lost and never shared (B3). Where the signs hardly outweigh each other, or one that should settle it
says the opposite of the decision, the cut stays as decided and leaves a doubt that names them, for a person to look (C7).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from scanstraat.errors import Inconsistent
from scanstraat.model.document import Kind, PageClass
from scanstraat.model.mail import PartRole
from scanstraat.model.page import Page, PageRef
from scanstraat.pipeline.boundaries import WEIGHTS, Sign, log_odds, signs, sureness
from scanstraat.pipeline.pagegroups import Leaf, Segment

# A decision less sure than this is doubted.
SURE = 0.75
# Against the sender's identity a decision must be this sure, since other numbers than the sender's stand on pages too.
SURE_OF_WHO = 0.95
# Other signs that by themselves should settle it; where the decision goes against one, it is doubted however sure.
SETTLING_CUT = frozenset({Sign.NUMBER_OTHER, Sign.PAGE_LATER, Sign.PAGE_SAME_COUNT})
SETTLING_JOIN = frozenset({Sign.PAGE_NEXT, Sign.PAGE_NEXT_OF, Sign.NUMBER_SAME, Sign.CARRIED})


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
class Ruling:
    """What is decided of a page: whether a document begins with it, and a doubt where signs disagree."""

    begins: bool
    doubt: str = ""


def cut(part: SplitPart) -> tuple[Segment, ...]:
    """The documents in one file, in order; every page of it is in exactly one (B3)."""
    segments: list[Segment] = []
    for page, seen in zip(part.pages, part.classes, strict=True):
        leaf = Leaf(PageRef(part.index, page.number), page, seen)
        ruling = ruled(segments[-1], leaf) if segments else Ruling(begins=True)
        doubts = (f"page {leaf.ref.page}: {ruling.doubt}",) if ruling.doubt else ()
        if ruling.begins:
            segments.append(Segment((leaf,), doubts))
        else:
            last = segments[-1]
            segments[-1] = replace(last, leaves=(*last.leaves, leaf), doubts=last.doubts + doubts)
    return tuple(_payable(segment) for segment in segments)


def _payable(segment: Segment) -> Segment:
    """What may be an invoice, or a part of one, that nothing names is not filed away unseen."""
    carried = segment.printed[0].seen.traits.carried_in
    if segment.kind is not Kind.OTHER or not (segment.summed or carried):
        return segment
    shown = "a total stands on it" if segment.summed else "it begins with a sum carried over"
    doubt = f"page {segment.head.ref.page}: nothing tells what it is, but {shown}"
    return replace(segment, doubts=(*segment.doubts, doubt))


def ruled(before: Segment, leaf: Leaf) -> Ruling:
    """Whether a page begins a document; a blank page goes with what is before it, blank pages in front with what follows."""
    if leaf.is_blank or before.is_blank:
        return Ruling(begins=False)
    noticed = signs(before, leaf)
    odds = log_odds(noticed)
    begins = odds > 0
    against = [sign for sign in noticed if sign in (SETTLING_JOIN if begins else SETTLING_CUT)]
    if Sign.WHO_OTHER in noticed and not begins and sureness(odds) < SURE_OF_WHO:
        against.append(Sign.WHO_OTHER)
    if sureness(odds) >= SURE and not against:
        return Ruling(begins)
    return Ruling(begins, _doubt(noticed, begins, against))


def _doubt(noticed: tuple[Sign, ...], begins: bool, against: list[Sign]) -> str:
    """The strongest sign on each side, in a sentence."""
    ranked = sorted(noticed, key=lambda sign: WEIGHTS[sign])
    join, apart = ranked[0], ranked[-1]
    counter = against[0] if against else join if begins else apart
    reason = apart if begins else join
    decided = "it begins a document" if begins else "it goes on with the page before"
    if (WEIGHTS[reason] > 0) is not begins or reason is counter:
        return f"{decided}, though {counter}"
    return f"{decided}, since {reason}, though {counter}"
