"""Mails: as received, and as opened into parts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from scanstraat.model.state import MailState

# A sender's clock may run ahead by this much before its Date is absurd.
_CLOCK_SKEW = timedelta(days=1)


class Channel(StrEnum):
    """The way a mail came in (A6)."""

    SMTP = "smtp"
    LMTP = "lmtp"
    IMAP = "imap"
    FOLDER = "folder"
    UPLOAD = "upload"


@dataclass(frozen=True, slots=True)
class Envelope:
    """The SMTP envelope (RFC 5321) for one administration: who the transport says it is from, and the address it came to (A1).

    `peer` is the address of the machine that brought it, `helo` the name that gave itself.
    """

    sender: str
    recipient: str
    received_at: datetime
    channel: Channel = Channel.SMTP
    peer: str = ""
    helo: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A mail that was turned away, and what its sender was told (A9); `recipient` is empty where none was named."""

    at: datetime
    channel: Channel
    peer: str
    sender: str
    recipient: str
    reply: str


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


@dataclass(frozen=True, slots=True)
class Origin:
    """The mail that was forwarded (A5): who wrote it, its subject, and when it was sent, ISO 8601 in the sender's zone.

    Each is empty where the forwarded mail does not say. `sent` is text, since the codec between processes keeps no zone.
    """

    sender: str = ""
    subject: str = ""
    sent: str = ""

    @property
    def sent_at(self) -> datetime | None:
        """When it was sent; None where it does not say."""
        return datetime.fromisoformat(self.sent) if self.sent else None


class PartRole(StrEnum):
    """What a part is in its mail. Nothing is dropped: decoration and body are kept as parts too (B3, B6).

    ANNEX: a file without pages that stays with its invoice, such as a spreadsheet.
    """

    DOCUMENT = "document"
    BODY = "body"
    DECORATION = "decoration"
    CONTAINER = "container"
    ANNEX = "annex"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something could not be taken: a stable code and a sentence for the person at the review desk (B9)."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """One file or body of a mail after unpacking. `media_type` is told from the content (B2), `declared` is what the mail said.

    `pdf` is the part converted to PDF where that was needed; None for parts that are PDF already or hold no pages. `reason` says
    in a few words why it has its role; `container` is the index of the part it was taken out of; `origin` tells of the forwarded
    mail it came in (A5).
    """

    index: int
    name: str
    media_type: str
    declared: str
    role: PartRole
    content: bytes
    pdf: bytes | None = None
    problem: Problem | None = None
    reason: str = ""
    container: int | None = None
    origin: Origin | None = None

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


@dataclass(frozen=True, slots=True)
class StoredMail:
    """A mail as the database has it; `header` and `text` are empty until it was opened. `sha256` names its bytes."""

    id: UUID
    administration: int
    sha256: str
    size: int
    envelope: Envelope
    state: MailState
    header: MailHeader = MailHeader()
    text: str = ""

    @property
    def sent_at(self) -> datetime:
        """When the mail was sent, in the sender's zone; the time of receipt where Date is absent or absurd (D2)."""
        said = self.header.sent_at
        if said is None or said > self.envelope.received_at + _CLOCK_SKEW:
            return self.envelope.received_at
        return said


@dataclass(frozen=True, slots=True)
class StoredPart:
    """A part as the database has it: content and PDF by sha256; `pdf_sha256` is empty where there are no pages to read."""

    index: int
    name: str
    media_type: str
    role: PartRole
    sha256: str
    pdf_sha256: str = ""
    problem: Problem | None = None
    reason: str = ""
    container: int | None = None
    origin: Origin | None = None
