"""The task table on a real database: claims are exclusive, late ones write nothing, suspects are tried alone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from benchmarks.servers import PrivatePostgres
from scanstraat.model.task import Claim, NewTask
from scanstraat.records import connection
from scanstraat.records.models import Task
from scanstraat.records.tasks import TaskTable
from tests.pipeline.sim_rows import Rows
from tests.pipeline.sim_tasks import MemoryTasks

ROOT = Path(__file__).parent.parent.parent
NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
LEASE = timedelta(minutes=5)
SECOND = timedelta(seconds=1)


@pytest.fixture
def table(database: None) -> Iterator[TaskTable]:
    """The real table, empty: what is due depends on all that is in it."""
    Task.objects.all().delete()
    yield TaskTable()
    Task.objects.all().delete()


def _new(stage: str = "open") -> NewTask:
    return NewTask(stage, uuid4())


def _claim(table: TaskTable, task: NewTask, now: datetime = NOW, holder: str = "me") -> Claim | None:
    return table.claim(task.id, holder, now, now + LEASE)


def _taken(table: TaskTable, task: NewTask, now: datetime = NOW, holder: str = "me") -> Claim:
    claim = _claim(table, task, now, holder)
    assert claim is not None
    return claim


def test_a_task_is_claimed_by_one_of_many_threads(table: TaskTable) -> None:
    tasks, threads = [_new() for _ in range(20)], 4
    table.add(tuple(tasks), NOW)
    start = Barrier(threads)

    def claim_all(holder: str) -> list[str]:
        try:
            start.wait()
            return [task.id for task in tasks if _claim(table, task, holder=holder)]
        finally:
            connection.disconnect()

    with ThreadPoolExecutor(threads) as pool:
        claimed = [task for taken in pool.map(claim_all, [f"t{n}" for n in range(threads)]) for task in taken]
    assert sorted(claimed) == sorted(task.id for task in tasks)


def test_a_task_is_ended_by_one_of_many_processes(table: TaskTable) -> None:
    tasks = [_new("many") for _ in range(60)]
    table.add(tuple(tasks), datetime.now(UTC))
    command = [sys.executable, "-m", "tests.records.claimant"]
    workers = [
        subprocess.Popen([*command, f"p{n}", "many"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for n in range(3)
    ]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    ended = [line for worker in workers for line in worker.communicate("go\n", timeout=60)[0].split()]
    assert sorted(ended) == sorted(task.id for task in tasks)
    assert all(worker.returncode == 0 for worker in workers)


@pytest.mark.rule("F8")
def test_a_late_worker_writes_nothing(table: TaskTable) -> None:
    task, written = _new(), []
    table.add((task,), NOW)
    late = _taken(table, task, holder="late")
    second = _taken(table, task, NOW + LEASE, holder="second")
    assert (second.token, second.attempts, second.crashes) == (late.token + 1, 2, 1)

    def keep() -> tuple[NewTask, ...]:
        written.append("something")
        return (_new("read"),)

    assert table.commit(late, keep, "late", NOW, NOW + LEASE) is None
    assert table.park(late, "why", keep, NOW) == ()
    table.postpone(late, "why", NOW)
    assert written == []
    assert Task.objects.get(id=task.id).holder == "second"
    assert Task.objects.count() == 1


def test_the_worker_goes_on_with_the_first_of_the_next_tasks_and_the_others_wait(table: TaskTable) -> None:
    task, first, other = _new(), _new("read"), _new("read")
    table.add((task,), NOW)
    ended = table.commit(_taken(table, task), lambda: (first, other), "me", NOW, NOW + LEASE)
    assert ended == (Claim(first, token=1, attempts=1, crashes=0), (other.id,))
    assert table.due(NOW, 10) == (other.id,)
    assert _claim(table, first, holder="another") is None


def test_what_a_stage_writes_is_undone_with_the_end_of_its_task(table: TaskTable) -> None:
    task = _new()
    table.add((task,), NOW)
    claim = _taken(table, task)

    def keep() -> tuple[NewTask, ...]:
        table.add((_new("read"),), NOW)
        raise RuntimeError("half-way")

    with pytest.raises(RuntimeError, match="half-way"):
        table.commit(claim, keep, "me", NOW, NOW + LEASE)
    assert Task.objects.count() == 1
    assert table.commit(claim, tuple, "me", NOW, NOW + LEASE) == (None, ())


def test_a_postponed_task_is_not_done_before_its_time(table: TaskTable) -> None:
    task = _new()
    table.add((task,), NOW)
    table.postpone(_taken(table, task), "later", NOW + SECOND)
    assert table.due(NOW, 10) == ()
    assert _claim(table, task) is None
    assert table.due(NOW + SECOND, 10) == (task.id,)
    assert _taken(table, task, NOW + SECOND).attempts == 2


def test_the_leases_of_a_dead_worker_are_ended_and_no_others(table: TaskTable) -> None:
    dead, alive, elsewhere = _new(), _new(), _new()
    table.add((dead, alive, elsewhere), NOW)
    for task, holder in ((dead, "here:1:work-1:1"), (alive, "here:1:work-1:2"), (elsewhere, "here:1:work-10:1")):
        _taken(table, task, holder=holder)
    assert table.release("here:1:work-1:", NOW, but="here:1:work-1:2") == 1
    assert table.due(NOW, 10) == (dead.id,)
    assert _taken(table, dead).crashes == 1
    assert table.release("", NOW) == 3


def test_what_a_living_worker_gives_back_is_no_crash(table: TaskTable) -> None:
    task = _new()
    table.add((task,), NOW)
    late = _taken(table, task)
    assert table.give_back("me", NOW) == 1
    assert table.commit(late, tuple, "me", NOW, NOW + LEASE) is None
    assert _taken(table, task).crashes == 0


def test_a_renewed_lease_lasts_longer_but_a_lost_one_is_lost(table: TaskTable) -> None:
    task = _new()
    table.add((task,), NOW)
    _taken(table, task)
    table.renew("me", NOW + LEASE - SECOND, NOW + 2 * LEASE)
    assert table.due(NOW + LEASE, 10) == ()
    table.renew("me", NOW + 2 * LEASE, NOW + 3 * LEASE)
    assert table.due(NOW + 2 * LEASE, 10) == (task.id,)


def test_a_suspect_is_tried_with_nothing_beside_it(table: TaskTable) -> None:
    suspect, neighbour, waiting = _new(), _new(), _new()
    table.add((suspect,), NOW)
    _taken(table, suspect)
    later = NOW + LEASE
    assert _taken(table, suspect, later).crashes == 1
    later += LEASE
    table.add((neighbour, waiting), later)
    table.release("", later)
    assert table.due(later, 10) == (suspect.id,)
    assert _claim(table, neighbour, later) is None, "a bell rang for it, but a suspect comes first"
    alone = _taken(table, suspect, later)
    assert table.due(later, 10) == ()
    assert _claim(table, neighbour, later) is None
    table.commit(alone, tuple, "me", later, later + LEASE)
    assert set(table.due(later, 10)) == {neighbour.id, waiting.id}


def test_a_suspect_waits_until_the_others_are_done(table: TaskTable) -> None:
    suspect, busy = _new(), _new()
    table.add((suspect,), NOW)
    _taken(table, suspect)
    later = NOW + LEASE
    _taken(table, suspect, later)
    later += LEASE
    table.add((busy,), later - SECOND)
    assert table.due(later - SECOND, 10) == (busy.id,)
    claim = _taken(table, busy, later - SECOND)
    assert table.due(later, 10) == ()
    assert _claim(table, suspect, later) is None
    table.commit(claim, tuple, "me", later, later + LEASE)
    assert table.due(later, 10) == (suspect.id,)


def test_staged_files_of_claimed_tasks_are_known_by_the_name_the_stage_gives_them(table: TaskTable) -> None:
    from scanstraat.pipeline.steps.compose_drop import token_of

    task = _new("compose")
    table.add((task, _new("compose")), NOW)
    claim = _taken(table, task)
    assert table.claimed_tokens() == {token_of(claim)}


SUBJECTS = tuple(NewTask("s", UUID(int=number)) for number in range(1, 4))
HOLDERS = ("a:1", "a:2", "b:1")
_new_tasks = st.lists(st.sampled_from(SUBJECTS), max_size=3, unique=True).map(tuple)
_some = st.integers(0, 10)  # which of those there are, counted round


class BothTables(RuleBasedStateMachine):
    """The real table and the one of the simulation are told the same, and must say and hold the same."""

    @initialize(tasks=_new_tasks.filter(bool))
    def begin(self, tasks: tuple[NewTask, ...]) -> None:
        Task.objects.all().delete()
        self.real, self.memory, self.now = TaskTable(), MemoryTasks(Rows()), NOW
        self.claims: list[Claim] = []
        self.add(tasks)

    @rule(tasks=_new_tasks)
    def add(self, tasks: tuple[NewTask, ...]) -> None:
        self.real.add(tasks, self.now)
        self.memory.add(tasks, self.now)

    @rule(task=st.sampled_from(SUBJECTS), holder=st.sampled_from(HOLDERS))
    def claim(self, task: NewTask, holder: str) -> None:
        real = self.real.claim(task.id, holder, self.now, self.now + LEASE)
        assert self.memory.claim(task.id, holder, self.now, self.now + LEASE) == real
        if real:
            self.claims.append(real)

    @rule(which=_some, holder=st.sampled_from(HOLDERS))
    def claim_what_is_due(self, which: int, holder: str) -> None:
        due = self.real.due(self.now, 10)
        if due:
            self.claim(next(task for task in SUBJECTS if task.id == due[which % len(due)]), holder)

    @rule(which=_some, holder=st.sampled_from(HOLDERS), times=st.sampled_from((1, 2)), is_released=st.booleans())
    def die(self, which: int, holder: str, times: int, is_released: bool) -> None:
        """Workers claim it and are never heard of again, or late."""
        for _ in range(times):
            self.claim_what_is_due(which, holder)
            if is_released:
                self.release(holder, "")
            else:
                self.now += LEASE

    @precondition(lambda self: self.claims)
    @rule(which=_some, holder=st.sampled_from(HOLDERS), new=_new_tasks)
    def commit(self, which: int, holder: str, new: tuple[NewTask, ...]) -> None:
        claim = self.claims[-1 - which % len(self.claims)]
        real, memory = (
            table.commit(claim, lambda: new, holder, self.now, self.now + LEASE) for table in (self.real, self.memory)
        )
        assert memory == real
        if real and real[0]:
            self.claims.append(real[0])

    @precondition(lambda self: self.claims)
    @rule(which=_some, new=_new_tasks)
    def park(self, which: int, new: tuple[NewTask, ...]) -> None:
        claim = self.claims[-1 - which % len(self.claims)]
        real, memory = (table.park(claim, "why", lambda: new, self.now) for table in (self.real, self.memory))
        assert memory == real

    @precondition(lambda self: self.claims)
    @rule(which=_some, seconds=st.sampled_from((0, 1, 600)))
    def postpone(self, which: int, seconds: int) -> None:
        claim = self.claims[-1 - which % len(self.claims)]
        for table in (self.real, self.memory):
            table.postpone(claim, "why", self.now + seconds * SECOND)

    @rule(holders=st.sampled_from(("", "a:", "b:")), but=st.sampled_from(("", "a:2")))
    def release(self, holders: str, but: str) -> None:
        assert self.memory.release(holders, self.now, but) == self.real.release(holders, self.now, but)

    @rule(holder=st.sampled_from(HOLDERS))
    def renew(self, holder: str) -> None:
        for table in (self.real, self.memory):
            table.renew(holder, self.now, self.now + 2 * LEASE)

    @rule(holder=st.sampled_from(HOLDERS))
    def give_back(self, holder: str) -> None:
        assert self.memory.give_back(holder, self.now) == self.real.give_back(holder, self.now)

    @rule(seconds=st.sampled_from((1, 300, 601)))
    def wait(self, seconds: int) -> None:
        self.now += seconds * SECOND

    @invariant()
    def same(self) -> None:
        assert self.memory.due(self.now, 2) == self.real.due(self.now, 2)
        assert self.memory.open_count() == self.real.open_count()
        assert self.memory.claimed_tokens() == self.real.claimed_tokens()
        names = ("id", "state", "token", "holder", "lease_until", "attempts", "crashes", "next_at")
        real = sorted(Task.objects.values_list(*names), key=str)
        assert sorted((tuple(getattr(row, name) for name in names) for row in self.memory.rows()), key=str) == real


def test_the_table_of_the_simulation_does_as_the_real_one(table: TaskTable) -> None:
    BothTables.TestCase.settings = settings(
        max_examples=60,
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate,),
    )
    BothTables.TestCase("runTest").runTest()


def test_the_table_does_all_this_on_postgresql_too() -> None:
    with PrivatePostgres() as server:
        environment = {**os.environ, "DATABASE_URL": server.url}
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist", "-k", "not postgresql", __file__]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stdout[-4000:]
