"""One worker's hand: does the task it is told of, and outlives whatever goes wrong meanwhile."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

log = logging.getLogger(__name__)


class Running(Protocol):
    """What does a task and all that follows from it: `pipeline.runner.Runner`."""

    def run(self, task_id: str) -> int:
        """How many stages were done."""


class Giving(Protocol):
    """Where claims are given back: `records.tasks.TaskTable`."""

    def give_back(self, holder: str, now: datetime) -> int:
        """How many claims this holder still had."""


class Hand:
    """Does tasks for `holder`, one at a time. `rest` waits a while after a failure, and says False once the worker has to go.

    When a task is done, this worker holds nothing. Where it still holds a claim then, it never heard of it: the database went
    away between a commit and its answer. Such a claim is given back, else it would be kept for as long as this worker lives.
    """

    def __init__(
        self, runner: Running, tasks: Giving, holder: str, clock: Callable[[], datetime], rest: Callable[[], bool]
    ) -> None:
        self._runner, self._tasks, self._holder, self._clock, self._rest = runner, tasks, holder, clock, rest

    def do(self, task_id: str) -> int:
        """Do it; how many stages were done. Returns once the database answers again, if it went away. Never raises."""
        done = 0
        try:
            done = self._runner.run(task_id)
        except Exception as error:
            log.warning("task %s is left for now: %s", task_id, error)
            self._rest()
        while not self._gave_back() and self._rest():
            pass
        return done

    def _gave_back(self) -> bool:
        try:
            left = self._tasks.give_back(self._holder, self._clock())
        except Exception as error:
            log.warning("waiting for the database: %s", error)
            return False
        if left:
            log.info("%d claims of an interrupted commit are given back", left)
        return True
