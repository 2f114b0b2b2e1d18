"""Letters: mails the service itself sends, to those who sent it something and to its administrations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Purpose(StrEnum):
    """What a letter is for.

    RECEIPT: tells a sender what arrived and what could not be read. TOO_LARGE: tells the administration of a mail that was left
    in a mailbox (A3). ARCHIVED: tells it of papers that are no invoices (G1). REJECTED: tells it of one that a person turned
    away, and why.
    """

    RECEIPT = "receipt"
    TOO_LARGE = "too-large"
    ARCHIVED = "archived"
    REJECTED = "rejected"


class LetterState(StrEnum):
    """Where a letter is. WITHHELD: it was decided not to send it; FAILED: nobody takes it. Both say why."""

    WAITING = "waiting"
    SENT = "sent"
    WITHHELD = "withheld"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class LetterText:
    """What a letter says, in one language (ISO 639-1): a subject, and paragraphs divided by empty lines."""

    subject: str
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class StoredLetter:
    """A letter as the database has it. `attempts` counts its claims, and so tells one claim from another.

    `mail` is the mail it tells of, None where there is none; `in_reply_to` that mail's Message-ID, "" where it has none.
    `waits_for` is why it was not sent when it was last tried.
    """

    id: UUID
    administration: int
    purpose: Purpose
    recipient: str
    content: LetterText
    created_at: datetime
    attempts: int
    mail: UUID | None = None
    in_reply_to: str = ""
    waits_for: str = ""
