from __future__ import annotations

import os
import signal
import smtplib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scanstraat.mailbox.spool import Spool

MAIL = b"Subject: factuur\r\n\r\nHierbij.\r\n"
ROOT = Path(__file__).parent.parent.parent
Serve = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Starts `serve()` in a process of its own and waits until its socket is there."""
    running: list[subprocess.Popen[bytes]] = []

    def started(seconds_a_store: float = 0.0, **environment: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.mailbox.serving", str(tmp_path), str(seconds_a_store)]
        process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment})
        running.append(process)
        last = time.monotonic() + 20
        while not _connects(tmp_path):
            assert process.poll() is None
            assert time.monotonic() < last
            time.sleep(0.05)
        return process

    yield started
    for process in running:
        process.kill()
        process.wait()


def _connects(home: Path) -> bool:
    try:
        with smtplib.LMTP(str(home / "lmtp.sock")):
            return True
    except OSError:
        return False


def _client(home: Path) -> smtplib.LMTP:
    client = smtplib.LMTP(str(home / "lmtp.sock"))
    client.ehlo()
    client.mail("a@supplier.example")
    client.rcpt("facturen@jansen.example")
    return client


@pytest.mark.rule("A7")
def test_sigterm_lets_a_mail_under_way_finish_and_takes_no_new_one(serve: Serve, tmp_path: Path) -> None:
    process = serve(seconds_a_store=1.0)
    with _client(tmp_path) as client, smtplib.LMTP(str(tmp_path / "lmtp.sock")) as idle:
        client.docmd("DATA")
        client.send(MAIL + b".\r\n")
        time.sleep(0.3)
        process.send_signal(signal.SIGTERM)
        assert idle.getreply()[0] == 421
        time.sleep(0.2)
        assert not _connects(tmp_path)
        assert client.getreply()[0] == 250
        assert client.getreply()[0] == 421
    assert process.wait(10) == 0
    assert len(list((tmp_path / "kept").iterdir())) == 1
    assert list((tmp_path / "spool").iterdir()) == []
    assert not (tmp_path / "lmtp.sock").exists()


@pytest.mark.rule("A7")
def test_sigterm_ends_an_idle_server_at_once(serve: Serve, tmp_path: Path) -> None:
    process = serve()
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    assert time.monotonic() - began < 3


@pytest.mark.rule("A7")
@pytest.mark.parametrize(
    ("point", "is_kept"), [("mailbox.received", False), ("mailbox.spooled", False), ("mailbox.stored", True)]
)
def test_a_server_killed_before_250_never_acknowledged_and_leaves_nothing_for_long(
    serve: Serve, tmp_path: Path, point: str, is_kept: bool
) -> None:
    process = serve(SCANSTRAAT_FAILPOINT=f"{point}:1")
    with pytest.raises(smtplib.SMTPServerDisconnected):
        _client(tmp_path).data(MAIL)
    assert process.wait(10) == -signal.SIGKILL
    assert bool(list((tmp_path / "kept").iterdir())) == is_kept
    assert len(list((tmp_path / "spool").iterdir())) == 1
    serve()
    assert list((tmp_path / "spool").iterdir()) == [], "the next server sweeps"
    with _client(tmp_path) as client:
        assert client.data(MAIL)[0] == 250
    assert len(list((tmp_path / "kept").iterdir())) == 1


def test_a_sweep_spares_what_is_being_written(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    live = spool.create()
    live.write(b"half a mail")
    (tmp_path / "left-behind.eml").write_bytes(b"of a killed process")
    assert spool.sweep() == 1
    assert live.seal().path.read_bytes() == b"half a mail"
    live.discard()
    live.discard()
    assert list(tmp_path.iterdir()) == []
