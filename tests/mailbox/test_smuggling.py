"""SMTP smuggling: what some servers take for the end of a mail must not end it here (only CR LF dot CR LF does)."""

from __future__ import annotations

import pytest

from scanstraat.mailbox.server import MailServer
from tests.mailbox.conftest import ADDRESS, KeepingIntake
from tests.mailbox.wire import Wire

_SECOND = b"MAIL FROM:<boss@bank.example>\r\nRCPT TO:<" + ADDRESS.encode() + b">\r\nDATA\r\nsmuggled\r\n"
_FALSE_ENDS = [b"\n.\n", b"\r.\r", b"\n.\r\n", b"\r\n.\n", b"\r\n.\r", b"\r.\r\n", b"\r\r.\r\r", b"\n\n.\r\n", b"\r\n\x00.\r\n"]


@pytest.mark.parametrize("false_end", _FALSE_ENDS)
@pytest.mark.parametrize("in_pieces", [False, True])
def test_a_false_end_does_not_end_a_mail(server: MailServer, intake: KeepingIntake, false_end: bytes, in_pieces: bool) -> None:
    mail = b"Subject: one\r\n\r\nfirst" + false_end + _SECOND
    with Wire(server.smtp_port) as wire:
        wire.begin(ADDRESS)
        if in_pieces:
            for at in range(len(mail)):
                wire.say(mail[at : at + 1])
            wire.say(b".\r\n")
        else:
            wire.say(mail + b".\r\n")
        assert wire.reply().startswith("250")
        assert wire.ask("NOOP").startswith("250"), "nothing of the mail is taken for a command"
    (stored,) = intake.stored
    assert b"smuggled" in stored.content
    assert stored.envelopes[0].sender == "sender@supplier.example"


def test_the_true_end_does(server: MailServer, intake: KeepingIntake) -> None:
    with Wire(server.smtp_port) as wire:
        wire.begin(ADDRESS)
        wire.say(b"Subject: one\r\n\r\nfirst\r\n.\r\n" + _SECOND + b".\r\n")
        assert [wire.reply()[:3] for _ in range(5)] == ["250", "250", "250", "354", "250"]
    assert len(intake.stored) == 2
