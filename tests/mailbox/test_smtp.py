from __future__ import annotations

import hashlib
import smtplib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scanstraat.errors import Unavailable
from scanstraat.mailbox.limits import MANNERS
from scanstraat.mailbox.server import MailServer
from scanstraat.model.mail import Channel
from tests.mailbox.conftest import ADDRESS, ENDED_ADDRESS, OTHER_ADDRESS, KeepingIntake, StartServer
from tests.mailbox.wire import Wire

STUFFED = b"From: a@supplier.example\r\n\r\nFactuur.\r\n..punt\r\n.\r\n"
MAIL = b"From: a@supplier.example\r\nSubject: factuur\r\n\r\nHierbij de factuur.\r\n.begint met een punt\r\n"


def _client(server: MailServer) -> smtplib.SMTP:
    return smtplib.SMTP("127.0.0.1", server.smtp_port, timeout=20)


@pytest.mark.rule("A1", "A7")
def test_a_mail_is_stored_byte_for_byte_with_its_envelope(server: MailServer, intake: KeepingIntake) -> None:
    with _client(server) as client:
        client.sendmail("a@supplier.example", [ADDRESS], MAIL)
    (stored,) = intake.stored
    assert stored.content == MAIL
    assert stored.sha256 == hashlib.sha256(MAIL).hexdigest()
    assert stored.size == len(MAIL)
    (envelope,) = stored.envelopes
    assert (envelope.sender, envelope.recipient, envelope.channel) == ("a@supplier.example", ADDRESS, Channel.SMTP)
    assert envelope.peer == "127.0.0.1"
    assert abs(datetime.now(UTC) - envelope.received_at) < timedelta(minutes=1)
    assert envelope.received_at.utcoffset() == timedelta(0)


@pytest.mark.rule("A2")
def test_a_mail_for_two_of_us_is_stored_once_for_both_in_one_go(server: MailServer, intake: KeepingIntake) -> None:
    with _client(server) as client:
        client.sendmail("a@supplier.example", [ADDRESS, OTHER_ADDRESS, ADDRESS], MAIL)
    (stored,) = intake.stored
    assert [envelope.recipient for envelope in stored.envelopes] == [ADDRESS, OTHER_ADDRESS]


@pytest.mark.rule("A4")
def test_an_unknown_recipient_hears_550_5_1_1_at_rcpt(server: MailServer, intake: KeepingIntake) -> None:
    with _client(server) as client:
        client.ehlo()
        client.mail("a@supplier.example")
        code, text = client.rcpt("nobody@elsewhere.example")
        assert (code, text[:5]) == (550, b"5.1.1")
        assert client.docmd("DATA")[0] == 503
    assert intake.stored == []


@pytest.mark.rule("A10")
def test_an_ended_contract_hears_550_5_2_1(server: MailServer) -> None:
    with _client(server) as client:
        client.ehlo()
        client.mail("a@supplier.example")
        code, text = client.rcpt(ENDED_ADDRESS)
        assert (code, text[:5]) == (550, b"5.2.1")


@pytest.mark.rule("A4")
def test_unknown_recipients_do_not_keep_the_known_from_their_mail(server: MailServer, intake: KeepingIntake) -> None:
    with _client(server) as client:
        refused = client.sendmail("a@supplier.example", ["nobody@elsewhere.example", ADDRESS], MAIL)
    assert list(refused) == ["nobody@elsewhere.example"]
    assert [e.recipient for e in intake.stored[0].envelopes] == [ADDRESS]


@pytest.mark.rule("A7")
@pytest.mark.parametrize(
    ("failure", "code", "status"),
    [
        (Unavailable("disk-full", "no room."), 452, b"4.3.1"),
        (Unavailable("database", "away."), 451, b"4.3.0"),
        (KeyError("a fault of ours"), 451, b"4.3.0"),
    ],
)
def test_a_mail_that_cannot_be_stored_is_not_acknowledged(
    server: MailServer, intake: KeepingIntake, failure: Exception, code: int, status: bytes
) -> None:
    intake.failures.append(failure)
    with _client(server) as client:
        with pytest.raises(smtplib.SMTPDataError) as refused:
            client.sendmail("a@supplier.example", [ADDRESS], MAIL)
        assert (refused.value.smtp_code, refused.value.smtp_error[:5]) == (code, status)
        assert client.sendmail("a@supplier.example", [ADDRESS], MAIL) == {}
    assert len(intake.stored) == 1


@pytest.mark.rule("A4")
def test_a_register_that_is_away_makes_senders_wait(server: MailServer, intake: KeepingIntake) -> None:
    intake.recipient_failure = Unavailable("database", "away.")
    with _client(server) as client:
        client.ehlo()
        client.mail("a@supplier.example")
        assert client.rcpt(ADDRESS)[0] == 451


@pytest.mark.rule("A7")
def test_250_waits_for_the_store(server: MailServer, intake: KeepingIntake) -> None:
    intake.gate.clear()
    with Wire(server.smtp_port) as wire:
        wire.begin(ADDRESS)
        wire.say(MAIL + b".\r\n")
        assert intake.asked.wait(10)
        wire.socket.settimeout(0.3)
        with pytest.raises(TimeoutError):
            wire.socket.recv(1)
        intake.gate.set()
        wire.socket.settimeout(20)
        assert wire.socket.recv(100).startswith(b"250 ")


