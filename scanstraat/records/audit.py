"""The audit log (I4): entries are only ever added, each chained to the one before it, one chain an administration."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import Max

from scanstraat.codec import to_json
from scanstraat.model.review import Actor
from scanstraat.records.models import AuditEntry, AuditHead

INSTALLATION = 0  # the chain of what belongs to no administration
_LONGEST_ACTOR, _LONGEST_ACT, _LONGEST_SUBJECT = 200, 40, 120
_AT_ONCE = 2000  # rows a query


@dataclass(frozen=True, slots=True)
class Broken:
    """Where a chain does not hold any more: the number of the first entry that is wrong, and what is wrong with it."""

    chain: int
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A chain that was looked through: how many entries, the digest of the last (to be noted elsewhere), what is wrong."""

    chain: int
    entries: int
    digest: str
    broken: Broken | None


def append(chain: int | None, actor: str, act: str, subject: str, detail: str = "", at: datetime | None = None) -> None:
    """Add an entry to the chain of an administration (None: of the installation), within the caller's transaction or its own.

    `actor`: a person's name, "key NAME" or "policy NAME"; `subject`: "document UUID", "mail UUID", "user NAME"; `at`: now where
    not given. Who appends holds the end of the chain until his transaction ends: append last, and to one chain a transaction,
    or to several in the order of their numbers.
    """
    with transaction.atomic():
        head = _held(chain or INSTALLATION)
        entry = AuditEntry(
            chain=head.chain,
            number=head.number + 1,
            at=(at or datetime.now(UTC)).astimezone(UTC),
            actor=_plain(actor)[:_LONGEST_ACTOR],
            act=_plain(act)[:_LONGEST_ACT],
            subject=_plain(subject)[:_LONGEST_SUBJECT],
            detail=_plain(detail),
        )
        entry.digest = _digest(entry, head.digest)
        entry.save(force_insert=True)
        head.number, head.digest = entry.number, entry.digest
        head.save(update_fields=["number", "digest"])


def name_of(by: Actor | None) -> str:
    """How the log names who acts: a person by the name he signs in with, None as who sits at the command line."""
    return by.name if by else "policy command-line"


def verify(chain: int | None = None) -> tuple[Broken, ...]:
    """The first broken entry of each chain that does not hold; of one chain, or of all there are. Empty: all is as written."""
    return tuple(checked.broken for checked in check(chain) if checked.broken)


def check(chain: int | None = None) -> Iterator[Checked]:
    """Each chain looked through, or one: changed, removed, inserted and reordered entries show, and a tail that was cut off.

    What is appended meanwhile is left for the next time.
    """
    for each in chains() if chain is None else (chain,):
        last = AuditEntry.objects.filter(chain=each).aggregate(last=Max("number"))["last"] or 0
        head = AuditHead.objects.filter(chain=each).first()  # read after the entries: it is never behind them
        broken = _first_broken(each, last, head)
        yield Checked(each, head.number if head else last, head.digest if head else "", broken)


def chains() -> tuple[int, ...]:
    """The chains there are, by number."""
    heads = AuditHead.objects.values_list("chain", flat=True)
    return tuple(sorted({*heads, *AuditEntry.objects.order_by().values_list("chain", flat=True).distinct()}))


def erase(chain: int, actor: str, at: datetime | None = None) -> None:
    """Remove the whole chain of an administration whose customer is erased; the installation's chain tells that it was there.

    The only way that the database allows (migration 0004): entries can be deleted once the head of their chain is gone.
    """
    if chain == INSTALLATION:
        raise ValueError("the chain of the installation stays")
    with transaction.atomic():
        head = _held(chain)
        head.delete()
        AuditEntry.objects.filter(chain=chain).delete()
        append(INSTALLATION, actor, "erase", f"chain {chain}", f"{head.number} entries, the last {head.digest}", at)


def _held(chain: int) -> AuditHead:
    """The end of the chain, locked; made where it is the first time."""
    rows = AuditHead.objects.select_for_update()
    head = rows.filter(chain=chain).first()
    if head is None:
        AuditHead.objects.bulk_create([AuditHead(chain=chain)], ignore_conflicts=True)  # another may be making it too
        head = rows.get(chain=chain)
    return head


def _first_broken(chain: int, last: int, head: AuditHead | None) -> Broken | None:
    if head is None:
        return Broken(chain, 1, "the end of this chain is not recorded any more") if last else None
    before, number = "", 0
    for entry in AuditEntry.objects.filter(chain=chain, number__lte=head.number).order_by("number").iterator(_AT_ONCE):
        number += 1
        if entry.number != number:
            return Broken(chain, number, f"entry {number} is gone")
        if entry.digest != _digest(entry, before):
            return Broken(chain, number, f"entry {number} is not as it was written")
        before = entry.digest
    if number < head.number:
        return Broken(chain, number + 1, f"the entries from {number + 1} to {head.number} are gone")
    if before != head.digest:
        return Broken(chain, number, f"entry {number} is not the one that was written last")
    if last > head.number:
        return Broken(chain, head.number + 1, f"entry {head.number + 1} was not written by the service")
    return None


def _digest(entry: AuditEntry, before: str) -> str:
    """Over every column and the digest before; as JSON, so that no two different entries make the same text."""
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    columns = (entry.chain, entry.number, at, entry.actor, entry.act, entry.subject, entry.detail, before)
    return hashlib.sha256(to_json(columns)).hexdigest()


def _plain(text: str) -> str:
    """Text that every database keeps as it is: no NUL, no half of a surrogate pair."""
    return text.replace("\x00", "\ufffd").encode(errors="replace").decode()
