"""Stage `archive`: what is not an invoice is filed as one PDF under its category (G1, G4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from scanstraat.archive.filing import category, title
from scanstraat.model.state import DocumentState
from scanstraat.model.task import Claim, NewTask
from scanstraat.pipeline.papers import Papers, composed_from, papers_of, refuse_changed
from scanstraat.pipeline.stage import Stage, Tools
from scanstraat.pipeline.telling import tell_archived
from scanstraat.records import documents, mails
from scanstraat.records.blobs import sha256_of


@dataclass(frozen=True, slots=True)
class Filed:
    """The archived PDF and where it is filed."""

    pdf: bytes
    category: str


def load(subject: UUID, tools: Tools) -> Papers:
    """The document, its pages, and the overview where it carries one."""
    return papers_of(documents.get(subject), tools)


def work(taken: Papers, tools: Tools) -> Filed:
    """Put it together as it would be delivered."""
    named = title(taken.stored.document, taken.completed, taken.sent_at.date())
    return Filed(composed_from(taken, named, tools).content, str(category(taken.stored.document.kind)))


def file(taken: Papers, given: Filed, claim: Claim, tools: Tools) -> None:
    """Keep it."""
    tools.blobs.put(taken.administration.id, given.pdf)


def keep(taken: Papers, given: Filed, claim: Claim, now: datetime) -> tuple[NewTask, ...]:
    """Record where it is filed, and tell the administration's contacts (G1)."""
    refuse_changed(taken)
    documents.keep_filed(taken.stored.id, given.category, sha256_of(given.pdf))
    mails.log(taken.stored.mail, now, "archived", given.category)
    tell_archived(taken.mail, taken.administration, taken.stored.id, now)
    return ()


STAGE = Stage("archive", DocumentState.DECIDED, DocumentState.ARCHIVED, load, work, file, keep)
