"""The task table of the simulation: `records.tasks.TaskTable` over rows in memory, and the faults it can be given on purpose.

That it does as the real one is proved in tests/records/test_tasks.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from scanstraat import failpoint
from scanstraat.model.task import Claim, NewTask
from tests.pipeline.sim_rows import Rows

WAITING, CLAIMED, DONE, PARKED = "waiting", "claimed", "done", "parked"
SUSPECT_CRASHES = 2

NO_FENCING = "no fencing token is looked at in the commit"
ATTEMPTS_NOT_COUNTED = "attempts and crashes are not counted"
NO_LEASE_EXPIRY = "a lease never runs out"
ENQUEUED_AFTERWARDS = "next tasks are enqueued after the transaction"


@dataclass(frozen=True, slots=True)
class Row:
    task: NewTask
    id: str
    state: str
    token: int
    holder: str
    lease_until: datetime | None
    attempts: int
    crashes: int
    next_at: datetime


class MemoryTasks:
    def __init__(self, rows: Rows, faults: frozenset[str] = frozenset()) -> None:
        self._rows, self._faults = rows, faults
        self.stale: list[str] = []  # commits by those who no longer held the claim: a violation
        self.fenced = 0  # late workers that were kept from writing

    def due(self, now: datetime, limit: int) -> tuple[str, ...]:
        rows = sorted(self._rows.all("task"), key=lambda row: (row.next_at, row.id))
        leased = [row for row in rows if _leased(row, now)]
        if any(row.crashes >= SUSPECT_CRASHES for row in leased):
            return ()
        abandoned = [row for row in rows if self._abandoned(row, now)]
        suspect = next((row.id for row in abandoned if row.crashes >= SUSPECT_CRASHES - 1), None)
        if suspect is not None:
            return () if leased else (suspect,)
        waiting = (row for row in rows if row.state == WAITING and row.next_at <= now)
        return tuple(row.id for row in (*abandoned, *waiting))[:limit]

    def claim(self, task_id: str, holder: str, now: datetime, lease_until: datetime) -> Claim | None:
        key = ("task", task_id)
        with self._rows.transaction():
            if not self._may_start(self._rows.get(key), now):
                return None
            self._rows.lock(key)
            row = self._rows.get(key)
            if not self._may_start(row, now):
                return None
            counts = ATTEMPTS_NOT_COUNTED not in self._faults
            row = replace(
                row,
                crashes=row.crashes + (row.state == CLAIMED and counts),
                state=CLAIMED,
                token=row.token + 1,
                attempts=row.attempts + counts,
                holder=holder,
                lease_until=lease_until,
            )
            self._rows.put(key, row)
            failpoint.reach("tasks.claim")
        failpoint.reach("sim.claimed")
        return _claim_of(row)

    def commit(
        self, claim: Claim, keep: Callable[[], tuple[NewTask, ...]], holder: str, now: datetime, lease_until: datetime
    ) -> tuple[Claim | None, tuple[str, ...]] | None:
        if ENQUEUED_AFTERWARDS in self._faults:
            return self._commit_in_two(claim, keep, holder, now, lease_until)
        with self._rows.transaction():
            if not self._end(claim, DONE, now):
                return None
            failpoint.reach("sim.ended")
            new = keep()
            first = self._enqueue(new[0], now, holder, lease_until) if new else None
            for task in new[1:]:
                self._enqueue(task, now)
            failpoint.reach("tasks.commit")
        failpoint.reach("tasks.committed")
        return first, tuple(task.id for task in new[1:])

    def _commit_in_two(
        self, claim: Claim, keep: Callable[[], tuple[NewTask, ...]], holder: str, now: datetime, lease_until: datetime
    ) -> tuple[Claim | None, tuple[str, ...]] | None:
        with self._rows.transaction():
            if not self._end(claim, DONE, now):
                return None
            new = keep()
        failpoint.reach("tasks.committed")
        with self._rows.transaction():
            first = self._enqueue(new[0], now, holder, lease_until) if new else None
            for task in new[1:]:
                self._enqueue(task, now)
        return first, tuple(task.id for task in new[1:])

    def park(self, claim: Claim, error: str, keep: Callable[[], tuple[NewTask, ...]], now: datetime) -> tuple[str, ...]:
        with self._rows.transaction():
            if not self._end(claim, PARKED, now):
                return ()
            new = keep()
            for task in new:
                self._enqueue(task, now)
            failpoint.reach("tasks.park")
        return tuple(task.id for task in new)

    def postpone(self, claim: Claim, error: str, until: datetime) -> None:
        with self._rows.transaction():
            self._end(claim, WAITING, until)

    def add(self, tasks: tuple[NewTask, ...], now: datetime) -> None:
        with self._rows.transaction():
            for task in tasks:
                self._enqueue(task, now)

    def withdraw(self, task_id: str, now: datetime) -> bool:
        with self._rows.transaction():
            key = ("task", task_id)
            self._rows.lock(key)
            row: Row | None = self._rows.get(key)
            if row is None or row.state != WAITING:
                return False
            self._rows.put(key, replace(row, state=DONE, token=row.token + 1, holder="", lease_until=None, next_at=now))
        return True

    def renew(self, holder: str, now: datetime, lease_until: datetime) -> None:
        self._change(lambda row: row.holder == holder and _leased(row, now), lease_until=lease_until)

    def release(self, holders: str, now: datetime, but: str = "") -> int:
        return self._change(
            lambda row: row.holder.startswith(holders) and row.holder != but and _leased(row, now), lease_until=now
        )

    def give_back(self, holder: str, now: datetime) -> int:
        held = {"state": WAITING, "holder": "", "lease_until": None, "next_at": now}
        return self._change(lambda row: row.holder == holder and row.state == CLAIMED, **held)

    def open_count(self) -> int:
        return sum(row.state in (WAITING, CLAIMED) for row in self._rows.all("task"))

    def claimed_tokens(self) -> frozenset[str]:
        return frozenset(f"{row.task.subject.hex}-{row.token}" for row in self._rows.all("task") if row.state == CLAIMED)

    def rows(self) -> list[Row]:
        return list(self._rows.all("task"))

    def _change(self, held: Callable[[Row], bool], **values: object) -> int:
        with self._rows.transaction():
            keys = [("task", row.id) for row in self._rows.all("task") if held(row)]
            for key in keys:
                self._rows.lock(key)
            changed = [row for row in map(self._rows.get, keys) if held(row)]
            for row in changed:
                self._rows.put(("task", row.id), replace(row, **values))
        return len(changed)

    def _end(self, claim: Claim, state: str, next_at: datetime) -> bool:
        key = ("task", claim.task.id)
        self._rows.lock(key)
        row = self._rows.get(key)
        held = row.token == claim.token and row.state == CLAIMED
        if not held and (NO_FENCING not in self._faults or state != DONE):
            self.fenced += 1
            return False
        if not held:
            self.stale.append(claim.task.id)
        self._rows.put(key, replace(row, state=state, holder="", lease_until=None, next_at=next_at))
        return True

    def _enqueue(self, task: NewTask, now: datetime, holder: str = "", lease_until: datetime | None = None) -> Claim | None:
        key = ("task", task.id)
        self._rows.lock(key)
        before: Row | None = self._rows.get(key)
        if before is not None and before.state in (WAITING, CLAIMED):
            return None
        state, count = (CLAIMED, 1) if holder else (WAITING, 0)
        token = count if before is None else before.token + 1
        row = Row(task, task.id, state, token, holder, lease_until, count, 0, now)
        self._rows.put(key, row)
        return _claim_of(row) if holder else None

    def _abandoned(self, row: Row, now: datetime) -> bool:
        return (
            row.state == CLAIMED
            and row.lease_until is not None
            and row.lease_until <= now
            and NO_LEASE_EXPIRY not in self._faults
        )

    def _may_start(self, row: Row | None, now: datetime) -> bool:
        if row is None:
            return False
        if self._abandoned(row, now) and row.crashes >= SUSPECT_CRASHES - 1:
            return not any(_leased(other, now) for other in self._rows.all("task"))
        if not (self._abandoned(row, now) or (row.state == WAITING and row.next_at <= now)):
            return False
        return not any(
            (other.crashes >= SUSPECT_CRASHES and _leased(other, now))
            or (other.crashes >= SUSPECT_CRASHES - 1 and self._abandoned(other, now))
            for other in self._rows.all("task")
        )


def _leased(row: Row, now: datetime) -> bool:
    return row.state == CLAIMED and row.lease_until is not None and row.lease_until > now


def _claim_of(row: Row) -> Claim:
    return Claim(row.task, row.token, row.attempts, row.crashes)
