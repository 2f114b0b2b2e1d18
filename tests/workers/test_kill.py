"""SIGKILL at every durable step there is, found from traced runs: nothing is lost, nothing comes twice, no file is half."""

from __future__ import annotations

import json
import os
import smtplib
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import pikepdf
import pytest
from lxml import etree

from benchmarks.servers import free_port
from tests.workers.victims import ROOT, SECONDS, Victims, checkpoint, copied, make_home, points_of, rows

NAMES = ("two-invoices-in-one-pdf-nl", "reminder-nl", "broken-beside-good-fr")
EXPECTED = [mail for mail in json.loads((ROOT / "fixtures/mails/expected.json").read_text()) if mail["name"] in NAMES]
ENDS = ["archived", "delivered", "delivered", "delivered", "in-review"]

pytestmark = pytest.mark.xdist_group("kill")


def _mail(name: str) -> tuple[bytes, list[str]]:
    mail = next(mail for mail in EXPECTED if mail["name"] == name)
    return (ROOT / "fixtures/mails" / mail["file"]).read_bytes(), mail["recipients"]


@pytest.fixture(scope="module")
def victims() -> Iterator[Victims]:
    made = Victims("killing")
    yield made
    made.close()


@pytest.fixture(scope="module")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the demo's administrations and nothing else."""
    home = tmp_path_factory.mktemp("kill") / "empty"
    make_home(home)
    return home


@pytest.fixture(scope="module")
def full_home(empty_home: Path, victims: Victims) -> Path:
    """The same with the mails taken in and nothing done yet."""
    home = copied(empty_home, empty_home.with_name("full"))
    with Server(victims, home) as server:
        for name in NAMES:
            assert server.sent(name)
    checkpoint(home)
    victims.say("warm", copied(home, home.with_name("warm")))
    assert victims.answer() == "0"
    return home


@dataclass
class Server:
    """A mail server in a home, killed or started again as often as it takes; `sent` is a mail transfer agent with one try."""

    victims: Victims
    home: Path
    point: str = "-"
    port: int = field(default_factory=free_port)

    def __enter__(self) -> Server:
        self.victims.say("mail", self.home, self.point, self.port)
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            try:
                smtplib.SMTP("127.0.0.1", self.port, timeout=SECONDS).close()
                return self
            except OSError:
                time.sleep(0.01)
        raise AssertionError("the mail server does not start")

    def __exit__(self, *exception: object) -> None:
        self.victims.say("end")
        self.status = int(self.victims.answer())

    def sent(self, name: str) -> bool:
        content, recipients = _mail(name)
        try:
            with smtplib.SMTP("127.0.0.1", self.port, timeout=SECONDS) as session:
                session.sendmail("sender@supplier.example", recipients, content)
        except (smtplib.SMTPException, OSError):
            return False
        return True


@dataclass
class Consumer:
    """Takes whole drops away: an XML that shows has its PDF beside it."""

    taken: Counter[str] = field(default_factory=Counter)

    def take(self, home: Path) -> None:
        for xml in sorted((home / "drops").glob("*/*.xml")):
            pdf = xml.with_suffix(".pdf")
            assert etree.parse(xml).getroot() is not None
            with pikepdf.open(pdf) as opened:
                assert len(opened.pages) > 0
            assert pdf.name in xml.read_text(), "the XML names its PDF"
            self.taken[xml.stem] += 1
            pdf.unlink()
            xml.unlink()


def _wrongs(home: Path, consumer: Consumer) -> list[str]:
    """What is not as it must be once all is done."""
    found = {
        "documents": sorted(state for (state,) in rows(home, "SELECT state FROM records_document")) == ENDS,
        "mails": rows(home, "SELECT DISTINCT state, count(*) FROM records_mail") == [("dispatched", len(NAMES))],
        "tasks": rows(home, "SELECT DISTINCT state FROM records_task") == [("done",)],
        "deliveries": sorted(consumer.taken.values()) == [1] * ENDS.count("delivered"),
        "drops": [path for path in (home / "drops").rglob("*") if path.is_file()] == [],
        "staging": list((home / "staging").iterdir()) == [],
        "blobs": all(
            sha256(path.read_bytes()).hexdigest() == path.name
            for path in (home / "blobs").rglob("*")
            if path.is_file() and not path.name.startswith(".")
        ),
    }
    return [name for name, right in found.items() if not right]


