"""ClamAV's real daemon for tests, private: a folder, a socket and a hand-made signature of its own, ended with its test."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from benchmarks.servers import tethered

# No virus: the name and the octets of the one signature this daemon knows.
NAME = "Scanstraat.Test"
VIRUS = b"SCANSTRAAT-TEST-VIRUS-7f3a91c2-NOT-A-VIRUS"
STREAM_OCTETS = 40_000_000
_START_SECONDS = 60.0


class Clamd:
    """A daemon that listens on a socket file."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "clamd.sock"
        self._config, self._log = folder / "clamd.conf", folder / "clamd.out"
        database = folder / "signatures"
        database.mkdir(exist_ok=True)
        (database / "test.ndb").write_text(f"{NAME}:0:*:{VIRUS.hex()}\n")
        rows = {
            "LocalSocket": self.socket,
            "DatabaseDirectory": database,
            "TemporaryDirectory": folder,
            "Foreground": "yes",
            "StreamMaxLength": STREAM_OCTETS,
            "MaxScanSize": STREAM_OCTETS,
            "MaxFileSize": STREAM_OCTETS,
            "MaxThreads": 2,
            "SelfCheck": 0,
        }
        self._config.write_text("".join(f"{name} {value}\n" for name, value in rows.items()))
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Return once it answers."""
        self.socket.unlink(missing_ok=True)
        command = tethered(["clamd", "--config-file", str(self._config)])
        with open(self._log, "ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        until = time.monotonic() + _START_SECONDS
        while not self.socket.exists():
            if self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(self._log.read_text(errors="replace")[-2000:])
            time.sleep(0.05)

    def kill(self) -> None:
        """End it."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.kill()
