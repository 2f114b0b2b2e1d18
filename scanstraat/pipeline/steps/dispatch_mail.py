"""Stage `dispatch`: all documents of a mail are decided; one carries the overview page (F3), each goes its way.

What arrived and what could not be read is known now, so the sender's receipt is written here too, where one is wanted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from scanstraat.model.document import StoredDocument
from scanstraat.model.letter import LetterText
from scanstraat.model.state import DocumentState, MailState
from scanstraat.model.task import Claim, NewTask
from scanstraat.model.verdict import Action
from scanstraat.pipeline.overview import carrier
from scanstraat.pipeline.stage import Stage, Tools, nothing_to_file
from scanstraat.pipeline.telling import Answerable, answer_of, answerable, keep_answer
from scanstraat.records import documents, mails


@dataclass(frozen=True, slots=True)
class Decided:
    """The documents of a mail, in mail order, each decided or parked; and what its sender is to be told, where he is."""

    mail: UUID
    documents: tuple[StoredDocument, ...]
    answerable: Answerable | None


@dataclass(frozen=True, slots=True)
class Dispatch:
    """The place of the document that carries the overview page, and the receipt; None for none."""

    carrier: int | None
    receipt: LetterText | None


def load(subject: UUID, tools: Tools) -> Decided:
    """The documents and their verdicts."""
    return Decided(subject, documents.of_mail(subject), answerable(subject))


def work(taken: Decided, tools: Tools) -> Dispatch:
    """Who carries the overview page (a parked document may still be delivered, like one in review), and the receipt."""
    chosen = carrier(tuple(_action(document) for document in taken.documents))
    return Dispatch(chosen, answer_of(taken.answerable, taken.documents))


def keep(taken: Decided, given: Dispatch, claim: Claim, now: datetime) -> tuple[NewTask, ...]:
    """Send each document on its way."""
    if given.carrier is not None:
        documents.keep_overview(taken.documents[given.carrier].id)
    mails.log(taken.mail, now, "dispatched")
    keep_answer(taken.answerable, given.receipt, now)
    waiting = (document for document in taken.documents if document.state is DocumentState.DECIDED)
    return tuple(task for document in waiting for task in send_on(document.id, _action(document), now))


def send_on(document: UUID, action: Action, now: datetime) -> tuple[NewTask, ...]:
    """The task that carries out a verdict; what needs no work moves at once."""
    if action is Action.DELIVER:
        return (NewTask("compose", document),)
    if action is Action.ARCHIVE:
        return (NewTask("archive", document),)
    if action is Action.REJECT:
        return (NewTask("reject", document),)
    after = DocumentState.IN_REVIEW if action is Action.REVIEW else DocumentState.DISCARDED
    documents.move(document, DocumentState.DECIDED, after, now)
    return ()


def _action(document: StoredDocument) -> Action:
    return document.verdict.action if document.verdict else Action.REVIEW


STAGE = Stage("dispatch", MailState.SORTED, MailState.DISPATCHED, load, work, nothing_to_file, keep)
