"""Holds: one person at a time has a document in review, for a while that he renews, so that no two work on the same."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from scanstraat.errors import Refused
from scanstraat.model.review import Actor
from scanstraat.records import mails, review
from scanstraat.records.transaction import atomic


def hold(document: UUID, by: Actor, now: datetime, until: datetime) -> bool:
    """Take a document in review, or one laid aside, to work on it until then.

    True too where he has it already; False where another has it, or where it is not at the desk any more.
    """
    return review.hold(document, by.user, now, until)


def renew(document: UUID, by: Actor, now: datetime, until: datetime) -> bool:
    """Keep it until then; False where another has it by now, or he has handed it back.

    A hold that ran out and that nobody took is his again, unless it would end before `now`.
    """
    return until > now and review.renew(document, by.user, until)


def hand_back(document: UUID, by: Actor) -> None:
    """Let others have it; nothing where it is not his."""
    review.hand_back(document, by.user)


def take_from(document: UUID, by: Actor, now: datetime, until: datetime) -> None:
    """Take it out of another's hands; for those who may assign work. Raises `Refused` where it is not at the desk."""
    with atomic():
        mail = review.lock(document)
        hand = review.in_hand(document)
        if not review.take(document, by.user, until):
            raise Refused("not-in-review", "the document is not at the desk any more.", "Go back to the queue.")
        if hand.holder not in (None, by.user):
            place = hand.stored.document.ordinal + 1
            mails.log(mail, now, "reviewed", f"document {place}: {by.name} took it over from {hand.holder_name}")
