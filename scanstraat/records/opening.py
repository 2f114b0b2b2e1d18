"""How far the opening of an administration has come, and that its customer took it over (K1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from scanstraat.codec import from_json, to_json
from scanstraat.records import models

Checklist = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """An administration's opening. `trial` marks the envelope sender of its last test mail, "" before the first."""

    administration: int
    started_at: datetime
    opened_at: datetime
    by: str
    instructed_at: datetime | None = None
    instructed_by: str = ""
    trial: str = ""
    trial_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """That the customer took an administration over: who for him, who wrote it down, and what was checked by then."""

    administration: int
    at: datetime
    by: str
    accepted_by: str
    checklist: Checklist
    remark: str


def begin(administration: int, by: str, started_at: datetime, opened_at: datetime) -> None:
    """Record the opening; where it was recorded before, that stands."""
    fresh = {"started_at": started_at, "opened_at": opened_at, "by": by}
    models.Opening.objects.get_or_create(administration_id=administration, defaults=fresh)


def opened(administration: int) -> Opened | None:
    """The opening of an administration; None for one that was opened by a command."""
    row = models.Opening.objects.filter(administration_id=administration).first()
    if row is None:
        return None
    return Opened(
        row.administration_id,
        row.started_at,
        row.opened_at,
        row.by,
        row.instructed_at,
        row.instructed_by,
        row.trial,
        row.trial_at,
    )


def instructed(administration: int, by: str, at: datetime) -> None:
    """Its instructions were looked at, changed or not."""
    models.Opening.objects.filter(administration_id=administration).update(instructed_at=at, instructed_by=by)


def tried(administration: int, trial: str, at: datetime) -> None:
    """A test mail goes out to it, marked so."""
    models.Opening.objects.filter(administration_id=administration).update(trial=trial, trial_at=at)


def accept(new: Accepted) -> None:
    """Keep an acceptance; earlier ones stay."""
    models.Acceptance.objects.create(
        administration_id=new.administration,
        at=new.at,
        by=new.by,
        accepted_by=new.accepted_by,
        checklist=to_json(new.checklist).decode(),
        remark=new.remark,
    )


def accepted(administration: int) -> Accepted | None:
    """The last acceptance of an administration, None for none."""
    row = models.Acceptance.objects.filter(administration_id=administration).order_by("-at", "-id").first()
    if row is None:
        return None
    return Accepted(administration, row.at, row.by, row.accepted_by, from_json(row.checklist, Checklist), row.remark)