def test_a_store_may_move_the_file(server: MailServer, intake: KeepingIntake, tmp_path: Path) -> None:
    intake.moves_to = tmp_path
    with _client(server) as client:
        client.sendmail("a@supplier.example", [ADDRESS], MAIL)
    (moved,) = tmp_path.glob("*.eml")
    assert moved.read_bytes() == MAIL


def test_what_is_announced(server: MailServer) -> None:
    with _client(server) as client:
        client.ehlo()
        assert client.esmtp_features == {"size": "30000000", "8bitmime": "", "smtputf8": "", "pipelining": ""}


def test_a_bounce_has_no_sender(server: MailServer, intake: KeepingIntake) -> None:
    with _client(server) as client:
        client.sendmail("", [ADDRESS], MAIL)
    assert intake.stored[0].envelopes[0].sender == ""


def test_addresses_in_utf8(server: MailServer, intake: KeepingIntake) -> None:
    with _client(server) as client:
        client.sendmail("zoë@supplier.example", ["änderung@jansen.example"], MAIL, mail_options=["SMTPUTF8", "BODY=8BITMIME"])
    envelope = intake.stored[0].envelopes[0]
    assert (envelope.sender, envelope.recipient) == ("zoë@supplier.example", "änderung@jansen.example")


@pytest.mark.parametrize("address", ["<a b@jansen.example>", "<a\x01@jansen.example>", "<>extra"])
def test_malformed_recipients_are_refused(server: MailServer, address: str) -> None:
    with _client(server) as client:
        client.ehlo()
        client.mail("a@supplier.example")
        assert client.docmd(f"RCPT TO:{address}")[0] in (500, 501, 553)


def test_commands_may_follow_in_one_piece(server: MailServer, intake: KeepingIntake) -> None:
    mail = f"MAIL FROM:<a@supplier.example>\r\nRCPT TO:<{ADDRESS}>\r\nDATA\r\n".encode()
    with Wire(server.smtp_port) as wire:
        wire.reply()
        wire.say(b"EHLO test.example\r\n" + 2 * (mail + MAIL.replace(b"\r\n.", b"\r\n..") + b".\r\n") + b"QUIT\r\n")
        codes = [wire.reply()[:3] for _ in range(10)]
    assert codes == ["250", "250", "250", "354", "250", "250", "250", "354", "250", "221"]
    assert [stored.content for stored in intake.stored] == [MAIL, MAIL]


def test_more_than_a_hundred_recipients_are_told_to_come_in_another_mail(server: MailServer) -> None:
    with _client(server) as client:
        client.ehlo()
        client.mail("a@supplier.example")
        codes = [client.rcpt(f"r{number}@jansen.example") for number in range(MANNERS.recipients + 1)]
    assert {code for code, _ in codes[:-1]} == {250}
    assert (codes[-1][0], codes[-1][1][:5]) == (452, b"4.5.3")


def test_endless_commands_end_the_connection(server: MailServer) -> None:
    with Wire(server.smtp_port) as wire:
        wire.reply()
        answers = [wire.ask("NOOP") for _ in range(1_001)]
        assert {answer[:3] for answer in answers[:-1]} == {"250"}
        assert answers[-1].startswith("421 4.7.0")
        assert wire.is_closed()


@pytest.mark.rule("A7")
def test_a_sender_that_hangs_up_halfway_leaves_nothing(server: MailServer, intake: KeepingIntake) -> None:
    with Wire(server.smtp_port) as wire:
        wire.begin(ADDRESS)
        wire.say(MAIL)
    with _client(server) as client:
        client.noop()
    assert intake.stored == []


@pytest.mark.rule("A7")
def test_a_sender_that_hangs_up_after_the_dot_breaks_nothing(server: MailServer, intake: KeepingIntake) -> None:
    intake.gate.clear()
    with Wire(server.smtp_port) as wire:
        wire.begin(ADDRESS)
        wire.say(STUFFED)
        assert intake.asked.wait(10)
    intake.gate.set()
    server.stop()
    assert [stored.content for stored in intake.stored] == [STUFFED.replace(b"..", b".")[:-3]]


def test_too_many_connections_hear_421(start: StartServer) -> None:
    server = start(max_connections=2)
    with _client(server) as one, _client(server):
        with pytest.raises(smtplib.SMTPConnectError) as refused:
            _client(server)
        assert (refused.value.smtp_code, refused.value.smtp_error[:5]) == (421, b"4.3.2")
        one.quit()
        with _client(server) as third:
            assert third.noop()[0] == 250


@pytest.mark.parametrize("is_sending", [False, True])
def test_a_silent_connection_is_ended(start: StartServer, intake: KeepingIntake, is_sending: bool) -> None:
    server = start(mail_timeout=1)
    with Wire(server.smtp_port) as wire:
        if is_sending:
            wire.begin(ADDRESS)
            wire.say(b"Subject: half")
        else:
            wire.reply()
        assert wire.reply().startswith("421 4.4.2")
        assert wire.is_closed()
    assert intake.stored == []
