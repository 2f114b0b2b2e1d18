from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from scanstraat.together import Together

ASKING = 200


def test_every_job_is_done_once_and_who_asks_meanwhile_shares_the_next_turn() -> None:
    groups: list[tuple[int, ...]] = []
    first, goes_on = threading.Event(), threading.Event()

    def do(jobs: tuple[int, ...]) -> list[int]:
        first.set()
        assert goes_on.wait(20)
        groups.append(jobs)
        return [-job for job in jobs]

    together = Together(do)
    with ThreadPoolExecutor(ASKING) as pool:
        asked = [pool.submit(together, 0)]
        assert first.wait(20)
        asked += [pool.submit(together, job) for job in range(1, ASKING)]
        until = time.monotonic() + 20
        while len(together._waiting) < ASKING - 1:
            assert time.monotonic() < until
            time.sleep(0.001)
        goes_on.set()
        assert [found.result(20) for found in asked] == [-job for job in range(ASKING)]
    assert groups[0] == (0,)
    assert sorted(job for group in groups for job in group) == list(range(ASKING))
    assert [len(group) for group in groups[1:]] == [64, 64, 64, ASKING - 1 - 3 * 64]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_what_fails_as_a_whole_is_told_to_all_and_later_jobs_are_done(error: type[BaseException]) -> None:
    failures = [error("broken")]

    def do(jobs: tuple[int, ...]) -> tuple[int, ...]:
        if failures:
            raise failures.pop()
        return jobs

    together = Together(do)
    with pytest.raises(error):
        together(1)
    assert together(2) == 2
