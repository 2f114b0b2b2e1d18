"""Private servers for tests and benchmarks: a PostgreSQL cluster and a Redis in a temporary folder, gone afterwards.

Both are ended with the process that started them. PostgreSQL refuses to run as root, so it then runs as the user `postgres`.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from scanstraat.workers import tether

_START_SECONDS = 30.0


def free_port() -> int:
    """A port nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def tethered(command: list[str]) -> list[str]:
    """The command, made to die with this process."""
    return [sys.executable, "-I", "-S", tether.__file__, f"{os.getpid()}", *command]


class PrivateServer:
    """A server process on a port of its own, its files in a temporary folder."""

    def __init__(self) -> None:
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="scanstraat-server-"))
        self.process: subprocess.Popen[bytes] | None = None

    def command(self) -> list[str]:
        """What starts it, in the foreground."""
        raise NotImplementedError

    def answers(self) -> bool:
        """Whether it serves."""
        raise NotImplementedError

    def start(self) -> None:
        """Start it and wait until it answers."""
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(tethered(self.command()), stdout=log, stderr=log, cwd=self.folder)
        until = time.monotonic() + _START_SECONDS
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError((self.folder / "log").read_text(errors="replace")[-2000:])
            time.sleep(0.05)

    def kill(self) -> None:
        """End it with SIGKILL."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


class PrivateRedis(PrivateServer):
    """A Redis that writes nothing down."""

    @property
    def url(self) -> str:
        """For REDIS_URL."""
        return f"redis://127.0.0.1:{self.port}/0"

    def command(self) -> list[str]:
        """In memory only."""
        return ["redis-server", "--port", f"{self.port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]

    def answers(self) -> bool:
        """Whether it says PONG."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(7).startswith(b"+PONG")
        except OSError:
            return False


class PrivatePostgres(PrivateServer):
    """A PostgreSQL cluster with one database; trusts whoever connects from this machine."""

    def __init__(self) -> None:
        super().__init__()
        self._data = self.folder / "data"
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres")
        self._own("initdb", "-D", f"{self._data}", "-A", "trust", "-U", "scanstraat", "--no-sync", "-E", "UTF8", "--locale=C")

    @property
    def url(self) -> str:
        """For DATABASE_URL."""
        return f"postgresql://scanstraat@127.0.0.1:{self.port}/postgres"

    def command(self) -> list[str]:
        """On 127.0.0.1 only."""
        options = ("-p", f"{self.port}", "-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={self.folder}")
        return [*_as_postgres(), str(_binary("postgres")), "-D", str(self._data), *options]

    def answers(self) -> bool:
        """Whether it takes queries."""
        command = [str(_binary("pg_isready")), "-q", "-h", "127.0.0.1", "-p", f"{self.port}"]
        return subprocess.run(command, check=False).returncode == 0

    def restart(self) -> None:
        """End it as a crash would (`pg_ctl -m immediate`), and start it again."""
        self._own("pg_ctl", "-D", f"{self._data}", "-m", "immediate", "stop")
        if self.process is not None:
            self.process.wait()
        self.start()

    def kill(self) -> None:
        """End it at once; its own children too."""
        if self.process is not None and self.process.poll() is None:
            self._own("pg_ctl", "-D", f"{self._data}", "-m", "immediate", "stop")
        super().kill()

    def _own(self, name: str, *arguments: str) -> None:
        command = [*_as_postgres(), str(_binary(name)), *arguments]
        subprocess.run(command, check=True, cwd=self.folder, stdout=subprocess.DEVNULL)


def _as_postgres() -> list[str]:
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] if os.geteuid() == 0 else []


def _binary(name: str) -> Path:
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    found = versions[-1] if versions else shutil.which(name)
    if found is None:
        raise FileNotFoundError(f"{name} of PostgreSQL; install Debian's package postgresql")
    return Path(found)
