"""Stage `publish`: the staged files get their names in the drop folder, PDF first and XML last (F4, F8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from scanstraat.model.delivery import StagedDrop
from scanstraat.model.document import StoredDocument
from scanstraat.model.state import DocumentState
from scanstraat.model.task import Claim, NewTask
from scanstraat.pipeline.stage import Stage, Tools
from scanstraat.records import documents, mails


@dataclass(frozen=True, slots=True)
class Staged:
    """A document with its staged drop."""

    stored: StoredDocument
    drop: StagedDrop


def load(subject: UUID, tools: Tools) -> Staged:
    """The committed names; files of a claim that never committed are not among them."""
    return Staged(documents.get(subject), documents.staged(subject))


def work(taken: Staged, tools: Tools) -> StagedDrop:
    """There is nothing to work out."""
    return taken.drop


def file(taken: Staged, given: StagedDrop, claim: Claim, tools: Tools) -> None:
    """Rename; what is gone from staging was renamed before."""
    tools.outbox.publish(given)


def keep(taken: Staged, given: StagedDrop, claim: Claim, now: datetime) -> tuple[NewTask, ...]:
    """Record that it is there."""
    documents.keep_delivered(taken.stored.id, now)
    mails.log(taken.stored.mail, now, "delivered", f"{given.folder}/{given.stem}")
    return ()


STAGE = Stage("publish", DocumentState.STAGED, DocumentState.DELIVERED, load, work, file, keep)
