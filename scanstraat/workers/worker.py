"""One worker process: dramatiq with one thread, which does tasks, and the main thread, which finds the next and renews the lease.

Import after the database is connected.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import dramatiq
from dramatiq.broker import Broker
from redis.exceptions import RedisError

from scanstraat import delivery, failpoint, mailbox, reading
from scanstraat.bounded import Child, Limits, SteadyChild
from scanstraat.delivery.dropping import Outbox
from scanstraat.mailbox.opening import Opener
from scanstraat.pipeline import line
from scanstraat.pipeline.runner import Policy, Runner
from scanstraat.pipeline.stage import Tools
from scanstraat.reading.crops import Looker
from scanstraat.reading.reader import Reader
from scanstraat.records import connection
from scanstraat.records.blobs import Blobs
from scanstraat.records.tasks import TaskTable
from scanstraat.settings import Settings
from scanstraat.workers import broker
from scanstraat.workers.bell import bell
from scanstraat.workers.hand import Hand
from scanstraat.workers.process import clock, holder_name, told_to_stop

log = logging.getLogger(__name__)

PRELOAD = (*mailbox.PRELOAD, *reading.PRELOAD_LIGHT, *delivery.PRELOAD, "scanstraat.pipeline.composing")
PRELOAD_WORDS = ("scanstraat.pipeline.words", "scanstraat.extractors.recognition", "scanstraat.extractors.second_opinion")
STOP_SECONDS = 8.0  # for the stage at hand when told to stop; what is not done by then is given back
_LONGEST_SECONDS = 3600.0  # a worker at one task longer than this hangs: its lease is renewed no more
_REST_SECONDS = 1.0
_LOOK_SECONDS = 0.5  # how often the main thread looks up from waiting
_JOIN_MS = 1000
_CHOICE = 8  # due tasks to choose from at random, so that workers who ask at once do not all want the same


def work(settings: Settings, holder: str = "") -> None:
    """Work until SIGTERM or SIGINT; the stage at hand is finished first. `holder` is the name this worker claims under.

    Up to its last colon the name is that of the worker's place; leases of earlier holders there are ended at the start.
    """
    connection.connect()
    failpoint.install_from_environment()
    stop = told_to_stop()
    worker = Worker(settings, holder or holder_name(), stop)
    worker.run()


def tools_of(settings: Settings) -> Tools:
    """What stages work with, on the folders of the home."""
    home, child, pictures = settings.home_path, Child(PRELOAD), Child(reading.PRELOAD)
    return Tools(
        child=child,
        words=SteadyChild(PRELOAD_WORDS),
        pictures=pictures,
        limits=Limits(settings.child_memory_mb * 1_000_000, settings.child_seconds),
        opener=Opener(child, settings),
        reader=Reader(pictures, settings, home / "cache", light=child),
        looker=Looker(pictures, settings),
        blobs=Blobs(home),
        outbox=Outbox(home / "staging", home / "drops"),
    )


class Worker:
    """A worker of this process, until `stop` is set."""

    def __init__(self, settings: Settings, holder: str, stop: threading.Event) -> None:
        self._settings, self._holder, self._stop = settings, holder, stop
        self._tasks = TaskTable()
        self._lease = timedelta(seconds=settings.lease_seconds)
        self._tools = tools_of(settings)
        self._idle = threading.Event()
        self._idle.set()
        self._since = 0.0
        self._done = 0
        policy = Policy(lease=self._lease, max_attempts=settings.max_attempts)
        steps = line.steps(self._tools)
        runner = Runner(self._tasks, steps, holder, clock, bell(settings), policy, stop.is_set)
        self._hand = Hand(runner, self._tasks, holder, clock, self._rest)

    def run(self) -> None:
        """Work until told to stop."""
        while not self._released() and self._rest():
            pass
        wakeups = broker.broker_of(self._settings)
        actor = broker.actor(wakeups, self._do)
        log.info("working as %s", self._holder)
        with _working(wakeups, self._settings.poll_seconds):
            while not self._stop.is_set():
                if self._settings.redis_url:
                    self._stop.wait(_LOOK_SECONDS)
                    self._renew()
                else:
                    self._feed(actor.send)
            self._leave()

    def _do(self, task_id: str) -> None:
        """The actor: one task and what follows from it."""
        if self._stop.is_set():
            return
        self._since = time.monotonic()
        self._idle.clear()
        try:
            self._done = self._hand.do(task_id)
        finally:
            self._idle.set()

    def _feed(self, send: Callable[[str], object]) -> None:
        """Find one task, have it done and wait for its end, so that no more is taken than this worker can do."""
        task = self._due()
        if not task:
            self._stop.wait(self._settings.poll_seconds)
            return
        self._since, self._done = time.monotonic(), 0
        self._idle.clear()
        send(task)
        while not self._idle.wait(_LOOK_SECONDS) and not self._stop.is_set():
            self._renew()
        if not self._done:  # another was quicker, or the database is away
            self._stop.wait(self._settings.poll_seconds * random.random())  # noqa: S311  no secret

    def _due(self) -> str:
        try:
            due = self._tasks.due(clock(), _CHOICE)
        except Exception as error:
            log.warning("waiting for the database: %s", error)
            self._rest()
            return ""
        return random.choice(due) if due else ""  # noqa: S311  no secret

    def _renew(self) -> None:
        """Keep the lease of a stage that takes long; every stage begins with a fresh one."""
        at_work = time.monotonic() - self._since
        if self._idle.is_set() or at_work < self._settings.lease_seconds / 3 or at_work > _LONGEST_SECONDS:
            return
        now = clock()
        try:
            self._tasks.renew(self._holder, now, now + self._lease)
        except Exception as error:
            log.warning("the lease is not renewed: %s", error)
            connection.disconnect()

    def _released(self) -> bool:
        """End the leases of those who worked at this place before."""
        place, _, _ = self._holder.rpartition(":")
        try:
            count = self._tasks.release(f"{place}:", clock(), but=self._holder)
        except Exception as error:
            log.warning("waiting for the database: %s", error)
            return False
        if count:
            log.warning("%d tasks of a worker that died are free again", count)
        return True

    def _rest(self) -> bool:
        """After a failure: a new connection, after a while. False once it is time to go."""
        connection.disconnect()
        return not self._stop.wait(_REST_SECONDS)

    def _leave(self) -> None:
        """Let the stage at hand come to its end; what takes too long is given back, and the late end of it writes nothing."""
        if self._idle.wait(STOP_SECONDS):
            self._tools.close()
        else:
            log.warning("the stage at hand takes too long; its task is given back")
            try:
                self._tasks.give_back(self._holder, clock())
            except Exception as error:
                log.warning("its lease ends by itself: %s", error)
        connection.disconnect()


@contextmanager
def _working(wakeups: Broker, poll_seconds: float) -> Iterator[None]:
    """A dramatiq worker with one thread; fetches one message at a time, since another worker may be idle."""
    worker = dramatiq.Worker(wakeups, worker_threads=1, worker_timeout=max(50, int(poll_seconds * 1000)))
    worker.queue_prefetch = worker.delay_prefetch = 1
    worker.start()
    try:
        yield
    finally:
        try:
            worker.stop(timeout=_JOIN_MS)
        except RedisError as error:
            log.warning("Redis was not told of the end; it finds out by itself: %s", error)
