"""Accepting mails, against aiosmtpd as it is shipped: `python -m benchmarks.intake`.

One run, one machine, one client. Four servers take the same mails: aiosmtpd storing nothing, aiosmtpd with a handler that
writes and syncs a file, ours with the synced spool alone, and ours whole (spool synced, database committed, then 250).
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.intake_servers import ADDRESS
from benchmarks.mail_client import Load, Sent

KINDS = {
    "nothing": "aiosmtpd as shipped, storing nothing",
    "files": "aiosmtpd, a synced file a mail",
    "spool": "ours, synced spool alone",
    "whole": "ours, spool synced and database committed",
}
_TICKS = os.sysconf("SC_CLK_TCK")
_WARM_UP = 20
_HEAD = "| server | mails/s | CPU ms/MB | client's CPU ms/MB | × nothing | × synced files | peak MB |\n" + "|---" * 7 + "|"


@dataclass(frozen=True, slots=True)
class Figures:
    """What one server did under one load. CPU in seconds, its own; peak memory in octets."""

    sent: Sent
    cpu_seconds: float
    peak_octets: int

    @property
    def rate(self) -> float:
        """Mails a second."""
        return self.sent.mails / self.sent.seconds


@contextmanager
def _server(kind: str, folder: Path) -> Iterator[tuple[int, int]]:
    home = Path(tempfile.mkdtemp(dir=folder))
    command = [sys.executable, "-m", "benchmarks.intake_servers", kind, str(home)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.pid, int(process.stdout.readline())
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)  # its files stay until the end: a disk that is freeing them would slow down the next


def _sent(load: Load) -> Sent:
    command = [sys.executable, "-m", "benchmarks.mail_client", json.dumps(asdict(load))]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Sent(**json.loads(done.stdout))


def _cpu_seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _peak_octets(process: int) -> int:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1_024 for line in lines if line.startswith("VmHWM"))


def measured(kind: str, load: Load, folder: Path) -> Figures:
    """Start the server, warm it up, send the load, and read what it cost."""
    with _server(kind, folder) as (process, port):
        _sent(Load(port, _WARM_UP, load.octets, load.connections, ADDRESS))
        before = _cpu_seconds(process)
        sent = _sent(Load(port, load.mails, load.octets, load.connections, ADDRESS, load.pipelining, load.mails_a_connection))
        return Figures(sent, _cpu_seconds(process) - before, _peak_octets(process))


def _row(kind: str, figures: Figures, octets: int, nothing: float, files: float) -> str:
    sent = figures.sent
    server = 1_000 * figures.cpu_seconds / (sent.mails * octets / 1_000_000)
    client = 1_000 * sent.cpu_seconds / (sent.mails * octets / 1_000_000)
    ratios = f"{figures.rate / nothing:.2f} | {figures.rate / files:.2f}"
    peak = f"{figures.peak_octets / 1_000_000:.0f}"
    return f"| {KINDS[kind]} | {figures.rate:.0f} | {server:.1f} | {client:.1f} | {ratios} | {peak} |"


def _table(load: Load, folder: Path, rounds: int) -> None:
    how = "commands pipelined" if load.pipelining else "one command at a time"
    if load.mails_a_connection:
        how += f", {load.mails_a_connection} mails a connection"
    print(f"\n{load.mails} mails of {load.octets:,} octets, {load.connections} connections, {how}; best of {rounds}\n")
    print(_HEAD)
    runs = [{kind: measured(kind, load, folder) for kind in KINDS} for _ in range(rounds)]
    best = {kind: max((run[kind] for run in runs), key=lambda figures: figures.rate) for kind in KINDS}
    for kind, figures in best.items():
        print(_row(kind, figures, load.octets, best["nothing"].rate, best["files"].rate), flush=True)


def main() -> None:
    """Print a table for each number of connections."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=1_000)
    parser.add_argument("--octets", type=int, default=100_000)
    parser.add_argument("--connections", type=int, nargs="+", default=[1, 8, 32])
    parser.add_argument("--pipelining", action="store_true", help="send MAIL, RCPT and DATA in one piece")
    parser.add_argument("--mails-a-connection", type=int, default=0, help="hang up after so many mails; 0: never")
    parser.add_argument("--rounds", type=int, default=2, help="run each so often and show the best")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()), help="on the disk to be measured")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=wanted.folder) as folder:
        for connections in wanted.connections:
            load = Load(0, wanted.mails, wanted.octets, connections, ADDRESS, wanted.pipelining, wanted.mails_a_connection)
            _table(load, Path(folder), wanted.rounds)


if __name__ == "__main__":
    main()
