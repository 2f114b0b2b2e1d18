from __future__ import annotations

import smtplib
import socket
import ssl
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pytest

from benchmarks import certificates
from scanstraat.errors import Refused
from scanstraat.mailbox.certificate import Certificate, tls_context
from scanstraat.mailbox.server import MailServer
from scanstraat.settings import Settings
from tests.mailbox.conftest import ADDRESS, KeepingIntake, StartServer
from tests.mailbox.wire import Wire

MAIL = b"Subject: geheim\r\n\r\nHierbij.\r\n"


def made(folder: Path) -> tuple[str, str]:
    public, private = certificates.certificate(folder)
    return str(public), str(private)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    return made(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def server(start: StartServer, certificate: tuple[str, str]) -> MailServer:
    return start(tls_certificate=certificate[0], tls_key=certificate[1])


@pytest.fixture
def trusting(certificate: tuple[str, str]) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certificate[0])


@pytest.mark.rule("I7")
def test_a_mail_over_starttls(server: MailServer, intake: KeepingIntake, trusting: ssl.SSLContext) -> None:
    with smtplib.SMTP("localhost", server.smtp_port, timeout=20) as client:
        client.ehlo()
        assert client.has_extn("starttls")
        client.starttls(context=trusting)
        client.ehlo()
        assert not client.has_extn("starttls")
        assert not client.has_extn("auth")
        assert client.docmd("STARTTLS")[0] == 503
        for size in (10, 3_000_000):
            client.sendmail("a@supplier.example", [ADDRESS], MAIL + b"x" * size + b"\r\n")
    assert [stored.size - len(MAIL) - 2 for stored in intake.stored] == [10, 3_000_000]
    assert intake.stored[0].envelopes[0].peer == "127.0.0.1"


@pytest.mark.rule("I7")
def test_lmtp_over_starttls(server: MailServer, intake: KeepingIntake, trusting: ssl.SSLContext) -> None:
    with smtplib.LMTP("localhost", server.lmtp_port) as client:
        client.ehlo()
        client.starttls(context=trusting)
        client.sendmail("a@supplier.example", [ADDRESS], MAIL)
    assert len(intake.stored) == 1


@pytest.mark.rule("I7")
def test_what_was_said_before_tls_is_forgotten(server: MailServer, trusting: ssl.SSLContext) -> None:
    with smtplib.SMTP("localhost", server.smtp_port, timeout=20) as client:
        client.ehlo()
        client.mail("eve@supplier.example")
        client.rcpt(ADDRESS)
        client.starttls(context=trusting)
        assert client.docmd("RCPT", f"TO:<{ADDRESS}>")[0] == 503
        client.ehlo()
        assert client.docmd("RCPT", f"TO:<{ADDRESS}>")[0] == 503


@pytest.mark.rule("I7")
def test_nothing_said_in_the_clear_counts_as_said_in_tls(server: MailServer, intake: KeepingIntake) -> None:
    with Wire(server.smtp_port) as wire:
        wire.reply()
        wire.ask("EHLO test.example")
        wire.say(b"STARTTLS\r\nMAIL FROM:<eve@supplier.example>\r\n")
        assert wire.reply().startswith("554")
        assert wire.is_closed()
    assert intake.stored == []


@pytest.mark.rule("I7")
@pytest.mark.parametrize("ending", [b"STARTTLS\r\n", b"starttls\r\n", b"STARTTLS\r\nNOOP\r\n"])
@pytest.mark.parametrize("is_lmtp", [False, True])
def test_a_mail_begun_in_the_clear_is_not_gone_on_with_in_tls(
    server: MailServer, intake: KeepingIntake, ending: bytes, is_lmtp: bool
) -> None:
    hello = b"LHLO" if is_lmtp else b"EHLO"
    begun = hello + b" x\r\nMAIL FROM:<eve@supplier.example>\r\nRCPT TO:<" + ADDRESS.encode() + b">\r\n" + ending
    with Wire(server.lmtp_port if is_lmtp else server.smtp_port) as wire:
        wire.reply()
        wire.say(begun)
        assert [wire.reply()[:3] for _ in range(3)] == ["250"] * 3
        assert wire.reply().startswith("220" if ending.endswith(b"TLS\r\n") or ending.islower() else "554")
        wire.say(b"DATA\r\nSubject: injected\r\n\r\n.\r\n")  # in the clear, where a handshake is due
        wire.socket.settimeout(5)
        with suppress(ConnectionResetError):
            assert b"354" not in wire.socket.recv(1_000)
    assert intake.stored == []


