from __future__ import annotations

import smtplib
from pathlib import Path

import pytest

from scanstraat.errors import Unavailable
from scanstraat.mailbox.server import MailServer
from scanstraat.model.mail import Channel
from tests.mailbox.conftest import ADDRESS, OTHER_ADDRESS, KeepingIntake, StartServer
from tests.mailbox.wire import Wire

MAIL = b"Subject: factuur\r\n\r\nHierbij.\r\n"


def _answers(wire: Wire, recipients: list[str]) -> list[str]:
    wire.reply()
    wire.ask("LHLO test.example")
    wire.ask("MAIL FROM:<a@supplier.example>")
    accepted = [r for r in recipients if wire.ask(f"RCPT TO:<{r}>").startswith("250")]
    assert wire.ask("DATA").startswith("354")
    wire.say(MAIL + b".\r\n")
    return [wire.reply()[:9] for _ in accepted]


@pytest.mark.rule("A2", "A7")
def test_each_accepted_recipient_gets_its_own_store_and_answer(server: MailServer, intake: KeepingIntake) -> None:
    intake.failures.append(Unavailable("disk-full", "no room."))
    with Wire(server.lmtp_port) as wire:
        answers = _answers(wire, [ADDRESS, "nobody@elsewhere.example", OTHER_ADDRESS])
        assert wire.ask("NOOP").startswith("250")
    assert answers == ["452 4.3.1", "250 2.0.0"]
    (stored,) = intake.stored
    assert [(e.recipient, e.channel) for e in stored.envelopes] == [(OTHER_ADDRESS, Channel.LMTP)]
    assert stored.content == MAIL


@pytest.mark.rule("A2")
def test_a_store_may_move_the_file_of_each_recipient(server: MailServer, intake: KeepingIntake, tmp_path: Path) -> None:
    intake.moves_to = tmp_path
    with Wire(server.lmtp_port) as wire:
        assert _answers(wire, [ADDRESS, OTHER_ADDRESS]) == ["250 2.0.0", "250 2.0.0"]
    assert [path.read_bytes() for path in tmp_path.glob("*.eml")] == [MAIL, MAIL]


def test_an_address_named_twice_gets_two_answers_and_one_mail(server: MailServer, intake: KeepingIntake) -> None:
    with Wire(server.lmtp_port) as wire:
        assert _answers(wire, [ADDRESS, ADDRESS]) == ["250 2.0.0", "250 2.0.0"]
    assert len(intake.stored) == 1


@pytest.mark.rule("A3")
def test_a_mail_too_big_is_refused_for_each_recipient(start: StartServer) -> None:
    server = start(max_mail_octets=10)
    with Wire(server.lmtp_port) as wire:
        assert _answers(wire, [ADDRESS, OTHER_ADDRESS]) == ["552 5.3.4", "552 5.3.4"]
        assert wire.ask("NOOP").startswith("250")


@pytest.mark.rule("A7")
def test_lmtp_over_a_socket_file(start: StartServer, intake: KeepingIntake, tmp_path: Path) -> None:
    where = tmp_path / "lmtp.sock"
    server = start(lmtp_listen=str(where), smtp_listen="")
    with smtplib.LMTP(str(where)) as client:
        assert client.sendmail("a@supplier.example", [ADDRESS], MAIL) == {}
    assert [stored.content for stored in intake.stored] == [MAIL]
    server.stop()
    assert not where.exists()


def test_lmtp_is_not_smtp(server: MailServer) -> None:
    with Wire(server.lmtp_port) as wire:
        wire.reply()
        assert wire.ask("EHLO test.example").startswith("500")
        assert wire.ask("HELO test.example").startswith("500")
        assert "PIPELINING" in wire.ask("LHLO test.example")
