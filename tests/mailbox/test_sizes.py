from __future__ import annotations

import smtplib
import socket
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

import pytest

from scanstraat.mailbox.reception import DISCARD_FACTOR
from scanstraat.mailbox.server import MailServer
from tests.mailbox.conftest import ADDRESS, KeepingIntake, StartServer
from tests.mailbox.wire import Wire

LIMIT = 30_000_000
HEAD = b"Subject: groot\r\n\r\n"


def _mail(size: int) -> bytes:
    line = b"x" * 98 + b"\r\n"
    whole = (HEAD + line * (size // len(line) + 1))[: size - 2]
    return whole.rstrip(b"\r\n").ljust(size - 2, b"y") + b"\r\n"


@pytest.mark.rule("A3")
@pytest.mark.parametrize(("more", "code"), [(0, 250), (1, 552)])
def test_thirty_million_octets_are_taken_and_not_one_more(
    server: MailServer, intake: KeepingIntake, more: int, code: int
) -> None:
    mail = _mail(LIMIT + more)
    with Wire(server.smtp_port) as wire:
        wire.begin(ADDRESS)  # no SIZE told, so only the end of data can tell
        wire.say(mail + b".\r\n")
        answer = wire.reply()
        assert answer.startswith(str(code)), answer
        assert wire.ask("NOOP").startswith("250"), "the connection goes on"
    assert [stored.size for stored in intake.stored] == ([LIMIT] if code == 250 else [])
    if code == 552:
        assert answer.startswith("552 5.3.4")


@pytest.mark.rule("A3")
@pytest.mark.parametrize(("size", "code"), [(LIMIT, 250), (LIMIT + 1, 552), ("1" * 400, 552)])
def test_a_mail_announced_as_too_big_is_refused_at_mail_from(server: MailServer, size: int | str, code: int) -> None:
    with smtplib.SMTP("127.0.0.1", server.smtp_port, timeout=20) as client:
        client.ehlo()
        answer = client.mail("a@supplier.example", [f"SIZE={size}"])
    assert answer[0] == code
    assert code == 250 or answer[1].startswith(b"5.3.4")


@pytest.mark.rule("A3")
@pytest.mark.parametrize("size", ["²", "-1", "x"])
def test_a_size_that_is_no_number_is_refused(server: MailServer, size: str) -> None:
    with Wire(server.smtp_port) as wire:
        wire.reply()
        wire.ask("EHLO test.example")
        assert wire.ask(f"MAIL FROM:<a@b.example> SIZE={size}")[:3] in ("501", "500")


@pytest.mark.rule("A3")
def test_dots_added_for_transport_do_not_count(start: StartServer, intake: KeepingIntake) -> None:
    server = start(max_mail_octets=1_000)
    mail = HEAD + b".\r." * 10 + b"\r\n" + b".\r\n.x\r\n" * 50
    mail = mail + b"z" * (998 - len(mail)) + b"\r\n"
    assert len(mail) == 1_000
    with Wire(server.smtp_port) as wire:
        wire.begin(ADDRESS)
        wire.say(mail.replace(b"\r\n.", b"\r\n..") + b".\r\n")
        assert wire.reply().startswith("250")
    assert intake.stored[0].content == mail


@pytest.mark.rule("A3")
def test_too_much_without_a_line_end_is_refused_and_stays_out_of_memory(start: StartServer, intake: KeepingIntake) -> None:
    server = start(max_mail_octets=1_000_000)
    block = b"x" * 100_000
    with Wire(server.smtp_port) as wire:
        wire.begin(ADDRESS)
        tracemalloc.start()
        for _ in range(40):
            wire.say(block)
        wire.say(b"\r\n.\r\n")
        assert wire.reply().startswith("552 5.3.4")
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 2_500_000
    assert intake.stored == []


@pytest.mark.rule("A3")
def test_a_flood_without_end_is_hung_up_on(start: StartServer) -> None:
    server = start(max_mail_octets=100_000)
    with Wire(server.smtp_port) as wire:
        wire.begin(ADDRESS)
        flood = b"x" * (2 * DISCARD_FACTOR * 100_000 + 20_000_000)  # more than sockets hold back
        with pytest.raises(OSError):
            wire.say(flood)


@pytest.mark.rule("A3", "A7")
def test_a_big_mail_is_never_whole_in_memory(start: StartServer, intake: KeepingIntake) -> None:
    server = start()
    intake.gate.clear()
    with Wire(server.smtp_port) as wire:
        wire.begin(ADDRESS)
        line = b"x" * 98 + b"\r\n"
        tracemalloc.start()
        for _ in range(200):
            wire.say(line * 1_000)
        wire.say(b".\r\n")
        assert intake.asked.wait(20)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        intake.gate.set()
        assert wire.reply().startswith("250")
    assert intake.stored[0].size == 20_000_000
    assert peak < 3_000_000


def test_lines_longer_than_smtp_allows_are_taken(server: MailServer, intake: KeepingIntake) -> None:
    mail = HEAD + b"x" * 100_000 + b"\r\n" + b"y" * 1_002 + b"\r\n"
    with Wire(server.smtp_port) as wire:
        wire.begin(ADDRESS)
        wire.say(mail + b".\r\n")
        assert wire.reply().startswith("250")
    assert intake.stored[0].content == mail


@pytest.mark.rule("A3")
@pytest.mark.parametrize(("more", "code"), [(0, 250), (1, 552)])
def test_the_boundary_is_the_same_by_lmtp_without_size(server: MailServer, intake: KeepingIntake, more: int, code: int) -> None:
    with Wire(server.lmtp_port) as wire:
        wire.begin(ADDRESS, "LHLO")
        wire.say(_mail(LIMIT + more) + b".\r\n")
        assert wire.reply().startswith(str(code))
        assert wire.ask("NOOP").startswith("250"), "the connection goes on"
    assert [stored.size for stored in intake.stored] == ([LIMIT] if code == 250 else [])


@pytest.mark.rule("A3")
@pytest.mark.parametrize(("size", "code"), [(LIMIT, 250), (LIMIT + 1, 552), (f"0{LIMIT}", 250)])
def test_the_boundary_is_the_same_by_lmtp_with_size(server: MailServer, size: int | str, code: int) -> None:
    with Wire(server.lmtp_port) as wire:
        wire.reply()
        assert f"SIZE {LIMIT}" in wire.ask("LHLO test.example")
        assert wire.ask(f"MAIL FROM:<a@supplier.example> SIZE={size}").startswith(str(code))


@pytest.mark.rule("A3")
@pytest.mark.parametrize("greeting", ["EHLO", "LHLO"])
@pytest.mark.parametrize("announced", ["", " SIZE=100"])
def test_too_big_stays_too_big_however_often_it_is_tried(
    start: StartServer, intake: KeepingIntake, greeting: str, announced: str
) -> None:
    server = start(max_mail_octets=100_000)
    mail = _mail(100_001)
    for _ in range(3):
        with Wire(server.smtp_port if greeting == "EHLO" else server.lmtp_port) as wire:
            wire.reply()
            wire.ask(f"{greeting} test.example")
            for _ in range(2):
                assert wire.ask("MAIL FROM:<a@supplier.example> SIZE=100001").startswith("552 5.3.4")
                assert wire.ask(f"MAIL FROM:<a@supplier.example>{announced}").startswith("250")
                wire.ask(f"RCPT TO:<{ADDRESS}>")
                wire.ask("DATA")
                wire.say(mail + b".\r\n")
                assert wire.reply().startswith("552 5.3.4")
    assert intake.stored == []


@pytest.mark.parametrize(
    "content",
    [
        b"Subject: " + b"x" * 2_000_000 + b"\r\n\r\nbody\r\n",
        b"".join(b"X-%d: y\r\n" % number for number in range(100_000)) + b"\r\nbody\r\n",
        bytes(range(256)).replace(b"\r\n", b"") * 100 + b"\r\n",
        b"Subject: bare\r\rline\n\nends\r\n\r\n\nmixed\rin\none\r\n",
        b"\x00" * 10_000 + b"\r\n",
        b"\r\n",
        b"",
    ],
    ids=[
        "one header line of 2 MB",
        "100,000 header lines",
        "every octet",
        "bare line ends",
        "NUL octets",
        "one line end",
        "none",
    ],
)
@pytest.mark.parametrize("piece", [1_000_000, 777])
def test_odd_octets_are_kept_as_they_are(server: MailServer, intake: KeepingIntake, content: bytes, piece: int) -> None:
    sent = content.replace(b"\r\n.", b"\r\n..")
    with Wire(server.smtp_port) as wire:
        wire.begin(ADDRESS)
        for at in range(0, len(sent), piece):
            wire.say(sent[at : at + piece])
        wire.say(b".\r\n")
        assert wire.reply().startswith("250")
    assert intake.stored[0].content == content


@pytest.mark.rule("A3")
def test_data_without_end_leaves_a_server_as_small_as_it_was(tmp_path: Path) -> None:
    """400 MB, in one line, and then in lines: a server that kept it would show."""
    block = {"one line": b"x" * 1_000_000, "lines": (b"y" * 98 + b"\r\n") * 10_000}
    command = [sys.executable, "-m", "tests.mailbox.serving", str(tmp_path), "0"]
    with subprocess.Popen(command, cwd=Path(__file__).parent.parent.parent) as process:
        try:
            for kind, octets in block.items():
                connection = _connected(tmp_path / "lmtp.sock", process)
                before = _resident(process.pid)
                refused = _flooded(connection, octets)
                after = _resident(process.pid)
                assert refused, f"{kind}: 150 MB are listened to, not 400"
                assert after - before < 20_000_000, f"{kind}: from {before:,} to {after:,} octets"
        finally:
            process.kill()


def _connected(where: Path, process: subprocess.Popen[bytes]) -> socket.socket:
    until = time.monotonic() + 20
    connection = socket.socket(socket.AF_UNIX)
    while connection.connect_ex(str(where)):
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.05)
    for line in (b"", b"LHLO x\r\n", b"MAIL FROM:<a@b.example>\r\n", f"RCPT TO:<{ADDRESS}>\r\n".encode(), b"DATA\r\n"):
        connection.sendall(line)
        connection.recv(1_000)
    return connection


def _flooded(connection: socket.socket, octets: bytes) -> bool:
    with connection:
        try:
            for _ in range(400):
                connection.sendall(octets)
        except OSError:
            return True
    return False


def _resident(process: int) -> int:
    """The most memory it ever had, in octets."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1_024 for line in lines if line.startswith("VmHWM"))
