"""Mails with documents as the line leaves them, made through the repositories: what the desk has to show."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from functools import cache
from uuid import UUID

from django.conf import settings
from django.db import transaction
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from scanstraat.model.administration import Administration
from scanstraat.model.delivery import StagedDrop
from scanstraat.model.document import Document, Kind
from scanstraat.model.field import Evidence, FieldName, InvoiceLine, Method, Reading, Readings, RunnerUp
from scanstraat.model.mail import Channel, Envelope, MailHeader, OpenedMail, Part, PartRole, Problem, StoredPart
from scanstraat.model.page import Box, Page, PageRef, PageSource, PartPages
from scanstraat.model.state import DocumentState, MailState
from scanstraat.model.supplier import Account, MatchOutcome, Supplier, SupplierMatch
from scanstraat.model.verdict import Action, Reason, Verdict
from scanstraat.records import documents, mails
from scanstraat.records.blobs import Blobs

WIDTH, HEIGHT = A4
SIZE = 11
RECEIVED = datetime(2026, 3, 31, 9, 12, 40, tzinfo=UTC)
_WAYS = {
    Action.DELIVER: (DocumentState.STAGED, DocumentState.DELIVERED),
    Action.REVIEW: (DocumentState.IN_REVIEW,),
    Action.ARCHIVE: (DocumentState.ARCHIVED,),
    Action.DISCARD: (DocumentState.DISCARDED,),
}

# What is printed on the sample invoice, and where: points from the top left, baseline.
PRINTED = {
    "title": (60, 80, "FACTUUR"),
    "supplier": (60, 110, "Bakkerij De Korenaar B.V."),
    "street": (60, 126, "Molenstraat 12, 3511 AB Utrecht"),
    "number": (380, 110, "2026-0412"),
    "date": (380, 126, "30 maart 2026"),
    "vat": (380, 142, "NL001234567B01"),
    "line 1": (60, 250, "Zuurdesembrood"),
    "line 2": (60, 268, "Bezorging"),
    "net": (430, 330, "1.131,40"),
    "vat total": (430, 348, "101,83"),
    "total": (430, 372, "1.233,23"),
    "iban": (60, 430, "NL91 ABNA 0417 1643 00"),
}
LABELS = (
    (300, 110, "Factuurnummer"),
    (300, 126, "Factuurdatum"),
    (300, 142, "BTW-nummer"),
    (330, 330, "Excl. btw"),
    (330, 348, "Btw 9%"),
    (330, 372, "Totaal EUR"),
    (60, 414, "Gaarne betalen op"),
    (430, 250, "1.106,40"),
    (430, 268, "25,00"),
)

# What the mail declared of its PDF; the rest of the part is stored apart.
_SAID = (Part(1, "factuur.pdf", "application/pdf", "application/octet-stream", PartRole.DOCUMENT, b""),)


@dataclass(frozen=True, slots=True)
class Made:
    """The ids of what was made."""

    administration: int
    mail: UUID
    documents: tuple[UUID, ...]
    pdf_sha256: str


@cache
def invoice_pdf(pages: int = 2) -> bytes:
    """The sample invoice; the second page is its annex."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4, invariant=True)
    for x, y, text in (*PRINTED.values(), *LABELS):
        canvas.setFont("Helvetica-Bold" if text == "FACTUUR" else "Helvetica", SIZE)
        canvas.drawString(x, HEIGHT - y, text)
    canvas.line(60, HEIGHT - 235, 500, HEIGHT - 235)
    for number in range(2, pages + 1):
        canvas.showPage()
        canvas.setFont("Helvetica", SIZE)
        canvas.drawString(60, HEIGHT - 80, f"Bijlage, bladzijde {number}")
    canvas.save()
    return file.getvalue()


def box_of(name: str) -> Box:
    """The box around something printed on the sample invoice."""
    x, y, text = PRINTED[name]
    width = Canvas(io.BytesIO()).stringWidth(text, "Helvetica", SIZE)
    return Box(x, y - 0.72 * SIZE, x + width, y + 0.2 * SIZE)


