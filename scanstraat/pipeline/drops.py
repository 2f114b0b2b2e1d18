"""What the consumer of drops says of one: that he has it, that he refuses it, or that he needs it again (F8)."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from uuid import UUID

from scanstraat import failpoint
from scanstraat.delivery.dropping import Outbox
from scanstraat.errors import Refused
from scanstraat.model.delivery import Drop
from scanstraat.pipeline.review import refusing
from scanstraat.records import drops, mails
from scanstraat.records.blobs import Blobs
from scanstraat.records.drops import Asked, StoredDrop
from scanstraat.records.transaction import atomic

REQUEST = "[!-~]{1,200}"  # ASCII without blanks
_REQUEST = re.compile(REQUEST)


def acknowledge(document: UUID, by: str, now: datetime) -> bool:
    """Record that the consumer has it; False where he said so before. Raises `Refused` (`not-delivered`, `was-refused`)."""
    with atomic():
        drop = _taken(document)
        if drop.acknowledged_at is not None:
            return False
        drops.keep_acknowledged(document, now)
        mails.log(drop.mail, now, "acknowledged", f"{drop.folder}/{drop.stem} by {by}")
    return True


def refuse(document: UUID, why: str, now: datetime) -> bool:
    """Lay the document before a person again, as its consumer refuses it; False where he did before.

    Raises `Refused` (`not-delivered`, `was-acknowledged`).
    """
    with atomic():
        drop = drops.locked(document)
        if drop.refused_at is not None:
            return False
        if drop.acknowledged_at is not None:
            raise Refused("was-acknowledged", "this drop was acknowledged.", "Correct the document instead.")
    refusing.take_back(document, why, now)
    return True


def again(document: UUID, request: str, by: str, now: datetime, outbox: Outbox, blobs: Blobs) -> bool:
    """Put the same two files into the drop folder once more, under the same names; once for each `request`, whatever happens.

    False where this request was met before. Raises `Refused`: `not-delivered`, `was-refused`, `idempotency-key`, and `name-taken`
    where a file of that name is there with another content.
    """
    if not _REQUEST.fullmatch(request):
        raise Refused("idempotency-key", "an Idempotency-Key has 1 to 200 letters, digits and signs.", "Send a UUID.")
    with atomic():
        drop = _taken(document)
        asked = drops.asked(document, request)
        if asked is None:
            asked = _staged(drop, request, by, now, outbox, blobs)
    failpoint.reach("drops.asked")
    return not asked.is_done and finish(document, asked, now, outbox)


def finish(document: UUID, asked: Asked, now: datetime, outbox: Outbox) -> bool:
    """Move the staged files of a request into the folder; what is gone from staging was moved before. Whether it was not done."""
    with atomic():
        drop = drops.locked(document)
        outbox.publish_again(asked.staged)
        is_first = drops.keep_done(asked, now)
        if is_first:
            mails.log(drop.mail, now, "delivered-again", f"{drop.folder}/{drop.stem}")
        failpoint.reach("drops.done")
    return is_first


def _staged(drop: StoredDrop, request: str, by: str, now: datetime, outbox: Outbox, blobs: Blobs) -> Asked:
    """The request recorded with its files in staging, so that whoever goes on with it needs nothing else."""
    files = Drop(drop.stem, blobs.get(drop.administration, drop.pdf_sha256), blobs.get(drop.administration, drop.xml_sha256))
    token = f"{drop.document.hex}-again-{hashlib.sha256(request.encode()).hexdigest()[:16]}"
    staged = outbox.stage(drop.folder, files, token)
    outbox.check_again(staged)
    return drops.ask(drop.document, request, staged, by, now)


def _taken(document: UUID) -> StoredDrop:
    drop = drops.locked(document)
    if drop.refused_at is not None:
        raise Refused("was-refused", "this drop was refused, and its document is with a person.", "Wait for the next drop.")
    return drop
