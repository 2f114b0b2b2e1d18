"""Lists for people: mails and documents with what became of them (A9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Prefetch, Q

from scanstraat.codec import from_json
from scanstraat.model.state import DocumentState, MailState
from scanstraat.model.story import RefusalLine
from scanstraat.model.verdict import Verdict
from scanstraat.records import models
from scanstraat.records.search import EVERY_MAIL, MailFilter, narrowed, words

# What a line of the mail log needs of its documents; their readings are many times as large.
_OF_LINES = Prefetch("documents", models.Document.objects.only("mail", "ordinal", "kind", "state"))


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


def mail_lines(limit: int, wanted: MailFilter = EVERY_MAIL) -> tuple[MailLine, ...]:
    """The newest mails first, of those that are wanted."""
    rows = narrowed(wanted).select_related("administration").prefetch_related(_OF_LINES, "events").defer("text")
    return tuple(_mail_line(row) for row in rows.order_by("-received_at", "id")[:limit])


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


def refusal_lines(limit: int, search: str = "", since: datetime | None = None) -> tuple[RefusalLine, ...]:
    """What was turned away, the newest first; every word of `search` stands in sender, recipient, peer or answer."""
    rows = models.Refusal.objects.select_related("administration")
    for word in words(search):
        columns = ("sender", "recipient", "peer", "reply", "administration__name")
        rows = rows.filter(reduce(or_, (Q(**{f"{column}__icontains": word}) for column in columns)))
    if since:
        rows = rows.filter(at__gte=since)
    return tuple(refusal_line(row) for row in rows.order_by("-at", "-id")[:limit])


def refusal_line(row: models.Refusal) -> RefusalLine:
    """One of them."""
    administration = row.administration.name if row.administration else ""
    return RefusalLine(row.at, row.channel, row.peer, row.sender, row.recipient, administration, row.reply)


def _document_line(row: models.Document) -> DocumentLine:
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
        why=why(row),
        stem=drop(row),
    )


def drop(row: models.Document) -> str:
    """The name of a document's two files in the drop folder, from when they were staged; "" for none, or where it was refused."""
    delivery = getattr(row, "delivery", None)
    return f"{delivery.folder}/{delivery.stem}" if delivery and delivery.refused_at is None else ""


def why(row: models.Document) -> str:
    """Why a document is where it is: what went wrong, else the reasons of its verdict."""
    if row.error:
        return row.error
    if not row.verdict:
        return ""
    return "; ".join(reason.text for reason in from_json(row.verdict, Verdict).reasons)
