"""Every process of a service as /proc shows it: peak memory, restarts, and how long forked children live.

Looked at every few hundredths of a second, so a child that lives shorter may not be seen; who takes much memory lives longer.
"""

from __future__ import annotations

import os
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LIMIT_MB = 600.0
_SECONDS = 0.03
_TICKS = os.sysconf("SC_CLK_TCK")
_WARM = "scanstraat.bounded.zygote"
# What the command line of a process holds, and what it then is; the first that fits counts.
_ROLES = (
    ("soffice", "LibreOffice"),
    ("confined.py", "LibreOffice"),
    ("scanstraat.pipeline.words", "warm process for words"),
    ("scanstraat.reading.worker", "warm process for pictures"),
    (_WARM, "warm process for mails"),
    ("serve-mail", "mail server"),
    ("serve-desk", "pages"),
    ("main sweep", "sweep"),
    ("main collect", "collector"),
    ("main post", "post"),
    ("main work", "worker"),
    ("main run", "supervisor"),
)
# Parts that live as long as the service; one of them seen ending was started again.
LASTING = ("supervisor", "mail server", "worker", "pages", "sweep", "collector", "post")


@dataclass(frozen=True, slots=True)
class Seen:
    """All processes of one role: how many, how many at once at most, peak memory, the longest life in seconds."""

    role: str
    count: int
    at_once: int
    peak_mb: float
    longest: float

    @property
    def restarts(self) -> int:
        """How often one was started again, where it should live as long as the service."""
        return self.count - self.at_once if self.role in LASTING else 0


@dataclass(slots=True)
class _Process:
    role: str
    began: float  # clock ticks since the machine's start
    peak_kb: int = 0
    seconds: float = 0.0


class Watch:
    """Looks at a process and all below it until the `with` ends."""

    def __init__(self, root: int) -> None:
        self._root = root
        self._processes: dict[tuple[int, int], _Process] = {}
        self._at_once: Counter[str] = Counter()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def seen(self) -> tuple[Seen, ...]:
        """What was seen so far, by role, the largest first."""
        roles: dict[str, list[_Process]] = {}
        for process in tuple(self._processes.values()):
            roles.setdefault(process.role, []).append(process)
        found = (
            Seen(
                role,
                len(processes),
                self._at_once[role],
                max(p.peak_kb for p in processes) / 1e3 * 1.024,
                max(p.seconds for p in processes),
            )
            for role, processes in roles.items()
        )
        return tuple(sorted(found, key=lambda seen: -seen.peak_mb))

    def _look(self) -> None:
        while not self._stop.wait(_SECONDS):
            now: Counter[str] = Counter()
            for number, parent in _family(self._root):
                if role := self._sample(number, parent):
                    now[role] += 1
            self._at_once |= now

    def _sample(self, number: int, parent: str) -> str:
        stat, own = _stat(number), _command(number)
        if not stat or not own or (own == parent and _WARM not in own):  # ended, or about to become another program
            return ""
        key = (number, int(stat[19]))
        process = self._processes.setdefault(key, _Process("", int(stat[19]) / _TICKS))
        process.role = _role(own, parent)
        process.peak_kb = max(process.peak_kb, _peak_kb(number))
        process.seconds = time.clock_gettime(time.CLOCK_BOOTTIME) - process.began
        return process.role


def _family(root: int) -> Iterator[tuple[int, str]]:
    """Every process below `root` and itself, each with the command line of its parent."""
    waiting = [(root, "")]
    while waiting:
        number, parent = waiting.pop()
        yield number, parent
        own = _command(number)
        waiting.extend((child, own) for child in _children(number))


def _children(number: int) -> Iterator[int]:
    try:
        for thread in os.listdir(f"/proc/{number}/task"):
            yield from map(int, Path(f"/proc/{number}/task/{thread}/children").read_text().split())
    except OSError:
        return


def _command(number: int) -> str:
    try:
        return Path(f"/proc/{number}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def _role(own: str, parent: str) -> str:
    role = next((role for needle, role in _ROLES if needle in own), own.partition(" ")[0].rpartition("/")[2])
    if _WARM in own and own == parent:
        return role.replace("warm process", "child")
    return role


def _stat(number: int) -> list[str]:
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _peak_kb(number: int) -> int:
    try:
        status = Path(f"/proc/{number}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")), 0)
