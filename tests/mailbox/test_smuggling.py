"""SMTP smuggling: what some servers take for the end of a mail must not end it here (only CR LF dot CR LF does)."""

from __future__ import annotations

import pytest

from scanstraat.mailbox.server import MailServer
from tests.mailbox.conftest import ADDRESS, KeepingIntake
from tests.mailbox.wire import Wire

_SECOND = b"MAIL FROM:<boss@bank.example>\r\nRCPT TO:<" + ADDRESS.encode() + b">\r\nDATA\r\nsmuggled\r\n"
_FALSE_ENDS = [
    b"\n.\n",
    b"\r.\r",
    b"\n.\r\n",
    b"\r\n.\n",
    b"\r\n.\r",
    b"\r.\r\n",
    b"\r\r.\r\r",
    b"\n\n.\r\n",
    b"\r\n\x00.\r\n",
    b"\r\n.\x00\r\n",
    b"\r\n. \r\n",
    b"\r\n.\r\r\n",
    b"\n.\r\r\n",
    b"\r\n\r.\r\n",
    b"\x0b.\x0b",
    b"\x0c.\x0c",
    b"\xc2\x85.\xc2\x85",
    b"\xe2\x80\xa8.\xe2\x80\xa8",
]


@pytest.mark.rule("A7")
@pytest.mark.parametrize("false_end", _FALSE_ENDS)
@pytest.mark.parametrize("in_pieces", [False, True])
@pytest.mark.parametrize("greeting", ["EHLO", "LHLO"])
def test_a_false_end_does_not_end_a_mail(
    server: MailServer, intake: KeepingIntake, false_end: bytes, in_pieces: bool, greeting: str
) -> None:
    mail = b"Subject: one\r\n\r\nfirst" + false_end + _SECOND
    with Wire(server.smtp_port if greeting == "EHLO" else server.lmtp_port) as wire:
        wire.begin(ADDRESS, greeting)
        if in_pieces:
            for at in range(len(mail)):
                wire.say(mail[at : at + 1])
            wire.say(b".\r\n")
        else:
            wire.say(mail + b".\r\n")
        assert wire.reply().startswith("250")
        assert wire.ask("NOOP").startswith("250"), "nothing of the mail is taken for a command"
    (stored,) = intake.stored
    # byte for byte, but for the dots that every sender doubles at the start of a line
    assert stored.content == mail.replace(b"\r\n.", b"\r\n")
    assert stored.envelopes[0].sender == "sender@supplier.example"


@pytest.mark.parametrize(
    ("address", "is_ended"),
    [
        ("a@b.example>\nRCPT TO:<x@jansen.example", True),
        ("a\n@jansen.example", True),
        ("a@b.example\r", False),
        ("a@b.example>\rRCPT TO:<x@jansen.example", False),
        ("a\x00@jansen.example", False),
    ],
)
def test_no_command_is_smuggled_in_an_address(server: MailServer, intake: KeepingIntake, address: str, is_ended: bool) -> None:
    with Wire(server.smtp_port) as wire:
        wire.reply()
        wire.ask("EHLO test.example")
        wire.ask("MAIL FROM:<a@supplier.example>")
        wire.say(f"RCPT TO:<{address}>\r\n".encode())
        assert wire.reply().startswith("50")
        if is_ended:
            assert wire.is_closed()
        else:
            assert wire.ask("DATA").startswith("503")
    assert intake.stored == []


@pytest.mark.parametrize("greeting", ["EHLO", "LHLO"])
def test_chunks_are_refused_and_what_is_in_them_is_not_read(server: MailServer, intake: KeepingIntake, greeting: str) -> None:
    with Wire(server.smtp_port if greeting == "EHLO" else server.lmtp_port) as wire:
        wire.reply()
        assert "CHUNKING" not in wire.ask(f"{greeting} test.example")
        wire.ask("MAIL FROM:<a@supplier.example>")
        wire.ask(f"RCPT TO:<{ADDRESS}>")
        chunk = b"DATA\r\nsmuggled\r\n.\r\n"
        wire.say(b"BDAT %d LAST\r\n" % len(chunk) + chunk)
        assert wire.reply().startswith("502")
        assert wire.is_closed()
    assert intake.stored == []


@pytest.mark.parametrize("after", [b"QUIT\r\n", b"RSET\r\nQUIT\r\n", b"NONSENSE\r\nQUIT\r\n"])
def test_commands_sent_with_the_end_of_a_mail_wait_until_it_is_stored(
    server: MailServer, intake: KeepingIntake, after: bytes
) -> None:
    intake.gate.clear()
    with Wire(server.smtp_port) as wire:
        wire.begin(ADDRESS)
        wire.say(b"Subject: one\r\n\r\n.\r\n" + after)
        assert intake.asked.wait(10)
        wire.socket.settimeout(0.2)
        with pytest.raises(TimeoutError):
            wire.socket.recv(1)
        intake.gate.set()
        wire.socket.settimeout(20)
        answers = b""
        while octets := wire.socket.recv(1_000):
            answers += octets
    assert answers.startswith(b"250 2.0.0 Stored\r\n")
    assert answers.endswith(b"221 Bye\r\n")


def test_the_true_end_does(server: MailServer, intake: KeepingIntake) -> None:
    with Wire(server.smtp_port) as wire:
        wire.begin(ADDRESS)
        wire.say(b"Subject: one\r\n\r\nfirst\r\n.\r\n" + _SECOND + b".\r\n")
        assert [wire.reply()[:3] for _ in range(5)] == ["250", "250", "250", "354", "250"]
    assert len(intake.stored) == 2
