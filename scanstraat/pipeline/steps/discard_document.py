"""Stage `discard`: what a person threw away is gone from the desk (B8); it is kept with its mail, and can be brought back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from scanstraat.model.document import StoredDocument
from scanstraat.model.state import DocumentState
from scanstraat.model.task import Claim, NewTask
from scanstraat.pipeline.stage import Stage, Tools, nothing_to_file
from scanstraat.records import documents, mails


def load(subject: UUID, tools: Tools) -> StoredDocument:
    """The document."""
    return documents.get(subject)


def work(taken: StoredDocument, tools: Tools) -> StoredDocument:
    """There is nothing to work out."""
    return taken


def keep(taken: StoredDocument, given: StoredDocument, claim: Claim, now: datetime) -> tuple[NewTask, ...]:
    """Record it in the log of its mail."""
    mails.log(taken.mail, now, "discarded", f"document {taken.document.ordinal + 1}")
    return ()


STAGE = Stage("discard", DocumentState.DECIDED, DocumentState.DISCARDED, load, work, nothing_to_file, keep)
