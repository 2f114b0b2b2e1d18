"""Stage `reject`: a person turned a document away, and its administration is told why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from scanstraat.model.administration import Administration
from scanstraat.model.document import StoredDocument
from scanstraat.model.mail import StoredMail
from scanstraat.model.state import DocumentState
from scanstraat.model.task import Claim, NewTask
from scanstraat.pipeline.stage import Stage, Tools, nothing_to_file
from scanstraat.pipeline.telling import tell_rejected
from scanstraat.records import documents, mails, offices


@dataclass(frozen=True, slots=True)
class Rejected:
    """A document with its mail, whose administration it is, and why it was rejected."""

    stored: StoredDocument
    mail: StoredMail
    administration: Administration
    why: str


def load(subject: UUID, tools: Tools) -> Rejected:
    """The document and the reason in its verdict."""
    stored = documents.get(subject)
    why = "; ".join(reason.text for reason in stored.verdict.reasons) if stored.verdict else ""
    return Rejected(stored, mails.get(stored.mail), offices.administration(stored.administration), why)


def work(taken: Rejected, tools: Tools) -> Rejected:
    """There is nothing to work out."""
    return taken


def keep(taken: Rejected, given: Rejected, claim: Claim, now: datetime) -> tuple[NewTask, ...]:
    """Record it, and tell the administration's contacts; each time that it is rejected, since the reason may be another."""
    stored = given.stored
    mails.log(stored.mail, now, "rejected", f"document {stored.document.ordinal + 1}: {given.why}")
    tell_rejected(given.mail, given.administration, stored, given.why, f"{stored.id}-{claim.token}", now)
    return ()


STAGE = Stage("reject", DocumentState.DECIDED, DocumentState.REJECTED, load, work, nothing_to_file, keep)