@pytest.mark.rule("I7")
def test_a_data_command_is_no_tls_command(server: MailServer, intake: KeepingIntake) -> None:
    with Wire(server.smtp_port) as wire:
        wire.begin(ADDRESS)
        wire.say(b"STARTTLS\r\n.\r\n")
        assert wire.reply().startswith("250")
    assert intake.stored[0].content == b"STARTTLS\r\n"


@pytest.mark.rule("I7")
def test_a_renewed_certificate_is_used_without_a_restart(
    start: StartServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scanstraat.mailbox.server._CERTIFICATE_SECONDS", 0.05)
    names = made(tmp_path)
    server = start(tls_certificate=names[0], tls_key=names[1])
    seen = {_certificate_of(server)}
    Path(names[0]).write_text("half written")
    assert {_certificate_of(server)} == seen, "one that cannot be used changes nothing"
    made(tmp_path)
    until = time.monotonic() + 10
    while _certificate_of(server) in seen:
        assert time.monotonic() < until
        time.sleep(0.05)


def _certificate_of(server: MailServer) -> bytes:
    with smtplib.SMTP("localhost", server.smtp_port, timeout=20) as client:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        client.starttls(context=context)
        assert isinstance(client.sock, ssl.SSLSocket)
        return client.sock.getpeercert(binary_form=True) or b""


def test_without_a_certificate_there_is_nothing_to_look_at() -> None:
    assert not Certificate(Settings()).look()


@pytest.mark.rule("I7")
def test_a_broken_handshake_ends_that_connection_only(server: MailServer) -> None:
    for attempt in (b"GET / HTTP/1.1\r\n\r\n", b""):
        with Wire(server.smtp_port) as wire:
            wire.reply()
            wire.ask("EHLO test.example")
            assert wire.ask("STARTTLS").startswith("220")
            wire.say(attempt)
            wire.socket.shutdown(socket.SHUT_WR)
            wire.socket.recv(1_000)
    with Wire(server.smtp_port) as wire:
        assert wire.reply().startswith("220")


@pytest.mark.rule("I7")
def test_openssl_agrees(server: MailServer, certificate: tuple[str, str]) -> None:
    where = f"localhost:{server.smtp_port}"
    command = ["openssl", "s_client", "-starttls", "smtp", "-connect", where, "-CAfile", certificate[0], "-verify_return_error"]
    done = subprocess.run([*command, "-crlf", "-quiet"], input=b"NOOP\nQUIT\n", capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-2:] == [b"250 OK", b"221 Bye"]


def test_without_a_certificate_tls_is_not_offered(start: StartServer) -> None:
    with Wire(start().smtp_port) as wire:
        wire.reply()
        assert "STARTTLS" not in wire.ask("EHLO test.example")
        assert wire.ask("STARTTLS").startswith("502")


def test_a_certificate_that_cannot_be_used_is_told_at_the_start(tmp_path: Path, certificate: tuple[str, str]) -> None:
    broken = tmp_path / "broken.pem"
    broken.write_text("not a certificate")
    for path in (broken, tmp_path / "missing.pem"):
        with pytest.raises(Refused, match="tls-certificate"):
            tls_context(Settings(tls_certificate=str(path), tls_key=certificate[1]))
