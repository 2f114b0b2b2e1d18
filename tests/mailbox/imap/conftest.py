"""Mailboxes at a real Dovecot, each test with a user of its own, looked after by the real part on the test's own database."""

from __future__ import annotations

import faulthandler
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import pytest

from benchmarks.dovecot import PASSWORD, Dovecot
from scanstraat.mailbox.imap import folder
from scanstraat.model.administration import Administration
from scanstraat.model.way_in import Account, Credentials, Security
from scanstraat.pipeline.collecting import mailbox_looking
from scanstraat.pipeline.intake import StoredIntake
from scanstraat.records import connection, mailboxes, models
from scanstraat.records.blobs import Blobs
from scanstraat.records.tasks import TaskTable
from scanstraat.settings import Settings

SECONDS = 20.0
DONE, FAILED = "Scanstraat done", "Scanstraat failed"


def wait_until(true: Callable[[], object], seconds: float = SECONDS) -> None:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            faulthandler.dump_traceback(all_threads=True)
            raise AssertionError("it does not happen")
        time.sleep(0.05)


def clock() -> datetime:
    return datetime.now(UTC)


def letter(subject: str = "Factuur", to: str = "", octets: int = 0, message_id: str = "") -> bytes:
    """A mail with a Message-ID of its own, filled up to `octets`."""
    head = (
        f"Return-Path: <sender@supplier.example>\r\nDelivered-To: {to}\r\n"
        if to
        else "Return-Path: <sender@supplier.example>\r\n"
    )
    said = message_id or f"<{uuid4().hex}@supplier.example>"
    mail = (
        f"{head}From: Supplier <sender@supplier.example>\r\nTo: whoever@example.com\r\nSubject: {subject}\r\n"
        f"Message-ID: {said}\r\n"
        "Date: Tue, 31 Mar 2026 10:00:00 +0200\r\n\r\nZie de bijlage.\r\n"
    ).encode()
    missing = max(0, octets - len(mail))
    return mail + (b"x" * 76 + b"\r\n") * (missing // 78) + b"y" * (missing % 78)


@dataclass
class House:
    """An administration with its home folder, a mailbox user at the server, and whoever looks after the mailbox."""

    server: Dovecot
    administration: Administration
    home: Path
    user: str = field(default_factory=lambda: f"user-{uuid4().hex[:10]}")
    running: list[tuple[threading.Thread, threading.Event]] = field(default_factory=list)
    settings: Settings = field(init=False)

    def __post_init__(self) -> None:
        self.settings = Settings(
            home=str(self.home),
            imap_pause_seconds=0.02,
            imap_poll_seconds=0.2,
            imap_timeout=10,
            imap_ca=str(self.server.authority),
        )

    @property
    def address(self) -> str:
        return f"{self.administration.drop}@invoices.example"

    def account(self, **changes: object) -> Account:
        plain = Account(
            id=0,
            name=f"box-{uuid4().hex[:10]}",
            host="127.0.0.1",
            port=self.server.port,
            security=Security.NONE,
            username=self.user,
            way="password",
            credentials=Credentials(password=PASSWORD),
            done_folder=DONE,
            failed_folder=FAILED,
        )
        return replace(plain, **changes)  # type: ignore[arg-type]

    def add(self, **changes: object) -> int:
        account = self.account(**changes)
        return mailboxes.add(self.home, account, None if account.recipient_header else self.administration.id)

    def intake(self) -> StoredIntake:
        return StoredIntake(Blobs(self.home), TaskTable(), clock, lambda tasks: None)

    def start(self, mailbox: int, **settings: object) -> threading.Event:
        """Look after a mailbox in a thread; the event ends it."""
        looking = mailbox_looking(replace(self.settings, **settings), self.intake(), clock, mailbox)  # type: ignore[arg-type]
        stop = threading.Event()

        def run() -> None:
            try:
                looking.look(stop)
            finally:
                connection.disconnect()

        thread = threading.Thread(target=run)
        thread.start()
        self.running.append((thread, stop))
        return stop

    def end(self) -> None:
        """End all that look after mailboxes."""
        for _, stop in self.running:
            stop.set()
        for thread, _ in self.running:
            thread.join(SECONDS)
            assert not thread.is_alive()
        self.running.clear()

    def stored(self) -> list[bytes]:
        """The mails of the administration as they were stored, oldest first."""
        rows = models.Mail.objects.filter(administration_id=self.administration.id).order_by("received_at")
        found = [Blobs(self.home).get(self.administration.id, row.sha256) for row in rows]
        assert all(sha256(content).hexdigest() == row.sha256 for content, row in zip(found, rows, strict=True))
        return found

    def inbox(self) -> list[bytes]:
        return self.server.mails(self.user)

    def done(self) -> list[bytes]:
        return self.server.mails(self.user, DONE)

    def error(self, mailbox: int) -> str:
        return str(models.Mailbox.objects.values_list("error", flat=True).get(id=mailbox))

    def outcomes(self, mailbox: int) -> list[tuple[str, bool]]:
        return list(models.Fetched.objects.filter(mailbox=mailbox).order_by("id").values_list("outcome", "settled"))


Housing = Callable[[Dovecot], House]


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    with Dovecot() as server:
        yield server


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting ends sooner when told to."""
    monkeypatch.setattr(folder, "_SLICE_SECONDS", 0.05)


@pytest.fixture
def housing(administration: Administration, tmp_path: Path) -> Iterator[Housing]:
    """A house for the test, with a mailbox at the server that is given."""
    made: list[House] = []

    def house(server: Dovecot) -> House:
        made.append(House(server, administration, tmp_path / "home"))
        return made[-1]

    yield house
    for one in made:
        one.end()


@pytest.fixture
def house(dovecot: Dovecot, housing: Housing) -> House:
    return housing(dovecot)
