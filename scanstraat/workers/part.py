"""The parts of the service, one row each, and one running copy of a part."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from scanstraat.settings import Settings
from scanstraat.workers import tether

HOLDER = "{holder}"  # stands in a command for the name under which this copy claims tasks
_MAIN = (sys.executable, "-m", "scanstraat.cli.main")
_SETTLED_SECONDS = 10.0  # who lived this long is started again at once
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 10.0
_CHUNK = 65_536
_LONGEST_LINE = 16_384


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of process of the service, and how many of it run."""

    name: str
    command: tuple[str, ...]
    copies: int = 1


def parts_of(settings: Settings) -> tuple[Part, ...]:
    """What runs under these settings."""
    rows = (
        Part("mail", (*_MAIN, "serve-mail"), int(bool(settings.smtp_listen or settings.lmtp_listen))),
        Part("work", (*_MAIN, "work", "--holder", HOLDER), settings.worker_count),
        Part("sweep", (*_MAIN, "sweep")),
        Part("collect", (*_MAIN, "collect", "--holder", HOLDER), int(settings.collect)),
        Part("post", (*_MAIN, "post", "--holder", HOLDER), int(bool(settings.relay))),
        Part("hooks", (*_MAIN, "call-webhooks", "--holder", HOLDER), int(settings.hooks)),
        Part("desk", (*_MAIN, "serve-desk"), int(bool(settings.desk_listen))),
    )
    return tuple(part for part in rows if part.copies)


class Copy:
    """One copy of a part: its process, started again each time it ends, and the lines it writes."""

    def __init__(self, part: Part, number: int, run: str, say: Callable[[str], None]) -> None:
        self.name = part.name if part.copies == 1 else f"{part.name}-{number + 1}"
        self.process: subprocess.Popen[bytes] | None = None
        self._part, self._place, self._say = part, f"{run}:{self.name}", say
        self._starts = self._failures = 0
        self._started_at = self._not_before = 0.0
        self._line = b""

    @property
    def output(self) -> int:
        """The handle its lines come from."""
        assert self.process is not None
        assert self.process.stdout is not None
        return self.process.stdout.fileno()

    def is_due(self) -> bool:
        """Whether it is not running and may be started."""
        return self.process is None and time.monotonic() >= self._not_before

    def start(self) -> bool:
        """Start it; it dies with the thread that calls this. False where that is not possible for now."""
        self._starts += 1
        self._started_at = time.monotonic()
        holder = f"{self._place}:{self._starts}"
        command = [holder if word == HOLDER else word for word in self._part.command]
        try:
            self.process = subprocess.Popen(  # noqa: S603  our own commands
                [sys.executable, "-I", "-S", tether.__file__, f"{os.getpid()}", *command],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            self._wait(f"cannot be started ({error})")
            return False
        os.set_blocking(self.output, False)
        return True

    def pass_on(self) -> bool:
        """Pass on the lines that are there; False once there will be none."""
        try:
            chunk = os.read(self.output, _CHUNK)
        except BlockingIOError:
            return True
        *lines, self._line = (self._line + chunk).split(b"\n")
        if not chunk or len(self._line) > _LONGEST_LINE:
            lines, self._line = [*lines, *([self._line] if self._line else [])], b""
        for line in lines:
            self._say(f"[{self.name}] {line.decode(errors='replace')}")
        return bool(chunk)

    def bury(self, stopping: bool) -> None:
        """Its process has ended: pass on its last lines, and say when it may be started again."""
        assert self.process is not None
        assert self.process.stdout is not None
        status = self.process.wait()
        before = None
        while before != self._line and self.pass_on():  # a grandchild may hold the pipe, so there may be no end
            before = self._line
        self.process.stdout.close()
        self.process = None
        if stopping:
            return
        lived = time.monotonic() - self._started_at
        how = f"was killed by signal {-status}" if status < 0 else f"ended with status {status}"
        self._wait(f"{how} after {lived:.1f} s")

    def _wait(self, why: str) -> None:
        settled = time.monotonic() - self._started_at > _SETTLED_SECONDS
        self._failures = 0 if settled else self._failures + 1
        pause = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** max(0, self._failures - 1))
        self._not_before = time.monotonic() + pause
        self._say(f"[supervisor] {self.name} {why}; it is started again in {pause:.1f} s")
