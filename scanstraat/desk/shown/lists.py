"""Rows of the mail log and of the list of documents: where each document ended, and why (A9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from uuid import UUID

from django.utils.translation import gettext

from scanstraat.codec import from_json
from scanstraat.desk import wording
from scanstraat.desk.shown import values
from scanstraat.desk.wording import Label
from scanstraat.model.document import Kind
from scanstraat.model.field import FieldName, Readings
from scanstraat.model.mail import Channel
from scanstraat.model.state import DocumentState, MailState
from scanstraat.model.verdict import Reason, Verdict
from scanstraat.records.models import Document, Mail


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document in a list."""

    id: UUID
    mail: UUID
    kind: str
    supplier: str
    number: str
    date: str
    total: str
    state: Label
    why: tuple[Reason, ...]
    drop: str
    administration: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class MailLine:
    """A mail in the log. The sender is what the mail says, or else what the transport said; `times_received` as asked for."""

    id: UUID
    administration: str
    received_at: datetime
    sender_name: str
    sender: str
    recipient: str
    subject: str
    state: Label
    error: str
    documents: tuple[DocumentLine, ...]
    times_received: int


def why(row: Document) -> tuple[Reason, ...]:
    """Why a document is where it is: what went wrong for one laid aside, else its verdict's reasons."""
    if row.state == DocumentState.PARKED:
        return (Reason("parked", row.error or gettext("Something went wrong on the line.")),)
    return from_json(row.verdict, Verdict).reasons if row.verdict else ()


def drop(row: Document) -> str:
    """The name of its files in the drop folder, once they are there."""
    delivery = getattr(row, "delivery", None)
    return f"{delivery.folder}/{delivery.stem}" if delivery and delivery.delivered_at else ""


def document_line(row: Document, mail: Mail) -> DocumentLine:
    """One document of `mail`."""
    completed = from_json(row.completed, Readings) if row.completed else Readings()
    number = completed.get(FieldName.INVOICE_NUMBER)
    return DocumentLine(
        id=row.id,
        mail=mail.id,
        kind=gettext(wording.KINDS[Kind(row.kind)]),
        supplier=row.supplier_name,
        number=number.value if number else "",
        date=completed.value(FieldName.INVOICE_DATE) or "",
        total=values.money(row.total, row.currency),
        state=wording.state(DocumentState(row.state)),
        why=why(row),
        drop=drop(row),
        administration=mail.administration.name,
        received_at=mail.received_at,
    )


def mail_line(row: Mail) -> MailLine:
    """One mail with its documents, in mail order."""
    name, address = parseaddr(row.header_sender)
    return MailLine(
        id=row.id,
        administration=row.administration.name,
        received_at=row.received_at,
        sender_name=name,
        sender=address or row.header_sender or row.envelope_sender,
        recipient=row.recipient,
        subject=subject(row),
        state=wording.state(MailState(row.state)),
        error=row.error,
        documents=tuple(document_line(document, row) for document in row.documents.all()),
        times_received=getattr(row, "times_received", None) or 1,
    )


def subject(row: Mail) -> str:
    """The mail's subject, or why there is none."""
    opened = row.header_sender or row.message_id or row.sent_at
    return row.subject or (gettext("(no subject)") if opened else gettext("(not opened yet)"))


def channel(row: Mail) -> str:
    """The way the mail came in."""
    return gettext(wording.CHANNELS[Channel(row.channel)])
