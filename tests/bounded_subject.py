"""Functions for `test_bounded` to call in a child process; nothing here is a test."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import socket
import subprocess
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

from scanstraat.bounded import Child, Limits
from scanstraat.errors import Inconsistent, Refused, Unavailable
from scanstraat.model.page import Box, Page, PageSource, Word

warmed = 0


def preload() -> None:
    global warmed
    warmed = os.getpid()


def warmed_by() -> tuple[int, int]:
    return warmed, os.getppid()


def shifted(page: Page, by: Decimal, on: date | None) -> tuple[Page, Decimal, date | None]:
    words = tuple(Word(w.text, Box(w.box.x0 + float(by), w.box.y0, w.box.x1 + float(by), w.box.y1)) for w in page.words)
    return Page(page.number, page.width, page.height, PageSource.OCR, words), by, on


def backwards(content: bytes) -> bytes:
    return content[::-1]


def raise_one(kind: str) -> int:
    raise {"Refused": Refused, "Unavailable": Unavailable, "Inconsistent": Inconsistent}[kind]("own-code", "why.", "What now.")


def stumble() -> int:
    raise ValueError("odd octets")


def recurse() -> int:
    return recurse() + 1


def end_by(number: int) -> int:
    os.kill(os.getpid(), number)
    return 0


def end_the_first_time(mark: str) -> int:
    if not Path(mark).exists():
        Path(mark).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return 1


def exit_early() -> int:
    os._exit(3)


def sleep_with_company(mark: str) -> int:
    company = subprocess.Popen(["sleep", "300"])
    Path(mark).write_text(f"{os.getpid()} {company.pid}")
    time.sleep(300)
    return company.pid


def sleep_and_tell(mark: str) -> int:
    """In a process that is to be killed: call a sleeper in a bounded child of its own."""
    with Child() as child:
        return child.call(sleep_with_company, Limits(500_000_000, 300), mark)


def spin() -> int:
    while True:
        pass


def take(octets: int) -> int:
    return len(b"x" * octets)


def take_in_c(octets: int) -> int:
    libc = ctypes.CDLL(None)
    libc.malloc.restype = ctypes.c_void_p
    libc.malloc.argtypes = [ctypes.c_size_t]
    return libc.malloc(octets) or 0


def give(octets: int) -> bytes:
    return b"x" * octets


def write_file(path: str, octets: int) -> int:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    return Path(path).write_bytes(b"x" * octets)


def open_socket(family: int) -> int:
    with socket.socket(family, socket.SOCK_STREAM) as sock:
        return sock.fileno()


def circumstances() -> tuple[int, int, int, int, str]:
    """Core limit, group, session and own process number, and the thread limit for OCR."""
    core = resource.getrlimit(resource.RLIMIT_CORE)[0]
    return core, os.getpgid(0), os.getsid(0), os.getpid(), os.environ["OMP_THREAD_LIMIT"]


def variable(name: str) -> str:
    return os.environ.get(name, "")


def chatter() -> int:
    os.write(1, b"to stdout")
    return os.write(2, b"to stderr")


def kill_parent() -> int:
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(300)
    return 0


def without_types(a, b):  # type: ignore[no-untyped-def]
    return a, b
