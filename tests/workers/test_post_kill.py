"""SIGKILL to the post at each of its fail-points: every letter goes out, and twice only where nobody can know better."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mailbox.nameserver import NameServer
from tests.workers.sink import Sink

ROOT = Path(__file__).parent.parent.parent
LETTERS = 3
# The relay has the mail, and the mark that it has is not written yet.
TWICE = {"post.relayed:2", "letters.commit:2"}
SCRIPT = """
import sys
from datetime import UTC, datetime
from uuid import uuid4
from scanstraat.records import connection
connection.connect()
connection.migrate()
from scanstraat.model.administration import Administration, OwnIdentity
from scanstraat.model.letter import LetterText, Purpose
from scanstraat.model.mail import Envelope
from scanstraat.records import letters, mails
from scanstraat.records.blobs import Blobs
from scanstraat.records.offices import open_administration
from scanstraat.settings import Settings
owner = open_administration("O", Administration(0, "A", OwnIdentity(), "a"), ("a@invoices.example",))
now = datetime.now(UTC)
for number in range(int(sys.argv[1])):
    raw = b"From: piet@jansen.example\\r\\n\\r\\n%d" % number
    sha256 = Blobs(Settings.from_environment().home_path).put(owner.id, raw)
    envelope = Envelope("piet@jansen.example", "a@invoices.example", now, peer="127.0.0.1")
    mail = mails.receive(owner.id, envelope, sha256, uuid4().hex, len(raw))
    letters.write(owner.id, Purpose.RECEIPT, "piet@jansen.example", LetterText("s", "t", "nl"), now, mail)
"""


@pytest.fixture(scope="module")
def names() -> Iterator[NameServer]:
    with NameServer() as server:
        server.publish("jansen.example", spf="v=spf1 ip4:127.0.0.1 -all")
        yield server


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[Sink]:
    with Sink(tmp_path) as made:
        yield made


def _environment(home: Path, sink: Sink, names: NameServer, **more: str) -> dict[str, str]:
    ours = {
        "SCANSTRAAT_HOME": str(home),
        "SCANSTRAAT_RELAY": f"localhost:{sink.port}",
        "SCANSTRAAT_RELAY_CA": sink.ca,
        "SCANSTRAAT_DNS": f"127.0.0.1:{names.port}",
        "SCANSTRAAT_TRUSTED_PEERS": "",
    }
    return {**os.environ, **ours, **more}


def _post(holder: str, environment: dict[str, str]) -> int:
    return subprocess.run(
        [sys.executable, "-m", "tests.workers.posting", holder], cwd=ROOT, env=environment, check=False
    ).returncode


def _states(home: Path) -> list[tuple[str, int]]:
    database = sqlite3.connect(home / "scanstraat.sqlite3")
    try:
        return list(database.execute("SELECT state, count(*) FROM records_letter GROUP BY 1"))
    finally:
        database.close()


def _written(home: Path, environment: dict[str, str]) -> None:
    subprocess.run([sys.executable, "-c", SCRIPT, f"{LETTERS}"], cwd=ROOT, env=environment, check=True)
    with sqlite3.connect(home / "scanstraat.sqlite3") as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


def test_the_post_may_be_killed_at_any_durable_step(tmp_path: Path, sink: Sink, names: NameServer) -> None:
    first = tmp_path / "first"
    environment = _environment(first, sink, names)
    _written(first, environment)
    full = (first / "scanstraat.sqlite3").read_bytes()
    trace = tmp_path / "trace"
    assert _post("traced:1", environment | {"SCANSTRAAT_FAILPOINT_TRACE": str(trace)}) == 0
    counts = Counter(trace.read_text().split())
    assert counts == dict.fromkeys(
        ("post.claimed", "post.examined", "post.sending", "post.relayed", "letters.commit", "letters.committed"), LETTERS
    )
    assert Counter(sink.ids()).most_common(1)[0][1] == 1
    wrong = {}
    for point in (f"{name}:2" for name in counts):  # with one letter sent before and one after
        for left in first.glob("scanstraat.sqlite3*"):
            left.unlink()
        (first / "scanstraat.sqlite3").write_bytes(full)
        sink.taken.clear()
        killed = _post("kill:1", environment | {"SCANSTRAAT_FAILPOINT": point})
        ended = _post("kill:2", environment)
        times = sorted(Counter(sink.ids()).values())
        expected = [1] * (LETTERS - 1) + [2 if point in TWICE else 1]
        if (killed, ended, _states(first), times) != (-9, 0, [("sent", LETTERS)], expected):
            wrong[point] = (killed, ended, _states(first), times)
    assert wrong == {}
