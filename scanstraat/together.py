"""Work that costs about the same for many as for one, done for all who ask at the same time: one sync, one commit (A7)."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

J = TypeVar("J")
R = TypeVar("R")

_MOST = 64  # jobs of one group


class _Asked(Generic[J, R]):
    """A job and what became of it."""

    __slots__ = ("is_done", "job", "result")

    def __init__(self, job: J) -> None:
        self.job = job
        self.is_done = False
        self.result: R | BaseException | None = None


class Together(Generic[J, R]):
    """Hands jobs to `do` in groups. It has no thread of its own: one of the threads that ask does the work for all that wait.

    `do` gets jobs in the order they came, and returns for each its result, or the error that is to be raised for it alone.

    >>> halves = Together(lambda jobs: [job // 2 if job % 2 == 0 else ValueError(f"{job} is odd") for job in jobs])
    >>> halves(42)
    21
    >>> halves(43)
    Traceback (most recent call last):
    ValueError: 43 is odd
    """

    def __init__(self, do: Callable[[tuple[J, ...]], Sequence[R | BaseException]]) -> None:
        self._do = do
        self._waiting: deque[_Asked[J, R]] = deque()
        self._turn = threading.Lock()

    def __call__(self, job: J) -> R:
        """The result for `job`, once it is done."""
        asked: _Asked[J, R] = _Asked(job)
        self._waiting.append(asked)
        with self._turn:
            while not asked.is_done:
                self._do_some()
        result = asked.result
        if isinstance(result, BaseException):
            raise result
        return result  # type: ignore[return-value]

    def _do_some(self) -> None:
        group = [self._waiting.popleft() for _ in range(min(_MOST, len(self._waiting)))]
        results: Sequence[R | BaseException]
        try:
            results = self._do(tuple(asked.job for asked in group))
        except BaseException as error:
            results = [error] * len(group)
        for asked, result in zip(group, results, strict=True):
            asked.result, asked.is_done = result, True
