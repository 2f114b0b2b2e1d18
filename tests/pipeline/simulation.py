"""The real runner under thousands of schedules: who goes on at each durable step is drawn by lot, and so is what goes wrong.

    python -m tests.pipeline.simulation --schedules 10000

Workers (greenlets) are switched at every fail-point. They crash, are restarted, are stopped so long that their lease runs out,
lose the database before and after a commit, are woken twice or not at all; an outside consumer takes drops away. In the end
every document must have been delivered exactly once, or be parked for the reason it was given, and no late worker may have
moved a state.
A schedule is its seed: the same number does the same again.
"""

from __future__ import annotations

import argparse
import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings

from tests.pipeline.sim_schedule import FAULTS, Schedule


@dataclass(slots=True)
class Tally:
    """What a run of schedules went through, so that one that meets no trouble shows."""

    schedules: int = 0
    steps: int = 0
    lost_leases: int = 0
    fenced: int = 0
    delivered: int = 0
    violation: tuple[int, list[str]] | None = None

    def __str__(self) -> str:
        return (
            f"{self.schedules} schedules, {self.steps} steps, {self.lost_leases} leases lost by chance, "
            f"{self.fenced} late writes kept out, {self.delivered} documents delivered"
        )


def simulate(seeds: Iterable[int], faults: frozenset[str] = frozenset()) -> Tally:
    """Run schedules until one breaks something."""
    tally, loggers = Tally(), [logging.getLogger(f"scanstraat.{name}") for name in ("pipeline.runner", "workers.hand")]
    for logger in loggers:
        logger.disabled = True  # what goes wrong here is wanted
    try:
        for seed in seeds:
            schedule = Schedule(seed, faults)
            found = schedule.violations()
            tally.schedules += 1
            tally.steps += schedule.step
            tally.lost_leases += schedule.lost_leases
            tally.fenced += schedule.tasks.fenced
            tally.delivered += sum(schedule.world.outbox.taken.values())
            if found:
                tally.violation = seed, found
                break
        return tally
    finally:
        for logger in loggers:
            logger.disabled = False


def main() -> None:
    """Run so many schedules as they are, then look for each seeded fault."""
    parser = argparse.ArgumentParser(description="Simulated schedules of the runner, and the seeded faults they must find.")
    parser.add_argument("--schedules", type=int, default=10_000)
    schedules = parser.parse_args().schedules
    settings.configure()  # no database: the runner closes its connections all the same
    began = time.monotonic()
    tally = simulate(range(schedules))
    print(f"as built: {tally.violation or 'no violation'} ({tally}; {time.monotonic() - began:.1f} s)")
    missed = 0
    for fault in FAULTS:
        shown = simulate(range(schedules), frozenset({fault})).violation
        missed += shown is None
        print(f"{fault}: " + (f"found by schedule {shown[0]}: {shown[1][0]}" if shown else "NOT FOUND"))
    raise SystemExit(1 if tally.violation or missed else 0)


if __name__ == "__main__":
    main()
