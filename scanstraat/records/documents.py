"""Documents and their deliveries, in and out of the database."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db.models import F

from scanstraat.codec import from_json, to_json
from scanstraat.errors import Inconsistent
from scanstraat.model.correction import NOTHING_GIVEN, Correction
from scanstraat.model.delivery import StagedDrop
from scanstraat.model.document import Document, StoredDocument
from scanstraat.model.field import FieldName, Readings
from scanstraat.model.reasons import BROUGHT_BACK, PARKED, first_reason
from scanstraat.model.state import DocumentState, advance
from scanstraat.model.supplier import SupplierMatch
from scanstraat.model.verdict import Action, Verdict
from scanstraat.records import hooks, models
from scanstraat.records.statements import change, first_id, one

T = TypeVar("T")

# Nobody holds what left the desk, and what moves on waits for nobody.
_MOVE = (
    "UPDATE records_document SET state = %s, ended_at = %s, queued_at = NULL, held_by_id = NULL, held_until = NULL"
    " WHERE id = %s AND state = %s"
)
# Who had it read anew holds it until it is back, by the moves of `_READ_ANEW`.
_MOVE_HELD = "UPDATE records_document SET state = %s, ended_at = %s, queued_at = NULL WHERE id = %s AND state = %s"
# What comes into review waits from now on, for the reason of its verdict or since a person brought it back; always with a clock.
_QUEUE = (
    "UPDATE records_document SET state = %s, ended_at = NULL, queued_at = COALESCE(%s, created_at),"
    " due_at = COALESCE(due_at, %s, created_at),"
    " reason = CASE WHEN reason = '' THEN %s ELSE reason END WHERE id = %s AND state = %s"
)
_SAME_INVOICE = (
    "SELECT id FROM records_document WHERE administration_id = %s AND number = %s AND total = %s AND id <> %s"
    " AND action IN (%s, %s)"
    " AND ((%s <> '' AND account = %s) OR (%s <> '' AND supplier_name = %s)) ORDER BY created_at LIMIT 1"
)
# CROSS JOIN and the sign have SQLite begin with the few parts that are this file, not with all that the administration ever got.
_SAME_PICTURE = (
    "SELECT d.id FROM records_part p CROSS JOIN records_document d WHERE p.sha256 = %s AND d.mail_id = p.mail_id"
    " AND +d.administration_id = %s AND d.action = %s AND d.id <> %s AND d.mail_id <> %s ORDER BY d.created_at LIMIT 1"
)
UNDECIDED = (DocumentState.SORTED, DocumentState.RECOGNISED)
_READ_ANEW = frozenset(
    {
        (DocumentState.IN_REVIEW, DocumentState.SORTED),
        (DocumentState.SORTED, DocumentState.RECOGNISED),
        (DocumentState.RECOGNISED, DocumentState.DECIDED),
    }
)


def add(mail: UUID, administration: int, documents: tuple[Document, ...], due_at: datetime | None = None) -> tuple[UUID, ...]:
    """Record the documents cut from a mail, in mail order, and until when they have to be dealt with (G4); returns their ids."""
    whose = {"mail_id": mail, "administration_id": administration, "due_at": due_at}
    rows = [models.Document(**whose, ordinal=d.ordinal, kind=d.kind, value=to_json(d).decode()) for d in documents]
    models.Document.objects.bulk_create(rows)
    return tuple(row.id for row in rows)


def exists(document: UUID) -> bool:
    """Whether there is such a document."""
    return models.Document.objects.filter(id=document).exists()


def get(document: UUID) -> StoredDocument:
    """The document; raises `Inconsistent` where there is none."""
    row = one(models.Document, document)
    if row is None:
        raise Inconsistent("document-missing", f"there is no document {document}.")
    return value(row)


def of_mail(mail: UUID) -> tuple[StoredDocument, ...]:
    """The documents of a mail, in mail order."""
    return tuple(value(row) for row in models.Document.objects.filter(mail_id=mail).order_by("ordinal"))


def move(document: UUID, before: DocumentState, after: DocumentState, at: datetime | None = None) -> None:
    """Advance the state; `at` is recorded as when it ended, or as when it came into review.

    Raises `Inconsistent` where the document is not in state `before`.
    """
    advance(before, after)
    if after is DocumentState.IN_REVIEW:
        moved = change(_QUEUE, after, at, at, BROUGHT_BACK, document, before)
    else:
        moved = change(_MOVE_HELD if (before, after) in _READ_ANEW else _MOVE, after, at, document, before)
    if not moved:
        raise Inconsistent("document-state", f"document {document} is not {before}.")
    hooks.document_moved(document, after, at)


def park(document: UUID, error: str, at: datetime) -> UUID:
    """Lay the document aside for a person; it remembers where it stood. Returns its mail."""
    row = models.Document.objects.select_for_update().get(id=document)
    if row.state != DocumentState.PARKED:
        aside = {"state": DocumentState.PARKED, "parked_from": row.state, "error": error, "reason": PARKED, "queued_at": at}
        models.Document.objects.filter(id=document).update(**aside)
    return row.mail_id


def unpark(document: UUID) -> DocumentState:
    """Bring a parked document back to where it stood, and return that state."""
    row = models.Document.objects.select_for_update().get(id=document)
    before = DocumentState(row.parked_from)
    move(document, DocumentState.PARKED, before)
    reason = first_reason(from_json(row.verdict, Verdict)) if row.verdict else ""
    models.Document.objects.filter(id=document).update(parked_from="", error="", reason=reason)
    return before


def any_undecided(mail: UUID) -> bool:
    """Whether a document of this mail is still before its verdict; call under `mails.lock`."""
    return models.Document.objects.filter(mail_id=mail, state__in=UNDECIDED).exists()


def keep_readings(document: UUID, readings: Readings) -> None:
    """Record what was recognised."""
    models.Document.objects.filter(id=document).update(readings=to_json(readings).decode())


def keep_decision(
    document: UUID, completed: Readings, match: SupplierMatch | None, verdict: Verdict, supplier: int | None
) -> None:
    """Record match, completed readings and verdict, with the columns that lists and look-ups use."""
    number = completed.get(FieldName.INVOICE_NUMBER)
    account = completed.get(FieldName.IBAN) or completed.get(FieldName.ACCOUNT)
    models.Document.objects.filter(id=document).update(
        completed=to_json(completed).decode(),
        match=to_json(match).decode() if match else "",
        verdict=to_json(verdict).decode(),
        action=verdict.action,
        reason=first_reason(verdict),
        supplier_id=supplier,
        supplier_name=completed.value(FieldName.SUPPLIER_NAME) or "",
        account=account.value[:64] if account and not account.rule else "",
        number=number.value if number and not number.rule else "",
        total=(completed.value(FieldName.TOTAL) or "")[:32],
        currency=(completed.value(FieldName.CURRENCY) or "")[:3],
    )


def keep_overview(document: UUID) -> None:
    """Have this document carry the overview page of its mail (F3)."""
    models.Document.objects.filter(id=document).update(carries_overview=True)


def carries_overview(document: UUID) -> bool:
    """Whether it carries the overview page of its mail."""
    return models.Document.objects.filter(id=document, carries_overview=True).exists()


def keep_filed(document: UUID, category: str, pdf_sha256: str) -> None:
    """Record the archived PDF and the category it is filed under (G1)."""
    models.Document.objects.filter(id=document).update(category=category, pdf_sha256=pdf_sha256)


def keep_staged(document: UUID, staged: StagedDrop, pdf_sha256: str, xml_sha256: str, at: datetime) -> None:
    """Record the staged drop. A second time (replayed) replaces the first, and so does what comes after a refused one (F8)."""
    models.Document.objects.filter(id=document).update(pdf_sha256=pdf_sha256, xml_sha256=xml_sha256)
    names = {"folder": staged.folder, "stem": staged.stem, "staged_pdf": staged.staged_pdf, "staged_xml": staged.staged_xml}
    mine = models.Delivery.objects.filter(document_id=document)
    afresh = {"delivered_at": None, "acknowledged_at": None, "refused_at": None, "refusal": ""}
    if mine.exclude(refused_at=None).update(staged_at=at, times=F("times") + 1, **names, **afresh):
        return
    if not mine.update(staged_at=at, **names):
        models.Delivery(document_id=document, staged_at=at, **names).save(force_insert=True)


def drop_number(document: UUID) -> int:
    """Which drop of the document the next one is, from 1: one more for each that its consumer refused (F8)."""
    found = models.Delivery.objects.filter(document_id=document).values_list("times", "refused_at").first()
    return 1 if found is None else found[0] + (found[1] is not None)


def keep_refused(document: UUID, why: str, at: datetime) -> None:
    """Record that the consumer refused the drop, and why (F8)."""
    models.Delivery.objects.filter(document_id=document).update(refused_at=at, refusal=why)


def staged(document: UUID) -> StagedDrop:
    """The staged drop of a document."""
    row = models.Delivery.objects.get(document_id=document)
    return StagedDrop(row.folder, row.stem, row.staged_pdf, row.staged_xml)


def staged_names() -> frozenset[str]:
    """Names of all staged files that are committed and not delivered yet, or not again; the sweep keeps them."""
    rows = models.Delivery.objects.filter(delivered_at=None).values_list("staged_pdf", "staged_xml")
    again = models.AskedAgain.objects.filter(done_at=None).values_list("staged", flat=True)
    return frozenset(name for row in rows for name in row) | {f"{name}.xml" for name in again}


def keep_delivered(document: UUID, at: datetime) -> None:
    """Record that both files are in the drop folder (F8)."""
    models.Delivery.objects.filter(document_id=document).update(delivered_at=at)


def same_invoice(document: UUID, administration: int, number: str, total: str, account: str, name: str) -> str:
    """The id of an earlier document with the same supplier, number and total (E8), or "". Empty number: never (D8)."""
    if not number or not total:
        return ""
    ways = (Action.DELIVER, Action.REVIEW)
    return first_id(_SAME_INVOICE, administration, number, total, document, *ways, account, account, name, name)


def same_picture(document: UUID, mail: UUID, administration: int, sha256: str) -> str:
    """The id of a decided document of another mail that came as the very same file (E8), or ""."""
    return first_id(_SAME_PICTURE, sha256, administration, Action.DELIVER, document, mail)


def value(row: models.Document) -> StoredDocument:
    """The frozen value of a row."""
    return StoredDocument(
        id=row.id,
        mail=row.mail_id,
        administration=row.administration_id,
        state=DocumentState(row.state),
        document=from_json(row.value, Document),
        readings=_optional(row.readings, Readings),
        completed=_optional(row.completed, Readings),
        match=_optional(row.match, SupplierMatch),
        verdict=_optional(row.verdict, Verdict),
        carries_overview=row.carries_overview,
        correction=_optional(row.correction, Correction) or NOTHING_GIVEN,
    )


def _optional(text: str, kind: type[T]) -> T | None:
    return from_json(text, kind) if text else None
