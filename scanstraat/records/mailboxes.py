"""IMAP mailboxes: which there are, how one signs in, which of their messages were dealt with, and how it goes with them (A6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import Count

from scanstraat.codec import from_json, to_json
from scanstraat.errors import Inconsistent, Refused
from scanstraat.model.mail import Channel
from scanstraat.model.way_in import Account, Credentials, Message, Outcome, Security
from scanstraat.records import models, offices
from scanstraat.records.leases import Leases
from scanstraat.records.sealing import seal, unseal

# Who looks after a mailbox changes its secret too, where refresh tokens are replaced, and finds out by itself that others did.
LEASES = Leases(models.Mailbox, frozenset(("secret",)))
AGAIN_AFTER = timedelta(hours=1)  # what could not be fetched is tried again after this long
_CHUNK = 500  # numbers in one query
_LONGEST_TEXT = 2_000


@dataclass(frozen=True, slots=True)
class MailboxLine:
    """A mailbox in a list, how it goes with it, and how many of its messages came to which end."""

    name: str
    administration: str
    server: str
    is_active: bool
    is_held: bool
    seen_at: datetime | None
    error: str
    counts: tuple[tuple[str, int], ...]


def add(home: Path, new: Account, administration: int | None) -> int:
    """Have a mailbox looked after (its `id` is given here); one of this name that was ended takes up where it ended.

    `administration` is None for a shared one. Raises `Refused`: `mailbox-taken`, `address-unknown`, `no-address`.
    """
    with transaction.atomic():
        if models.Mailbox.objects.filter(name=new.name, active=True).exists():
            raise Refused("mailbox-taken", f"there is a mailbox {new.name} already.", "Choose another name, or end it first.")
        if administration is not None:
            _check_recipient(new.recipient, administration)
        row, _ = models.Mailbox.objects.update_or_create(name=new.name, defaults=_columns(home, new, administration))
    return row.pk


def end(name: str) -> None:
    """Look after this mailbox no more, and forget its secret; what was dealt with stays known. `Refused` where it is unknown."""
    if not models.Mailbox.objects.filter(name=name, active=True).update(active=False, secret=""):
        raise _unknown(name)


def set_credentials(home: Path, identifier: int, credentials: Credentials) -> None:
    """Sign in with these from now on."""
    models.Mailbox.objects.filter(id=identifier).update(secret=seal(home, to_json(credentials)), error="")


def way_of(home: Path, name: str) -> tuple[int, str, Credentials]:
    """Id, way and credentials of the mailbox of this name; without those that cannot be read any more."""
    row = models.Mailbox.objects.filter(name=name, active=True).first()
    if row is None:
        raise _unknown(name)
    try:
        return row.pk, row.way, from_json(unseal(home, row.secret), Credentials)
    except Refused:
        return row.pk, row.way, Credentials()


def named(home: Path, name: str) -> Account:
    """The mailbox of this name that is looked after; raises `Refused` where there is none, and what `account` raises."""
    row = models.Mailbox.objects.filter(name=name, active=True).first()
    if row is None:
        raise _unknown(name)
    return _value(home, row)


def account(home: Path, identifier: int) -> Account:
    """The mailbox; raises `Refused` where its secret cannot be read (`secret-lost`) or it has no address (`no-address`)."""
    row = models.Mailbox.objects.filter(id=identifier).first()
    if row is None:
        raise Inconsistent("mailbox-missing", f"there is no mailbox {identifier}.")
    return _value(home, row)


def lines(now: datetime) -> tuple[MailboxLine, ...]:
    """All mailboxes there are or were, by name."""
    counts: dict[int, Counter[str]] = {}
    for mailbox, outcome, count in models.Fetched.objects.values_list("mailbox", "outcome").annotate(Count("id")):
        counts.setdefault(mailbox, Counter())[outcome] = count
    rows = models.Mailbox.objects.select_related("administration").order_by("name")
    return tuple(_line(row, counts.get(row.pk, Counter()), now) for row in rows)


def undealt(identifier: int, uidvalidity: int, uids: Sequence[int], now: datetime) -> tuple[int, ...]:
    """Those of `uids` that are still to be dealt with, in their order."""
    dealt: set[int] = set()
    for start in range(0, len(uids), _CHUNK):
        rows = models.Fetched.objects.filter(mailbox=identifier, uidvalidity=uidvalidity, uid__in=uids[start : start + _CHUNK])
        dealt.update(rows.exclude(outcome=Outcome.UNFETCHABLE, at__lt=now - AGAIN_AFTER).values_list("uid", flat=True))
    return tuple(uid for uid in uids if uid not in dealt)


def unsettled(identifier: int, uidvalidity: int) -> tuple[tuple[int, Outcome], ...]:
    """What was dealt with and does not show it in the mailbox yet, by number."""
    rows = models.Fetched.objects.filter(mailbox=identifier, uidvalidity=uidvalidity, settled=False)
    return tuple((uid, Outcome(outcome)) for uid, outcome in rows.order_by("uid").values_list("uid", "outcome"))


def record(identifier: int, message: Message, outcome: Outcome, now: datetime, text: str = "") -> None:
    """Have a message dealt with, for good."""
    models.Fetched.objects.update_or_create(
        mailbox_id=identifier,
        uidvalidity=message.uidvalidity,
        uid=message.uid,
        defaults={
            "outcome": outcome,
            "at": now,
            "text": text[:_LONGEST_TEXT],
            "settled": outcome is Outcome.UNFETCHABLE,
        },
    )


def settled(identifier: int, uidvalidity: int, uids: Sequence[int]) -> None:
    """The mailbox shows it of these."""
    for start in range(0, len(uids), _CHUNK):
        rows = models.Fetched.objects.filter(mailbox=identifier, uidvalidity=uidvalidity, uid__in=uids[start : start + _CHUNK])
        rows.update(settled=True)


def refuse(peer: str, sender: str, recipient: str, administration: int | None, reply: str, now: datetime) -> None:
    """Note a mail that is not taken among the refusals (A9)."""
    models.Refusal.objects.create(
        at=now,
        channel=Channel.IMAP,
        peer=peer[:100],
        sender=sender[:320],
        recipient=recipient[:320],
        administration_id=administration,
        reply=reply,
    )


def _check_recipient(recipient: str, administration: int) -> None:
    if recipient:
        owner = models.Address.objects.filter(address=recipient.lower()).values_list("administration", flat=True).first()
        if owner != administration:
            raise Refused("address-unknown", f"{recipient} is no address of this administration.", "Give one of its own.")
    elif not offices.first_address(administration):
        raise _no_address()


def _columns(home: Path, new: Account, administration: int | None) -> dict[str, object]:
    return {
        "administration_id": administration,
        "host": new.host,
        "port": new.port,
        "security": new.security,
        "username": new.username,
        "way": new.way,
        "secret": seal(home, to_json(new.credentials)),
        "folder": new.folder,
        "done_folder": new.done_folder,
        "failed_folder": new.failed_folder,
        "recipient": new.recipient,
        "recipient_header": new.recipient_header,
        "active": True,
        "holder": "",
        "lease_until": None,
        "error": "",
    }


def _value(home: Path, row: models.Mailbox) -> Account:
    found = Account(
        id=row.pk,
        name=row.name,
        host=row.host,
        port=row.port,
        security=Security(row.security),
        username=row.username,
        way=row.way,
        credentials=from_json(unseal(home, row.secret), Credentials),
        folder=row.folder,
        done_folder=row.done_folder,
        failed_folder=row.failed_folder,
        recipient=row.recipient,
        recipient_header=row.recipient_header,
    )
    if row.administration_id is None or row.recipient:
        return found
    first = offices.first_address(row.administration_id)
    if not first:
        raise _no_address()
    return replace(found, recipient=first)


def _line(row: models.Mailbox, counts: Counter[str], now: datetime) -> MailboxLine:
    return MailboxLine(
        name=row.name,
        administration=row.administration.name if row.administration else f"shared, by {row.recipient_header}",
        server=f"{row.username} at {row.host}:{row.port}",
        is_active=row.active,
        is_held=row.lease_until is not None and row.lease_until > now,
        seen_at=row.seen_at,
        error=row.error,
        counts=tuple(sorted(counts.items())),
    )


def _unknown(name: str) -> Refused:
    return Refused("mailbox-unknown", f"there is no mailbox {name}.", "See `scanstraat mailboxes`.")


def _no_address() -> Refused:
    return Refused("no-address", "the administration of this mailbox has no address.", "Give it one.")