@pytest.fixture(scope="module")
def work_points(full_home: Path) -> list[str]:
    """Every fail-point of a real worker process on its way through the whole line."""
    home, trace = copied(full_home, full_home.with_name("traced")), full_home.with_name("work.trace")
    environment = {**os.environ, "SCANSTRAAT_HOME": str(home), "SCANSTRAAT_FAILPOINT_TRACE": str(trace)}
    worker = subprocess.Popen([sys.executable, "-m", "scanstraat.cli.main", "work"], cwd=ROOT, env=environment)
    end = time.monotonic() + SECONDS
    while rows(home, "SELECT 1 FROM records_task WHERE state IN ('waiting', 'claimed')") and time.monotonic() < end:
        time.sleep(0.05)
    worker.terminate()
    assert worker.wait(SECONDS) == 0
    return points_of(trace)


@pytest.mark.rule("F8", "F4")
def test_a_worker_may_be_killed_at_any_durable_step(full_home: Path, work_points: list[str], victims: Victims) -> None:
    stages = ("open", "read", "sort", "recognise", "decide", "dispatch", "compose", "publish", "archive")
    assert {f"runner.{when}.{stage}:1" for when in ("claimed", "worked", "filed", "committed") for stage in stages} <= set(
        work_points
    )
    assert {"tasks.commit:1", "durable.rename:1", "delivery.pdf-rename:1", "delivery.xml-rename:1"} <= set(work_points)
    wrong: dict[str, object] = {}
    for point in work_points:
        home, consumer = copied(full_home, full_home.with_name("victim")), Consumer()
        killed = victims.work(home, point, "kill:1")
        consumer.take(home)
        ended = victims.work(home, "-", "kill:2")
        consumer.take(home)
        if (killed, ended) != (-9, 0) or _wrongs(home, consumer):
            wrong[point] = (killed, ended, _wrongs(home, consumer))
    assert wrong == {}


@pytest.mark.rule("A7", "A8")
def test_a_mail_server_may_be_killed_at_any_durable_step(empty_home: Path, victims: Victims, tmp_path: Path) -> None:
    trace = tmp_path / "mail.trace"
    with Server(victims, copied(empty_home, tmp_path / "home"), str(trace)) as server:
        assert all(server.sent(name) for name in NAMES)
    points = points_of(trace)
    assert {f"mailbox.{step}:1" for step in ("received", "spooled", "stored")} | {"intake.commit:1", "intake.committed:1"} <= set(
        points
    )
    for point in points:
        home = copied(empty_home, tmp_path / "home")
        with Server(victims, home, point) as killed:
            acknowledged = [name for name in NAMES if killed.sent(name)]
        with Server(victims, home) as again:
            assert all(again.sent(name) for name in NAMES if name not in acknowledged)
        assert (killed.status, again.status) == (-9, 0), point
        assert len(acknowledged) < len(NAMES), point
        stored = dict(rows(home, "SELECT sha256, administration_id FROM records_mail"))
        assert sorted(stored) == sorted(sha256(_mail(name)[0]).hexdigest() for name in NAMES), point
        assert rows(home, "SELECT count(*) FROM records_mail") == [(len(NAMES),)], point
        assert rows(home, "SELECT state, count(*) FROM records_task GROUP BY 1") == [("waiting", len(NAMES))], point
        for name, administration in stored.items():
            blob = home / "blobs" / str(administration) / name[:2] / name
            assert sha256(blob.read_bytes()).hexdigest() == name, point
        assert list((home / "spool").iterdir()) == [], point
