"""What every process of the service that works until told to stop has in common: its clock, its name and how it is told."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import threading
from datetime import UTC, datetime


def clock() -> datetime:
    """Now."""
    return datetime.now(UTC)


def holder_name() -> str:
    """A name to hold tasks and leases under, for a process that no supervisor gave one: its place, a colon, and 0."""
    return f"{socket.gethostname()[:24]}:{os.getpid()}-{secrets.token_hex(4)}:0"


def told_to_stop() -> threading.Event:
    """An event that SIGTERM and SIGINT set from now on."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop
