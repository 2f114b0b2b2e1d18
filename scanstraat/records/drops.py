"""Drops as their consumer sees them: whether he took them, and how often he asked for them again (F8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from scanstraat.errors import Refused
from scanstraat.model.delivery import StagedDrop
from scanstraat.records import models


@dataclass(frozen=True, slots=True)
class StoredDrop:
    """A drop that was delivered: its folder and name, the sha256 of its two files, and what its consumer said."""

    document: UUID
    mail: UUID
    administration: int
    folder: str
    stem: str
    pdf_sha256: str
    xml_sha256: str
    acknowledged_at: datetime | None
    refused_at: datetime | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for a drop once more: its files in staging, and whether they are in the folder by now."""

    id: int
    staged: StagedDrop
    is_done: bool


def locked(document: UUID) -> StoredDrop:
    """Within a transaction: the drop of a document, which nobody else deals with until it ends.

    Raises `Refused` (`not-delivered`) where there is none yet.
    """
    row = models.Delivery.objects.select_for_update(of=("self",)).select_related("document").filter(document_id=document).first()
    if row is None or row.delivered_at is None:
        raise Refused("not-delivered", f"document {document} is not delivered.", "Wait until it is.")
    owner = row.document
    return StoredDrop(
        document=document,
        mail=owner.mail_id,
        administration=owner.administration_id,
        folder=row.folder,
        stem=row.stem,
        pdf_sha256=owner.pdf_sha256,
        xml_sha256=owner.xml_sha256,
        acknowledged_at=row.acknowledged_at,
        refused_at=row.refused_at,
    )


def keep_acknowledged(document: UUID, at: datetime) -> None:
    """Record that its consumer has it."""
    models.Delivery.objects.filter(document_id=document).update(acknowledged_at=at)


def asked(document: UUID, request: str) -> Asked | None:
    """The request of this id, None where it was not made before."""
    row = models.AskedAgain.objects.select_related("delivery").filter(delivery__document_id=document, request=request).first()
    return _asked(row) if row else None


def ask(document: UUID, request: str, staged: StagedDrop, by: str, at: datetime) -> Asked:
    """Record a request and what its files are called in staging."""
    delivery = models.Delivery.objects.get(document_id=document)
    name = staged.staged_xml.removesuffix(".xml")
    return _asked(models.AskedAgain.objects.create(delivery=delivery, request=request, staged=name, by=by, at=at))


def keep_done(request: Asked, at: datetime) -> bool:
    """Record that its files are in the folder; False where that was recorded before."""
    return bool(models.AskedAgain.objects.filter(id=request.id, done_at=None).update(done_at=at))


def unfinished(before: datetime) -> tuple[tuple[UUID, Asked], ...]:
    """Requests from before then whose files are not in the folder yet, each with its document."""
    rows = models.AskedAgain.objects.select_related("delivery").filter(done_at=None, at__lt=before)
    return tuple((row.delivery.document_id, _asked(row)) for row in rows)


def _asked(row: models.AskedAgain) -> Asked:
    names = StagedDrop(row.delivery.folder, row.delivery.stem, f"{row.staged}.pdf", f"{row.staged}.xml")
    return Asked(row.id, names, row.done_at is not None)
