"""A whole service of its own in a temporary home, for benchmarks: started, fed over SMTP, waited for, and its CPU time read."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.servers import free_port
from scanstraat.settings import Settings
from scanstraat.workers.supervisor import wait_until_answering

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Service:
    """A running service: its supervisor's process id and where its mail server listens."""

    process: int
    smtp: str
    home: Path

    def cpu_seconds(self) -> float:
        """CPU time of the service's processes and of those that ended under them, in seconds."""
        return sum(_cpu(process) for process in _family(self.process))


def prepare(home: Path) -> dict[str, str]:
    """Set this process's environment for a service in `home`; call before the database is connected."""
    settings = {
        "SCANSTRAAT_HOME": str(home),
        "SCANSTRAAT_SMTP_LISTEN": f"127.0.0.1:{free_port()}",
        "SCANSTRAAT_DESK_LISTEN": f"127.0.0.1:{free_port()}",
        "SCANSTRAAT_LOG_LEVEL": "WARNING",
    }
    os.environ.update(settings)
    return settings


@contextmanager
def running(home: Path) -> Iterator[Service]:
    """The service, from its first answer until it has ended."""
    settings = Settings.from_environment()
    with open(home / "service.log", "ab") as log:
        process = subprocess.Popen([sys.executable, "-m", "scanstraat.cli.main", "run"], stdout=log, stderr=log)
    try:
        wait_until_answering(settings, 60, lambda: process.poll() is None)
        yield Service(process.pid, settings.smtp_listen, home)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def _family(root: int) -> list[int]:
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (stat := _stat(int(entry.name))):
            parents.setdefault(int(stat[1]), []).append(int(entry.name))
    family, waiting = [], [root]
    while waiting:
        process = waiting.pop()
        family.append(process)
        waiting.extend(parents.get(process, []))
    return family


def _stat(process: int) -> list[str]:
    try:
        text = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return []
    return text.rpartition(")")[2].split()


def _cpu(process: int) -> float:
    stat = _stat(process)
    return sum(int(ticks) for ticks in stat[11:15]) / _TICKS if stat else 0.0
