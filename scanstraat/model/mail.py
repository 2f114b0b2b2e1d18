"""Mails: as received, and as opened into parts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Channel(StrEnum):
    """The way a mail came in (A6)."""

    SMTP = "smtp"
    LMTP = "lmtp"
    IMAP = "imap"
    FOLDER = "folder"
    UPLOAD = "upload"


@dataclass(frozen=True, slots=True)
class Envelope:
    """The SMTP envelope (RFC 5321) for one administration: who the transport says it is from, and the address it came to (A1)."""

    sender: str
    recipient: str
    received_at: datetime
    channel: Channel = Channel.SMTP
    peer: str = ""


@dataclass(frozen=True, slots=True)
class MailHeader:
    """What a mail says of itself (RFC 5322), decoded.

    `sent_at` keeps the zone of the Date header; None where absent or absurd (D2).
    """

    message_id: str = ""
    sender: str = ""
    recipients: str = ""
    subject: str = ""
    sent_at: datetime | None = None


class PartRole(StrEnum):
    """What a part is in its mail. Nothing is dropped: decoration and body are kept as parts too (B3, B6)."""

    DOCUMENT = "document"
    BODY = "body"
    DECORATION = "decoration"
    CONTAINER = "container"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something could not be taken: a stable code and a sentence for the person at the review desk (B9)."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """One file or body of a mail after unpacking. `media_type` is told from the content (B2), `declared` is what the mail said.

    `pdf` is the part converted to PDF where that was needed; None for parts that are PDF already or hold no pages.
    """

    index: int
    name: str
    media_type: str
    declared: str
    role: PartRole
    content: bytes
    pdf: bytes | None = None
    problem: Problem | None = None

    @property
    def pages_pdf(self) -> bytes | None:
        """The PDF whose pages are to be read, or None where the part has none."""
        if self.role is not PartRole.DOCUMENT:
            return None
        return self.content if self.pdf is None else self.pdf


@dataclass(frozen=True, slots=True)
class OpenedMail:
    """A mail after opening: its header, the text of its body for the overview page (F2), and its parts in order."""

    header: MailHeader
    text: str
    parts: tuple[Part, ...]
