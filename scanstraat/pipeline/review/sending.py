"""Sending a document from the desk down the line: into the archive, away, or back to the administration with a reason.

Nothing moves at once: the line takes it up when the time for undoing is over.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from scanstraat import failpoint
from scanstraat.errors import Refused
from scanstraat.model.document import Document, Kind
from scanstraat.model.field import Readings
from scanstraat.model.review import Act, Actor
from scanstraat.model.state import DocumentState
from scanstraat.model.task import NewTask
from scanstraat.model.verdict import Action, Reason, Verdict
from scanstraat.pipeline.review.grasping import grasp, keep_act, renew_overview
from scanstraat.records import documents, review
from scanstraat.records.review import InHand, Undoing
from scanstraat.records.tasks import TaskTable
from scanstraat.records.transaction import atomic

# The stage that carries out each verdict of a person.
STAGE_OF = {Action.DELIVER: "compose", Action.ARCHIVE: "archive", Action.DISCARD: "discard", Action.REJECT: "reject"}
MOST_WORDS = 1_000  # characters of a reason


def archive(document: UUID, by: Actor, kind: Kind, now: datetime, undo_until: datetime, tasks: TaskTable) -> None:
    """Have it filed in the archive as of this kind (G1). Raises `Refused` (`no-pages`) where there is nothing to file."""
    verdict = Verdict(Action.ARCHIVE, (Reason("by-hand", f"{by.name} sent it to the archive", "G1"),))
    _send(document, by, Act.ARCHIVE, verdict, kind, now, undo_until, tasks)


def discard(document: UUID, by: Actor, kind: Kind, now: datetime, undo_until: datetime, tasks: TaskTable) -> None:
    """Have it thrown away as advertising or as nothing at all (B8); it can be brought back as long as its mail is kept."""
    verdict = Verdict(Action.DISCARD, (Reason("by-hand", f"{by.name} discarded it", "B8"),))
    _send(document, by, Act.DISCARD, verdict, kind, now, undo_until, tasks)


def reject(document: UUID, by: Actor, why: str, now: datetime, undo_until: datetime, tasks: TaskTable) -> None:
    """Have it turned away: its administration is told why. Raises `Refused` (`no-reason`) where no reason is given."""
    reason = " ".join(why.split())[:MOST_WORDS]
    if not reason:
        raise Refused("no-reason", "the administration is told why a document is rejected.", "Write a reason.")
    verdict = Verdict(Action.REJECT, (Reason("rejected", reason),))
    _send(document, by, Act.REJECT, verdict, None, now, undo_until, tasks)


def sent_off(hand: InHand, action: Action, undo_until: datetime, tasks: TaskTable) -> str:
    """Within the transaction that recorded a verdict: move it on, to be taken up by the line then. Returns the task's id."""
    stored = hand.stored
    documents.move(stored.id, DocumentState.IN_REVIEW, DocumentState.DECIDED)
    renew_overview(stored.mail)
    if action in (Action.DELIVER, Action.ARCHIVE):
        _refuse_empty(hand)
    task = NewTask(STAGE_OF[action], stored.id)
    tasks.add((task,), undo_until)
    failpoint.reach("review.sent")
    return task.id


def of_kind(document: Document, kind: Kind) -> Document:
    """The document as a person says it is: nothing about its kind or its cut is doubtful any more."""
    return replace(document, kind=kind, confidence=1.0, doubts=())


def _send(
    document: UUID,
    by: Actor,
    act: Act,
    verdict: Verdict,
    kind: Kind | None,
    now: datetime,
    undo_until: datetime,
    tasks: TaskTable,
) -> None:
    with atomic():
        hand = grasp(document, by)
        stored, columns = hand.stored, review.before(document)
        if kind is not None:
            review.keep_value(document, of_kind(stored.document, kind))
        supplier = stored.match.supplier.id if stored.match and stored.match.supplier else 0
        documents.keep_decision(document, stored.completed or Readings(), stored.match, verdict, supplier or None)
        task = sent_off(hand, verdict.action, undo_until, tasks)
        said = verdict.reasons[0].text if act is Act.REJECT else (kind or "")
        keep_act(hand, act, by, now, said, Undoing(columns, task))
        failpoint.reach("review.commit")
    failpoint.reach("review.committed")


def _refuse_empty(hand: InHand) -> None:
    """A PDF of no page cannot be made, unless it is the overview page of its mail."""
    stored = hand.stored
    carries = any(each.id == stored.id and each.carries for each in review.standings(stored.mail))
    if not stored.document.pages and not carries:
        raise Refused("no-pages", "the document has no page that could be kept.", "Reject it with a reason, or discard it.")
