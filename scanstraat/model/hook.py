"""Webhooks: what programs are told of, and a call as the database has it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from scanstraat.model.state import DocumentState


class Event(StrEnum):
    """Something that a webhook can be told of. TEST is told to whoever asks for it, and to nobody else."""

    MAIL_RECEIVED = "mail.received"
    MAIL_PARKED = "mail.parked"
    DOCUMENT_DELIVERED = "document.delivered"
    DOCUMENT_IN_REVIEW = "document.in-review"
    DOCUMENT_ARCHIVED = "document.archived"
    DOCUMENT_REJECTED = "document.rejected"
    DOCUMENT_DISCARDED = "document.discarded"
    TEST = "webhook.test"


EVENTS: dict[Event, str] = {
    Event.MAIL_RECEIVED: "a mail was stored, whichever way it came in",
    Event.MAIL_PARKED: "a mail could not be processed and was laid aside for a person",
    Event.DOCUMENT_DELIVERED: "an invoice lies in the drop folder, PDF and XML",
    Event.DOCUMENT_IN_REVIEW: "a document waits for a person",
    Event.DOCUMENT_ARCHIVED: "a document that is no invoice was archived",
    Event.DOCUMENT_REJECTED: "a person rejected a document, and said why",
    Event.DOCUMENT_DISCARDED: "a document was discarded as advertising",
}
EVENT_OF_STATE: dict[DocumentState, Event] = {
    DocumentState.DELIVERED: Event.DOCUMENT_DELIVERED,
    DocumentState.IN_REVIEW: Event.DOCUMENT_IN_REVIEW,
    DocumentState.ARCHIVED: Event.DOCUMENT_ARCHIVED,
    DocumentState.REJECTED: Event.DOCUMENT_REJECTED,
    DocumentState.DISCARDED: Event.DOCUMENT_DISCARDED,
}


class CallState(StrEnum):
    """Where a call is. FAILED: nobody took it in three days, or its webhook was ended."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Subject:
    """What an event is about; the program asks for the rest, with its key."""

    administration: str
    url: str
    mail: UUID | None = None
    document: UUID | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """The body of a call, as Standard Webhooks has it: type, time and data."""

    type: str
    timestamp: datetime
    data: Subject


@dataclass(frozen=True, slots=True)
class StoredCall:
    """A call that was claimed. `attempts` counts its claims, and so tells one claim from another; `secret` is sealed."""

    id: UUID
    webhook: UUID
    url: str
    secret: str
    body: str
    created_at: datetime
    attempts: int
