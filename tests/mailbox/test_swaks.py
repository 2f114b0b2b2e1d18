"""swaks as the sender: SMTP, LMTP, and commands in one piece. (STARTTLS: see the tests with OpenSSL and Postfix.)"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from scanstraat.model.mail import Channel
from tests.mailbox.conftest import ADDRESS, OTHER_ADDRESS, KeepingIntake, StartServer

_WAYS = [
    ([], Channel.SMTP),
    (["--pipeline"], Channel.SMTP),
    (["--protocol", "SMTP"], Channel.SMTP),  # HELO
    (["--protocol", "LMTP"], Channel.LMTP),
    (["--protocol", "LMTP", "--pipeline"], Channel.LMTP),
]


@pytest.mark.rule("A1", "A6")
@pytest.mark.parametrize(("options", "channel"), _WAYS, ids=lambda value: " ".join(value) if isinstance(value, list) else value)
def test_swaks_delivers_a_pdf(
    start: StartServer, intake: KeepingIntake, tmp_path: Path, options: list[str], channel: Channel
) -> None:
    server = start()
    attachment = tmp_path / "factuur.pdf"
    attachment.write_bytes(b"%PDF-1.4 as far as a mail server cares")
    port = server.lmtp_port if channel is Channel.LMTP else server.smtp_port
    command = ["swaks", "--server", f"127.0.0.1:{port}", "--from", "a@supplier.example", "--to", f"{ADDRESS},{OTHER_ADDRESS}"]
    command += ["--attach-name", "factuur.pdf", "--attach-type", "application/pdf", "--attach", f"@{attachment}", *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout
    envelopes = [envelope for stored in intake.stored for envelope in stored.envelopes]
    assert [(e.recipient, e.channel) for e in envelopes] == [(ADDRESS, channel), (OTHER_ADDRESS, channel)]
    assert all(b"factuur.pdf" in stored.content for stored in intake.stored)
