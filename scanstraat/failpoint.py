"""Named points at each durable step, where a test may stop, trace or kill the process.

In service `reach` costs one comparison. `SCANSTRAAT_FAILPOINT=NAME:HIT` kills the process with SIGKILL at the HIT-th time it
comes by NAME; `SCANSTRAAT_FAILPOINT_TRACE=FILE` appends each name to FILE, so that a traced run lists all there are.
The simulation of the runner sets its own hook, and so decides at each durable step who goes on.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

_hook: Callable[[str], None] | None = None


def reach(name: str) -> None:
    """Say that the durable step `name` is about to happen; returns at once unless a test asked otherwise."""
    if _hook is not None:
        _hook(name)


def set_hook(hook: Callable[[str], None] | None) -> None:
    """Have `hook` called with each name reached in this process; None takes it away."""
    global _hook
    _hook = hook


def _killer(name: str, hit: int) -> Callable[[str], None]:
    seen = 0

    def hook(reached: str) -> None:
        nonlocal seen
        if reached == name:
            seen += 1
            if seen == hit:
                os.kill(os.getpid(), signal.SIGKILL)

    return hook


def _tracer(path: str) -> Callable[[str], None]:
    def hook(reached: str) -> None:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.write(handle, f"{reached}\n".encode())
        os.close(handle)

    return hook


def install_from_environment() -> None:
    """Set the hook the environment asks for; called once by each process of the service."""
    wanted = os.environ.get("SCANSTRAAT_FAILPOINT")
    trace = os.environ.get("SCANSTRAAT_FAILPOINT_TRACE")
    if wanted:
        name, _, hit = wanted.rpartition(":")
        set_hook(_killer(name, int(hit)))
    elif trace:
        set_hook(_tracer(trace))
