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
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings

from benchmarks.servers import PrivatePostgres
from scanstraat.model.task import Claim, NewTask
from scanstraat.records import connection
from scanstraat.records.models import Task
from scanstraat.records.tasks import TaskTable
from tests.records.both_tables import BothTables

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
