"""Accepting a document as a person filled it in: looked up again, decided and recorded in one transaction (D8, E3, E6, E8)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from scanstraat import failpoint
from scanstraat.model.document import Kind
from scanstraat.model.review import Act, Actor, Entry, Looked
from scanstraat.model.verdict import Verdict
from scanstraat.pipeline.registering import register
from scanstraat.pipeline.review.checking import case_of
from scanstraat.pipeline.review.checking import looked as look
from scanstraat.pipeline.review.grasping import grasp, keep_act
from scanstraat.pipeline.review.sending import of_kind, sent_off
from scanstraat.records import documents, offices, review
from scanstraat.records.review import Undoing
from scanstraat.records.tasks import TaskTable
from scanstraat.records.transaction import atomic


def accept(
    document: UUID,
    by: Actor,
    entries: tuple[Entry, ...],
    kind: Kind,
    answered: tuple[str, ...],
    now: datetime,
    undo_until: datetime,
    tasks: TaskTable,
) -> Looked:
    """Have it go its way as a document of this kind with these values: delivered, archived or discarded.

    Where objections remain nothing is written, and what is returned tells them. Register and earlier documents are looked up
    under the administration's lock, so that what is decided is still so when it is recorded.
    """
    with atomic():
        hand = grasp(document, by)
        stored, columns = hand.stored, review.before(document)
        offices.lock(stored.administration)
        looked = look(case_of(document), entries, kind, answered, now, by)
        if looked.objections:
            return looked
        verdict = looked.verdict
        review.keep_value(document, of_kind(stored.document, looked.kind))
        review.keep_correction(document, looked.correction)
        added = register(stored.administration, looked.match, verdict.action)
        documents.keep_decision(document, looked.readings, looked.match, verdict, added.supplier)
        failpoint.reach("review.decided")
        task = sent_off(hand, verdict.action, undo_until, tasks)
        supplier = added.supplier if added.is_new or added.new_account else None
        undoing = Undoing(columns, task, supplier, added.is_new, added.new_account)
        keep_act(hand, Act.ACCEPT, by, now, _said(looked.kind, verdict), undoing)
        failpoint.reach("review.commit")
    failpoint.reach("review.committed")
    return looked


def _said(kind: Kind, verdict: Verdict) -> str:
    """How the log tells of it."""
    reasons = "; ".join(reason.text for reason in verdict.reasons)
    return f"{kind}: {verdict.action}: {reasons}" if reasons else f"{kind}: {verdict.action}"
