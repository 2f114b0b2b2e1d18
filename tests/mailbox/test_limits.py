"""What one peer, one sender and one address may ask, and what becomes of those that ask for more; honest senders lose nothing."""

from __future__ import annotations

import smtplib
import socket
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanstraat.errors import Refused
from scanstraat.mailbox import guard, limits
from scanstraat.mailbox.limits import MANNERS, Buckets, Door, Manners, Rate
from scanstraat.mailbox.server import MailServer
from scanstraat.settings import Settings
from tests.mailbox.conftest import ADDRESS, OTHER_ADDRESS, KeepingIntake, StartServer
from tests.mailbox.wire import Wire

MAIL = b"Subject: factuur\r\n\r\nHierbij.\r\n"
_BURST_MINUTES = 5


def _client(server: MailServer) -> smtplib.SMTP:
    return smtplib.SMTP("127.0.0.1", server.smtp_port, timeout=20)


@pytest.fixture
def manners(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Sets what one connection may do."""

    def changed(**values: float) -> None:
        monkeypatch.setattr(guard, "MANNERS", Manners(**values))  # type: ignore[arg-type]

    return changed


def test_one_peer_has_only_so_many_connections_and_others_are_not_kept_out(start: StartServer) -> None:
    server = start(max_connections_a_peer=2, trusted_peers="192.0.2.1")
    with _client(server) as one, _client(server):
        with Wire(server.smtp_port) as third:
            assert third.reply().startswith("421 4.7.0")
            assert third.is_closed()
        one.quit()
        with _client(server) as again:
            assert again.noop()[0] == 250


def test_a_trusted_peer_may_have_as_many_as_there_are(start: StartServer) -> None:
    server = start(max_connections_a_peer=1, trusted_peers="127.0.0.0/8")
    with _client(server) as one, _client(server) as two:
        assert one.noop()[0] == two.noop()[0] == 250


def test_a_trusted_peer_that_is_no_address_is_told_at_the_start() -> None:
    with pytest.raises(Refused, match="SCANSTRAAT_TRUSTED_PEERS"):
        Door(Settings(trusted_peers="mail.example"))


@pytest.mark.rule("A9")
def test_a_sender_that_mails_too_often_is_told_to_come_back_and_others_are_not(start: StartServer, intake: KeepingIntake) -> None:
    server = start(sender_mails_a_minute=1)
    with _client(server) as client:
        for _ in range(_BURST_MINUTES):
            client.sendmail("a@supplier.example", [ADDRESS], MAIL)
        with pytest.raises(smtplib.SMTPSenderRefused) as refused:
            client.sendmail("A@supplier.example", [ADDRESS], MAIL)
        assert (refused.value.smtp_code, refused.value.smtp_error[:5]) == (450, b"4.7.1")
        client.sendmail("b@supplier.example", [ADDRESS], MAIL)
    assert len(intake.stored) == _BURST_MINUTES + 1
    server.stop()
    assert [(row.sender, row.reply[:9]) for row in intake.refusals] == [("A@supplier.example", "450 4.7.1")]


def test_an_address_that_gets_too_many_keeps_its_senders_waiting_and_no_other_address(
    start: StartServer, intake: KeepingIntake
) -> None:
    server = start(address_mails_a_minute=1)
    with _client(server) as client:
        for number in range(_BURST_MINUTES):
            client.sendmail(f"a{number}@supplier.example", [ADDRESS], MAIL)
        refused = client.sendmail("b@supplier.example", [ADDRESS, OTHER_ADDRESS], MAIL)
    assert {address: code for address, (code, _) in refused.items()} == {ADDRESS: 450}
    assert [e.recipient for e in intake.stored[-1].envelopes] == [OTHER_ADDRESS]


@pytest.mark.parametrize(("trusted", "is_taken"), [("", False), ("127.0.0.1", True)])
def test_a_peer_that_mails_too_often_is_told_to_come_back_unless_it_is_our_own(
    start: StartServer, trusted: str, is_taken: bool
) -> None:
    server = start(peer_mails_a_minute=1, trusted_peers=trusted)
    with _client(server) as client:
        client.ehlo()
        codes = []
        for number in range(_BURST_MINUTES + 1):
            codes.append(client.mail(f"a{number}@supplier.example")[0])
            client.rset()
    assert codes == [250] * _BURST_MINUTES + [250 if is_taken else 450]


def _asked(wire: Wire, count: int) -> list[str]:
    wire.reply()
    wire.ask("EHLO test.example")
    wire.ask("MAIL FROM:<a@supplier.example>")
    return [wire.ask(f"RCPT TO:<nobody{number}@elsewhere.example>")[:9] for number in range(count)]


@pytest.mark.rule("A4")
def test_who_collects_addresses_is_slowed_down_and_then_hung_up_on(start: StartServer, manners: Callable[..., None]) -> None:
    manners(slowed_from_unknown=2, unknown=4, slow_seconds=0.3)
    with Wire(start(trusted_peers="").smtp_port) as wire:
        began = time.monotonic()
        assert _asked(wire, 5) == ["550 5.1.1"] * 4 + ["421 4.7.1"]
        assert 0.6 <= time.monotonic() - began < 5
        assert wire.is_closed()


@pytest.mark.rule("A4")
def test_also_one_that_asks_for_few_on_each_of_many_connections(
    start: StartServer, manners: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    manners(slowed_from_unknown=100, unknown=100)
    monkeypatch.setattr(limits, "UNKNOWN", Rate(1.0, 4.0))
    server = start(trusted_peers="")
    with Wire(server.smtp_port) as one:
        assert _asked(one, 3) == ["550 5.1.1"] * 3
    with Wire(server.smtp_port) as another:
        assert _asked(another, 2) == ["550 5.1.1", "421 4.7.1"]
        assert another.is_closed()


@pytest.mark.rule("A4")
def test_our_own_mail_server_may_ask_for_any_number(start: StartServer) -> None:
    with Wire(start().smtp_port) as wire:
        assert _asked(wire, MANNERS.unknown + 5) == ["550 5.1.1"] * (MANNERS.unknown + 5)


def test_many_errors_end_the_connection_and_a_mail_makes_up_for_some(server: MailServer) -> None:
    with Wire(server.smtp_port) as wire:
        wire.reply()
        wire.ask("EHLO test.example")
        for _ in range(2):
            assert [wire.ask("NONSENSE")[:3] for _ in range(MANNERS.bad_commands)] == ["500"] * MANNERS.bad_commands
            wire.ask("MAIL FROM:<a@supplier.example>")
            wire.ask(f"RCPT TO:<{ADDRESS}>")
            wire.ask("DATA")
            wire.say(MAIL + b".\r\n")
            assert wire.reply().startswith("250")
        answers = [wire.ask("RCPT TO:<a b>")[:9] for _ in range(MANNERS.bad_commands + 1)]
        assert answers[-1] == "421 4.7.0"
        assert wire.is_closed()


@pytest.mark.parametrize("said", ["GET / HTTP/1.1", "POST /?x=1 HTTP/1.1", "CONNECT a.example:25 HTTP/1.1"])
def test_a_browser_is_hung_up_on_before_it_says_more(server: MailServer, intake: KeepingIntake, said: str) -> None:
    with Wire(server.smtp_port) as wire:
        wire.reply()
        wire.say(f"{said}\r\nEHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<{ADDRESS}>\r\nDATA\r\n".encode() + MAIL + b".\r\n")
        assert wire.reply().startswith("421")
        assert wire.is_closed()
    assert intake.stored == []


@pytest.mark.parametrize("is_trusted", [False, True])
def test_a_connection_without_a_mail_is_ended(start: StartServer, manners: Callable[..., None], is_trusted: bool) -> None:
    manners(seconds_without_mail=1.0)
    with Wire(start(trusted_peers="127.0.0.1" if is_trusted else "").smtp_port) as wire:
        wire.reply()
        until = time.monotonic() + 3
        answers = []
        while time.monotonic() < until and not (answers and answers[-1].startswith("421")):
            time.sleep(0.2)
            answers.append(wire.ask("NOOP"))
        assert answers[-1].startswith("250" if is_trusted else "421 4.4.2")


@pytest.mark.parametrize("line", [b"NOOP " + b"x" * 2_100, b"x" * 5_000])
def test_a_command_line_without_end_is_not_waited_for(server: MailServer, line: bytes) -> None:
    with Wire(server.smtp_port) as wire:
        wire.reply()
        wire.say(line)
        assert wire.reply().startswith("500 5.5.2")
        assert wire.is_closed()


def test_a_command_that_ends_in_a_bare_line_feed_is_none(server: MailServer) -> None:
    with Wire(server.smtp_port) as wire:
        wire.reply()
        wire.say(b"EHLO test.example\n")
        assert wire.reply().startswith("500 5.5.2")
        assert wire.is_closed()


def test_who_hangs_up_its_sending_half_still_gets_its_answers(server: MailServer, intake: KeepingIntake) -> None:
    said = f"EHLO x\r\nMAIL FROM:<a@supplier.example>\r\nRCPT TO:<{ADDRESS}>\r\nDATA\r\n".encode()
    with Wire(server.smtp_port) as wire:
        wire.say(said + MAIL + b".\r\n")
        wire.socket.shutdown(socket.SHUT_WR)
        assert [wire.reply()[:3] for _ in range(6)] == ["220", "250", "250", "250", "354", "250"]
        assert wire.is_closed()
    assert len(intake.stored) == 1


def test_a_peer_that_never_reads_its_answers_is_not_asked_for_more(start: StartServer, manners: Callable[..., None]) -> None:
    manners(commands=10**9)
    server = start(mail_timeout=2)
    block, sent = b"EHLO test.example\r\n" * 1_000, 0
    with Wire(server.smtp_port) as deaf:
        deaf.socket.settimeout(0.5)
        try:
            while sent < 100_000_000:
                sent += deaf.socket.send(block)
        except OSError:
            pass
        assert sent < 20_000_000, "it was left alone once its answers piled up"
        with _client(server) as client:
            assert client.noop()[0] == 250


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.floats(0, 5)), max_size=60), st.integers(1, 4))
def test_no_key_gets_more_than_its_rate_and_few_keys_are_kept(asked: list[tuple[str, float]], keys: int) -> None:
    buckets, now = Buckets(Rate(60.0, 3.0), keys=keys), 0.0
    alone, taken = Buckets(Rate(60.0, 3.0)), dict.fromkeys("abcdefgh", 0)
    for key, pause in asked:
        now += pause
        buckets.take(key, now)
        taken[key] += alone.take(key, now)
        assert len(buckets) <= keys
        assert taken[key] <= 3 + now + 1e-6
