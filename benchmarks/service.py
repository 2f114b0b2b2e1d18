"""A whole service of its own in a temporary home, for benchmarks: started, fed over SMTP, waited for, and its CPU time read."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.servers import free_port

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
    smtp = os.environ["SCANSTRAAT_SMTP_LISTEN"]
    with open(home / "service.log", "ab") as log:
        process = subprocess.Popen([sys.executable, "-m", "scanstraat.cli.main", "run"], stdout=log, stderr=log)
    try:
        _wait_for(smtp, process, home)
        yield Service(process.pid, smtp, home)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def _wait_for(listen: str, process: subprocess.Popen[bytes], home: Path) -> None:
    host, _, port = listen.rpartition(":")
    until = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until:
        try:
            socket.create_connection((host, int(port)), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit(f"the service did not start; look at {home / 'service.log'}")


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
