"""SIGKILL at every durable step of a watched folder and of an upload: what was there is stored once, and nothing is half."""

from __future__ import annotations

import http.client
import json
import os
import sqlite3
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from benchmarks.servers import free_port
from tests.mailbox.letters import pdf
from tests.workers.victims import MOST, ROOT, SECONDS, Victims, copied, make_home, points_of, rows

pytestmark = pytest.mark.xdist_group("kill-ways")

KEY = "ssk_test"
A_MAIL = (ROOT / "fixtures/mails/01-one-invoice-nl.eml").read_bytes()
SCANS = {
    "scan-0001.pdf": pdf(),
    "scan-0002.pdf": pdf(2),
    "mail.eml": A_MAIL,
    "set/page-1.pdf": pdf(3),
    "set/page-2.pdf": pdf(4),
}
REFUSED = "large.bin"
_FORM = b"".join(
    b'--b\r\nContent-Disposition: form-data; name="file"; filename="%d.pdf"\r\n\r\n%b\r\n' % (n, pdf(n)) for n in (5, 6)
)
UPLOADS = (
    (A_MAIL, {"Content-Type": "message/rfc822"}),
    (pdf(), {"Content-Type": "application/pdf", "Content-Disposition": 'attachment; filename="a.pdf"'}),
    (_FORM + b"--b--\r\n", {"Content-Type": "multipart/form-data; boundary=b", "Idempotency-Key": "7"}),
)


@pytest.fixture(scope="module")
def victims() -> Iterator[Victims]:
    made = Victims("killing_ways")
    yield made
    made.close()


@pytest.fixture(scope="module")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("kill-ways") / "empty"
    make_home(home)
    with sqlite3.connect(home / "scanstraat.sqlite3") as database:
        values = (KEY, sha256(KEY.encode()).hexdigest())
        database.execute(
            "INSERT INTO records_servicekey (administration_id, name, digest, scopes, created_at, created_by)"
            " VALUES (1, ?, ?, 'upload', '2026-01-01', '')",
            values,
        )
    database.close()
    return home


def _scanned(home: Path) -> Path:
    """A watched folder in this home, with scans in it."""
    folder = home / "scans" / "demo"
    for name, content in {**SCANS, REFUSED: bytes(MOST + 1)}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
        os.utime(folder / name, (1_774_900_000, 1_774_900_000))
    with sqlite3.connect(home / "scanstraat.sqlite3") as database:
        database.execute(
            "INSERT INTO records_watchedfolder (administration_id, path, active, holder, error) VALUES (1, ?, 1, '', '')",
            (str(folder),),
        )
    database.close()
    return folder


def _collected(victims: Victims, home: Path, point: str, holder: str) -> int:
    """Have the folder watched until nothing is left in it, or the watcher is killed; its exit status."""
    folder, end = home / "scans" / "demo", time.monotonic() + SECONDS
    if _is_empty(folder):
        return 0
    (home / "pid").unlink(missing_ok=True)
    victims.say("folder", home, point, holder)
    while not _is_empty(folder) and not _was_killed(home) and time.monotonic() < end:
        time.sleep(0.01)
    victims.say("end")
    return int(victims.answer())


def _is_empty(folder: Path) -> bool:
    return {path.name for path in folder.iterdir()} <= {"done", "failed"}


def _was_killed(home: Path) -> bool:
    """Whether the watcher is no more; its parent only says so when it is told to end it."""
    notes = home / "pid"
    return notes.exists() and Path("/proc", notes.read_text(), "stat").read_text().rpartition(")")[2].split()[0] == "Z"


def _mails(home: Path) -> tuple[int, int]:
    """How many mails are stored, and how many have their octets and one first task each."""
    stored = rows(home, "SELECT sha256, administration_id, id FROM records_mail")
    tasks = [task for (task,) in rows(home, "SELECT subject FROM records_task WHERE stage = 'open' AND state = 'waiting'")]
    sound = 0
    for name, administration, identifier in stored:
        blob = home / "blobs" / str(administration) / name[:2] / name
        sound += sha256(blob.read_bytes()).hexdigest() == name and [t.replace("-", "") for t in tasks].count(identifier) == 1
    return len(stored), sound


