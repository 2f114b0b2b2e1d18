from __future__ import annotations

import os
import signal
import time

import pytest

from scanstraat.bounded import Limits, SteadyChild
from scanstraat.errors import Refused

MODERATE = Limits(500_000_000, 20)
KEPT: list[int] = []
HOARD: list[bytes] = []


def process() -> int:
    """The process this runs in."""
    return os.getpid()


def sleep(seconds: float) -> int:
    """Take a while."""
    time.sleep(seconds)
    return os.getpid()


def hoard(octets: int) -> int:
    """Keep memory for good, as a leak would."""
    HOARD.append(b"x" * octets)
    return len(HOARD)


def die_when_kept(unused: int) -> int:
    """End without a word in a process that served before; a fresh one answers."""
    KEPT.append(unused)
    if len(KEPT) > 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return len(KEPT)


def test_one_process_serves_many_calls_and_then_another_takes_its_place() -> None:
    with SteadyChild() as child:
        processes = [child.call(process, MODERATE) for _ in range(201)]
    assert len(set(processes[:200])) == 1
    assert processes[200] != processes[0]


@pytest.mark.rule("B9")
def test_a_call_that_takes_too_long_is_refused_and_the_next_goes_on() -> None:
    with SteadyChild() as child:
        first = child.call(process, MODERATE)
        with pytest.raises(Refused, match="parser-slow"):
            child.call(sleep, Limits(500_000_000, 0.3), 5.0)
        assert child.call(process, MODERATE) != first


def test_time_is_limited_for_each_call_and_not_for_all_together() -> None:
    brief = Limits(500_000_000, 0.5)
    with SteadyChild() as child:
        assert len({child.call(sleep, brief, 0.2) for _ in range(5)}) == 1


def test_memory_that_earlier_calls_left_too_small_is_had_afresh() -> None:
    with SteadyChild() as child:
        assert child.call(hoard, Limits(300_000_000, 20), 200_000_000) == 1
        assert child.call(hoard, Limits(300_000_000, 20), 200_000_000) == 1
        with pytest.raises(Refused, match="parser-memory"):
            child.call(hoard, Limits(300_000_000, 20), 400_000_000)
        assert child.call(process, MODERATE)


def test_a_kept_process_that_dies_costs_nothing_but_a_fresh_one() -> None:
    with SteadyChild() as child:
        assert [child.call(die_when_kept, MODERATE, 0) for _ in range(3)] == [1, 1, 1]


def test_a_fresh_process_that_dies_is_a_refusal() -> None:
    with SteadyChild() as child, pytest.raises(Refused, match="parser-died"):
        child.call(die_at_once, MODERATE, 0)


def die_at_once(unused: int) -> int:
    """End without a word."""
    os.kill(os.getpid(), signal.SIGKILL)
    return unused
