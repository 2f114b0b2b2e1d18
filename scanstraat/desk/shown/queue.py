"""The queue as its page shows it: the choices with their counts, and a line for each document that waits."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from uuid import UUID

from django.utils.translation import gettext

from scanstraat.desk import wording
from scanstraat.desk.shown import values
from scanstraat.desk.shown.clock import clock, span
from scanstraat.desk.wording import Label
from scanstraat.model.document import Kind
from scanstraat.model.reasons import WEIGHTS
from scanstraat.records.queues import FREE, MINE, QueueCounts, QueueFilter, QueueLine


@dataclass(frozen=True, slots=True)
class Choice:
    """One way of narrowing the queue: its value in the address, its words, and how many that leaves."""

    value: str
    text: str
    count: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """All of them; what would leave nothing is offered only where it is chosen."""

    reasons: tuple[Choice, ...]
    holders: tuple[Choice, ...]
    kinds: tuple[Choice, ...]
    overdue: Choice


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A document that waits: `who` is the supplier, or else who sent the mail; `may_take`: from `holder`, by this person."""

    id: UUID
    who: str
    number: str
    kind: str
    total: str
    administration: str
    reason: str
    received_at: datetime
    age: str
    clock: Label | None
    due_at: datetime | None
    holder: str
    is_mine: bool
    may_take: bool


def choices(wanted: QueueFilter, counts: QueueCounts) -> Choices:
    """What the queue can be narrowed to, the heaviest reason first."""
    of_reasons, of_kinds = dict(counts.reasons), dict(counts.kinds)
    reasons = sorted({*of_reasons, wanted.reason} - {""}, key=lambda code: (-WEIGHTS.get(code, 0), code))
    kinds = [kind for kind in Kind if kind in of_kinds or kind == wanted.kind]
    return Choices(
        reasons=_choices(wanted.reason, [(code, wording.reason(code), of_reasons.get(code, 0)) for code in reasons]),
        holders=_choices(wanted.holder, [(FREE, gettext("Free"), counts.free), (MINE, gettext("Mine"), counts.mine)]),
        kinds=_choices(wanted.kind, [(kind, gettext(wording.KINDS[kind]), of_kinds.get(kind, 0)) for kind in kinds]),
        overdue=Choice("yes", gettext("Overdue"), counts.overdue, wanted.overdue),
    )


def places(wanted: QueueFilter, found: tuple[tuple[int, str, int], ...]) -> tuple[Choice, ...]:
    """The administrations it can be narrowed to."""
    return _choices(f"{wanted.administration}", [(f"{identifier}", name, count) for identifier, name, count in found])


def shown_line(line: QueueLine, now: datetime, assignable: Collection[int]) -> ShownLine:
    """One line in words; `assignable` are the administrations where this person may take work out of another's hands."""
    name, address = parseaddr(line.sender)
    return ShownLine(
        id=line.id,
        who=line.supplier or name or address or line.sender or line.subject,
        number=line.number,
        kind=gettext(wording.KINDS[Kind(line.kind)]),
        total=values.money(line.total, line.currency),
        administration=line.administration,
        reason=wording.reason(line.reason),
        received_at=line.received_at,
        age=span(now - line.received_at),
        clock=clock(line.due_at, line.country, now) if line.due_at else None,
        due_at=line.due_at,
        holder=line.holder,
        is_mine=line.is_mine,
        may_take=bool(line.holder) and not line.is_mine and line.administration_id in assignable,
    )


def _choices(chosen: str, rows: list[tuple[str, str, int]]) -> tuple[Choice, ...]:
    return tuple(Choice(value, text, count, value == chosen) for value, text, count in rows)
