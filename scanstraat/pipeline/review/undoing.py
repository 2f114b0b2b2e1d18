"""Undoing a person's last act, as long as the line has not taken it up."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from scanstraat import failpoint
from scanstraat.errors import Refused
from scanstraat.model.review import Act, Actor
from scanstraat.model.state import DocumentState
from scanstraat.pipeline.review.grasping import renew_overview
from scanstraat.records import documents, mails, offices, review, suppliers
from scanstraat.records.review import InHand, StoredAct, Undoing
from scanstraat.records.tasks import TaskTable
from scanstraat.records.transaction import atomic

REGAINED = timedelta(minutes=2)  # for which he holds what came back
# What to do instead of undoing what is undone by its opposite only.
INSTEAD = {
    Act.SPLIT: "Put the two together again.",
    Act.MERGE: "Split it again.",
    Act.REORDER: "Put the pages in order again.",
    Act.BRING_BACK: "Send it away again.",
    Act.REPLAY: "Wait for it to come back.",
}


def undo(by: Actor, now: datetime, tasks: TaskTable, document: UUID | None = None) -> UUID | None:
    """Undo what he did last, on this document where one is named; returns the document, which is in his hands again.

    All is as before, and a supplier or account that the act added is taken out of the register again unless another document
    names it by now. None where there is nothing to undo. Raises `Refused` (`cannot-undo`) where it is too late, or where it is
    undone by its opposite only.
    """
    with atomic():
        act = review.last_act(by.user, document)
        if act is None:
            return None
        if act.undoing is None:
            raise _cannot(f"what was done last ({act.act}) cannot be undone", INSTEAD.get(act.act, ""))
        # The task first, as the line locks them: who withdraws it has it, and nobody else goes on with the document.
        if act.undoing.task and not tasks.withdraw(act.undoing.task, now):
            raise _cannot("the document is on its way already", "Find it in the mail log, and bring it back from there.")
        _restore(act, act.undoing, by, now)
        failpoint.reach("review.undo")
    failpoint.reach("review.undone")
    return act.document


def _restore(act: StoredAct, undoing: Undoing, by: Actor, now: datetime) -> None:
    mail = review.lock(act.document)
    hand = review.in_hand(act.document)
    _refuse_late(act, undoing, hand, by)
    if undoing.task:
        documents.move(act.document, DocumentState.DECIDED, DocumentState.IN_REVIEW, now)
    review.restore(act.document, undoing.columns)
    _take_out(undoing, hand)
    review.take(act.document, by.user, now + REGAINED)
    renew_overview(mail)
    review.undone(act, now)
    mails.log(mail, now, "reviewed", f"document {hand.stored.document.ordinal + 1}: {act.act} undone by {by.name}")


def _refuse_late(act: StoredAct, undoing: Undoing, hand: InHand, by: Actor) -> None:
    """Where something was done with it since, or it is in another's hands."""
    wanted = DocumentState.DECIDED if undoing.task else DocumentState.IN_REVIEW
    if hand.stored.state is not wanted or not review.is_last(act):
        raise _cannot("something was done with the document since", "Look at it in the mail log.")
    if not undoing.task and hand.holder != by.user:
        raise _cannot("the document is not in your hands any more", "Open it again from the queue.")


def _take_out(undoing: Undoing, hand: InHand) -> None:
    """Take out of the register what the act put there: the next look would know a wrong account by it."""
    if undoing.supplier is None:
        return
    offices.lock(hand.stored.administration)
    if undoing.is_new:
        suppliers.take_out(undoing.supplier, hand.stored.id)
    else:
        suppliers.take_out_account(undoing.supplier, undoing.new_account, hand.stored.id)


def _cannot(why: str, next_step: str) -> Refused:
    return Refused("cannot-undo", f"{why}.", next_step)
