"""Lists for people: mails and documents with what became of them (A9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from scanstraat.codec import from_json
from scanstraat.model.state import DocumentState, MailState
from scanstraat.model.verdict import Verdict
from scanstraat.records import models


@dataclass(frozen=True, slots=True)
class MailLine:
    """A mail in the mail log, with the states of its documents in mail order."""

    id: UUID
    received_at: datetime
    administration: str
    sender: str
    recipient: str
    subject: str
    message_id: str
    state: MailState
    error: str
    documents: tuple[str, ...]
    times_received: int


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document, where it ended and why."""

    id: UUID
    mail: UUID
    administration: str
    subject: str
    ordinal: int
    kind: str
    supplier: str
    number: str
    total: str
    currency: str
    state: DocumentState
    why: str
    stem: str


def mail_lines(limit: int, search: str = "") -> tuple[MailLine, ...]:
    """The newest mails first; `search` looks in subject, senders and Message-ID."""
    rows = models.Mail.objects.select_related("administration").prefetch_related("documents", "events").order_by("-received_at")
    if search:
        found = models.Mail.objects.none()
        for column in ("subject", "header_sender", "envelope_sender", "message_id"):
            found |= models.Mail.objects.filter(**{f"{column}__icontains": search})
        rows = rows.filter(id__in=found.values("id"))
    return tuple(_mail_line(row) for row in rows[:limit])


def document_lines(limit: int, state: str = "") -> tuple[DocumentLine, ...]:
    """The newest documents first; only those in `state`, where given."""
    rows = models.Document.objects.select_related("administration", "mail", "delivery")
    if state:
        rows = rows.filter(state=state)
    return tuple(_document_line(row) for row in rows.order_by("-created_at", "-ordinal")[:limit])


def _mail_line(row: models.Mail) -> MailLine:
    documents = sorted(row.documents.all(), key=lambda document: document.ordinal)
    return MailLine(
        id=row.id,
        received_at=row.received_at,
        administration=row.administration.name,
        sender=row.header_sender or row.envelope_sender,
        recipient=row.recipient,
        subject=row.subject,
        message_id=row.message_id,
        state=MailState(row.state),
        error=row.error,
        documents=tuple(f"{document.kind}: {document.state}" for document in documents),
        times_received=sum(event.event == "received" for event in row.events.all()),
    )


def _document_line(row: models.Document) -> DocumentLine:
    delivery = getattr(row, "delivery", None)
    return DocumentLine(
        id=row.id,
        mail=row.mail_id,
        administration=row.administration.name,
        subject=row.mail.subject,
        ordinal=row.ordinal,
        kind=row.kind,
        supplier=row.supplier_name,
        number=row.number,
        total=row.total,
        currency=row.currency,
        state=DocumentState(row.state),
        why=_why(row),
        stem=f"{delivery.folder}/{delivery.stem}" if delivery else "",
    )


def _why(row: models.Document) -> str:
    if row.error:
        return row.error
    if not row.verdict:
        return ""
    return "; ".join(reason.text for reason in from_json(row.verdict, Verdict).reasons)
