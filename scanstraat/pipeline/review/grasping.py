"""What every act begins and ends with: the document locked in the hands of who acts, and the act recorded (A9, I4)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from scanstraat import failpoint
from scanstraat.errors import Refused
from scanstraat.model.review import Act, Actor
from scanstraat.model.state import DocumentState
from scanstraat.pipeline.overview import carrier_among
from scanstraat.records import mails, review
from scanstraat.records.review import InHand, Undoing


def grasp(document: UUID, by: Actor) -> InHand:
    """Within a transaction: the document in the hands of who acts, which nobody else changes until it ends.

    A program holds nothing: it acts on what nobody has. Raises `Refused`: `unknown-id`, `not-in-review`, or `not-held` where
    another has it, or nobody.
    """
    review.lock(document)
    hand = review.in_hand(document)
    if hand.stored.state is not DocumentState.IN_REVIEW:
        raise not_at_the_desk(hand)
    if hand.holder != (None if by.is_program else by.user):
        who = f"{hand.holder_name} has it" if hand.holder else "nobody has it"
        raise Refused("not-held", f"the document is not in your hands: {who}.", "Open it again from the queue.")
    return hand


def not_at_the_desk(hand: InHand) -> Refused:
    """The refusal for what is somewhere else on the line."""
    return Refused("not-in-review", f"the document is not in review: it is {hand.stored.state}.", "Go on with the next one.")


def keep_act(hand: InHand, act: Act, by: Actor, now: datetime, text: str = "", undoing: Undoing | None = None) -> None:
    """Record what was done, for the log of the mail and for undoing it; what it undoes to was taken before."""
    stored = hand.stored
    review.record(stored.mail, stored.id, act, by, now, text, undoing)
    said = f"document {stored.document.ordinal + 1}: {act} by {by.name}"
    mails.log(stored.mail, now, "reviewed", f"{said}: {text}" if text else said)
    failpoint.reach(f"review.{act}")


def renew_overview(mail: UUID) -> None:
    """Have the overview page of a mail go with the document it belongs to as things stand now (F3)."""
    review.set_carrier(mail, carrier_among(review.standings(mail)))
