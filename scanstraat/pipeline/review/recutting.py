"""Cutting anew: a document split, two put together, pages in another order, a page turned (B4).

Every page of the mail stays in exactly one document, and the documents keep their order in it without gaps. What was cut anew is
read anew by the line and comes back to who holds it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from scanstraat import failpoint
from scanstraat.errors import Refused
from scanstraat.model.document import Document
from scanstraat.model.review import Act, Actor
from scanstraat.model.state import DocumentState
from scanstraat.model.task import NewTask
from scanstraat.pipeline.review.grasping import grasp, keep_act, renew_overview
from scanstraat.records import documents, mails, review
from scanstraat.records.review import InHand, Undoing
from scanstraat.records.tasks import TaskTable
from scanstraat.records.transaction import atomic

READING = timedelta(minutes=2)  # for which a hold lasts at least while the line reads a document anew
_ROUND = 360


def split(document: UUID, by: Actor, before_page: int, now: datetime, tasks: TaskTable) -> UUID:
    """Cut it before this page of its own (from 2): the pages from there on become a document behind it, whose id is returned.

    Annexed files and notes stay with the first; both are held by who cut. Raises `Refused` (`cannot-split`) where no page would
    be left on either side.
    """
    with atomic():
        hand = grasp(document, by)
        whole = hand.stored.document
        if not 2 <= before_page <= len(whole.pages):
            raise Refused("cannot-split", f"there is no page {before_page} to cut before.", "Choose another page.")
        first, second = _cut(whole, before_page - 1, by)
        behind = review.cut_off(document, second, by.user, _long_enough(hand, now))
        review.keep_value(document, first)
        order = [each.id for each in review.standings(hand.stored.mail) if each.id != behind]
        order.insert(order.index(document) + 1, behind)
        _cut_anew(hand, tuple(order), (document, behind), now, tasks)
        keep_act(hand, Act.SPLIT, by, now, f"before page {before_page}")
        failpoint.reach("review.commit")
    return behind


def merge(document: UUID, by: Actor, with_document: UUID, now: datetime, tasks: TaskTable) -> None:
    """Put the pages of another document of the same mail behind those of this one; the other is there no more.

    Raises `Refused` (`cannot-merge`) where the other is not in review, in another's hands, unreadable, or was delivered before.
    """
    with atomic():
        hand = grasp(document, by)
        other = _mergeable(hand, with_document, by, now)
        mine, theirs = hand.stored.document, other.stored.document
        whole = replace(
            mine,
            pages=(*mine.pages, *theirs.pages),
            annexes=tuple(dict.fromkeys((*mine.annexes, *theirs.annexes))),
            turns=_turns((*_all_turns(mine), *_all_turns(theirs))),
        )
        review.swallow(document, with_document)
        review.keep_value(document, _by_hand(whole, by))
        order = tuple(each.id for each in review.standings(hand.stored.mail))
        _cut_anew(hand, order, (document,), now, tasks)
        keep_act(hand, Act.MERGE, by, now, f"with document {theirs.ordinal + 1}")
        failpoint.reach("review.commit")


def reorder(document: UUID, by: Actor, order: tuple[int, ...], now: datetime, tasks: TaskTable) -> None:
    """Put its pages in another order: `order` names each page of its own (from 1) once.

    Raises `Refused` (`cannot-reorder`) where it does not.
    """
    with atomic():
        hand = grasp(document, by)
        mine = hand.stored.document
        if sorted(order) != list(range(1, len(mine.pages) + 1)):
            raise Refused("cannot-reorder", "that is not each of its pages once.", "Name every page once.")
        turns = _all_turns(mine)
        pages = tuple(mine.pages[page - 1] for page in order)
        review.keep_value(document, _by_hand(replace(mine, pages=pages, turns=_turns(turns[page - 1] for page in order)), by))
        standing = tuple(each.id for each in review.standings(hand.stored.mail))
        _cut_anew(hand, standing, (document,), now, tasks)
        keep_act(hand, Act.REORDER, by, now, ", ".join(map(str, order)))
        failpoint.reach("review.commit")


def turn(document: UUID, by: Actor, page: int, degrees: int, now: datetime) -> None:
    """Turn a page of its own (from 1) clockwise, by a multiple of 90 degrees, in what is shown and in the PDF that goes out.

    Raises `Refused` (`cannot-turn`) for a page or angle that does not exist.
    """
    with atomic():
        hand = grasp(document, by)
        mine, columns = hand.stored.document, review.before(document)
        if not 1 <= page <= len(mine.pages) or degrees % 90:
            raise Refused("cannot-turn", f"page {page} cannot be turned by {degrees} degrees.", "Turn it by 90 degrees.")
        turns = list(_all_turns(mine))
        turns[page - 1] = (turns[page - 1] + degrees) % _ROUND
        review.keep_value(document, replace(mine, turns=_turns(turns)))
        keep_act(hand, Act.TURN, by, now, f"page {page} by {degrees} degrees", Undoing(columns))


def _cut(whole: Document, at: int, by: Actor) -> tuple[Document, Document]:
    turns = _all_turns(whole)
    first = replace(whole, pages=whole.pages[:at], turns=_turns(turns[:at]))
    second = Document(whole.ordinal, whole.kind, 1.0, whole.pages[at:], turns=_turns(turns[at:]))
    return _by_hand(first, by), _by_hand(second, by)


def _by_hand(document: Document, by: Actor) -> Document:
    return replace(document, confidence=1.0, doubts=(), cut_by=by.name)


def _all_turns(document: Document) -> tuple[int, ...]:
    return document.turns or (0,) * len(document.pages)


def _turns(turns: Iterable[int]) -> tuple[int, ...]:
    """As a document keeps them: none where no page is turned."""
    found = tuple(turns)
    return found if any(found) else ()


def _mergeable(hand: InHand, document: UUID, by: Actor, now: datetime) -> InHand:
    """The other document, locked with those of the mail."""
    if document not in {each.id for each in review.standings(hand.stored.mail)} - {hand.stored.id}:
        raise _cannot_merge("it is no other document of this mail", "Choose one of the same mail.")
    other = review.in_hand(document)
    if other.stored.state is not DocumentState.IN_REVIEW:
        raise _cannot_merge(f"the other is {other.stored.state}", "Bring it back to review first.")
    if other.is_held_by_other(by.user, now):
        raise _cannot_merge(f"{other.holder_name} has the other", "Ask for it.")
    if hand.stored.document.problem or other.stored.document.problem:
        raise _cannot_merge("what cannot be read stays by itself", "Reject it with a reason, or discard it.")
    if other.was_delivered:
        raise _cannot_merge("the other was delivered before", "Put them together the other way round.")
    return other


def _cannot_merge(why: str, next_step: str) -> Refused:
    return Refused("cannot-merge", f"these cannot be put together: {why}.", next_step)


def _cut_anew(hand: InHand, order: tuple[UUID, ...], cut: tuple[UUID, ...], now: datetime, tasks: TaskTable) -> None:
    """Give the documents of the mail their places, and have those that were cut read anew, in the same hands."""
    mail = hand.stored.mail
    review.renumber(mail, order)
    for document in cut:
        review.forget_reading(document)
        documents.move(document, DocumentState.IN_REVIEW, DocumentState.SORTED)
    review.renew(hand.stored.id, hand.holder or 0, _long_enough(hand, now))
    renew_overview(mail)
    mails.log(mail, now, "sorted", ", ".join(review.kinds(mail)))
    failpoint.reach("review.cut")
    tasks.add(tuple(NewTask("recognise", document) for document in cut), now)


def _long_enough(hand: InHand, now: datetime) -> datetime:
    least = now + READING
    return max(hand.held_until, least) if hand.held_until else least
