"""What the database says of a document before it is decided: the suppliers that may be meant, and whether it came before."""

from __future__ import annotations

from dataclasses import dataclass

from scanstraat.mailbox.forwardtext import without_answered
from scanstraat.model.document import Document, Kind, StoredDocument
from scanstraat.model.field import FieldName, Readings
from scanstraat.model.mail import StoredMail, StoredPart
from scanstraat.model.supplier import Supplier
from scanstraat.pipeline.routing import KINDS
from scanstraat.records import documents, suppliers
from scanstraat.supplier_registry.matching import LookupKeys, lookup_keys


@dataclass(frozen=True, slots=True)
class LookedUp:
    """What the database said: the suppliers that may be meant, and an earlier document that may be the same ("" for none)."""

    register: tuple[Supplier, ...]
    duplicate_of: str


def look_up(stored: StoredDocument, readings: Readings, picture: str) -> LookedUp:
    """The register and the earlier documents as they are now (E1, E2, E8); `picture` as `picture_of` gives it."""
    if not readings.readings:
        return LookedUp((), "")
    keys = lookup_keys(readings)
    register = suppliers.candidates(stored.administration, keys.account, keys.vat_number, keys.name)
    return LookedUp(register, _same_invoice(stored, readings, keys) or _same_picture(stored, picture))


def picture_of(document: Document, first: StoredPart | None) -> str:
    """The sha256 of the file a document begins in; "" where it has no pages."""
    return first.sha256 if first and document.pages else ""


def said_of(mail: StoredMail, kind: Kind) -> str:
    """What the mail says, where that decides: its subject and its text, without what it answers (G3)."""
    subject = mail.header.subject
    if not KINDS[kind].may_be_invoice:
        return subject
    return f"{subject}\n{without_answered(mail.text, subject)}"


def _same_invoice(stored: StoredDocument, readings: Readings, keys: LookupKeys) -> str:
    number, total = readings.value(FieldName.INVOICE_NUMBER) or "", readings.value(FieldName.TOTAL) or ""
    name = readings.value(FieldName.SUPPLIER_NAME) or ""
    return documents.same_invoice(stored.id, stored.administration, number, total, keys.account, name)


def _same_picture(stored: StoredDocument, picture: str) -> str:
    return documents.same_picture(stored.id, stored.mail, stored.administration, picture) if picture else ""
