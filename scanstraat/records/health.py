"""How the service is: what waits and for how long, what failed, which mailboxes and folders are looked after (I8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import Count, Min, Q, QuerySet

from scanstraat.model.hook import CallState
from scanstraat.model.letter import LetterState
from scanstraat.model.people import Right
from scanstraat.model.state import DocumentState, MailState
from scanstraat.records import models
from scanstraat.records.people import visible_administrations

LATELY = timedelta(days=7)  # failures from before then were seen to
_MOST_SOURCES = 200


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits, and since when the oldest of it."""

    count: int = 0
    oldest: datetime | None = None


@dataclass(frozen=True, slots=True)
class Tasks:
    """The task table: `due` could be done now, `later` waits for its time, `claimed` is at work by `holders` workers.

    `abandoned` was left by workers that died; `parked` waits for a person.
    """

    due: Waiting
    later: int
    claimed: int
    holders: int
    abandoned: int
    parked: int


@dataclass(frozen=True, slots=True)
class Source:
    """A mailbox or a watched folder that should be looked after; `is_held`: a process does."""

    kind: str
    name: str
    seen_at: datetime | None
    error: str
    is_held: bool


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Letters or calls of webhooks: those that wait, and how many failed lately."""

    waiting: Waiting
    failed: int


@dataclass(frozen=True, slots=True)
class Review:
    """Documents before a person: how many, how many of them past their clock (G4), and what was laid aside."""

    waiting: Waiting
    overdue: Waiting
    parked_documents: int
    parked_mails: int


@dataclass(frozen=True, slots=True)
class Database:
    """The database: its kind and version, and its size in octets."""

    kind: str
    version: str
    octets: int


def tasks(now: datetime) -> Tasks:
    """The task table as it stands."""
    rows = models.Task.objects.filter(state__in=("waiting", "claimed", "parked"))
    due, at_work = Q(state="waiting", next_at__lte=now), Q(state="claimed", lease_until__gt=now)
    found = rows.aggregate(
        due=Count("id", filter=due),
        oldest=Min("next_at", filter=due),
        later=Count("id", filter=Q(state="waiting", next_at__gt=now)),
        claimed=Count("id", filter=at_work),
        holders=Count("holder", filter=at_work, distinct=True),
        abandoned=Count("id", filter=Q(state="claimed", lease_until__lte=now)),
        parked=Count("id", filter=Q(state="parked")),
    )
    return Tasks(
        Waiting(found["due"], found["oldest"]),
        found["later"],
        found["claimed"],
        found["holders"],
        found["abandoned"],
        found["parked"],
    )


def sources(user: int, now: datetime) -> tuple[Source, ...]:
    """The mailboxes and folders of the administrations this person looks after; shared ones belong to all."""
    own = Q(administration__in=visible_administrations(user, Right.HEALTH))
    boxes = models.Mailbox.objects.filter(own | Q(administration=None), active=True).order_by("name")
    folders = models.WatchedFolder.objects.filter(own, active=True).order_by("path")
    found = [_source("mailbox", row.name, row, now) for row in boxes[:_MOST_SOURCES]]
    return (*found, *(_source("folder", row.path, row, now) for row in folders[:_MOST_SOURCES]))


def letters(user: int, now: datetime) -> Outgoing:
    """The letters of those administrations."""
    rows = models.Letter.objects.filter(administration__in=visible_administrations(user, Right.HEALTH))
    return _outgoing(rows, LetterState.WAITING, LetterState.FAILED, now)


def hook_calls(user: int, now: datetime) -> Outgoing:
    """The calls of webhooks of those administrations and of their offices."""
    seen = visible_administrations(user, Right.HEALTH)
    of_hooks = Q(webhook__administration__in=seen) | Q(webhook__office__in=seen.values("office"))
    return _outgoing(models.HookCall.objects.filter(of_hooks), CallState.WAITING, CallState.FAILED, now)


def review(user: int, now: datetime) -> Review:
    """The documents of those administrations that wait for a person."""
    seen = visible_administrations(user, Right.HEALTH)
    rows = models.Document.objects.filter(administration__in=seen)
    waiting = rows.filter(state=DocumentState.IN_REVIEW)
    found = waiting.aggregate(
        count=Count("id"), oldest=Min("queued_at"), over=Count("id", filter=Q(due_at__lt=now)), first=Min("due_at")
    )
    overdue = Waiting(found["over"], found["first"] if found["over"] else None)
    parked_mails = models.Mail.objects.filter(administration__in=seen, state=MailState.PARKED).count()
    parked = rows.filter(state=DocumentState.PARKED).count()
    return Review(Waiting(found["count"], found["oldest"]), overdue, parked, parked_mails)


def database() -> Database:
    """What the database is, and how large."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT current_setting('server_version'), pg_database_size(current_database())")
            version, octets = cursor.fetchone()
            return Database("PostgreSQL", version.split()[0], octets)
        cursor.execute("SELECT sqlite_version()")
        (version,) = cursor.fetchone()
    path = Path(str(connection.settings_dict["NAME"]))
    beside = (path, path.with_name(f"{path.name}-wal"))
    return Database("SQLite", version, sum(file.stat().st_size for file in beside if file.exists()))


def _outgoing(rows: QuerySet[Any], waiting: str, failed: str, now: datetime) -> Outgoing:
    found = rows.aggregate(
        waiting=Count("id", filter=Q(state=waiting)),
        oldest=Min("created_at", filter=Q(state=waiting)),
        failed=Count("id", filter=Q(state=failed, ended_at__gte=now - LATELY)),
    )
    return Outgoing(Waiting(found["waiting"], found["oldest"]), found["failed"])


def _source(kind: str, name: str, row: models.Mailbox | models.WatchedFolder, now: datetime) -> Source:
    return Source(kind, name, row.seen_at, row.error, row.lease_until is not None and row.lease_until > now)
