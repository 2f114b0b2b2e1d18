"""A service that is killed part by part: its processes are found and one is killed; a killed supervisor is started again."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.servers import tethered

_MARKS = (  # what a command line holds, and whose it is
    ("scanstraat.bounded", "parser"),
    ("serve-mail", "mail server"),
    ("serve-desk", "pages"),
    ("sweep", "sweep"),
    ("collect", "collector"),
    ("work", "worker"),
)
_SUPERVISOR = "supervisor"
_SUPERVISOR_CHANCE = 0.08
_GONE_SECONDS = 5.0


class Service:
    """The whole service under its supervisor. `orphans` counts processes that outlived a killed supervisor."""

    def __init__(self, log: Path) -> None:
        self.orphans = 0
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the supervisor, which starts the rest."""
        with open(self._log, "ab") as log:
            command = tethered([sys.executable, "-m", "scanstraat.cli.main", "run"])
            self._process = subprocess.Popen(command, stdout=log, stderr=log)

    def family(self) -> dict[int, str]:
        """Process numbers below the supervisor, and whose they are."""
        assert self._process is not None
        children: dict[int, list[int]] = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and (parent := _parent(int(entry.name))):
                children.setdefault(parent, []).append(int(entry.name))
        found, waiting = {}, list(children.get(self._process.pid, []))
        while waiting:
            process = waiting.pop()
            found[process] = _whose(process)
            waiting.extend(children.get(process, []))
        return {process: whose for process, whose in found.items() if whose}

    def kill_one(self) -> str:
        """Kill a random process of the service; whose it was ("" where there was none)."""
        if random.random() < _SUPERVISOR_CHANCE:
            return self._kill_supervisor()
        family = self.family()
        kinds = sorted(set(family.values()))
        if not kinds:
            return ""
        kind = random.choice(kinds)
        os.kill(random.choice([process for process, whose in family.items() if whose == kind]), signal.SIGKILL)
        return kind

    def stop(self) -> None:
        """End it in order."""
        assert self._process is not None
        self._process.terminate()
        self._process.wait(timeout=60)

    def _kill_supervisor(self) -> str:
        assert self._process is not None
        family = self.family()
        self._process.kill()
        self._process.wait()
        until = time.monotonic() + _GONE_SECONDS
        while any(_whose(process) for process in family) and time.monotonic() < until:
            time.sleep(0.05)
        self.orphans += sum(bool(_whose(process)) for process in family)
        self.start()
        return _SUPERVISOR


@dataclass(frozen=True, slots=True)
class Outage:
    """Something else that is made to fail now and then: one in `every` times."""

    name: str
    every: int
    happen: Callable[[], None]


class Killer(threading.Thread):
    """Kills one process after another, and lets outages happen, until stopped. `kills` counts them by kind."""

    def __init__(self, service: Service, seconds: float, outages: tuple[Outage, ...]) -> None:
        super().__init__(daemon=True)
        self.kills: Counter[str] = Counter()
        self._service, self._seconds, self._outages = service, seconds, outages
        self._lock, self._is_over = threading.Lock(), False

    def run(self) -> None:
        """The thread; it goes on idly when all is over, since what it started dies with it."""
        turn = 0
        while True:
            time.sleep(self._seconds)
            with self._lock:
                if not self._is_over:
                    turn += 1
                    self._kill(turn)

    def stop(self) -> None:
        """Return once no more is killed."""
        with self._lock:
            self._is_over = True

    def _kill(self, turn: int) -> None:
        outage = next((outage for outage in self._outages if turn % outage.every == 0), None)
        if outage is not None:
            outage.happen()
        kind = outage.name if outage else self._service.kill_one()
        if kind:
            self.kills[kind] += 1


def _parent(process: int) -> int:
    try:
        return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def _whose(process: int) -> str:
    try:
        words = Path(f"/proc/{process}/cmdline").read_text().split("\0")
    except OSError:
        return ""
    return next((whose for mark, whose in _MARKS if any(word.startswith(mark) for word in words)), "")
