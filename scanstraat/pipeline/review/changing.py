"""What a person changes on a document that stays at the desk or comes back: its kind, a note, out of the archive, replay."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from scanstraat import failpoint
from scanstraat.errors import Refused
from scanstraat.model.document import Kind
from scanstraat.model.review import Act, Actor
from scanstraat.model.state import DocumentState
from scanstraat.model.verdict import Action, Reason, Verdict
from scanstraat.pipeline import replay as replaying
from scanstraat.pipeline.review.checking import case_of
from scanstraat.pipeline.review.checking import looked as look
from scanstraat.pipeline.review.grasping import grasp, keep_act, not_at_the_desk, renew_overview
from scanstraat.pipeline.review.sending import of_kind
from scanstraat.records import documents, review
from scanstraat.records.review import Undoing
from scanstraat.records.tasks import TaskTable
from scanstraat.records.transaction import atomic

# From where a person brings a document back to the desk, and how the log calls it.
BROUGHT_BACK_FROM = {
    DocumentState.ARCHIVED: "the archive",
    DocumentState.DISCARDED: "what was discarded",
    DocumentState.REJECTED: "what was rejected",
}


def change_kind(document: UUID, by: Actor, kind: Kind, now: datetime) -> None:
    """Say what it is; it stays in review, with what holds a document of that kind up (B7)."""
    with atomic():
        hand = grasp(document, by)
        columns = review.before(document)
        review.keep_value(document, of_kind(hand.stored.document, kind))
        looked = look(case_of(document), (), kind, (), now, by)
        known = looked.match.supplier.id if looked.match and looked.match.supplier else 0
        verdict = _still_in_review(looked.verdict, by, kind)
        documents.keep_decision(document, looked.readings, looked.match, verdict, known or None)
        keep_act(hand, Act.KIND, by, now, f"{hand.stored.document.kind} is {kind}", Undoing(columns))


def bring_back(document: UUID, by: Actor, now: datetime) -> None:
    """Bring an archived, discarded or rejected document back to review (B8); nobody holds it.

    What was archived is in the archive no more. Raises `Refused` (`not-ended`) for what is anywhere else.
    """
    with atomic():
        review.lock(document)
        hand = review.in_hand(document)
        stored = hand.stored
        if stored.state not in BROUGHT_BACK_FROM:
            raise Refused("not-ended", f"the document is {stored.state}.", "Only what was put away can be brought back.")
        verdict = Verdict(Action.REVIEW, (Reason("brought-back", f"{by.name} brought it back"),))
        back_to_review(hand, verdict, now)
        keep_act(hand, Act.BRING_BACK, by, now, f"out of {BROUGHT_BACK_FROM[stored.state]}")


def back_to_review(hand: review.InHand, verdict: Verdict, now: datetime) -> None:
    """Within a transaction: lay a document that had ended before a person again; the PDF made of it counts no more."""
    stored = hand.stored
    review.lay_again(stored.id, verdict)
    documents.move(stored.id, stored.state, DocumentState.IN_REVIEW, now)
    renew_overview(stored.mail)


def note(document: UUID, by: Actor, text: str, now: datetime) -> None:
    """Write something beside a document, for the next who looks at it; nobody has to hold it for that."""
    if text.strip():
        review.note(document, by.name, now, text.strip())


def replay(document: UUID, by: Actor, now: datetime, tasks: TaskTable) -> str:
    """Put a document that was laid aside back on the line; returns the name of the stage it goes on with.

    Nobody has to hold it for that. Raises `Refused`: `not-in-review` where it is not laid aside, `not-held` where another has it.
    """
    with atomic():
        review.lock(document)
        hand = review.in_hand(document)
        if hand.stored.state is not DocumentState.PARKED:
            raise not_at_the_desk(hand)
        if hand.is_held_by_other(by.user, now):
            raise Refused("not-held", f"{hand.holder_name} is looking at it.", "Ask for it, or take it over.")
        stage = replaying.replay_document(document, now, tasks)
        keep_act(hand, Act.REPLAY, by, now, stage)
        failpoint.reach("review.commit")
    return stage


def _still_in_review(verdict: Verdict, by: Actor, kind: Kind) -> Verdict:
    """What holds it up as a document of that kind; where nothing would, that a person is at it."""
    if verdict.action is Action.REVIEW:
        return verdict
    return Verdict(Action.REVIEW, (Reason("kind", f"{by.name} says it is {kind}", "B7"),))
