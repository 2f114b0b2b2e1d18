"""A mail as the line leaves it, with all its blobs: four parts, a delivered invoice of two pages, and a locked file in review."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from uuid import UUID

from scanstraat.model.administration import Administration
from scanstraat.model.delivery import StagedDrop
from scanstraat.model.document import Document, Kind
from scanstraat.model.field import Readings
from scanstraat.model.mail import Envelope, MailHeader, OpenedMail, Origin, PartRole, Problem, StoredPart
from scanstraat.model.page import Page, PageRef, PageSource, PartPages
from scanstraat.model.state import DocumentState, MailState
from scanstraat.model.verdict import Action, Reason, Verdict
from scanstraat.records import documents, mails
from scanstraat.records.blobs import Blobs
from scanstraat.settings import Settings
from tests.desk.mailroom import invoice_pdf

RECEIVED = datetime(2026, 3, 31, 9, 12, 40, tzinfo=UTC)
ORIGIN = Origin("Bakker <bakker@oven.example>", "Factuur 5", "2026-03-30T10:00:00+02:00")
REVIEW = Verdict(Action.REVIEW, (Reason("problem", "the file is encrypted", "B9"),))


@dataclass(frozen=True, slots=True)
class Kept:
    """The ids and names of what was made."""

    administration: int
    mail: UUID
    invoice: UUID
    locked: UUID
    raw: str
    body: str
    pdf: str
    composed: str
    xml: str


def blobs() -> Blobs:
    """Those of this process's home."""
    return Blobs(Settings.from_environment().home_path)


def keep(owner: Administration, received_at: datetime = RECEIVED, subject: str = "Fwd: Factuur 5") -> Kept:
    """Make one; each call makes another."""
    store, salt = blobs(), f"{owner.drop} {received_at} {subject}".encode()
    raw, body, pdf = store.put(owner.id, b"raw " + salt), store.put(owner.id, b"body " + salt), store.put(owner.id, invoice_pdf())
    logo, locked, composed = store.put(owner.id, b"logo"), store.put(owner.id, b"locked"), store.put(owner.id, invoice_pdf(3))
    xml = store.put(owner.id, b"<Invoice>" + composed.encode() + b"</Invoice>")
    envelope = Envelope("bounce@klant.example", f"{owner.drop}@invoices.example", received_at, peer="192.0.2.7")
    mail = mails.receive(owner.id, envelope, raw, hashlib.sha256(salt).hexdigest(), 100)
    mails.log(mail, received_at, "received", "smtp from 192.0.2.7, 100 octets")
    parts = (
        StoredPart(0, "", "text/plain", PartRole.BODY, body, reason="text of the mail"),
        StoredPart(1, "factuur mei.pdf", "application/pdf", PartRole.DOCUMENT, pdf, pdf, reason="PDF", origin=ORIGIN),
        StoredPart(2, "logo.png", "image/png", PartRole.DECORATION, logo, reason="logo"),
        StoredPart(
            3, "geheim.pdf", "application/pdf", PartRole.UNREADABLE, locked, problem=Problem("encrypted", "it is encrypted")
        ),
    )
    header = MailHeader(f"<{mail}@klant.example>", "Piet <piet@klant.example>", "", subject, received_at)
    mails.keep_opened(mail, OpenedMail(header, "Zie bijlage.", ()), parts)
    mails.log(mail, received_at, "opened", "4 parts")
    mails.keep_pages(mail, (PartPages(1, tuple(Page(n, 595, 842, PageSource.TEXT_LAYER) for n in (1, 2))),), ())
    mails.log(mail, received_at, "read", "2 pages")
    first, second = _documents(mail, owner, received_at, composed, xml)
    for before, after in pairwise(list(MailState)[:5]):
        mails.move(mail, before, after)
    return Kept(owner.id, mail, first, second, raw, body, pdf, composed, xml)


def _documents(mail: UUID, owner: Administration, at: datetime, composed: str, xml: str) -> tuple[UUID, UUID]:
    given = (
        Document(0, Kind.INVOICE, 0.9, (PageRef(1, 1), PageRef(1, 2))),
        Document(1, Kind.UNREADABLE, 1.0, (), problem="the file is encrypted", part=3),
    )
    first, second = documents.add(mail, owner.id, given)
    mails.log(mail, at, "sorted", "invoice, unreadable")
    documents.keep_decision(first, Readings(), None, Verdict(Action.DELIVER), None)
    documents.keep_decision(second, Readings(), None, REVIEW, None)
    states = (DocumentState.SORTED, DocumentState.RECOGNISED, DocumentState.DECIDED)
    _walk(first, (*states, DocumentState.STAGED, DocumentState.DELIVERED))
    _walk(second, (*states, DocumentState.IN_REVIEW))
    documents.keep_overview(first)
    documents.keep_staged(first, StagedDrop(owner.drop, f"stem-{first}", "a.pdf", "a.xml"), composed, xml, at)
    documents.keep_delivered(first, at)
    return first, second


def _walk(document: UUID, states: tuple[DocumentState, ...]) -> None:
    for before, after in pairwise(states):
        documents.move(document, before, after)
