"""Thousands of schedules of the real runner, and the faults they must find. `python -m tests.pipeline.simulation` runs 10,000."""

from __future__ import annotations

import pytest

from tests.pipeline.simulation import FAULTS, Schedule, simulate

SCHEDULES = 4_000


@pytest.mark.rule("F8", "F4")
def test_no_schedule_loses_or_doubles_a_document() -> None:
    tally = simulate(range(SCHEDULES))
    assert tally.violation is None
    assert tally.schedules == SCHEDULES
    # A simulation in which nothing goes wrong would prove nothing.
    assert tally.lost_leases > SCHEDULES / 2
    assert tally.fenced > SCHEDULES / 20
    assert tally.delivered > SCHEDULES


@pytest.mark.rule("F8")
@pytest.mark.parametrize("fault", FAULTS)
def test_a_seeded_fault_is_found(fault: str) -> None:
    assert simulate(range(SCHEDULES), frozenset({fault})).violation is not None


def test_a_schedule_is_its_seed() -> None:
    first, again, other = Schedule(7), Schedule(7), Schedule(8)
    assert [first.violations(), again.violations(), other.violations()] == [[], [], []]
    assert (first.step, first.now) == (again.step, again.now) != (other.step, other.now)
