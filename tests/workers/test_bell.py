"""Wake-ups through Redis: they arrive, they may all be lost, and a Redis that is away holds nobody up."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import dramatiq
import pytest

from benchmarks.servers import PrivateRedis, free_port
from scanstraat.settings import Settings
from scanstraat.workers import broker
from scanstraat.workers.bell import Bell, Reconciler, bell

NOW = datetime(2026, 3, 31, tzinfo=UTC)


@pytest.fixture(scope="module")
def redis() -> Iterator[PrivateRedis]:
    with PrivateRedis() as server:
        yield server


@dataclass
class Heard:
    """The ids a worker was woken for."""

    ids: list[str] = field(default_factory=list)
    news: threading.Condition = field(default_factory=threading.Condition)

    def __call__(self, task: str) -> None:
        with self.news:
            self.ids.append(task)
            self.news.notify_all()

    def wait_for(self, count: int) -> list[str]:
        with self.news:
            assert self.news.wait_for(lambda: len(self.ids) >= count, timeout=20), self.ids
            return list(self.ids)


@contextmanager
def _listening(settings: Settings, heard: Heard) -> Iterator[Any]:
    wakeups = broker.broker_of(settings)
    broker.actor(wakeups, heard)
    worker = dramatiq.Worker(wakeups, worker_threads=1, worker_timeout=50)
    worker.start()
    try:
        yield wakeups
    finally:
        worker.stop()


class Due:
    """A table in which these are due."""

    def __init__(self, *ids: str) -> None:
        self.ids = ids

    def due(self, now: datetime, limit: int) -> tuple[str, ...]:
        return self.ids[:limit]


def test_a_ring_wakes_a_worker_and_carries_the_id_of_the_task_and_nothing_else(redis: PrivateRedis) -> None:
    settings, heard = Settings(redis_url=redis.url), Heard()
    with _listening(settings, heard):
        bell(settings)(("open:1", "open:2"))
        assert sorted(heard.wait_for(2)) == ["open:1", "open:2"]


def test_without_redis_nobody_needs_to_be_rung_for() -> None:
    bell(Settings())(("open:1",))


def test_a_redis_that_is_away_holds_nobody_up(caplog: pytest.LogCaptureFixture) -> None:
    ring = bell(Settings(redis_url=f"redis://127.0.0.1:{free_port()}/0"))
    began = time.monotonic()
    for _ in range(50):
        ring(("open:1",))
    assert time.monotonic() - began < 5
    assert caplog.text.count("the bell does not ring") == 1


def test_what_redis_lost_is_rung_for_again(redis: PrivateRedis) -> None:
    settings, heard = Settings(redis_url=redis.url), Heard()
    bell(settings)(("open:1",))
    redis.kill()
    redis.start()
    wakeups: Any = broker.broker_of(settings)
    again = Reconciler(Due("open:1"), bell(settings), lambda: int(wakeups.do_qsize(broker.QUEUE)))
    assert again.reconcile(NOW) == ("open:1",)
    assert int(wakeups.do_qsize(broker.QUEUE)) == 1
    with _listening(settings, heard):
        assert heard.wait_for(1) == ["open:1"]


def test_the_reconciler_rings_for_a_task_once_in_a_while_and_not_where_redis_is_busy() -> None:
    rung: list[str] = []
    table, waiting = Due(*(f"open:{n}" for n in range(500))), [150]
    reconciler = Reconciler(table, Bell(rung.append), lambda: waiting[0])
    assert len(reconciler.reconcile(NOW)) == len(rung) == 50, "no more than there is room for"
    waiting[0] = 200
    assert reconciler.reconcile(NOW) == ()
    waiting[0] = 0
    again = reconciler.reconcile(NOW)
    assert len(again) == 150
    assert not set(again) & set(rung[:50]), "those rung for a moment ago are on their way"
