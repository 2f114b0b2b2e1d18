"""A worker on the embedded default: dramatiq in process, fed from the real table, with stages made for the occasion."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from scanstraat.model.task import Claim, NewTask
from scanstraat.records import connection
from scanstraat.records.models import Task
from scanstraat.records.tasks import TaskTable
from scanstraat.settings import Settings
from scanstraat.workers import worker

LEASE = timedelta(seconds=1.5)


@dataclass
class Slow:
    """A stage that takes so many seconds."""

    seconds: float = 0.0
    next: tuple[NewTask, ...] = ()
    begun: threading.Event = field(default_factory=threading.Event)
    kept: list[NewTask] = field(default_factory=list)

    def load(self, claim: Claim) -> None:
        self.begun.set()

    def work(self, taken: None) -> None:
        time.sleep(self.seconds)

    def file(self, taken: None, given: None, claim: Claim) -> None:
        return None

    def keep(self, taken: None, given: None, claim: Claim, now: datetime) -> tuple[NewTask, ...]:
        self.kept.append(claim.task)
        return self.next

    def park(self, claim: Claim, error: str, now: datetime) -> tuple[NewTask, ...]:
        return ()


@pytest.fixture
def table(database: None) -> Iterator[TaskTable]:
    Task.objects.all().delete()
    yield TaskTable()
    Task.objects.all().delete()


@contextmanager
def _working(home: Path, monkeypatch: pytest.MonkeyPatch, **steps: Slow) -> Iterator[threading.Event]:
    """A worker in a thread; what is yielded stops it."""
    monkeypatch.setattr(worker.line, "steps", lambda tools: steps)
    settings = Settings(home=f"{home}", lease_seconds=LEASE.total_seconds(), child_seconds=1.0, poll_seconds=0.02)
    stop = threading.Event()
    thread = threading.Thread(target=worker.Worker(settings, "test:1", stop).run)
    thread.start()
    try:
        yield stop
    finally:
        stop.set()
        thread.join(20)
        assert not thread.is_alive()


def _until(true: Callable[[], object]) -> None:
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end, "it does not happen"
        time.sleep(0.01)


def _row(task: NewTask) -> Task:
    return Task.objects.get(id=task.id)


def test_tasks_are_found_and_done_one_after_another_without_waiting_for_the_poll(
    table: TaskTable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks, quick = tuple(NewTask("quick", uuid4()) for _ in range(50)), Slow()
    with _working(tmp_path, monkeypatch, quick=quick):
        table.add(tasks, datetime.now(UTC))
        _until(lambda: len(quick.kept) == len(tasks))
    assert set(quick.kept) == set(tasks)
    assert table.open_count() == 0


def test_a_stage_that_takes_longer_than_a_lease_keeps_its_task(
    table: TaskTable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    task, slow = NewTask("slow", uuid4()), Slow(seconds=3.5)
    table.add((task,), datetime.now(UTC))
    with _working(tmp_path, monkeypatch, slow=slow):
        slow.begun.wait(20)
        while not slow.kept:
            now = datetime.now(UTC)
            assert table.claim(task.id, "another", now, now + LEASE) is None or slow.kept
            time.sleep(0.1)
        _until(lambda: table.open_count() == 0)
    assert (_row(task).attempts, _row(task).crashes) == (1, 0)


def test_told_to_stop_a_worker_finishes_its_stage_and_gives_back_the_next(
    table: TaskTable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    task, after = NewTask("slow", uuid4()), NewTask("after", uuid4())
    slow, never = Slow(0.5, (after,)), Slow()
    table.add((task,), datetime.now(UTC))
    with _working(tmp_path, monkeypatch, slow=slow, after=never) as stop:
        slow.begun.wait(20)
        stop.set()
    assert (_row(task).state, _row(after).state, _row(after).holder) == ("done", "waiting", "")
    assert never.kept == []


def test_told_to_stop_a_worker_gives_back_what_takes_too_long_and_writes_nothing_of_it_later(
    table: TaskTable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "STOP_SECONDS", 0.2)
    task, slow = NewTask("slow", uuid4()), Slow(seconds=2.0)
    table.add((task,), datetime.now(UTC))
    with _working(tmp_path, monkeypatch, slow=slow) as stop:
        slow.begun.wait(20)
        stop.set()
    assert (_row(task).state, _row(task).crashes) == ("waiting", 0)
    time.sleep(2.0)
    assert slow.kept == []
    assert _row(task).state == "waiting"


def test_the_leases_of_an_earlier_worker_at_the_same_place_are_ended(
    table: TaskTable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    task, quick, now = NewTask("quick", uuid4()), Slow(), datetime.now(UTC)
    table.add((task,), now)
    assert table.claim(task.id, "test:0", now, now + timedelta(hours=1))
    with _working(tmp_path, monkeypatch, quick=quick):
        _until(lambda: quick.kept == [task])
    assert _row(task).crashes == 1
    connection.disconnect()
