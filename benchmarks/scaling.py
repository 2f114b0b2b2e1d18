"""How many times as many files two processes recognise as one: each a process of its own, as workers are."""

from __future__ import annotations

import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any

from scanstraat.cli.recognising import Recogniser
from scanstraat.model.administration import OwnIdentity
from scanstraat.settings import Settings

_warm: Any = None  # a barrier for the processes that are measured beside one another


def print_scaling(rounds: list[list[Path]]) -> None:
    """Files a second with two processes against one, start left out; alternating."""
    rates = [(_rate(paths, 1), _rate(paths, 2)) for paths in rounds]
    one, two = (median(rate[i] for rate in rates) for i in (0, 1))
    ratio = median(both[1] / both[0] for both in rates)
    print(f"\nfiles a second: one process {one:.1f}, two {two:.1f}: {ratio:.2f} x (aim 1.9)")


def _rate(paths: list[Path], processes: int) -> float:
    """Files a second by so many processes beside one another, as workers are, once all are warm."""
    context = get_context("spawn")
    warm = context.Barrier(processes)
    with ProcessPoolExecutor(processes, context, initializer=_at_one_time, initargs=(warm,)) as pool:
        return sum(pool.map(_alone, [paths * 4] * processes))


def _at_one_time(warm: Any) -> None:
    global _warm
    _warm = warm


def _alone(paths: list[Path]) -> float:
    """Files a second of one process, the clock started when all are warm; every process has the same files."""
    warm_up, began = 4, 0.0
    for i, _ in enumerate(Recogniser(OwnIdentity(), 1, Settings.from_environment()).results(paths[:warm_up] + paths), 1):
        if i == warm_up:
            _warm.wait()
            began = time.perf_counter()
    return len(paths) / (time.perf_counter() - began)
