"""What the kill tests share: the process that forks the victims, homes to kill them in, and the points to kill them at."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
SECONDS = 60
MOST = 200_000  # octets of a mail, for those who are to refuse one
_OPEN_DEMO = """
from scanstraat.records import connection
connection.connect()
connection.migrate()
from fixtures.show import open_demo
open_demo()
"""


class Victims:
    """The warm process that forks them: a program beside this module."""

    def __init__(self, program: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", f"tests.workers.{program}"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.answer() == "ready"

    def say(self, *words: object) -> None:
        assert self._process.stdin is not None
        print(*words, file=self._process.stdin, flush=True)

    def answer(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def work(self, home: Path, point: str, holder: str) -> int:
        self.say("work", home, point, holder)
        return int(self.answer())

    def close(self) -> None:
        self._process.communicate(timeout=SECONDS)


def make_home(home: Path) -> None:
    """A home with the demo's administrations and nothing else."""
    home.mkdir()
    environment = {**os.environ, "SCANSTRAAT_HOME": str(home)}
    subprocess.run([sys.executable, "-c", _OPEN_DEMO], cwd=ROOT, env=environment, check=True)
    checkpoint(home)


def copied(home: Path, to: Path) -> Path:
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(home, to)
    return to


def checkpoint(home: Path) -> None:
    with sqlite3.connect(home / "scanstraat.sqlite3") as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def rows(home: Path, query: str) -> list[tuple[str, ...]]:
    database = sqlite3.connect(home / "scanstraat.sqlite3")
    try:
        return [tuple(row) for row in database.execute(query)]
    finally:
        database.close()


def points_of(trace: Path) -> list[str]:
    """`name:hit` for the first and the second time of each name in a traced run, and for the last of those that no stage owns."""
    counts = Counter(trace.read_text().split())
    hits = {name: {1, min(2, times), times if not name.startswith("runner.") else 1} for name, times in counts.items()}
    return [f"{name}:{hit}" for name in sorted(hits) for hit in sorted(hits[name])]
