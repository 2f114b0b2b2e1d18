"""A worker's hand outlives what goes wrong, and lets go of what it does not know it holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from scanstraat.model.task import NewTask
from scanstraat.workers.hand import Hand
from tests.pipeline.sim_rows import Rows
from tests.pipeline.sim_tasks import MemoryTasks

NOW = datetime(2026, 3, 31, tzinfo=UTC)
TASK = NewTask("open", UUID(int=1))


@dataclass
class Runs:
    """A runner that does what it is told: claims and then fails, as where the database goes away after the commit."""

    tasks: MemoryTasks
    errors: Iterator[Exception | None]

    def run(self, task_id: str) -> int:
        self.tasks.claim(task_id, "me", NOW, NOW + timedelta(minutes=5))
        error = next(self.errors)
        if error:
            raise error
        return 1


@dataclass
class Rests:
    left: int = 100
    times: int = field(default=0)

    def __call__(self) -> bool:
        self.times += 1
        return self.times < self.left


class Away(MemoryTasks):
    """A table whose database is away a few times."""

    def __init__(self, times: int) -> None:
        super().__init__(Rows())
        self.times = times

    def give_back(self, holder: str, now: datetime) -> int:
        self.times -= 1
        if self.times >= 0:
            raise OSError("the database is away")
        return super().give_back(holder, now)


def _hand(tasks: MemoryTasks, rests: Rests, error: Exception | None) -> Hand:
    tasks.add((TASK,), NOW)
    return Hand(Runs(tasks, iter((error,))), tasks, "me", lambda: NOW, rests)


@pytest.mark.parametrize("error", [None, OSError("gone"), ValueError("odd")])
def test_after_a_task_a_worker_holds_nothing_whatever_happened(error: Exception | None) -> None:
    tasks, rests = MemoryTasks(Rows()), Rests()
    assert _hand(tasks, rests, error).do(TASK.id) == (0 if error else 1)
    row = tasks.rows()[0]
    assert (row.state, row.holder, row.crashes) == ("waiting", "", 0)
    assert rests.times == (1 if error else 0)


def test_a_database_that_is_away_is_waited_for() -> None:
    tasks, rests = Away(3), Rests()
    _hand(tasks, rests, OSError("gone")).do(TASK.id)
    assert (tasks.rows()[0].state, rests.times) == ("waiting", 4)


def test_a_worker_that_has_to_go_does_not_wait_for_the_database() -> None:
    tasks, rests = Away(1_000), Rests(left=3)
    _hand(tasks, rests, OSError("gone")).do(TASK.id)
    assert (tasks.rows()[0].state, rests.times) == ("claimed", 3)
