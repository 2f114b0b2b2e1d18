"""What is turned away is written down (A9): each mail with what its sender was told, a bounded number of lines whatever comes."""

from __future__ import annotations

import smtplib
from datetime import UTC, datetime, timedelta

import pytest

from scanstraat.errors import Unavailable
from scanstraat.mailbox.server import MailServer
from scanstraat.mailbox.turning_away import ROWS_A_MINUTE, TurnedAway
from scanstraat.model.mail import Channel, Refusal
from tests.mailbox.conftest import ADDRESS, ENDED_ADDRESS, OTHER_ADDRESS, KeepingIntake, StartServer
from tests.mailbox.wire import Wire

NOW = datetime(2026, 3, 31, 10, 0, 30, tzinfo=UTC)


def _refusal(peer: str = "192.0.2.1", at: datetime = NOW, sender: str = "a@supplier.example") -> Refusal:
    return Refusal(at, Channel.SMTP, peer, sender, ADDRESS, "550 5.1.1 unknown")


@pytest.mark.rule("A3", "A4", "A9", "A10")
def test_each_mail_turned_away_is_told_of_with_the_answer_its_sender_got(start: StartServer, intake: KeepingIntake) -> None:
    server = start(max_mail_octets=1_000)
    with smtplib.SMTP("127.0.0.1", server.smtp_port, timeout=20) as client:
        client.ehlo()
        client.docmd("MAIL", "FROM:<big@supplier.example> SIZE=1001")
        client.mail("a@supplier.example")
        client.rcpt("nobody@elsewhere.example")
        client.rcpt(ENDED_ADDRESS)
        client.rcpt(ADDRESS)
        client.rcpt(OTHER_ADDRESS)
        client.data(b"x" * 1_001)
        intake.failures.append(Unavailable("disk-full", "no room."))
        with pytest.raises(smtplib.SMTPDataError):
            client.sendmail("", [ADDRESS], b"Subject: x\r\n\r\n")
    server.stop()
    told = [(row.sender, row.recipient, row.reply[:9]) for row in intake.refusals]
    assert told == [
        ("big@supplier.example", "", "552 5.3.4"),
        ("a@supplier.example", "nobody@elsewhere.example", "550 5.1.1"),
        ("a@supplier.example", ENDED_ADDRESS, "550 5.2.1"),
        ("a@supplier.example", ADDRESS, "552 5.3.4"),
        ("a@supplier.example", OTHER_ADDRESS, "552 5.3.4"),
        ("", ADDRESS, "452 4.3.1"),
    ]
    assert {(row.peer, row.channel) for row in intake.refusals} == {("127.0.0.1", Channel.SMTP)}


@pytest.mark.rule("A9")
def test_lmtp_tells_of_each_recipient_by_itself(server: MailServer, intake: KeepingIntake) -> None:
    intake.failures.append(Unavailable("database", "away."))
    with Wire(server.lmtp_port) as wire:
        wire.reply()
        for command in ("LHLO x", "MAIL FROM:<a@b.example>", f"RCPT TO:<{ADDRESS}>", f"RCPT TO:<{OTHER_ADDRESS}>", "DATA"):
            wire.ask(command)
        wire.say(b"Subject: x\r\n\r\n.\r\n")
        assert [wire.reply()[:3] for _ in range(2)] == ["451", "250"]
    server.stop()
    assert [(row.recipient, row.channel, row.reply[:3]) for row in intake.refusals] == [(ADDRESS, Channel.LMTP, "451")]


@pytest.mark.rule("A9")
def test_it_is_written_soon_and_nobody_waits_for_it(server: MailServer, intake: KeepingIntake) -> None:
    written = intake.written
    with Wire(server.smtp_port) as wire:
        wire.reply()
        wire.ask("EHLO x")
        wire.ask("MAIL FROM:<a@b.example>")
        intake.hold_refusals.clear()
        assert wire.ask("RCPT TO:<nobody@elsewhere.example>").startswith("550")
        intake.hold_refusals.set()
        assert written.wait(10)


@pytest.mark.rule("A9")
def test_a_house_that_cannot_write_it_down_now_is_told_again(server: MailServer, intake: KeepingIntake) -> None:
    intake.refusal_failures.append(Unavailable("database", "away."))
    with Wire(server.smtp_port) as wire:
        wire.reply()
        wire.ask("EHLO x")
        wire.ask("MAIL FROM:<a@b.example>")
        assert wire.ask("RCPT TO:<nobody@elsewhere.example>").startswith("550")
        assert intake.written.wait(10)
    assert [row.recipient for row in intake.refusals] == ["nobody@elsewhere.example"]


@pytest.mark.rule("A9")
def test_a_flood_from_one_peer_is_a_few_lines_and_a_count_and_others_have_their_own() -> None:
    away = TurnedAway()
    for number in range(500):
        away.add(_refusal(sender=f"a{number}@supplier.example"))
    away.add(_refusal("192.0.2.2"))
    rows = away.take(NOW)
    assert [row.peer for row in rows] == ["192.0.2.1"] * ROWS_A_MINUTE + ["192.0.2.2"]
    (count,) = away.take(NOW + timedelta(minutes=1))
    assert count.reply.startswith(f"{500 - ROWS_A_MINUTE} more in this minute from 192.0.2.1")
    away.add(_refusal(at=NOW + timedelta(minutes=1)))
    assert len(away.take(None)) == 1


@pytest.mark.rule("A9")
def test_a_flood_from_everywhere_is_bounded_too() -> None:
    away = TurnedAway()
    for number in range(30_000):
        away.add(_refusal(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"))
    rows = away.take(None)
    assert len(rows) <= 10_000
    assert rows[-1].reply.startswith(f"{30_000 - 1_000 - ROWS_A_MINUTE} more in this minute from other peers")
    away.give_back(rows)
    assert away.take(NOW) == rows
