"""The date sent that stands in for a date nobody printed (D2): that of the mail a document came in first (A5)."""

from __future__ import annotations

from datetime import datetime, timedelta

from scanstraat.model.document import Document
from scanstraat.model.mail import Origin, PartRole, StoredMail, StoredPart

EARLIEST_YEAR = 1990
CLOCK_SKEW = timedelta(days=1)
_FILES = frozenset({PartRole.DOCUMENT, PartRole.ANNEX, PartRole.UNREADABLE})


def date_sent(mail: StoredMail, origin: Origin | None) -> datetime:
    """When the forwarded mail was sent, in its sender's zone; the mail's own date where there is none or it is absurd.

    Absurd is more than a day after receipt, or before 1990. Where no zone is known, it is that of the mail.
    """
    said = origin.sent_at if origin else None
    if said is None:
        return mail.sent_at
    if said.tzinfo is None:
        said = said.replace(tzinfo=mail.sent_at.tzinfo)
    if said.year < EARLIEST_YEAR or said > mail.envelope.received_at + CLOCK_SKEW:
        return mail.sent_at
    return said


def origin_of(document: Document, parts: tuple[StoredPart, ...]) -> Origin | None:
    """Where the part came from that a document begins in; None where that was not forwarded, or the document has no part."""
    first = begins_in(document)
    return next((part.origin for part in parts if part.index == first), None)


def begins_in(document: Document) -> int | None:
    """The part that a document begins in; None where it has no part."""
    return document.pages[0].part if document.pages else document.part


def origins_of(parts: tuple[StoredPart, ...]) -> tuple[Origin, ...]:
    """The mails that the files came in first, each once, in mail order; where no file was forwarded, those that texts came in."""
    files = tuple(dict.fromkeys(part.origin for part in parts if part.origin and part.role in _FILES))
    return files or tuple(dict.fromkeys(part.origin for part in parts if part.origin))
