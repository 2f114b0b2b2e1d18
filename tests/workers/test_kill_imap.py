"""SIGKILL at every durable step on a mail's way out of a mailbox: it is stored once, and lies in the folder of the done once."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import pytest

from benchmarks.dovecot import PASSWORD, Dovecot, without
from scanstraat.codec import to_json
from scanstraat.model.way_in import Credentials
from scanstraat.records.sealing import seal
from tests.workers.victims import MOST, ROOT, SECONDS, Victims, copied, make_home, points_of, rows

pytestmark = pytest.mark.xdist_group("kill-imap")

ADDRESS = "facturen@demo-bakkerij.example"
DONE, FAILED = "Scanstraat done", "Scanstraat failed"
HEAD = f"Delivered-To: {ADDRESS}\r\n".encode()
TAKEN = tuple(HEAD + (ROOT / "fixtures/mails" / name).read_bytes() for name in ("01-one-invoice-nl.eml", "02-one-invoice-de.eml"))
FOREIGN = (
    b"Delivered-To: nobody@elsewhere.example\r\nMessage-ID: <foreign@x.example>\r\nSubject: for nobody here\r\n\r\nhello\r\n"
)
LARGE = HEAD + b"Subject: too large\r\nMessage-ID: <large@x.example>\r\n\r\n" + b"x" * MOST
MAILS = (TAKEN[0], FOREIGN, LARGE, TAKEN[1])


@pytest.fixture(scope="module")
def victims() -> Iterator[Victims]:
    made = Victims("killing_imap")
    yield made
    made.close()


@pytest.fixture(scope="module")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("kill-imap") / "empty"
    make_home(home)
    return home


@dataclass
class Box:
    """A mailbox with four mails at a server, looked after from a home of its own."""

    victims: Victims
    server: Dovecot
    home: Path
    done: str = DONE
    user: str = field(default_factory=lambda: f"kill-{uuid4().hex[:10]}")

    def __post_init__(self) -> None:
        self.server.put(self.user, *MAILS)
        secret = seal(self.home, to_json(Credentials(password=PASSWORD)))
        failed = FAILED if self.done else ""
        values = ("box", "127.0.0.1", self.server.port, "none", self.user, "password", secret, "INBOX", self.done, failed)
        with sqlite3.connect(self.home / "scanstraat.sqlite3") as database:
            database.execute(
                "INSERT INTO records_mailbox (active, holder, error, name, host, port, security, username, way, secret, folder,"
                " done_folder, failed_folder, recipient, recipient_header)"
                f" VALUES (1, '', '', {', '.join('?' * len(values))}, '', 'Delivered-To')",
                values,
            )
        database.close()

    def collected(self, point: str, holder: str) -> int:
        """Look after the mailbox until all is dealt with, or who does so is killed; its exit status."""
        (self.home / "pid").unlink(missing_ok=True)
        self.victims.say("imap", self.home, point, holder)
        end = time.monotonic() + SECONDS
        while not self._is_through() and not self._was_killed() and time.monotonic() < end:
            time.sleep(0.01)
        self.victims.say("end")
        return int(self.victims.answer())

    def _is_through(self) -> bool:
        settled = rows(self.home, "SELECT count(*) FROM records_fetched WHERE settled")
        return settled == [(len(MAILS),)] and rows(self.home, "SELECT seen_at FROM records_mailbox") != [(None,)]

    def _was_killed(self) -> bool:
        """Whether who looks after it is no more; its parent only says so when it is told to end it."""
        notes = self.home / "pid"
        return notes.exists() and Path("/proc", notes.read_text(), "stat").read_text().rpartition(")")[2].split()[0] == "Z"

    def stored(self) -> list[bytes]:
        """The mails in the database, each with its octets and one first task."""
        found = []
        for name, administration, identifier in rows(self.home, "SELECT sha256, administration_id, id FROM records_mail"):
            content = (self.home / "blobs" / str(administration) / name[:2] / name).read_bytes()
            tasks = [
                task.replace("-", "") for (task,) in rows(self.home, "SELECT subject FROM records_task WHERE stage = 'open'")
            ]
            assert sha256(content).hexdigest() == name
            assert tasks.count(identifier.replace("-", "")) == 1
            found.append(content)
        return found

    def places(self) -> dict[str, list[bytes]]:
        """What lies where at the server."""
        return {folder: sorted(self.server.mails(self.user, folder)) for folder in ("INBOX", DONE, FAILED)}


def _traced(box: Box, trace: Path) -> list[str]:
    assert box.collected(str(trace), "kill:1") == 0
    return points_of(trace)


def _kills(
    points: list[str], server: Dovecot, victims: Victims, empty_home: Path, home: Path, done: str = DONE
) -> tuple[int, int, int]:
    """(lost, doubled, twice in a folder) after a kill at each of these points and a second run."""
    lost = doubled = twice = 0
    for point in points:
        box = Box(victims, server, copied(empty_home, home), done)
        assert box.collected(point, "kill:1") == -9, point
        assert box.collected("-", "kill:2") == 0, point
        stored, places = box.stored(), box.places()
        lost += len(set(TAKEN) - set(stored))
        doubled += len(stored) - len(set(stored))
        twice += sum(len(mails) - len(set(mails)) for mails in places.values())
        assert set(stored) == set(TAKEN), point
        if done:
            assert {folder: set(mails) for folder, mails in places.items()} == {
                "INBOX": {LARGE},
                DONE: set(TAKEN),
                FAILED: {FOREIGN},
            }, point
        assert rows(home, "SELECT count(*) FROM records_refusal") == [(2,)], point
        assert not any(path.is_file() for path in (home / "spool").rglob("*")), point
    return lost, doubled, twice


@pytest.mark.rule("A6", "A7", "A8")
def test_whoever_looks_after_a_mailbox_may_be_killed_at_any_durable_step(
    empty_home: Path, victims: Victims, tmp_path: Path
) -> None:
    with Dovecot() as server, Dovecot(without("MOVE")) as lesser:
        home = tmp_path / "home"
        points = _traced(Box(victims, server, copied(empty_home, home)), tmp_path / "move.trace")
        steps = ("fetched", "spooled", "stored", "recorded", "moved", "settled", "refused")
        assert {f"imap.{step}:1" for step in steps} | {"intake.commit:1", "blobs.link:1"} <= set(points)
        copying = _traced(Box(victims, lesser, copied(empty_home, home)), tmp_path / "copy.trace")
        copying = [point for point in copying if point.startswith(("imap.copied", "imap.deleted", "imap.expunged"))]
        marking = _traced(Box(victims, server, copied(empty_home, home), ""), tmp_path / "mark.trace")
        marking = [point for point in marking if point.startswith("imap.marked")]
        assert "imap.copied:1" in copying
        assert "imap.marked:1" in marking
        found = [
            _kills(points, server, victims, empty_home, home),
            _kills(copying, lesser, victims, empty_home, home),
            _kills(marking, server, victims, empty_home, home, ""),
        ]
    count = len(points) + len(copying) + len(marking)
    lost, doubled, twice = (sum(column) for column in zip(*found, strict=True))
    print(f"imap: {count} kills, {count * len(TAKEN)} mails: {lost} lost, {doubled} doubled, {twice} twice in a folder")
    assert (lost, doubled, twice) == (0, 0, 0)
