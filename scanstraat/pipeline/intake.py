"""What the mail servers hand over becomes a stored mail with its first task, in one transaction (A1, A7, A8, A10)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from uuid import UUID

from scanstraat import failpoint
from scanstraat.errors import Unavailable
from scanstraat.mailbox.intake import RecipientState, SpooledMail, StoredAs
from scanstraat.model.administration import Administration
from scanstraat.model.mail import Envelope
from scanstraat.model.task import NewTask
from scanstraat.records import mails, offices
from scanstraat.records.blobs import Blobs
from scanstraat.records.tasks import TaskTable
from scanstraat.records.transaction import atomic, unavailable_without_database

# The first stage of the line; by name, so that the mail server does not load what the stages need.
ENTRY = "open"

# Two transports of one mail differ in their trace headers; these and the body make it the same mail (A8).
SAME = (b"message-id:", b"date:", b"from:", b"subject:")
_HEADER_LIMIT = 1_000_000


class StoredIntake:
    """The house as the mail servers see it (`mailbox.intake.Intake`), on the database."""

    def __init__(
        self, blobs: Blobs, tasks: TaskTable, clock: Callable[[], datetime], ring: Callable[[tuple[str, ...]], None]
    ) -> None:
        self._blobs, self._tasks, self._clock, self._ring = blobs, tasks, clock, ring

    def recipient(self, address: str) -> RecipientState:
        """Whether this address is one of ours (A1, A4) and still taken (A10)."""
        with unavailable_without_database():
            found, taken = offices.of_address(address, self._clock())
        if found is None:
            return RecipientState.UNKNOWN
        return RecipientState.ACCEPTED if taken else RecipientState.ENDED

    def store(self, envelopes: tuple[Envelope, ...], spooled: SpooledMail) -> tuple[StoredAs, ...]:
        """Keep the mail once for each administration it came to, all or nothing (A2, A7)."""
        fingerprint = fingerprint_of(spooled.path, spooled.sha256)
        with unavailable_without_database():
            owners = self._owners(envelopes)
            for owner, _ in owners:
                self._blobs.adopt(owner.id, spooled.path, spooled.sha256)
            with atomic():
                stored = tuple(self._record(owner, envelope, spooled, fingerprint) for owner, envelope in owners)
                failpoint.reach("intake.commit")
        failpoint.reach("intake.committed")
        self._ring(tuple(_first_task(kept.mail).id for kept in stored if kept.is_new))
        return stored

    def _owners(self, envelopes: tuple[Envelope, ...]) -> tuple[tuple[Administration, Envelope], ...]:
        owners: dict[int, tuple[Administration, Envelope]] = {}
        for envelope in envelopes:
            found, _ = offices.of_address(envelope.recipient, self._clock())
            if found is None:
                raise Unavailable("address-gone", f"{envelope.recipient} was taken away meanwhile.", "Send the mail again.")
            owners.setdefault(found.id, (found, envelope))
        return tuple(owners.values())

    def _record(self, owner: Administration, envelope: Envelope, spooled: SpooledMail, fingerprint: str) -> StoredAs:
        offices.lock(owner.id)
        before = mails.find(owner.id, fingerprint)
        if before is not None:
            mails.log(
                before, envelope.received_at, "received", f"again, from {envelope.peer}: the same mail, processed once (A8)"
            )
            return StoredAs(before, is_new=False)
        mail = mails.receive(owner.id, envelope, spooled.sha256, fingerprint, spooled.size)
        mails.log(mail, envelope.received_at, "received", f"{envelope.channel} from {envelope.peer}, {spooled.size} octets")
        self._tasks.add((_first_task(mail),), self._clock())
        return StoredAs(mail, is_new=True)


def _first_task(mail: UUID) -> NewTask:
    return NewTask(ENTRY, mail)


def fingerprint_of(path: Path, sha256: str) -> str:
    """What makes a mail the same as another: Message-ID, Date, From, Subject and body; its own sha256 where it has no Message-ID.

    Read in chunks; nothing is decoded, so no mail can fail here.
    """
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        if not _digest_headers(file.readlines(_HEADER_LIMIT), digest.update):
            return sha256
        file.seek(0)
        _skip_header(file.readline)
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def _digest_headers(lines: list[bytes], update: Callable[[bytes], None]) -> bool:
    named, counts = False, False
    for line in lines:
        if line in (b"\r\n", b"\n"):
            break
        if line[:1] not in b" \t":
            counts = line.lower().startswith(SAME)
            named = named or line.lower().startswith(SAME[0])
        if counts:
            update(line.strip())
    return named


def _skip_header(readline: Callable[[], bytes]) -> None:
    while (line := readline()) and line not in (b"\r\n", b"\n"):
        pass
