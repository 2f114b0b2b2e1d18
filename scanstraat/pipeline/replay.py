"""Replay: what was parked goes on from where it stood, once the cause is mended."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from scanstraat.errors import Refused
from scanstraat.model.state import DocumentState, MailState
from scanstraat.model.task import NewTask
from scanstraat.pipeline import line
from scanstraat.pipeline.steps import dispatch_mail
from scanstraat.records import documents, mails
from scanstraat.records.tasks import TaskTable
from scanstraat.records.transaction import atomic


def replay_mail(mail: UUID, now: datetime, tasks: TaskTable) -> str:
    """Put a parked mail back on the line; returns the name of the stage it goes on with."""
    with atomic():
        if mails.get(mail).state is not MailState.PARKED:
            raise Refused("not-parked", f"mail {mail} is not parked.", "Only parked mails can be replayed.")
        stage = line.stage_from(mails.unpark(mail))
        mails.log(mail, now, "replayed", stage)
        tasks.add((NewTask(stage, mail),), now)
    return stage


def replay_document(document: UUID, now: datetime, tasks: TaskTable) -> str:
    """Put a parked document back on the line; returns the name of the stage it goes on with."""
    with atomic():
        stored = documents.get(document)
        if stored.state is not DocumentState.PARKED:
            raise Refused("not-parked", f"document {document} is not parked.", "Only parked documents can be replayed.")
        state = documents.unpark(document)
        new = _onward(document, state, now)
        mails.log(stored.mail, now, "replayed", f"document {stored.document.ordinal + 1}")
        tasks.add(new, now)
    return new[0].stage if new else "nothing"


def _onward(document: UUID, state: DocumentState, now: datetime) -> tuple[NewTask, ...]:
    if state is not DocumentState.DECIDED:
        return (NewTask(line.stage_from(state), document),)
    verdict = documents.get(document).verdict
    return dispatch_mail.send_on(document, verdict.action, now) if verdict else ()


def replay_any(identifier: UUID, now: datetime, tasks: TaskTable) -> str:
    """Replay the mail or the document with this id; returns the name of the stage it goes on with."""
    if mails.exists(identifier):
        return replay_mail(identifier, now, tasks)
    if documents.exists(identifier):
        return replay_document(identifier, now, tasks)
    raise Refused("unknown-id", f"there is no mail or document {identifier}.", "`scanstraat mails` and `documents` show the ids.")
