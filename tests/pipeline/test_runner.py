"""What the runner does with each outcome of a stage, over the task table of the simulation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import OperationalError

from scanstraat.errors import Inconsistent, Refused, Unavailable
from scanstraat.model.task import Claim, NewTask
from scanstraat.pipeline.runner import Policy, Runner
from tests.pipeline.sim_rows import Rows
from tests.pipeline.sim_tasks import MemoryTasks

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
FIRST, SECOND, OTHER = NewTask("first", UUID(int=1)), NewTask("second", UUID(int=1)), NewTask("second", UUID(int=2))


@dataclass
class Noting:
    """A stage that notes what is called, does what `work` says, and names the next tasks."""

    noted: list[str]
    next: tuple[NewTask, ...] = ()
    after_park: tuple[NewTask, ...] = ()
    does: Callable[[], None] = lambda: None

    def load(self, claim: Claim) -> str:
        self.noted.append("load")
        return claim.task.stage

    def work(self, taken: str) -> str:
        self.noted.append("work")
        self.does()
        return taken.upper()

    def file(self, taken: str, given: str, claim: Claim) -> None:
        self.noted.append(f"file {given}")

    def keep(self, taken: str, given: str, claim: Claim, now: datetime) -> tuple[NewTask, ...]:
        self.noted.append("keep")
        return self.next

    def park(self, claim: Claim, error: str, now: datetime) -> tuple[NewTask, ...]:
        self.noted.append(f"park {error}")
        return self.after_park


@dataclass
class House:
    """A table with the first task in it, a runner, and what was rung for."""

    now: datetime = NOW
    rung: list[str] = field(default_factory=list)
    noted: list[str] = field(default_factory=list)
    tasks: MemoryTasks = field(default_factory=lambda: MemoryTasks(Rows()))
    leaves: bool = False

    def __post_init__(self) -> None:
        self.first, self.second = Noting(self.noted, (SECOND, OTHER)), Noting(self.noted)
        self.tasks.add((FIRST,), NOW)
        steps = {"first": self.first, "second": self.second}
        self.runner = Runner(self.tasks, steps, "me", lambda: self.now, self.rung.extend, Policy(), lambda: self.leaves)

    def state(self, task: NewTask) -> str:
        return next(row.state for row in self.tasks.rows() if row.id == task.id)


def _raises(error: Exception) -> Callable[[], None]:
    def do() -> None:
        raise error

    return do


def test_a_worker_goes_on_with_what_follows_and_rings_for_the_rest() -> None:
    house = House()
    assert house.runner.run(FIRST.id) == 2
    assert house.noted == ["load", "work", "file FIRST", "keep", "load", "work", "file SECOND", "keep"]
    assert house.rung == [OTHER.id]
    assert [house.state(task) for task in (FIRST, SECOND, OTHER)] == ["done", "done", "waiting"]


def test_a_task_that_another_has_is_left_alone() -> None:
    house = House()
    house.tasks.claim(FIRST.id, "another", NOW, NOW + timedelta(minutes=5))
    assert house.runner.run(FIRST.id) == 0
    assert house.runner.run("nothing:known") == 0
    assert house.noted == []


def test_what_is_refused_is_parked_at_once_and_no_longer_holds_up_the_others() -> None:
    house = House()
    house.first.does, house.first.after_park = _raises(Refused("broken", "it is broken.")), (OTHER,)
    house.runner.run(FIRST.id)
    assert house.noted == ["load", "work", "park broken: it is broken."]
    assert (house.state(FIRST), house.state(OTHER), house.rung) == ("parked", "waiting", [OTHER.id])


@pytest.mark.parametrize("error", [Unavailable("away", "it is away."), OperationalError("the database went away")])
def test_what_is_away_is_waited_for_longer_and_longer_and_never_parked(error: Exception) -> None:
    house, pauses = House(), []
    house.first.does = _raises(error)
    for _ in range(9):
        house.runner.run(FIRST.id)
        row = house.tasks.rows()[0]
        assert row.state == "waiting"
        pauses.append((row.next_at - house.now).total_seconds())
        house.now = row.next_at
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_a_fault_of_ours_is_tried_five_times_then_parked_with_what_it_said() -> None:
    house = House()
    house.first.does = _raises(Inconsistent("odd", "this must not be."))
    for _ in range(5):
        house.runner.run(FIRST.id)
        house.now += timedelta(minutes=5)
    assert house.noted == [*["load", "work"] * 5, "park odd: this must not be."]
    assert house.state(FIRST) == "parked"


def test_what_kills_five_workers_is_parked_untried() -> None:
    house = House()
    for _ in range(5):
        house.tasks.claim(FIRST.id, "dead", house.now, house.now + timedelta(minutes=5))
        house.now += timedelta(minutes=5)
    house.runner.run(FIRST.id)
    assert house.noted == ["park crash: the worker ended without a word each time this was tried."]


def test_a_stage_nobody_knows_is_kept_for_the_version_that_does() -> None:
    house, unknown = House(), NewTask("new-stage", UUID(int=9))
    house.tasks.add((unknown,), NOW)
    house.runner.run(unknown.id)
    assert house.state(unknown) == "waiting"


@pytest.mark.rule("F8")
def test_a_late_worker_keeps_nothing_and_rings_for_nothing() -> None:
    house = House()

    def overtaken() -> None:
        house.now += timedelta(minutes=5)
        house.tasks.claim(FIRST.id, "another", house.now, house.now + timedelta(minutes=5))

    house.first.does = overtaken
    house.runner.run(FIRST.id)
    assert house.noted == ["load", "work", "file FIRST"]
    assert house.rung == []
    assert house.tasks.rows()[0].holder == "another"


def test_a_worker_that_has_to_go_finishes_its_stage_and_gives_back_the_next() -> None:
    house = House(leaves=True)
    assert house.runner.run(FIRST.id) == 1
    assert [house.state(task) for task in (FIRST, SECOND, OTHER)] == ["done", "waiting", "waiting"]
    assert set(house.tasks.due(NOW, 10)) == {SECOND.id, OTHER.id}
