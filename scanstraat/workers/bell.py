"""The bell: tells idle workers of new tasks. One that does not ring loses nothing, since the table is asked anyway."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from redis.exceptions import RedisError

from scanstraat.settings import Settings
from scanstraat.workers import broker

log = logging.getLogger(__name__)

Ring = Callable[[tuple[str, ...]], None]

_QUIET_SECONDS = 5.0  # after a failure nobody waits for Redis again this long
_BUSY = 200  # messages in Redis from which on the reconciler adds none
_PATIENCE_SECONDS = 3.0  # a task rung for is not rung for again this long


def bell(settings: Settings) -> Ring:
    """What to call with the ids of new tasks, after the commit; never raises. Without Redis it does nothing."""
    if not settings.redis_url:
        return _unneeded
    send = broker.actor(broker.broker_of(settings), broker.elsewhere).send
    return Bell(lambda task: send(task))


def _unneeded(tasks: tuple[str, ...]) -> None:
    """Workers poll the table."""


class Bell:
    """Rings by `send`, and lets it be for a while where that fails."""

    def __init__(self, send: Callable[[str], object]) -> None:
        self._send = send
        self._quiet_until = 0.0

    def __call__(self, tasks: tuple[str, ...]) -> None:
        """Send each id."""
        if time.monotonic() < self._quiet_until:
            return
        try:
            for task in tasks:
                self._send(task)
        except (RedisError, OSError) as error:
            self._quiet_until = time.monotonic() + _QUIET_SECONDS
            log.warning("the bell does not ring, the reconciler will: %s", error)


class Due(Protocol):
    """Where due tasks are asked for: `records.tasks.TaskTable`."""

    def due(self, now: datetime, limit: int) -> tuple[str, ...]:
        """Ids of tasks that may be claimed."""


class Reconciler:
    """Rings again for what is due, since Redis may have lost everything.

    `waiting` says how many messages are in Redis: while there are many, workers have enough to do, and adding the same ids
    again and again would only make the queue grow.
    """

    def __init__(self, tasks: Due, ring: Ring, waiting: Callable[[], int]) -> None:
        self._tasks, self._ring, self._waiting = tasks, ring, waiting
        self._rung: dict[str, float] = {}

    def reconcile(self, now: datetime) -> tuple[str, ...]:
        """Ring once; the ids that were rung for. Raises what the table or Redis raises."""
        room = _BUSY - self._waiting()
        if room <= 0:
            return ()
        recent = time.monotonic() - _PATIENCE_SECONDS
        self._rung = {task: at for task, at in self._rung.items() if at > recent}
        ids = tuple(task for task in self._tasks.due(now, _BUSY) if task not in self._rung)[:room]
        self._rung |= dict.fromkeys(ids, time.monotonic())
        self._ring(ids)
        return ids
