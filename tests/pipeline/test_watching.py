"""A watched folder on the database: its mails, how it goes with it, and what it turned away."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from scanstraat.mailbox.handing import HandingIn
from scanstraat.mailbox.spool import Spool
from scanstraat.model.administration import Administration
from scanstraat.pipeline.intake import StoredIntake
from scanstraat.pipeline.watching import FolderWatch
from scanstraat.records import connection, folders, models
from scanstraat.records.blobs import Blobs
from scanstraat.records.tasks import TaskTable
from scanstraat.settings import Settings
from tests.mailbox.letters import pdf

NOW = datetime(2026, 3, 31, 10, 0, tzinfo=UTC)

pytestmark = pytest.mark.rule("A6")


@dataclass
class Watched:
    """A folder that is being looked into by a thread."""

    path: Path
    administration: Administration

    @property
    def row(self) -> models.WatchedFolder:
        return models.WatchedFolder.objects.get(path=str(self.path))

    @property
    def mails(self) -> list[models.Mail]:
        return list(models.Mail.objects.filter(administration_id=self.administration.id).order_by("received_at", "size"))

    def awaits(self, condition: Callable[[], bool]) -> None:
        end = time.monotonic() + 20
        while not condition():
            assert time.monotonic() < end
            time.sleep(0.02)


@pytest.fixture
def watched(administration: Administration, tmp_path: Path) -> Iterator[Watched]:
    path = tmp_path / "scans"
    path.mkdir()
    folders.add(administration.id, path)
    home = django_settings.SCANSTRAAT.home_path
    intake = StoredIntake(Blobs(home), TaskTable(), lambda: NOW, lambda tasks: None)
    handing_in = HandingIn(intake, Spool(home / "spool"), 100_000)
    watched = Watched(path, administration)
    watch = FolderWatch(watched.row.id, handing_in, Settings(folder_seconds=0.01), lambda: NOW, intake.refused)
    stop = threading.Event()

    def look() -> None:
        watch.look(stop)
        connection.disconnect()

    thread = threading.Thread(target=look)
    thread.start()
    yield watched
    stop.set()
    thread.join(20)
    assert not thread.is_alive()
    folders.end(path)


@pytest.mark.rule("A7", "A9", "A1")
def test_a_scan_is_in_the_mail_log_under_its_administration(watched: Watched) -> None:
    (watched.path / "scan.pdf").write_bytes(pdf())
    watched.awaits(lambda: (watched.path / "done/scan.pdf").exists())
    (mail,) = watched.mails
    assert (mail.channel, mail.recipient) == ("folder", f"{watched.administration.drop}@invoices.example")
    assert mail.events.get().text == f"folder from scans, {mail.size} octets"
    assert models.Task.objects.filter(id=f"open:{mail.id}").exists()
    watched.awaits(lambda: watched.row.seen_at == NOW)


@pytest.mark.rule("A3", "A9")
def test_what_was_turned_away_is_on_record_with_the_reason(watched: Watched) -> None:
    (watched.path / "large.bin").write_bytes(bytes(100_001))
    watched.awaits(lambda: models.Refusal.objects.filter(administration_id=watched.administration.id).exists())
    refusal = models.Refusal.objects.get(administration_id=watched.administration.id)
    assert (refusal.channel, refusal.sender) == ("folder", f"scanner folder {watched.administration.drop}")
    assert refusal.reply.startswith("large.bin: too-large: together this is 100,")
    assert (watched.path / "failed/large.bin.reason.txt").exists()


def test_a_folder_that_is_away_says_so_until_it_is_back(watched: Watched) -> None:
    away = watched.path.rename(watched.path.with_name("away"))
    watched.awaits(lambda: "cannot be used: No such file or directory" in watched.row.error)
    away.rename(watched.path)
    watched.awaits(lambda: watched.row.error == "")


@pytest.mark.rule("A1")
def test_a_new_address_counts_from_the_next_scan_on(watched: Watched) -> None:
    new = f"new-{watched.administration.drop}@invoices.example"
    models.Address.objects.create(administration_id=watched.administration.id, address=new)
    models.Address.objects.filter(administration_id=watched.administration.id).exclude(address=new).update(ended_at=NOW)
    (watched.path / "scan.pdf").write_bytes(pdf())
    watched.awaits(lambda: bool(watched.mails))
    assert [mail.recipient for mail in watched.mails] == [new]
