"""Stage `dispatch`: all documents of a mail are decided; one carries the overview page (F3), each goes its way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from scanstraat.model.document import StoredDocument
from scanstraat.model.state import DocumentState, MailState
from scanstraat.model.task import Claim, NewTask
from scanstraat.model.verdict import Action
from scanstraat.pipeline.overview import carrier
from scanstraat.pipeline.stage import Stage, Tools, nothing_to_file
from scanstraat.records import documents, mails


@dataclass(frozen=True, slots=True)
class Decided:
    """The documents of a mail, in mail order, each decided or parked."""

    mail: UUID
    documents: tuple[StoredDocument, ...]


def load(subject: UUID, tools: Tools) -> Decided:
    """The documents and their verdicts."""
    return Decided(subject, documents.of_mail(subject))


def work(taken: Decided, tools: Tools) -> int | None:
    """The place of the document that carries the overview page; a parked one may still be delivered, like one in review."""
    return carrier(tuple(_action(document) for document in taken.documents))


def keep(taken: Decided, given: int | None, claim: Claim, now: datetime) -> tuple[NewTask, ...]:
    """Send each document on its way."""
    if given is not None:
        documents.keep_overview(taken.documents[given].id)
    mails.log(taken.mail, now, "dispatched")
    waiting = (document for document in taken.documents if document.state is DocumentState.DECIDED)
    return tuple(task for document in waiting for task in send_on(document.id, _action(document), now))


def send_on(document: UUID, action: Action, now: datetime) -> tuple[NewTask, ...]:
    """The task that carries out a verdict; what needs no work moves at once."""
    if action is Action.DELIVER:
        return (NewTask("compose", document),)
    if action is Action.ARCHIVE:
        return (NewTask("archive", document),)
    after = DocumentState.IN_REVIEW if action is Action.REVIEW else DocumentState.DISCARDED
    documents.move(document, DocumentState.DECIDED, after, ended_at=None if action is Action.REVIEW else now)
    return ()


def _action(document: StoredDocument) -> Action:
    return document.verdict.action if document.verdict else Action.REVIEW


STAGE = Stage("dispatch", MailState.SORTED, MailState.DISPATCHED, load, work, nothing_to_file, keep)
