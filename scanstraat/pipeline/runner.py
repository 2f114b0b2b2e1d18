"""The runner: claims a task, does its stage, commits, and goes on with the next; the only code that moves a state.

Order, and why: the claim counts the attempt, so that a task that kills its worker is counted too. Files are written before the
commit, so that what the database says is there is there. One transaction holds the stage's rows, the fenced end of the task and
the next tasks, so that a crash leaves either all or nothing of it. The bell for the others rings after the commit.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from scanstraat import failpoint
from scanstraat.errors import Inconsistent, Refused, ScanstraatError, Unavailable
from scanstraat.model.task import Claim, NewTask
from scanstraat.records.transaction import unavailable_without_database

log = logging.getLogger(__name__)

Keep = Callable[[], tuple[NewTask, ...]]


class Tasks(Protocol):
    """The task table, as far as the runner needs it; each method is one transaction."""

    def claim(self, task_id: str, holder: str, now: datetime, lease_until: datetime) -> Claim | None:
        """The right to do the task, or None."""

    def commit(
        self, claim: Claim, keep: Keep, holder: str, now: datetime, lease_until: datetime
    ) -> tuple[Claim | None, tuple[str, ...]] | None:
        """End the task with `keep`'s rows; None where the claim is not ours any more."""

    def park(self, claim: Claim, error: str, keep: Keep, now: datetime) -> tuple[str, ...]:
        """Lay the task aside with `keep`'s rows."""

    def postpone(self, claim: Claim, error: str, until: datetime) -> None:
        """Give the task back until later."""


class Step(Protocol):
    """A stage bound to its tools: what the runner calls, in this order."""

    def load(self, claim: Claim) -> Any:
        """Read what the stage takes."""

    def work(self, taken: Any) -> Any:
        """Do it; no outside effect."""

    def file(self, taken: Any, given: Any, claim: Claim) -> None:
        """Write the durable files of the outcome; may happen twice."""

    def keep(self, taken: Any, given: Any, claim: Claim, now: datetime) -> tuple[NewTask, ...]:
        """Move the state and write the rows, within the transaction; name the next tasks."""

    def park(self, claim: Claim, error: str, now: datetime) -> tuple[NewTask, ...]:
        """Move the subject to parked, within the transaction; name the tasks that no longer wait for it."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How long a claim lasts and how often a task is tried. Backoff doubles from `first_pause` up to `longest_pause`."""

    lease: timedelta = timedelta(seconds=300)
    max_attempts: int = 5
    first_pause: timedelta = timedelta(seconds=1)
    longest_pause: timedelta = timedelta(seconds=60)

    def pause(self, attempts: int) -> timedelta:
        """How long to wait after so many attempts.

        >>> Policy().pause(1).total_seconds(), Policy().pause(3).total_seconds(), Policy().pause(40).total_seconds()
        (1.0, 4.0, 60.0)
        """
        doublings: int = 2 ** min(attempts - 1, 20)
        return min(self.longest_pause, self.first_pause * doublings)


class Runner:
    """Does tasks for one worker. `ring` is told the ids of new tasks that another worker may take up.

    `leave` is asked between two stages whether this worker has to go; the task it would go on with is then given back.
    """

    def __init__(
        self,
        tasks: Tasks,
        steps: Mapping[str, Step],
        holder: str,
        clock: Callable[[], datetime],
        ring: Callable[[tuple[str, ...]], None],
        policy: Policy = Policy(),
        leave: Callable[[], bool] = lambda: False,
    ) -> None:
        self._tasks = tasks
        self._steps = steps
        self._holder = holder
        self._clock = clock
        self._ring = ring
        self._policy = policy
        self._leave = leave

    def run(self, task_id: str) -> int:
        """Do the task and what follows from it, as long as this worker is the one to go on. Returns how many stages it did.

        What the task table itself raises where the database is away comes out of here: nobody can take anything then.
        """
        done = 0
        now = self._clock()
        claim = self._tasks.claim(task_id, self._holder, now, now + self._policy.lease)
        while claim is not None:
            if done and self._leave():
                self._tasks.postpone(claim, "", self._clock())
                break
            failpoint.reach(f"runner.claimed.{claim.task.stage}")
            claim = self._do(claim)
            done += 1
        return done

    def _do(self, claim: Claim) -> Claim | None:
        if claim.crashes >= self._policy.max_attempts:
            self._park(claim, "crash: the worker ended without a word each time this was tried.")
            return None
        try:
            with unavailable_without_database():  # a database that went away under a stage is no fault of the task
                return self._stage(claim)
        except Refused as error:
            self._park(claim, str(error))
        except Unavailable as error:
            self._postpone(claim, str(error))
        except Exception as error:
            log.exception("task %s failed at attempt %d", claim.task.id, claim.attempts)
            said = str(error) if isinstance(error, ScanstraatError) else f"{type(error).__name__}: {error}"
            if claim.attempts >= self._policy.max_attempts:
                self._park(claim, said)
            else:
                self._postpone(claim, said)
        return None

    def _stage(self, claim: Claim) -> Claim | None:
        step = self._steps.get(claim.task.stage)
        if step is None:
            raise Inconsistent(
                "unknown-stage", f"there is no stage {claim.task.stage!r}.", "Run the version that made this task."
            )
        taken = step.load(claim)
        given = step.work(taken)
        failpoint.reach(f"runner.worked.{claim.task.stage}")
        step.file(taken, given, claim)
        failpoint.reach(f"runner.filed.{claim.task.stage}")
        now = self._clock()
        lease_until = now + self._policy.lease
        ended = self._tasks.commit(claim, lambda: step.keep(taken, given, claim, now), self._holder, now, lease_until)
        if ended is None:
            log.warning("task %s was taken over by another worker; what this one did is left out", claim.task.id)
            return None
        following, others = ended
        failpoint.reach(f"runner.committed.{claim.task.stage}")
        if others:
            self._ring(others)
        return following

    def _park(self, claim: Claim, error: str) -> None:
        log.warning("task %s is parked: %s", claim.task.id, error)
        step, now = self._steps.get(claim.task.stage), self._clock()
        others = self._tasks.park(claim, error, lambda: step.park(claim, error, now) if step else (), now)
        if others:
            self._ring(others)

    def _postpone(self, claim: Claim, error: str) -> None:
        log.info("task %s waits: %s", claim.task.id, error)
        self._tasks.postpone(claim, error, self._clock() + self._policy.pause(claim.attempts))
