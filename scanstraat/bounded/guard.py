"""Stands between us and an external program: sets its limits, ends it in time, and outlives neither it nor us.

Run as a script with nothing but the standard library, so that it starts in a few milliseconds. The program and everything
it started are killed when it ends, when its time is over, when we say so, and when our process dies.
"""

from __future__ import annotations

import os
import signal
import sys
import time

SLOW, MISSING = 124, 127  # exit statuses, as the shell's `timeout` and the shell itself use them
_SIGNALLED = 128
_NEWS = {signal.SIGCHLD, signal.SIGTERM}


def main(arguments: list[str]) -> int:
    """Run the program; its exit status, 128 + signal, `SLOW` or `MISSING`.

    Arguments: the parent's process number, memory octets, seconds, octets of a file, then the command.
    """
    import kernel  # type: ignore[import-not-found]  # beside this script, which is not run as part of a package

    parent, memory, seconds, file, *command = arguments
    signal.pthread_sigmask(signal.SIG_BLOCK, _NEWS)
    kernel.die_with(int(parent), signal.SIGTERM)
    kernel.adopt_orphans()
    guard, program = os.getpid(), os.fork()
    if not program:
        try:
            kernel.die_with(guard)
            kernel.limit(int(memory), float(seconds), int(file))
            kernel.without_network(local=True)
            signal.pthread_sigmask(signal.SIG_SETMASK, ())
            os.execvp(command[0], command)  # noqa: S606  the command is ours, no shell reads it
        finally:
            os._exit(MISSING)
    news = _wait(program, time.monotonic() + float(seconds))
    os.kill(program, signal.SIGKILL)  # unreaped, so the number is still its own
    _, status = os.waitpid(program, 0)
    _sweep(guard)
    code = os.waitstatus_to_exitcode(status)
    late = news != signal.SIGCHLD or code == -signal.SIGXCPU
    return SLOW if late else code if code >= 0 else _SIGNALLED - code


def _wait(program: int, until: float) -> int:
    """Until the program ends (SIGCHLD), we are told to stop (SIGTERM), or its time is over (0).

    Orphans it leaves on its way become children of the guard; their ends are told by SIGCHLD too, and mean nothing.
    """
    while (left := until - time.monotonic()) > 0:
        news = signal.sigtimedwait(_NEWS, left)
        if news is None:
            break
        if news.si_signo == signal.SIGTERM:
            return signal.SIGTERM
        if os.waitid(os.P_PID, program, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
            return signal.SIGCHLD
    return 0


def _sweep(guard: int) -> None:
    """Kill all that the program started, even what took a group of its own: orphans become children of the guard."""
    with open(f"/proc/{guard}/task/{guard}/children", "rb") as file:
        while children := file.read().split():
            for child in children:
                os.kill(int(child), signal.SIGKILL)
                os.waitpid(int(child), 0)
            file.seek(0)


if __name__ == "__main__":
    sys.path.append(os.path.dirname(__file__))
    sys.exit(main(sys.argv[1:]))
