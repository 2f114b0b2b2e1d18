"""Uploaded files become a mail: who sent them, for which administration, and where they are stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import BinaryIO, cast

from django.conf import settings
from django.http import HttpRequest

from scanstraat.desk.incoming.streaming import failure_of
from scanstraat.mailbox.handing import HandingIn
from scanstraat.mailbox.intake import StoredAs
from scanstraat.mailbox.spool import Spool
from scanstraat.mailbox.wrapping import Cover, File
from scanstraat.model.mail import Channel, Envelope
from scanstraat.pipeline.intake import StoredIntake
from scanstraat.records import offices
from scanstraat.records.blobs import Blobs
from scanstraat.records.tasks import TaskTable
from scanstraat.records.transaction import unavailable_without_database


@dataclass(frozen=True, slots=True)
class Uploader:
    """Who uploads, for the mail log: a person by name, or a program by its key. `peer` is the address of his machine."""

    name: str
    peer: str


@cache
def handing_in() -> HandingIn:
    """Where this process hands files in."""
    own = settings.SCANSTRAAT
    intake = StoredIntake(Blobs(own.home_path), TaskTable(), _now, _unrung)
    return HandingIn(intake, Spool(own.home_path / "spool"), own.max_mail_octets)


def take(files: tuple[File, ...], administration: int, by: Uploader, note: str = "", key: str = "") -> StoredAs:
    """Store the files as one mail of this administration; raises as `HandingIn.take` does.

    The mail bears no date, so that the same files are the same mail on any day, and it counts as sent when it was received (D2).
    """
    with unavailable_without_database():
        recipient = offices.first_address(administration)
    envelope = Envelope(by.name, recipient, _now(), Channel.UPLOAD, f"{by.name} at {by.peer}")
    return handing_in().take(files, Cover(f"Upload by {by.name}", recipient, note=note, key=key), envelope)


def take_form(request: HttpRequest, administration: int, by: Uploader, note: str, key: str = "") -> StoredAs:
    """Store the files of a form; raises what kept it from coming in whole, else as `take` does."""
    uploaded = [file for name in request.FILES for file in request.FILES.getlist(name)]
    failure = failure_of(request)
    try:
        if failure is not None:
            raise failure
        files = tuple(File(file.name or "", cast(BinaryIO, file.file)) for file in uploaded)
        return take(files, administration, by, note, key)
    finally:
        for file in uploaded:
            file.close()


def _now() -> datetime:
    return datetime.now(UTC)


def _unrung(tasks: tuple[str, ...]) -> None:
    """Idle workers look at the table many times a second; with Redis, the sweep rings once a second for what is due."""
