"""Work that may fail without harm, in a process forked off for it alone, with less time and memory than the one it serves.

For steps inside a bounded call that something plainer can stand in for: the caller goes on with that, and with all it holds.
"""

from __future__ import annotations

import os
import select
import signal
import time
from collections.abc import Callable

from scanstraat.bounded import kernel

_CHUNK = 1 << 20


def aside(work: Callable[[], bytes], seconds: float, memory_octets: int, output_octets: int) -> bytes | None:
    """What `work` returns; None where it raised, died, or wanted more than it may have.

    `memory_octets` is on top of what this process has mapped. What it loads is gone with it, so that this process stays small.
    """
    reading, writing = os.pipe()
    parent, pid = os.getpid(), os.fork()
    if not pid:
        _carry_out(work, writing, parent, (memory_octets, seconds, output_octets))
    os.close(writing)
    try:
        return _received(reading, time.monotonic() + seconds, output_octets)
    finally:
        os.close(reading)
        os.kill(pid, signal.SIGKILL)  # unreaped, so the number is still its own
        os.waitpid(pid, 0)


def _carry_out(work: Callable[[], bytes], writing: int, parent: int, limits: tuple[int, float, int]) -> None:
    """In the forked process: do it, send an octet for success in front, and end without any of the parent's last words."""
    memory, seconds, output = limits
    try:
        kernel.die_with(parent)
        kernel.limit(kernel.mapped_octets() + memory, seconds, output)
        content = work()
        with open(writing, "wb") as sent:
            sent.write(b"+" + content)
    finally:
        os._exit(0)


def _received(reading: int, until: float, most: int) -> bytes | None:
    """All that comes until its end; None where that is not in time, too much, or nothing."""
    chunks: list[bytes] = []
    length = 0
    while True:
        ready, _, _ = select.select([reading], [], [], max(0.0, until - time.monotonic()))
        chunk = os.read(reading, _CHUNK) if ready else b""
        if not ready or length > most:
            return None
        if not chunk:
            content = b"".join(chunks)
            return content[1:] if content else None
        chunks.append(chunk)
        length += len(chunk)
