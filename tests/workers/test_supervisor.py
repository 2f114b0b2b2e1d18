"""The supervisor starts again what ends, stops all in order, and leaves no orphans, however it ends itself."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from scanstraat.errors import Unavailable
from scanstraat.settings import Settings
from scanstraat.workers import supervisor
from scanstraat.workers.part import parts_of

ROOT = Path(__file__).parent.parent.parent


def _until(true: Callable[[], object], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it does not happen"
        time.sleep(0.02)


def _is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class Supervised:
    """A supervisor with odd parts; `notes` are what those that ran left behind."""

    def __init__(self, home: Path, *behaviours: str) -> None:
        self.home, self.notes = home, home / "notes"
        self.notes.mkdir(parents=True, exist_ok=True)
        self.log = home / "log"
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.workers.supervised", str(home), *behaviours],
                cwd=ROOT,
                stdout=log,
                stderr=log,
                env={key: value for key, value in os.environ.items() if key != "DATABASE_URL"},
            )

    def all(self) -> dict[int, list[str]]:
        return {int(path.name): path.read_text().split() for path in self.notes.iterdir() if path.read_text()}

    def alive(self) -> list[int]:
        return [process for process in self.all() if _is_alive(process)]

    def said(self) -> str:
        return self.log.read_text()


@contextmanager
def _supervised(home: Path, *behaviours: str) -> Iterator[Supervised]:
    made = Supervised(home, *behaviours)
    try:
        yield made
    finally:
        made.process.kill()
        made.process.wait()


def test_what_is_killed_is_started_again_under_a_new_name(tmp_path: Path) -> None:
    with _supervised(tmp_path, "steady", "finishes") as made:
        _until(lambda: len(made.alive()) == 2)
        first, (_, holder) = next((process, note) for process, note in made.all().items() if note[0] == "steady")
        os.kill(first, signal.SIGKILL)
        _until(lambda: len(made.alive()) == 2 and len(made.all()) == 3)
        second = next(note[1] for process, note in made.all().items() if process != first and note[0] == "steady")
        assert holder.rpartition(":")[0] == second.rpartition(":")[0]
        assert (holder.rpartition(":")[2], second.rpartition(":")[2]) == ("1", "2")
        _until(lambda: "steady was killed by signal 9" in made.said())


def test_what_keeps_ending_is_started_again_more_and_more_slowly(tmp_path: Path) -> None:
    with _supervised(tmp_path, "dies-early") as made:
        _until(lambda: "started again in 0.8 s" in made.said())
        assert len(made.all()) == 3
        assert "dies-early ended with status 3" in made.said()


def test_on_sigterm_each_part_may_finish_and_its_lines_are_kept(tmp_path: Path) -> None:
    with _supervised(tmp_path, "finishes") as made:
        _until(lambda: "[finishes] finishes says hello" in made.said())
        made.process.terminate()
        assert made.process.wait(20) == 0
        assert "[finishes] finished in order" in made.said()
        assert made.alive() == []


def test_who_does_not_listen_is_killed_after_a_while(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "GRACE_SECONDS", 0.5)
    notes = tmp_path / "notes"
    notes.mkdir()
    odd = (sys.executable, str(Path(__file__).with_name("odd_part.py")), str(notes), "stubborn")
    said: list[str] = []
    keeper = supervisor.Supervisor((supervisor.Part("stubborn", odd),), "run", said.append)

    def once_it_runs() -> bool:
        if any("hello" in line for line in said):
            keeper.stop()
        return False

    keeper.run(once_it_runs)
    assert said == ["[stubborn] stubborn says hello"]
    assert not any(_is_alive(int(path.name)) for path in notes.iterdir())


def test_a_killed_supervisor_leaves_no_orphans(tmp_path: Path) -> None:
    with _supervised(tmp_path, "steady", "stubborn") as made:
        _until(lambda: len(made.alive()) == 2)
        made.process.kill()
        _until(lambda: not made.alive())


def test_nobody_waits_for_the_leases_of_an_earlier_run(tmp_path: Path) -> None:
    database = tmp_path / "scanstraat.sqlite3"
    with _supervised(tmp_path, "steady") as made:
        _until(lambda: made.alive())
    with closing(sqlite3.connect(database)) as rows, rows:
        rows.execute("INSERT INTO records_office (name, created_at) VALUES ('Office', '2026-01-01')")
        rows.execute(
            'INSERT INTO records_administration (office_id, name, "drop", currency, country, own, instructions)'
            " VALUES (1, 'A', 'a', 'EUR', 'NL', '{}', '{}')"
        )
        rows.execute(
            "INSERT INTO records_watchedfolder (administration_id, path, active, holder, lease_until, error)"
            " VALUES (1, '/scans', 1, 'gone:1:collect:1', '2099-01-01 00:00:00', '')"
        )
    with _supervised(tmp_path, "steady") as again:
        _until(lambda: "leases of an earlier run are ended" in again.said() or again.process.poll())
    with closing(sqlite3.connect(database)) as rows:
        assert rows.execute("SELECT holder, lease_until FROM records_watchedfolder").fetchall() == [("", None)]


def test_two_supervisors_never_share_a_home(tmp_path: Path) -> None:
    with _supervised(tmp_path, "steady") as first:
        _until(lambda: first.alive())
        with _supervised(tmp_path, "second") as second:
            assert second.process.wait(20) != 0
        assert "running: a supervisor works in" in first.said()
        assert [note[0] for note in first.all().values()] == ["steady"]
        first.process.kill()
        first.process.wait()
        with _supervised(tmp_path, "third") as third:
            _until(lambda: [note[0] for note in third.all().values()].count("third") == 1)


def test_it_is_ready_once_every_address_takes_connections(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as smtp, socket.socket(socket.AF_UNIX) as lmtp:
        listen = f"127.0.0.1:{smtp.getsockname()[1]}"
        settings = Settings(smtp_listen=listen, lmtp_listen=f"{tmp_path / 'lmtp'}", desk_listen="")
        assert not supervisor.answering(settings)
        with pytest.raises(Unavailable, match="not-started"):
            supervisor.wait_until_answering(settings, 0.2)
        lmtp.bind(settings.lmtp_listen)
        lmtp.listen()
        supervisor.wait_until_answering(settings, 5)


def test_the_settings_say_which_parts_there_are() -> None:
    everything = Settings(workers=3)
    copies = {part.name: part.copies for part in parts_of(everything)}
    assert copies == {"mail": 1, "work": 3, "sweep": 1, "collect": 1, "hooks": 1, "desk": 1}
    nothing = Settings(smtp_listen="", desk_listen="", collect=False, hooks=False, workers=1)
    assert [part.name for part in parts_of(nothing)] == ["work", "sweep"]
