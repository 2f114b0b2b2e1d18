"""Debian's Postfix before us: over LMTP, each recipient by itself, as in production; and over SMTP."""

from __future__ import annotations

import os
import smtplib
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connections

from benchmarks.certificates import certificate
from benchmarks.servers import free_port
from scanstraat.errors import Unavailable
from scanstraat.mailbox.intake import RecipientState, SpooledMail, StoredAs
from scanstraat.mailbox.server import MailServer
from scanstraat.model.administration import Administration
from scanstraat.model.mail import Channel, Envelope, Refusal
from scanstraat.pipeline.intake import StoredIntake
from scanstraat.records import models
from scanstraat.records.blobs import Blobs
from scanstraat.records.tasks import TaskTable
from scanstraat.settings import Settings
from tests.mailbox.conftest import ENDED_ADDRESS, KeepingIntake, StartServer
from tests.mailbox.postfix import PrivatePostfix

LIMIT = 30_000_000
BY_POSTFIX = 3_000_000 // 100 + 10_000  # it counts the lines it adds, and a few octets for each line there is
DATE = b"Date: Tue, 31 Mar 2026 12:00:00 +0200\r\n"
MAIL = b"From: a@supplier.example\r\nMessage-ID: <1@supplier.example>\r\n" + DATE + b"\r\nHierbij.\r\n.punt\r\n"

pytestmark = [
    pytest.mark.xdist_group("postfix"),
    pytest.mark.skipif(os.geteuid() != 0, reason="Postfix changes users, which root alone may"),
]


@pytest.fixture(scope="module")
def ports() -> tuple[int, int]:
    """Where our LMTP and SMTP will listen."""
    return free_port(), free_port()


@pytest.fixture(scope="module")
def postfix(ports: tuple[int, int]) -> Iterator[PrivatePostfix]:
    with PrivatePostfix(*ports, limit=LIMIT) as running:
        yield running


@pytest.fixture
def ours(start: StartServer, ports: tuple[int, int]) -> Callable[..., MailServer]:
    """Starts our server where Postfix looks for it."""
    where = {"lmtp_listen": f"127.0.0.1:{ports[0]}", "smtp_listen": f"127.0.0.1:{ports[1]}"}
    return lambda **settings: start(**where, **settings)


@pytest.mark.rule("A6", "A7")
def test_a_mail_goes_through_as_it_was(postfix: PrivatePostfix, ours: Callable[..., MailServer], intake: KeepingIntake) -> None:
    ours()
    postfix.send(["whole@jansen.example"], MAIL)
    assert "250 2.0.0 Stored" in postfix.wait_for("whole@jansen.example", "sent")
    (stored,) = intake.stored
    assert stored.content.endswith(MAIL)
    assert stored.content.startswith(b"Received: ")
    (envelope,) = stored.envelopes
    assert (envelope.sender, envelope.channel, envelope.helo) == ("a@supplier.example", Channel.LMTP, "relay.test")


@pytest.mark.rule("A2", "A4", "A7", "A10")
def test_each_recipient_has_its_own_fate(postfix: PrivatePostfix, ours: Callable[..., MailServer], intake: KeepingIntake) -> None:
    ours()
    intake.failures.append(Unavailable("database", "away."))  # for one of the two that are known
    known = ["fate1@jansen.example", "fate2@jansen.example"]
    postfix.send([*known, "nobody@gestopt.example", ENDED_ADDRESS], MAIL)
    assert "550 5.1.1" in postfix.wait_for("nobody@gestopt.example", "bounced")
    assert "550 5.2.1" in postfix.wait_for(ENDED_ADDRESS, "bounced")
    for recipient in known:
        postfix.wait_for(recipient, "sent")
    assert sorted(e.recipient for stored in intake.stored for e in stored.envelopes) == known
    deferred = [(to, answer) for to, status, answer in postfix.outcomes() if status == "deferred" and to in known]
    assert len(deferred) == 1, "one waited, the other did not wait for it"
    assert "451 4.3.0" in deferred[0][1]


@pytest.mark.rule("A7")
def test_what_came_while_we_were_away_is_delivered_afterwards(
    postfix: PrivatePostfix, ours: Callable[..., MailServer], intake: KeepingIntake
) -> None:
    for number in range(5):
        postfix.send([f"later{number}@jansen.example"], MAIL)
    postfix.wait_for("later4@jansen.example", "deferred")
    ours()
    for number in range(5):
        postfix.wait_for(f"later{number}@jansen.example", "sent")
    assert len(intake.stored) == 5


