"""The task table as the runner uses it: claims by compare-and-set, fenced ends, and one transaction a stage."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import Case, Exists, F, Q, QuerySet, When

from scanstraat import failpoint
from scanstraat.model.task import Claim, NewTask
from scanstraat.records.models import Task

SUSPECT_CRASHES = 2  # from so many silent ends on, a task is tried with nothing else beside it


class TaskTable:
    """Claims and ends tasks. Every method is one transaction; times are aware and come from the caller."""

    def due(self, now: datetime, limit: int) -> tuple[str, ...]:
        """Ids of tasks that may be claimed now, oldest first.

        A suspect (a task whose workers died twice) is tried alone, so that no neighbour dies with it.
        """
        leased = Task.objects.filter(state=Task.CLAIMED, lease_until__gt=now)
        if leased.filter(crashes__gte=SUSPECT_CRASHES).exists():
            return ()
        suspect = _claimable(now).filter(_is_suspect()).order_by("next_at").values_list("id", flat=True).first()
        if suspect is not None:
            return () if leased.exists() else (suspect,)
        return tuple(_claimable(now).order_by("next_at").values_list("id", flat=True)[:limit])

    def claim(self, task_id: str, holder: str, now: datetime, lease_until: datetime) -> Claim | None:
        """The right to do `task_id`, or None where another has it, it is done, parked, or not due."""
        lone = Task.objects.filter(state=Task.CLAIMED, lease_until__gt=now, crashes__gte=SUSPECT_CRASHES)
        with transaction.atomic():
            taken = (
                _claimable(now)
                .filter(~Exists(lone), id=task_id)
                .update(
                    crashes=Case(When(state=Task.CLAIMED, then=F("crashes") + 1), default=F("crashes")),
                    state=Task.CLAIMED,
                    token=F("token") + 1,
                    attempts=F("attempts") + 1,
                    holder=holder,
                    lease_until=lease_until,
                )
            )
            failpoint.reach("tasks.claim")
            return _claim_of(Task.objects.get(id=task_id)) if taken else None

    def commit(
        self, claim: Claim, keep: Callable[[], tuple[NewTask, ...]], holder: str, now: datetime, lease_until: datetime
    ) -> tuple[Claim | None, tuple[str, ...]] | None:
        """End `claim`, write what `keep` writes and enqueue what it returns, all or nothing.

        Returns the claim on the first new task for the same holder, and the ids of the others; None where the claim is not ours
        any more (then nothing is written).
        """
        with transaction.atomic():
            if not self._end(claim, Task.DONE, "", now):
                return None
            new = keep()
            first = self._enqueue(new[0], now, holder, lease_until) if new else None
            for task in new[1:]:
                self._enqueue(task, now)
            failpoint.reach("tasks.commit")
        failpoint.reach("tasks.committed")
        return first, tuple(task.id for task in new[1:])

    def park(self, claim: Claim, error: str, keep: Callable[[], tuple[NewTask, ...]], now: datetime) -> tuple[str, ...]:
        """Lay the task aside for a person, with `keep`'s writes in the same transaction; () where the claim is not ours."""
        with transaction.atomic():
            if not self._end(claim, Task.PARKED, error, now):
                return ()
            new = keep()
            for task in new:
                self._enqueue(task, now)
            failpoint.reach("tasks.park")
        return tuple(task.id for task in new)

    def postpone(self, claim: Claim, error: str, until: datetime) -> None:
        """Give the task back, to be tried again from `until` on; nothing where the claim is not ours any more."""
        with transaction.atomic():
            self._end(claim, Task.WAITING, error, until)

    def add(self, tasks: tuple[NewTask, ...], now: datetime) -> None:
        """Enqueue tasks within the caller's transaction; used where mails come in and where a person sends something on."""
        for task in tasks:
            self._enqueue(task, now)

    def release(self, holders: tuple[str, ...], now: datetime) -> int:
        """End the leases of workers known to be dead, so that nobody waits for them to run out. Returns how many."""
        return Task.objects.filter(state=Task.CLAIMED, holder__in=holders, lease_until__gt=now).update(lease_until=now)

    def release_all(self, now: datetime) -> int:
        """End every lease: for the supervisor of a single machine at its start, when no worker can be alive."""
        return Task.objects.filter(state=Task.CLAIMED, lease_until__gt=now).update(lease_until=now)

    def open_count(self) -> int:
        """Tasks that are waiting or being done."""
        return Task.objects.filter(state__in=[Task.WAITING, Task.CLAIMED]).count()

    def claimed_tokens(self) -> frozenset[str]:
        """`subject-token` of every claimed task: what lies in staging for another is an orphan."""
        rows = Task.objects.filter(state=Task.CLAIMED).values_list("subject", "token")
        return frozenset(f"{subject}-{token}" for subject, token in rows)

    def _end(self, claim: Claim, state: str, error: str, next_at: datetime) -> bool:
        held = Task.objects.filter(id=claim.task.id, token=claim.token, state=Task.CLAIMED)
        return held.update(state=state, holder="", lease_until=None, error=error, next_at=next_at) == 1

    def _enqueue(self, task: NewTask, now: datetime, holder: str = "", lease_until: datetime | None = None) -> Claim | None:
        """Insert the task, or wake an ended one; claimed at once where a holder is named. None where it was open already."""
        claimed = bool(holder)
        state, count = (Task.CLAIMED, 1) if claimed else (Task.WAITING, 0)
        row, created = Task.objects.get_or_create(
            id=task.id,
            defaults={
                "stage": task.stage,
                "subject": task.subject,
                "state": state,
                "token": count,
                "attempts": count,
                "holder": holder,
                "lease_until": lease_until,
                "next_at": now,
            },
        )
        if not created:
            ended = Task.objects.filter(id=task.id, state__in=[Task.DONE, Task.PARKED])
            token = F("token") + 1
            if not ended.update(
                state=state, token=token, attempts=count, crashes=0, holder=holder, lease_until=lease_until, next_at=now, error=""
            ):
                return None
            row.refresh_from_db()
        return _claim_of(row) if claimed else None


def _claimable(now: datetime) -> QuerySet[Task]:
    waiting = Q(state=Task.WAITING, next_at__lte=now)
    abandoned = Q(state=Task.CLAIMED, lease_until__lte=now)
    return Task.objects.filter(waiting | abandoned)


def _is_suspect() -> Q:
    dying = Q(state=Task.CLAIMED, crashes__gte=SUSPECT_CRASHES - 1)
    return dying | Q(state=Task.WAITING, crashes__gte=SUSPECT_CRASHES)


def _claim_of(row: Task) -> Claim:
    return Claim(NewTask(row.stage, row.subject), row.token, row.attempts, row.crashes)
