"""A house behind the mail servers that keeps everything it is given, and servers on ports of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import pytest

from scanstraat.errors import Unavailable
from scanstraat.mailbox.intake import RecipientState, SpooledMail, StoredAs
from scanstraat.mailbox.server import MailServer
from scanstraat.model.mail import Envelope, Refusal
from scanstraat.settings import Settings

ADDRESS = "facturen@jansen.example"
OTHER_ADDRESS = "facturen@devries.example"
ENDED_ADDRESS = "facturen@gestopt.example"


@dataclass
class Stored:
    envelopes: tuple[Envelope, ...]
    content: bytes
    sha256: str
    size: int


@dataclass
class KeepingIntake:
    """Keeps what it is given in memory; `failures` are raised by the next stores, `gate` holds them up."""

    stored: list[Stored] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)
    asked: threading.Event = field(default_factory=threading.Event)
    recipient_failure: Exception | None = None
    moves_to: Path | None = None
    refusals: list[Refusal] = field(default_factory=list)
    refusal_failures: list[Exception] = field(default_factory=list)
    hold_refusals: threading.Event = field(default_factory=threading.Event)
    written: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.gate.set()
        self.hold_refusals.set()

    def recipient(self, address: str) -> RecipientState:
        if self.recipient_failure:
            raise self.recipient_failure
        if address == ENDED_ADDRESS:
            return RecipientState.ENDED
        return RecipientState.ACCEPTED if address.endswith(("jansen.example", "devries.example")) else RecipientState.UNKNOWN

    def store(self, envelopes: tuple[Envelope, ...], spooled: SpooledMail) -> tuple[StoredAs, ...]:
        self.asked.set()
        if not self.gate.wait(20):
            raise Unavailable("stuck", "the test never opened the gate.")
        if self.failures:
            raise self.failures.pop(0)
        self.stored.append(Stored(envelopes, spooled.path.read_bytes(), spooled.sha256, spooled.size))
        if self.moves_to:
            spooled.path.rename(self.moves_to / spooled.path.name)
        return tuple(StoredAs(uuid4(), is_new=True) for _ in envelopes)

    def refused(self, turned_away: tuple[Refusal, ...]) -> None:
        self.hold_refusals.wait(20)
        if self.refusal_failures:
            raise self.refusal_failures.pop(0)
        self.refusals.extend(turned_away)
        self.written.set()


@pytest.fixture
def intake() -> KeepingIntake:
    return KeepingIntake()


StartServer = Callable[..., MailServer]


@pytest.fixture
def start(tmp_path: Path, intake: KeepingIntake) -> Iterator[StartServer]:
    """Starts servers with the given settings besides the test's own home and ports; stops them after the test."""
    running: list[MailServer] = []

    def started(**settings: object) -> MailServer:
        wanted = {"home": str(tmp_path / "home"), "smtp_listen": "127.0.0.1:0", "lmtp_listen": "127.0.0.1:0"}
        server = MailServer(Settings(**{**wanted, **settings}), intake)  # type: ignore[arg-type]
        server.start()
        running.append(server)
        return server

    yield started
    intake.gate.set()
    for server in running:
        server.stop()
    spool = tmp_path / "home" / "spool"
    assert list(spool.glob("*.eml")) == [], "nothing may stay in the spool"


@pytest.fixture
def server(start: StartServer) -> MailServer:
    return start()
