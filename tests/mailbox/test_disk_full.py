from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from scanstraat.mailbox.server import MailServer
from tests.mailbox.conftest import ADDRESS, KeepingIntake, StartServer
from tests.mailbox.wire import Wire

_ROOM = 1_000_000


@dataclass
class SmallDisk:
    home: Path
    make_room: Callable[[], None]


@pytest.fixture
def small_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallDisk]:
    """A home on a file system of its own with 1 MB of room; where none may be mounted, `os.write` says the disk is full."""
    home = tmp_path / "home"
    spool = home / "spool"
    spool.mkdir(parents=True)
    size = f"size={_ROOM}"
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", size, "none", str(spool)], capture_output=True).returncode == 0
    if mounted:
        filler = spool / "filler"
        filler.write_bytes(b"x" * (_ROOM // 2))
        try:
            yield SmallDisk(home, filler.unlink)
        finally:
            subprocess.run(["umount", "-l", str(spool)], check=True)
        return
    real_write, full = os.write, [True]

    def write(handle: int, octets: bytes) -> int:
        if full[0] and os.fstat(handle).st_size > _ROOM // 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real_write(handle, octets)

    monkeypatch.setattr(os, "write", write)
    yield SmallDisk(home, full.clear)


def _sent(server: MailServer, size: int) -> str:
    with Wire(server.smtp_port) as wire:
        wire.begin(ADDRESS)
        wire.say(b"Subject: x\r\n\r\n" + b"x" * size + b"\r\n.\r\n")
        answer = wire.reply()
        assert wire.ask("NOOP").startswith("250"), "the connection goes on"
    return answer


@pytest.mark.rule("A7")
def test_a_full_disk_means_452_no_partial_file_and_recovery(
    small_disk: SmallDisk, start: StartServer, intake: KeepingIntake
) -> None:
    server = start(home=str(small_disk.home))
    spool = small_disk.home / "spool"
    for _ in range(3):
        assert _sent(server, 800_000).startswith("452 4.3.1")
        assert list(spool.glob("*.eml")) == []
    assert _sent(server, 1_000).startswith("250"), "a small mail still fits"
    small_disk.make_room()
    assert _sent(server, 800_000).startswith("250")
    assert [stored.size > 800_000 for stored in intake.stored] == [False, True]
    server.stop()


@pytest.mark.rule("A7")
def test_no_room_for_even_the_name_is_told_before_the_data(start: StartServer, tmp_path: Path) -> None:
    server = start()
    (tmp_path / "home").mkdir(exist_ok=True)
    (tmp_path / "home" / "spool").write_text("a file where the folder should be")
    with Wire(server.smtp_port) as wire:
        wire.reply()
        wire.ask("EHLO test.example")
        wire.ask("MAIL FROM:<a@b.example>")
        wire.ask(f"RCPT TO:<{ADDRESS}>")
        assert wire.ask("DATA").startswith("451 4.3.0")
    server.stop()
    (tmp_path / "home" / "spool").unlink()


@pytest.mark.rule("A3", "A7")
def test_too_big_stays_too_big_on_a_full_disk(small_disk: SmallDisk, start: StartServer) -> None:
    server = start(home=str(small_disk.home), max_mail_octets=900_000)
    assert _sent(server, 1_200_000).startswith("552 5.3.4"), "else the sender would try again for days"
    server.stop()
