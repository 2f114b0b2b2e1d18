"""The queues: what waits for a person, narrowed to what one person may review, counted, and handed out one at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField, BooleanField, Case, Count, F, Func, Q, QuerySet, Value, When

from scanstraat.model.people import Right
from scanstraat.model.reasons import PARKED
from scanstraat.records import models
from scanstraat.records.people import visible_administrations
from scanstraat.records.search import words

MINE, FREE = "mine", "free"
Choice = str | int | bool

# As the fields of `QueueLine` stand, then who holds it.
_COLUMNS = (
    "id",
    "mail_id",
    "kind",
    "reason",
    "supplier_name",
    "number",
    "total",
    "currency",
    "administration_id",
    "administration__name",
    "administration__country",
    "mail__header_sender",
    "mail__subject",
    "mail__received_at",
    "due_at",
    "held_by",
    "held_by__username",
    "held_until",
)


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What of the queue: only administrations where `user` may review (I5), then narrowed; "", None and False narrow nothing.

    `holder`: `mine` for what he holds, `free` for what nobody holds. `overdue`: what should be done by now (G4). `search`:
    every word of it stands in supplier, number, sender or subject.
    """

    user: int
    reason: str = ""
    administration: int | None = None
    holder: str = ""
    overdue: bool = False
    kind: str = ""
    search: str = ""


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A document that waits. `holder` is who has it in hand, "" for nobody."""

    id: UUID
    mail: UUID
    kind: str
    reason: str
    supplier: str
    number: str
    total: str
    currency: str
    administration_id: int
    administration: str
    country: str
    sender: str
    subject: str
    received_at: datetime
    due_at: datetime | None
    holder: str
    is_mine: bool


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """How many there are: each count is of what the filter would leave with that choice in the place of the one made.

    `total` is what the filter leaves; `everything` what waits at all, of what the search finds.
    """

    total: int
    everything: int
    reasons: tuple[tuple[str, int], ...]
    kinds: tuple[tuple[str, int], ...]
    mine: int
    free: int
    overdue: int


def lines(wanted: QueueFilter, now: datetime, offset: int = 0, limit: int = 50) -> tuple[QueueLine, ...]:
    """What waits, the most urgent first."""
    rows = _narrowed(wanted, now).order_by("due_at", "id")[offset : offset + limit]
    return tuple(_line(row, wanted.user, now) for row in rows.values_list(*_COLUMNS))


def counts(wanted: QueueFilter, now: datetime) -> QueueCounts:
    """How many wait, by each way of narrowing them but the administrations; one pass over what waits."""
    rows = _searched(_waiting(wanted.user), wanted.search)
    flags = {"is_here": _flag(_here(wanted)), "is_overdue": _flag(Q(due_at__lt=now))}
    flags |= {"is_held": _flag(_held(now)), "is_mine": _flag(_mine(wanted.user, now))}
    groups = rows.annotate(**flags).order_by().values_list("reason", "kind", *flags).annotate(count=Count("*"))
    return _counted(wanted, [_Group(*group) for group in groups])


def administrations(wanted: QueueFilter, now: datetime) -> tuple[tuple[int, str, int], ...]:
    """The administrations that the filter, but for the one it names, leaves something of: id, name and how many, by name."""
    rows = _narrowed(replace(wanted, administration=None), now).order_by("administration__name", "administration_id")
    named = rows.values_list("administration_id", "administration__name").annotate(count=Count("*"))
    return tuple((identifier, name, count) for identifier, name, count in named)


def next_free(wanted: QueueFilter, now: datetime, but: tuple[UUID, ...] = ()) -> UUID | None:
    """The most urgent document that can be reviewed and that nobody else holds, none of `but`; None where none is left."""
    rows = _narrowed(wanted, now).exclude(reason=PARKED).filter(~_held(now) | Q(held_by=wanted.user)).exclude(id__in=but)
    return rows.order_by("due_at", "id").values_list("id", flat=True).first()


def waiting(user: int) -> int:
    """How many wait in the administrations where this person may review."""
    return _waiting(user).count()


@dataclass(frozen=True, slots=True)
class _Group:
    reason: str
    kind: str
    is_here: bool
    is_overdue: bool
    is_held: bool
    is_mine: bool
    count: int


@dataclass(frozen=True, slots=True)
class _Facet:
    """A way of narrowing: what was chosen, None for nothing, and the choices that a group stays under."""

    chosen: Callable[[QueueFilter], Choice | None]
    choices: Callable[[_Group], tuple[Choice, ...]]

    def fits(self, wanted: QueueFilter, group: _Group) -> bool:
        """Whether the choice made leaves this group."""
        return self.chosen(wanted) in (None, *self.choices(group))


_FACETS = {
    "reason": _Facet(lambda wanted: wanted.reason or None, lambda group: (group.reason,)),
    "kind": _Facet(lambda wanted: wanted.kind or None, lambda group: (group.kind,)),
    "administration": _Facet(lambda _: True, lambda group: (True,) * group.is_here),
    "holder": _Facet(lambda wanted: wanted.holder or None, lambda group: (MINE,) * group.is_mine + (FREE,) * (not group.is_held)),
    "overdue": _Facet(lambda wanted: wanted.overdue or None, lambda group: (True,) * group.is_overdue),
}


def _counted(wanted: QueueFilter, groups: list[_Group]) -> QueueCounts:
    total, by = 0, {name: Counter[Choice]() for name in _FACETS}
    for group in groups:
        misfits = {name for name, facet in _FACETS.items() if not facet.fits(wanted, group)}
        total += 0 if misfits else group.count
        for name in (name for name in _FACETS if misfits <= {name}):
            by[name].update(dict.fromkeys(_FACETS[name].choices(group), group.count))
    return QueueCounts(
        total=total,
        everything=sum(group.count for group in groups),
        reasons=tuple((str(reason), count) for reason, count in by["reason"].items()),
        kinds=tuple((str(kind), count) for kind, count in by["kind"].items()),
        mine=by["holder"][MINE],
        free=by["holder"][FREE],
        overdue=by["overdue"][True],
    )


def _line(row: tuple[Any, ...], user: int, now: datetime) -> QueueLine:
    holder, holder_name, held_until = row[-3:]
    is_held = holder is not None and held_until is not None and held_until > now
    return QueueLine(*(*row[:-3], holder_name if is_held else "", is_held and holder == user))


def _waiting(user: int) -> QuerySet[models.Document]:
    """What waits where this person may review; found by the indexes of what waits, and not by those of administrations, which
    lead to every document there ever was: the sign before the column keeps them out."""
    place = Func(F("administration_id"), template="+%(expressions)s", output_field=BigIntegerField())
    rows = models.Document.objects.filter(queued_at__isnull=False).alias(place=place)
    return rows.filter(place__in=visible_administrations(user, Right.REVIEW).values("id"))


def _narrowed(wanted: QueueFilter, now: datetime) -> QuerySet[models.Document]:
    rows = _searched(_waiting(wanted.user), wanted.search)
    if wanted.reason:
        rows = rows.filter(reason=wanted.reason)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.administration is not None:
        rows = rows.filter(administration=wanted.administration)
    if wanted.overdue:
        rows = rows.filter(due_at__lt=now)
    by_holder = {MINE: _mine(wanted.user, now), FREE: ~_held(now)}
    return rows.filter(by_holder[wanted.holder]) if wanted.holder in by_holder else rows


def _searched(rows: QuerySet[models.Document], text: str) -> QuerySet[models.Document]:
    for word in words(text):
        found = Q(supplier_name__icontains=word) | Q(number__icontains=word)
        of_mail = Q(mail__header_sender__icontains=word) | Q(mail__envelope_sender__icontains=word)
        rows = rows.filter(found | of_mail | Q(mail__subject__icontains=word))
    return rows


def _here(wanted: QueueFilter) -> Q:
    return Q(administration=wanted.administration) if wanted.administration is not None else Q(queued_at__isnull=False)


def _held(now: datetime) -> Q:
    return Q(held_by__isnull=False, held_until__gt=now)


def _mine(user: int, now: datetime) -> Q:
    return Q(held_by=user, held_until__gt=now)


def _flag(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())
