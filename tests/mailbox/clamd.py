"""ClamAV's real daemon for tests, private: a folder, a socket and a hand-made signature of its own, ended with its test."""

from __future__ import annotations

from benchmarks.servers import PrivateServer

# No virus: the name and the octets of the one signature this daemon knows.
NAME = "Scanstraat.Test"
VIRUS = b"SCANSTRAAT-TEST-VIRUS-7f3a91c2-NOT-A-VIRUS"
STREAM_OCTETS = 40_000_000


class Clamd(PrivateServer):
    """A daemon that listens on a socket file."""

    def __init__(self) -> None:
        super().__init__()
        self.socket, self._config = self.folder / "clamd.sock", self.folder / "clamd.conf"
        database = self.folder / "signatures"
        database.mkdir()
        (database / "test.ndb").write_text(f"{NAME}:0:*:{VIRUS.hex()}\n")
        rows = {
            "LocalSocket": self.socket,
            "DatabaseDirectory": database,
            "TemporaryDirectory": self.folder,
            "Foreground": "yes",
            "StreamMaxLength": STREAM_OCTETS,
            "MaxScanSize": STREAM_OCTETS,
            "MaxFileSize": STREAM_OCTETS,
            "MaxThreads": 2,
            "SelfCheck": 0,
        }
        self._config.write_text("".join(f"{name} {value}\n" for name, value in rows.items()))

    def command(self) -> list[str]:
        """In the foreground."""
        return ["clamd", "--config-file", f"{self._config}"]

    def answers(self) -> bool:
        """Whether its socket is there."""
        return self.socket.exists()

    def kill(self) -> None:
        """End it, and take away the socket it leaves behind."""
        super().kill()
        self.socket.unlink(missing_ok=True)
