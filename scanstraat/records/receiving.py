"""Mails on their way into the database: one statement for all that come together, since senders wait for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import connection

from scanstraat.model.mail import Envelope
from scanstraat.model.state import MailState
from scanstraat.records import hooks
from scanstraat.records.statements import Parameter, change, number, rows

_OWNERS = "SELECT address, administration_id FROM records_address WHERE address IN ({places})"
_LOCK = "SELECT id FROM records_administration WHERE id = %s FOR NO KEY UPDATE"
_SAME = "SELECT administration_id, fingerprint, id FROM records_mail WHERE {places}"
_ONE_SAME = "administration_id = %s AND fingerprint = %s"
_MAILS = (
    "INSERT INTO records_mail (id, administration_id, state, parked_from, error, sha256, fingerprint, size, envelope_sender,"
    " recipient, channel, peer, helo, received_at, message_id, header_sender, header_recipients, subject, sent_at, text)"
    " VALUES {places}"
)
_ONE_MAIL = "(%s, %s, %s, '', '', %s, %s, %s, %s, %s, %s, %s, %s, %s, '', '', '', '', '', '')"
_EVENTS = "INSERT INTO records_mailevent (mail_id, at, event, text) VALUES {places}"
_ONE_EVENT = "(%s, %s, %s, %s)"
_AT_ONCE = 200  # rows a statement: databases bound how many values and terms one may have

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Arrival:
    """A new mail for one administration; its bytes are a blob already (A7)."""

    mail: UUID
    administration: int
    envelope: Envelope
    sha256: str
    fingerprint: str
    size: int


@dataclass(frozen=True, slots=True)
class Event:
    """A line for the mail log (A9)."""

    mail: UUID
    at: datetime
    event: str
    text: str


def owners(addresses: Iterable[str]) -> dict[str, int]:
    """The administrations that addresses, in lower case, belong to (A1), whether they still take mail or not."""
    found: dict[str, int] = {}
    for some in _batches(tuple(set(addresses))):
        found |= {address: int(owner) for address, owner in rows(_repeated(_OWNERS, "%s", ", ", len(some)), *some)}
    return found


def lock(administrations: Iterable[int]) -> None:
    """Within a transaction: let nobody else decide what came before until it ends. SQLite lets one at a time write anyway."""
    if connection.features.has_select_for_update:
        for administration in sorted(administrations):
            number(_LOCK, administration)


def find(wanted: Sequence[tuple[int, str]]) -> dict[tuple[int, str], UUID]:
    """The mails of these administrations with these fingerprints, as far as they came before (A8)."""
    found: dict[tuple[int, str], UUID] = {}
    for some in _batches(wanted):
        sql = _repeated(_SAME, _ONE_SAME, " OR ", len(some))
        for administration, fingerprint, mail in rows(sql, *(value for pair in some for value in pair)):
            found[int(administration), str(fingerprint)] = UUID(str(mail))
    return found


def receive(arrivals: Sequence[Arrival]) -> None:
    """Record new mails."""
    for some in _batches(arrivals):
        change(_repeated(_MAILS, _ONE_MAIL, ", ", len(some)), *(value for arrival in some for value in _row(arrival)))
        hooks.mails_received([(arrival.mail, arrival.administration, arrival.envelope.received_at) for arrival in some])


def log(events: Sequence[Event]) -> None:
    """Add lines to the mail log."""
    for some in _batches(events):
        values = ((event.mail, event.at, event.event, event.text) for event in some)
        change(_repeated(_EVENTS, _ONE_EVENT, ", ", len(some)), *(value for row in values for value in row))


def _batches(rows_to_come: Sequence[T]) -> Iterator[Sequence[T]]:
    return (rows_to_come[at : at + _AT_ONCE] for at in range(0, len(rows_to_come), _AT_ONCE))


def _row(arrival: Arrival) -> tuple[Parameter, ...]:
    envelope = arrival.envelope
    said = (envelope.sender[:320], envelope.recipient[:320], envelope.channel, envelope.peer[:100], envelope.helo[:255])
    known = (arrival.mail, arrival.administration, MailState.RECEIVED, arrival.sha256, arrival.fingerprint, arrival.size)
    return (*known, *said, envelope.received_at)


def _repeated(sql: str, place: str, between: str, times: int) -> str:
    return sql.format(places=between.join((place,) * times))