def _read(field: FieldName, value: str, where: str, confidence: float = 0.98, doubts: tuple[str, ...] = ()) -> Reading:
    evidence = Evidence(1, box_of(where), PRINTED[where][2], Method.TEXT_LAYER)
    return Reading(field, value, confidence, evidence, doubts=doubts)


READINGS = Readings(
    (
        _read(FieldName.SUPPLIER_NAME, "Bakkerij De Korenaar B.V.", "supplier"),
        _read(FieldName.VAT_NUMBER, "NL001234567B01", "vat", 0.55, ("the check digits do not add up",)),
        _read(FieldName.IBAN, "NL91ABNA0417164300", "iban", 0.99),
        replace(
            _read(FieldName.INVOICE_NUMBER, "2026-0412", "number", 0.93),
            runners_up=(RunnerUp("2026-0417", 0.21),),
        ),
        _read(FieldName.INVOICE_DATE, "2026-03-30", "date"),
        _read(FieldName.TOTAL, "1233.23", "total", 0.97),
        _read(FieldName.NET_TOTAL, "1131.40", "net"),
        _read(FieldName.VAT_TOTAL, "101.83", "vat total"),
        Reading(FieldName.CURRENCY, "EUR", 0.99, method=Method.DERIVED),
    ),
    (
        InvoiceLine("Zuurdesembrood, week 10 tot en met 13", Decimal("316"), Decimal("3.5013"), Decimal("1106.40")),
        InvoiceLine("Bezorging", Decimal("1"), Decimal("25.00"), Decimal("25.00")),
    ),
)
COMPLETED = READINGS.with_reading(Reading(FieldName.DUE_DATE, "2026-03-30", 1.0, rule="D5", method=Method.FALLBACK))
SUPPLIER = Supplier(0, "Bakkerij De Korenaar B.V.", "NL001234567B01", "NL", (Account("NL91ABNA0417164300"),))
MATCH = SupplierMatch(
    MatchOutcome.BY_ACCOUNT,
    SUPPLIER,
    reasons=("account NL91ABNA0417164300 is in the register",),
    doubts=("the name on the invoice is written differently",),
)
DELIVERED = Verdict(Action.DELIVER, (Reason("filled", "due date 2026-03-30 was filled", "D5"),))
IN_REVIEW = Verdict(Action.REVIEW, (Reason("iban", "the IBAN fails its check digits", "C7"), Reason("cut", "a page is missing")))
REMINDER = Verdict(Action.ARCHIVE, (Reason("kind-reminder", "reminders go to the archive", "G1"),))
ADVERTISING = Verdict(Action.DISCARD, (Reason("kind-advertising", "advertising is deleted", "B8"),))


@dataclass(frozen=True, slots=True)
class Paper:
    """A document to be made: its kind, verdict, and what was read."""

    kind: Kind = Kind.INVOICE
    verdict: Verdict = DELIVERED
    completed: Readings = COMPLETED
    match: SupplierMatch | None = MATCH


def with_values(readings: Readings, **values: str) -> Readings:
    """These readings with other values for some fields."""
    for name, value in values.items():
        reading = readings.get(FieldName(name))
        assert reading is not None
        readings = readings.with_reading(replace(reading, value=value))
    return readings


def receive(owner: Administration, subject: str, sender: str = "administratie@korenaar.example", days: int = 0) -> Made:
    """A mail as received: logged, its bytes a blob, not opened yet."""
    raw = f"From: {sender}\r\nSubject: {subject}\r\n\r\nZie bijlage.\r\n".encode()
    return Made(owner.id, _received(owner, raw, sender, days), (), "")