@pytest.mark.rule("A3")
def test_the_boundary_holds_with_postfix_before_it(
    postfix: PrivatePostfix, ours: Callable[..., MailServer], intake: KeepingIntake
) -> None:
    ours()
    mail = MAIL + (b"x" * 98 + b"\r\n") * (LIMIT // 100)
    for octets in (LIMIT + 1, len(mail)):
        for _ in range(2):
            with pytest.raises(smtplib.SMTPException, match=r"552|5\.3\.4"):
                postfix.send(["big@jansen.example"], mail[: octets - 2] + b"\r\n")
    postfix.send(["big@jansen.example"], mail[: LIMIT - BY_POSTFIX - 2] + b"\r\n")
    assert "250" in postfix.wait_for("big@jansen.example", "sent")
    (stored,) = intake.stored
    assert LIMIT - BY_POSTFIX < stored.size <= LIMIT


@pytest.mark.rule("A3")
def test_what_is_too_big_for_us_is_sent_back_and_not_tried_again(
    postfix: PrivatePostfix, ours: Callable[..., MailServer], intake: KeepingIntake
) -> None:
    ours(max_mail_octets=1_000)
    postfix.send(["small@jansen.example"], MAIL + b"x" * 2_000 + b"\r\n")
    assert "exceeds size limit 1000" in postfix.wait_for("small@jansen.example", "bounced"), "it read our SIZE"
    assert intake.stored == []


@pytest.mark.rule("A6")
def test_postfix_over_smtp(postfix: PrivatePostfix, ours: Callable[..., MailServer], intake: KeepingIntake) -> None:
    ours()
    recipients = [f"smtp{number}@devries.example" for number in range(3)]
    postfix.send(recipients, MAIL)
    for recipient in recipients:
        assert "250 2.0.0 Stored" in postfix.wait_for(recipient, "sent")
    (stored,) = intake.stored
    assert stored.envelopes[0].channel is Channel.SMTP
    assert sorted(e.recipient for e in stored.envelopes) == recipients
    assert stored.content.endswith(MAIL)


@pytest.mark.rule("I7")
@pytest.mark.parametrize("domain", ["jansen.example", "devries.example"])
def test_postfix_speaks_tls_where_we_offer_it(
    postfix: PrivatePostfix, ours: Callable[..., MailServer], intake: KeepingIntake, tmp_path: Path, domain: str
) -> None:
    public, private = certificate(tmp_path)
    ours(tls_certificate=str(public), tls_key=str(private))
    before = postfix.log().count("TLS connection established to 127.0.0.1")
    postfix.send([f"tls@{domain}"], MAIL + b"x" * 1_000_000 + b"\r\n")
    postfix.wait_for(f"tls@{domain}", "sent")
    assert postfix.log().count("TLS connection established to 127.0.0.1") > before
    assert b"x" * 1_000_000 in intake.stored[0].content, "also lines longer than SMTP allows come through"


class Forgetful:
    """Stores every mail, and the first time says that it did not: as if the line had broken before the 250."""

    def __init__(self, intake: StoredIntake) -> None:
        self._intake = intake
        self.kept: list[StoredAs] = []
        self._lock = threading.Lock()

    def recipient(self, address: str) -> RecipientState:
        return self._intake.recipient(address)

    def store(self, envelopes: tuple[Envelope, ...], spooled: SpooledMail) -> tuple[StoredAs, ...]:
        kept = self._intake.store(envelopes, spooled)
        connections.close_all()
        with self._lock:
            self.kept.extend(kept)
            if len(self.kept) == 1:
                raise Unavailable("line", "it broke.")
        return kept

    def refused(self, turned_away: tuple[Refusal, ...]) -> None:
        pass


@pytest.mark.rule("A8")
def test_a_mail_delivered_again_is_the_same_mail(
    postfix: PrivatePostfix, ports: tuple[int, int], administration: Administration, tmp_path: Path
) -> None:
    address = f"{administration.drop}@invoices.example"
    intake = Forgetful(StoredIntake(Blobs(tmp_path), TaskTable(), lambda: datetime.now(UTC), lambda _: None))
    settings = Settings(home=str(tmp_path), smtp_listen="", lmtp_listen=f"127.0.0.1:{ports[0]}")
    with MailServer(settings, intake):
        postfix.send([address], MAIL)
        postfix.wait_for(address, "sent")
    assert [(stored.mail, stored.is_new) for stored in intake.kept] == [
        (intake.kept[0].mail, True),
        (intake.kept[0].mail, False),
    ]
    (row,) = models.Mail.objects.filter(administration_id=administration.id)
    assert row.events.count() == 2
