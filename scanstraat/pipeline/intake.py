"""What the mail servers hand over becomes a stored mail with its first task, in one transaction (A1, A7, A8, A10)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from scanstraat import durable, failpoint
from scanstraat.errors import Unavailable
from scanstraat.mailbox.intake import RecipientState, SpooledMail, StoredAs
from scanstraat.model.mail import Envelope, Refusal
from scanstraat.model.task import NewTask
from scanstraat.records import mails, offices, receiving, refusals
from scanstraat.records.blobs import Blobs
from scanstraat.records.tasks import TaskTable
from scanstraat.records.transaction import atomic, unavailable_without_database
from scanstraat.together import Together

# The first stage of the line; by name, so that the mail server does not load what the stages need.
ENTRY = "open"

# Two transports of one mail differ in their trace headers; these and the body make it the same mail (A8).
SAME = (b"message-id:", b"date:", b"from:", b"subject:")
_HEADER_LIMIT = 1_000_000
_LONGEST_NAME = max(len(name) for name in SAME)


R = TypeVar("R")
Kept = tuple[StoredAs, ...]


@dataclass(frozen=True, slots=True)
class _Mail:
    """A mail to be kept: in the spool, its fingerprint, and for whom."""

    spooled: SpooledMail
    fingerprint: str
    owners: tuple[tuple[int, Envelope], ...]


class StoredIntake:
    """The house as the mail servers see it (`mailbox.intake.Intake`), on the database.

    Mails that come at the same time are kept in one transaction, since a commit costs as much for many as for one.
    """

    def __init__(
        self, blobs: Blobs, tasks: TaskTable, clock: Callable[[], datetime], ring: Callable[[tuple[str, ...]], None]
    ) -> None:
        self._blobs, self._tasks, self._clock, self._ring = blobs, tasks, clock, ring
        self._keep: Together[_Mail, Kept] = Together(self._keep_group)

    def recipient(self, address: str) -> RecipientState:
        """Whether this address is one of ours (A1, A4) and still taken (A10)."""
        with unavailable_without_database():
            found, taken = offices.of_address(address, self._clock())
        if found is None:
            return RecipientState.UNKNOWN
        return RecipientState.ACCEPTED if taken else RecipientState.ENDED

    def store(self, envelopes: tuple[Envelope, ...], spooled: SpooledMail) -> Kept:
        """Keep the mail once for each administration it came to, all or nothing (A2, A7)."""
        fingerprint = fingerprint_of(spooled.path, spooled.sha256)
        with unavailable_without_database():
            owners = _owners(envelopes)
        kept = self._keep(_Mail(spooled, fingerprint, owners))
        failpoint.reach("intake.committed")
        self._ring(tuple(_first_task(each.mail).id for each in kept if each.is_new))
        return kept

    def refused(self, turned_away: tuple[Refusal, ...]) -> None:
        """Note what was turned away, for whom it was meant as far as that is known (A9)."""
        with unavailable_without_database():
            refusals.keep(turned_away)

    def _keep_group(self, mails_of_group: tuple[_Mail, ...]) -> list[Kept | BaseException]:
        """Keep each mail or say why not; a mail that cannot be kept takes no other with it."""
        linked = [_tried(self._link, mail) for mail in mails_of_group]
        durable.sync_folders({folder for folders in linked if not isinstance(folders, BaseException) for folder in folders})
        sound = [mail for mail, folders in zip(mails_of_group, linked, strict=True) if not isinstance(folders, BaseException)]
        recorded = iter(self._record_all(tuple(sound)))
        return [folders if isinstance(folders, BaseException) else next(recorded) for folders in linked]

    def _link(self, mail: _Mail) -> frozenset[Path]:
        return frozenset(self._blobs.link(owner, mail.spooled.path, mail.spooled.sha256) for owner, _ in mail.owners)

    def _record_all(self, group: tuple[_Mail, ...]) -> Sequence[Kept | BaseException]:
        try:
            return self._recorded(group)
        except Unavailable:
            raise  # the database is away, for one as for all
        except Exception as error:
            if len(group) == 1:
                return (error,)
            return [result for mail in group for result in self._record_all((mail,))]

    def _recorded(self, group: tuple[_Mail, ...]) -> list[Kept | BaseException]:
        with unavailable_without_database(), atomic():
            receiving.lock({owner for mail in group for owner, _ in mail.owners})
            kept: list[Kept | BaseException] = [
                tuple(self._record(owner, envelope, mail) for owner, envelope in mail.owners) for mail in group
            ]
            failpoint.reach("intake.commit")
        return kept

    def _record(self, owner: int, envelope: Envelope, mail: _Mail) -> StoredAs:
        before = mails.find(owner, mail.fingerprint)
        if before is not None:
            mails.log(
                before, envelope.received_at, "received", f"again, from {envelope.peer}: the same mail, processed once (A8)"
            )
            return StoredAs(before, is_new=False)
        size = mail.spooled.size
        new = mails.receive(owner, envelope, mail.spooled.sha256, mail.fingerprint, size)
        mails.log(new, envelope.received_at, "received", f"{envelope.channel} from {envelope.peer}, {size} octets")
        self._tasks.add((_first_task(new),), self._clock())
        return StoredAs(new, is_new=True)


def _owners(envelopes: tuple[Envelope, ...]) -> tuple[tuple[int, Envelope], ...]:
    owners: dict[int, Envelope] = {}
    for envelope in envelopes:
        owner = receiving.owner(envelope.recipient)
        if owner is None:
            raise Unavailable("address-gone", f"{envelope.recipient} was taken away meanwhile.", "Send the mail again.")
        owners.setdefault(owner, envelope)
    return tuple(owners.items())


def _tried(step: Callable[[_Mail], R], mail: _Mail) -> R | BaseException:
    try:
        return step(mail)
    except Exception as error:
        return error


def _first_task(mail: UUID) -> NewTask:
    return NewTask(ENTRY, mail)


def fingerprint_of(path: Path, sha256: str) -> str:
    """What makes a mail the same as another: Message-ID, Date, From, Subject and body; its own sha256 where it has no Message-ID.

    Read in chunks; nothing is decoded, so no mail can fail here.
    """
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        if not _digest_header(file.readline, digest.update):
            return sha256
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def _digest_header(readline: Callable[[], bytes], update: Callable[[bytes], None]) -> bool:
    """Read the header to its end, of which only the first so many octets count; whether it names the mail."""
    named, counts, octets = False, False, 0
    while (line := readline()) and line not in (b"\r\n", b"\n"):
        if octets < _HEADER_LIMIT:
            octets += len(line)
            if line[:1] not in b" \t":
                start = line[:_LONGEST_NAME].lower()
                counts = start.startswith(SAME)
                named = named or start.startswith(SAME[0])
            if counts:
                update(line.strip())
    return named
