"""What the mail servers hand over becomes a stored mail with its first task, in one transaction (A1, A7, A8, A10)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

from scanstraat import failpoint
from scanstraat.errors import Unavailable
from scanstraat.mailbox.intake import RecipientState, SpooledMail, StoredAs
from scanstraat.model.mail import Envelope, Refusal
from scanstraat.model.task import NewTask
from scanstraat.records import offices, receiving, refusals
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


Kept = tuple[StoredAs, ...]


@dataclass(frozen=True, slots=True)
class _Mail:
    """A mail to be recorded: in the spool, its fingerprint, and for whom; its bytes are a blob of each owner."""

    spooled: SpooledMail
    fingerprint: str
    owners: tuple[tuple[int, Envelope], ...]


@dataclass(frozen=True, slots=True)
class _Copy:
    """A mail for one of its owners, and whether it is new there."""

    arrival: receiving.Arrival
    is_new: bool


class StoredIntake:
    """The house as the mail servers see it (`mailbox.intake.Intake`), on the database.

    Mails that come at the same time are recorded in one transaction, since a commit costs as much for many as for one. Their
    files are synced from a thread for each: what disks have to flush for several at the same time, they flush once.
    """

    def __init__(
        self, blobs: Blobs, tasks: TaskTable, clock: Callable[[], datetime], ring: Callable[[tuple[str, ...]], None]
    ) -> None:
        self._blobs, self._tasks, self._clock, self._ring = blobs, tasks, clock, ring
        self._record: Together[_Mail, Kept] = Together(self._record_all)

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
        for owner, _ in owners:
            self._blobs.adopt(owner, spooled.path, spooled.sha256)
        kept = self._record(_Mail(spooled, fingerprint, owners))
        failpoint.reach("intake.committed")
        self._ring(tuple(_first_task(each.mail).id for each in kept if each.is_new))
        return kept

    def refused(self, turned_away: tuple[Refusal, ...]) -> None:
        """Note what was turned away, for whom it was meant as far as that is known (A9)."""
        with unavailable_without_database():
            refusals.keep(turned_away)

    def _record_all(self, group: tuple[_Mail, ...]) -> Sequence[Kept | BaseException]:
        """Record each mail or say why not; one that cannot be recorded takes no other with it."""
        try:
            return self._recorded(group)
        except Unavailable:
            raise  # the database is away, for one as for all
        except Exception as error:
            if len(group) == 1:
                return (error,)
            return [result for mail in group for result in self._record_all((mail,))]

    def _recorded(self, group: tuple[_Mail, ...]) -> tuple[Kept, ...]:
        with unavailable_without_database(), atomic():
            receiving.lock({owner for mail in group for owner, _ in mail.owners})
            known = receiving.find([(owner, mail.fingerprint) for mail in group for owner, _ in mail.owners])
            copies = tuple(_copies(mail, known) for mail in group)
            every = tuple(copy for copies_of_one in copies for copy in copies_of_one)
            new = tuple(copy.arrival for copy in every if copy.is_new)
            receiving.receive(new)
            receiving.log(tuple(_event(copy) for copy in every))
            self._tasks.add_first(tuple(_first_task(arrival.mail) for arrival in new), self._clock())
            failpoint.reach("intake.commit")
        return tuple(tuple(StoredAs(copy.arrival.mail, copy.is_new) for copy in copies_of_one) for copies_of_one in copies)


def _owners(envelopes: tuple[Envelope, ...]) -> tuple[tuple[int, Envelope], ...]:
    owner_of = receiving.owners(envelope.recipient.lower() for envelope in envelopes)
    owners: dict[int, Envelope] = {}
    for envelope in envelopes:
        owner = owner_of.get(envelope.recipient.lower())
        if owner is None:
            raise Unavailable("address-gone", f"{envelope.recipient} was taken away meanwhile.", "Send the mail again.")
        owners.setdefault(owner, envelope)
    return tuple(owners.items())


def _copies(mail: _Mail, known: dict[tuple[int, str], UUID]) -> tuple[_Copy, ...]:
    """One for each administration (A2). `known` are the mails that came before (A8); the new ones are added."""
    copies = []
    for owner, envelope in mail.owners:
        before = known.get((owner, mail.fingerprint))
        identifier = known[owner, mail.fingerprint] = before or uuid4()
        arrival = receiving.Arrival(identifier, owner, envelope, mail.spooled.sha256, mail.fingerprint, mail.spooled.size)
        copies.append(_Copy(arrival, before is None))
    return tuple(copies)


def _event(copy: _Copy) -> receiving.Event:
    arrival, envelope = copy.arrival, copy.arrival.envelope
    again = f"again, from {envelope.peer}: the same mail, processed once (A8)"
    text = f"{envelope.channel} from {envelope.peer}, {arrival.size} octets" if copy.is_new else again
    return receiving.Event(arrival.mail, envelope.received_at, "received", text)


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