def _spool_is_empty(home: Path) -> bool:
    return not any(path.is_file() for path in (home / "spool").rglob("*"))


@pytest.mark.rule("A6", "A7", "A8")
def test_a_folder_watcher_may_be_killed_at_any_durable_step(empty_home: Path, victims: Victims, tmp_path: Path) -> None:
    trace, wanted = tmp_path / "folder.trace", 4
    home = copied(empty_home, tmp_path / "home")
    _scanned(home)
    assert _collected(victims, home, str(trace), "kill:1") == 0
    points = points_of(trace)
    steps = ("wrapped", "spooled", "stored", "moved", "reason", "put-aside")
    assert {f"folder.{step}:1" for step in steps} | {"intake.commit:1", "intake.committed:1"} <= set(points)
    assert _mails(home) == (wanted, wanted)
    lost = doubled = 0
    for point in points:
        home = copied(empty_home, tmp_path / "home")
        folder = _scanned(home)
        assert _collected(victims, home, point, "kill:1") == -9, point
        assert _collected(victims, home, "-", "kill:2") == 0, point
        stored, sound = _mails(home)
        lost += max(0, wanted - sound)
        doubled += max(0, stored - wanted)
        done, failed = (
            {str(p.relative_to(folder / at)): p.read_bytes() for p in (folder / at).rglob("*") if p.is_file()}
            for at in ("done", "failed")
        )
        assert done == SCANS, point
        assert set(failed) == {REFUSED, f"{REFUSED}.reason.txt"}, point
        assert _spool_is_empty(home), point
    print(f"folder: {len(points)} kills, {len(points) * wanted} mails: {lost} lost, {doubled} doubled")
    assert (lost, doubled) == (0, 0)


class Client:
    """A program that uploads, and tries again until it is answered, as its documentation tells it."""

    def __init__(self, victims: Victims, home: Path) -> None:
        self._victims, self._home, self._port = victims, home, free_port()
        self.statuses: list[int] = []
        self.kills = 0

    def run(self, point: str) -> None:
        self._start(point)
        for body, headers in UPLOADS:
            while (status := self._sent(body, headers)) is None:
                self._victims.say("end")
                self.statuses.append(int(self._victims.answer()))
                self._start("-")
            assert status in (200, 201)
        self._victims.say("end")
        self.statuses.append(int(self._victims.answer()))

    def _start(self, point: str) -> None:
        self._victims.say("desk", self._home, point, self._port)
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=SECONDS)
            try:
                connection.request("GET", "/health")
                connection.getresponse().read()
                return
            except OSError:
                time.sleep(0.01)
            finally:
                connection.close()
        raise AssertionError("the desk does not start")

    def _sent(self, body: bytes, headers: dict[str, str]) -> int | None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=SECONDS)
        try:
            connection.request("POST", "/api/mails", body, {"Authorization": f"Bearer {KEY}", **headers})
            response = connection.getresponse()
            assert json.loads(response.read())["id"]
            return response.status
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()


@pytest.mark.rule("A6", "A7", "A8")
def test_a_desk_may_be_killed_at_any_durable_step_of_an_upload(empty_home: Path, victims: Victims, tmp_path: Path) -> None:
    trace, wanted = tmp_path / "desk.trace", len(UPLOADS)
    home = copied(empty_home, tmp_path / "home")
    Client(victims, home).run(str(trace))
    points = points_of(trace)
    assert {f"upload.{step}:{wanted}" for step in ("wrapped", "spooled", "stored")} <= set(points)
    assert {"intake.commit:1", "intake.committed:1"} <= set(points)
    lost = doubled = 0
    for point in points:
        home = copied(empty_home, tmp_path / "home")
        client = Client(victims, home)
        client.run(point)
        assert client.statuses == [-9, 0], point
        stored, sound = _mails(home)
        lost += max(0, wanted - sound)
        doubled += max(0, stored - wanted)
        assert _spool_is_empty(home), point
    print(f"upload: {len(points)} kills, {len(points) * wanted} mails: {lost} lost, {doubled} doubled")
    assert (lost, doubled) == (0, 0)
