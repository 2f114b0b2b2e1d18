"""All that is known of one mail, for people and programs: how it came, what was in it, what became of each part and why (A9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from scanstraat.model.ends import End
from scanstraat.model.mail import Envelope, MailHeader, Origin, PartRole, Problem
from scanstraat.model.state import DocumentState, MailState


@dataclass(frozen=True, slots=True)
class PartStory:
    """One part: `depth` counts the containers around it, `octets` is its size, `documents` are the places of those it went to."""

    index: int
    depth: int
    container: int | None
    name: str
    media_type: str
    declared: str
    role: PartRole
    sha256: str
    octets: int
    pages: int
    problem: Problem | None
    origin: Origin | None
    end: End
    reason: str
    documents: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DocumentStory:
    """One document; `drop` is the name of its two files in the drop folder, once they are there."""

    id: UUID
    ordinal: int
    kind: str
    state: DocumentState
    end: End
    reason: str
    drop: str
    category: str
    supplier: str
    number: str
    total: str
    currency: str
    pages: int


@dataclass(frozen=True, slots=True)
class EventStory:
    """A line of the log."""

    at: datetime
    event: str
    text: str


@dataclass(frozen=True, slots=True)
class LetterStory:
    """A mail the service sent, or did not send, on account of this one; `ended_at` is when it was sent, or given up."""

    created_at: datetime
    purpose: str
    recipient: str
    subject: str
    state: str
    reason: str
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class RefusalLine:
    """A mail that was turned away at the door, and what its sender was told."""

    at: datetime
    channel: str
    peer: str
    sender: str
    recipient: str
    administration: str
    reply: str


@dataclass(frozen=True, slots=True)
class MailStory:
    """One mail whole. `refusals` are mails of the same sender to the same administration that were turned away."""

    id: UUID
    administration: str
    state: MailState
    error: str
    envelope: Envelope
    header: MailHeader
    size: int
    sha256: str
    times_received: int
    origins: tuple[Origin, ...]
    parts: tuple[PartStory, ...]
    documents: tuple[DocumentStory, ...]
    events: tuple[EventStory, ...]
    letters: tuple[LetterStory, ...]
    refusals: tuple[RefusalLine, ...]