def deliver(
    owner: Administration,
    subject: str = "Factuur 2026-0412",
    papers: tuple[Paper, ...] = (Paper(),),
    sender: str = "Bakkerij De Korenaar <administratie@korenaar.example>",
    days: int = 0,
) -> Made:
    """A mail that went down the whole line: one PDF, one document for each of `papers`, all on the PDF's pages."""
    made = receive(owner, subject, sender, days)
    blobs = Blobs(settings.SCANSTRAAT.home_path)
    pdf = blobs.put(owner.id, invoice_pdf())
    _opened(made.mail, owner, subject, sender, pdf, days)
    refs = (PageRef(1, 1), PageRef(1, 2))
    given = tuple(Document(n, paper.kind, 0.97, refs) for n, paper in enumerate(papers))
    ids = documents.add(made.mail, owner.id, given)
    for identifier, paper in zip(ids, papers, strict=True):
        _decided(identifier, paper, pdf, blobs.put(owner.id, b"<Invoice/>"), owner, days)
    for before, after in zip(list(MailState)[:4], list(MailState)[1:5], strict=True):
        mails.move(made.mail, before, after)
    return Made(owner.id, made.mail, ids, pdf)


def park(made: Made, error: str) -> None:
    """Lay the mail aside."""
    with transaction.atomic():
        mails.park(made.mail, error)
    mails.log(made.mail, RECEIVED, "parked", error)


def _received(owner: Administration, raw: bytes, sender: str, days: int) -> UUID:
    at = RECEIVED - timedelta(days=days)
    sha256 = Blobs(settings.SCANSTRAAT.home_path).put(owner.id, raw)
    envelope = Envelope("bounce@post.example", f"{owner.drop}@invoices.example", at, Channel.SMTP, "192.0.2.7")
    fingerprint = hashlib.sha256(f"{owner.id} {sender} {days}".encode() + raw).hexdigest()
    mail = mails.receive(owner.id, envelope, sha256, fingerprint, len(raw))
    mails.log(mail, at, "received", f"smtp from 192.0.2.7, {len(raw)} octets")
    return mail


def _opened(mail: UUID, owner: Administration, subject: str, sender: str, pdf: str, days: int) -> None:
    sent_at = (RECEIVED - timedelta(days=days, minutes=3)).astimezone(timezone(timedelta(hours=2)))
    recipient = f"{owner.drop}@invoices.example"
    header = MailHeader(f"<{mail}@korenaar.example>", sender, recipient, subject, sent_at)
    broken = Problem("encrypted", "the file is encrypted and cannot be opened")
    stored = (
        StoredPart(0, "", "text/plain", PartRole.BODY, pdf),
        StoredPart(1, "factuur.pdf", "application/pdf", PartRole.DOCUMENT, pdf, pdf),
        StoredPart(2, "geheim.pdf", "application/pdf", PartRole.UNREADABLE, pdf, problem=broken),
    )
    mails.keep_opened(mail, OpenedMail(header, "Beste,\n\nBijgaand onze factuur.\n\nMet groet", _SAID), stored)
    pages = tuple(Page(number, WIDTH, HEIGHT, PageSource.TEXT_LAYER) for number in (1, 2))
    mails.keep_pages(mail, (PartPages(1, pages),), ())
    mails.log(mail, RECEIVED - timedelta(days=days), "opened", "3 parts")


def _decided(document: UUID, paper: Paper, pdf: str, xml: str, owner: Administration, days: int) -> None:
    documents.keep_readings(document, READINGS)
    documents.keep_decision(document, paper.completed, paper.match, paper.verdict, None)
    before = DocumentState.SORTED
    for after in (DocumentState.RECOGNISED, DocumentState.DECIDED, *_WAYS[paper.verdict.action]):
        documents.move(document, before, after)
        before = after
    if paper.verdict.action is Action.DELIVER:
        at = RECEIVED - timedelta(days=days)
        stem = f"20260331-{str(document)[:8]}"
        documents.keep_staged(document, StagedDrop(owner.drop, stem, "staged.pdf", "staged.xml"), pdf, xml, at)
        documents.keep_delivered(document, at)
