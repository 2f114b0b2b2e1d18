"""The answers of the API: what is in their JSON, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from scanstraat.model.ends import End
from scanstraat.model.mail import Channel, PartRole
from scanstraat.model.state import DocumentState, MailState
from scanstraat.model.story import DocumentStory, MailStory, PartStory


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something was not done: a stable code, a sentence, and what to do next."""

    code: str
    message: str
    next_step: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What an upload became. `link` leads a person to the mail log, `url` a program to the mail."""

    id: UUID
    is_new: bool
    link: str
    url: str


@dataclass(frozen=True, slots=True)
class PartAnswer:
    """A part of a mail, with its end and why; `documents` are the numbers of those it went to."""

    number: int
    name: str
    media_type: str
    role: PartRole
    octets: int
    pages: int
    end: End
    reason: str
    problem: str
    documents: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DocumentAnswer:
    """A document of a mail; `drop` is the name of its two files in the drop folder, once they are there."""

    number: int
    id: UUID
    link: str
    kind: str
    state: DocumentState
    end: End
    reason: str
    supplier: str
    invoice_number: str
    total: str
    currency: str
    pages: int
    drop: str


@dataclass(frozen=True, slots=True)
class MailAnswer:
    """A mail and what became of it."""

    id: UUID
    link: str
    state: MailState
    error: str
    channel: Channel
    received_at: datetime
    times_received: int
    sender: str
    recipient: str
    subject: str
    octets: int
    parts: tuple[PartAnswer, ...]
    documents: tuple[DocumentAnswer, ...]


def told_mail(story: MailStory, link: Callable[[str, UUID], str]) -> MailAnswer:
    """The answer for a mail; `link` gives the address of a page by its name and an id."""
    return MailAnswer(
        id=story.id,
        link=link("mail", story.id),
        state=story.state,
        error=story.error,
        channel=story.envelope.channel,
        received_at=story.envelope.received_at,
        times_received=story.times_received,
        sender=story.header.sender or story.envelope.sender,
        recipient=story.envelope.recipient,
        subject=story.header.subject,
        octets=story.size,
        parts=tuple(_part(part) for part in story.parts),
        documents=tuple(_document(document, link("document", document.id)) for document in story.documents),
    )


def _part(part: PartStory) -> PartAnswer:
    return PartAnswer(
        number=part.index + 1,
        name=part.name,
        media_type=part.media_type,
        role=part.role,
        octets=part.octets,
        pages=part.pages,
        end=part.end,
        reason=part.reason,
        problem=part.problem.text if part.problem else "",
        documents=tuple(ordinal + 1 for ordinal in part.documents),
    )


def _document(document: DocumentStory, link: str) -> DocumentAnswer:
    return DocumentAnswer(
        number=document.ordinal + 1,
        id=document.id,
        link=link,
        kind=document.kind,
        state=document.state,
        end=document.end,
        reason=document.reason,
        supplier=document.supplier,
        invoice_number=document.number,
        total=document.total,
        currency=document.currency,
        pages=document.pages,
        drop=document.drop,
    )
