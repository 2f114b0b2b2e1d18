"""The task table as the runner uses it: claims by compare-and-set, fenced ends, and one transaction a stage."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from scanstraat import failpoint
from scanstraat.model.task import Claim, NewTask
from scanstraat.records.models import Task
from scanstraat.records.statements import change, number, rows

SUSPECT_CRASHES = 2  # from so many silent ends on, a task is tried with nothing else beside it
_SUSPECT = f"state = 'claimed' AND lease_until <= %s AND crashes >= {SUSPECT_CRASHES - 1}"
# What may be claimed: a suspect where nothing else is being done, all else where no suspect waits or is tried.
_CLAIM = (
    "UPDATE records_task SET crashes = crashes + CASE WHEN state = 'claimed' THEN 1 ELSE 0 END, state = 'claimed',"
    " token = token + 1, attempts = attempts + 1, holder = %s, lease_until = %s WHERE id = %s AND"
    " ((state = 'waiting' AND next_at <= %s OR state = 'claimed' AND lease_until <= %s) AND"
    f" CASE WHEN {_SUSPECT} THEN NOT EXISTS (SELECT 1 FROM records_task WHERE state = 'claimed' AND lease_until > %s)"
    f" ELSE NOT EXISTS (SELECT 1 FROM records_task WHERE {_SUSPECT} OR"
    f" state = 'claimed' AND lease_until > %s AND crashes >= {SUSPECT_CRASHES}) END)"
)
_LEASED = "SELECT crashes FROM records_task WHERE state = 'claimed' AND lease_until > %s"
_ABANDONED = "SELECT id, crashes FROM records_task WHERE state = 'claimed' AND lease_until <= %s ORDER BY next_at, id"
_WAITING = "SELECT id FROM records_task WHERE state = 'waiting' AND next_at <= %s ORDER BY next_at, id LIMIT %s"
_END = (
    "UPDATE records_task SET state = %s, holder = '', lease_until = NULL, error = %s, next_at = %s"
    " WHERE id = %s AND token = %s AND state = %s"
)
_WITHDRAW = (
    "UPDATE records_task SET state = 'done', token = token + 1, holder = '', lease_until = NULL, error = '', next_at = %s"
    " WHERE id = %s AND state = 'waiting'"
)
_ROW = "SELECT token FROM records_task WHERE id = %s"
_INTO = "INSERT INTO records_task (id, stage, subject, token, state, attempts, holder, lease_until, next_at, crashes, error)"
_NEW = "(%s, %s, %s, %s, %s, %s, %s, %s, %s, 0, '')"
_INSERT = f"{_INTO} VALUES {_NEW}"
_AT_ONCE = 200  # rows a statement
_WAKE = (
    "UPDATE records_task SET token = %s, state = %s, attempts = %s, holder = %s, lease_until = %s, next_at = %s,"
    " crashes = 0, error = '' WHERE id = %s AND token = %s AND state IN (%s, %s)"
)


class TaskTable:
    """Claims and ends tasks. Every method is one transaction; times are aware and come from the caller."""

    def due(self, now: datetime, limit: int) -> tuple[str, ...]:
        """Ids of at most `limit` tasks that may be claimed now: the abandoned, then those that wait, oldest first.

        A suspect (a task that is claimed for the second time after its worker died) is tried alone, so that no neighbour dies
        with it: while one is tried, or waits until all others are done, nothing else is due.
        """
        leased = rows(_LEASED, now)
        if any(crashes >= SUSPECT_CRASHES for (crashes,) in leased):
            return ()
        abandoned = rows(_ABANDONED, now)
        suspect = next((task for task, crashes in abandoned if crashes >= SUSPECT_CRASHES - 1), None)
        if suspect is not None:
            return () if leased else (suspect,)
        first = tuple(task for task, _ in abandoned[:limit])
        return first + tuple(task for (task,) in rows(_WAITING, now, limit - len(first)))

    def claim(self, task_id: str, holder: str, now: datetime, lease_until: datetime) -> Claim | None:
        """The right to do `task_id`, or None where another has it, it is done, parked, or not due.

        Whether it may be done beside a suspect is asked here too, since who was woken by a bell never asked for what is due.
        """
        with transaction.atomic():
            taken = change(_CLAIM, holder, lease_until, task_id, *(now,) * 6)
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

    def withdraw(self, task_id: str, now: datetime) -> bool:
        """Within the caller's transaction: end a task that nobody has taken up; False where somebody has, or it is not there.

        Its token rises, so that who claimed it before and was put off writes nothing either.
        """
        return change(_WITHDRAW, now, task_id) == 1

    def add_first(self, tasks: tuple[NewTask, ...], now: datetime) -> None:
        """The same for the first tasks of mails that were not there before, many in one statement."""
        for at in range(0, len(tasks), _AT_ONCE):
            some = tasks[at : at + _AT_ONCE]
            values = ((task.id, task.stage, task.subject, 0, Task.WAITING, 0, "", None, now) for task in some)
            change(f"{_INTO} VALUES {', '.join((_NEW,) * len(some))}", *(value for row in values for value in row))

    def renew(self, holder: str, now: datetime, lease_until: datetime) -> None:
        """Lengthen the lease of a worker that is alive and still at work."""
        Task.objects.filter(state=Task.CLAIMED, holder=holder, lease_until__gt=now).update(lease_until=lease_until)

    def release(self, holders: str, now: datetime, but: str = "") -> int:
        """End the leases of dead workers, so that nobody waits for them to run out. Returns how many.

        `holders` is what the names of the dead begin with ("" for all), `but` the name of one that is alive.
        """
        held = Task.objects.filter(state=Task.CLAIMED, holder__startswith=holders, lease_until__gt=now)
        return held.exclude(holder=but).update(lease_until=now)

    def give_back(self, holder: str, now: datetime) -> int:
        """Let others have what a living worker can not go on with, without counting it as a crash. Returns how many."""
        held = Task.objects.filter(state=Task.CLAIMED, holder=holder)
        return held.update(state=Task.WAITING, holder="", lease_until=None, next_at=now)

    def open_count(self) -> int:
        """Tasks that are waiting or being done."""
        return Task.objects.filter(state__in=[Task.WAITING, Task.CLAIMED]).count()

    def claimed_tokens(self) -> frozenset[str]:
        """How staged files of every claimed task begin (the stage `compose` names them); those of another task are orphans."""
        rows = Task.objects.filter(state=Task.CLAIMED).values_list("subject", "token")
        return frozenset(f"{subject.hex}-{token}" for subject, token in rows)

    def _end(self, claim: Claim, state: str, error: str, next_at: datetime) -> bool:
        return change(_END, state, error, next_at, claim.task.id, claim.token, Task.CLAIMED) == 1

    def _enqueue(self, task: NewTask, now: datetime, holder: str = "", lease_until: datetime | None = None) -> Claim | None:
        """Insert the task, or wake an ended one; claimed at once where a holder is named. None where it was open already."""
        state, count = (Task.CLAIMED, 1) if holder else (Task.WAITING, 0)
        started = (state, count, holder, lease_until, now)
        token = number(_ROW, task.id)
        if token is None:
            # two who add the same task at once hold a lock on its mail, or one of them fails here and is tried again
            change(_INSERT, task.id, task.stage, task.subject, count, *started)
            return Claim(task, count, count, 0) if holder else None
        if not change(_WAKE, token + 1, *started, task.id, token, Task.DONE, Task.PARKED):
            return None
        return Claim(task, token + 1, count, 0) if holder else None


def _claim_of(row: Task) -> Claim:
    return Claim(NewTask(row.stage, row.subject), row.token, row.attempts, row.crashes)
