"""The supervisor: starts the parts of the service, starts again what ends, and stops all of it in order.

It does nothing else, in one thread, so that nothing can keep it from that: workers that take a dead one's place end its leases
by themselves. Should the supervisor be killed, the kernel kills its parts.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
import secrets
import selectors
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from scanstraat.errors import Refused, Unavailable
from scanstraat.settings import Settings, split_listen
from scanstraat.workers.part import Copy, Part, parts_of

log = logging.getLogger(__name__)

GRACE_SECONDS = 20.0  # from SIGTERM to SIGKILL; longer than any part takes to finish what it is at
_TURN_SECONDS = 0.2
_CONNECT_SECONDS = 1.0


def supervise(settings: Settings, parts: tuple[Part, ...] | None = None) -> None:
    """Run the service until SIGTERM or SIGINT. `parts` instead of those the settings ask for, in tests.

    Raises `Refused` (code `running`) where another supervisor works in the same home.
    """
    with _alone(settings.home_path):
        place = _place(settings)
        _release(settings, f"{place}:")
        supervisor = Supervisor(parts if parts is not None else parts_of(settings), f"{place}:{secrets.token_hex(4)}")
        previous = {number: signal.signal(number, lambda *_: supervisor.stop()) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            supervisor.run(None if parts is not None else lambda: answering(settings))
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)


def answering(settings: Settings) -> bool:
    """Whether mail server and pages take connections."""
    return all(
        _takes_connections(listen) for listen in (settings.smtp_listen, settings.lmtp_listen, settings.desk_listen) if listen
    )


def wait_until_answering(settings: Settings, seconds: float, alive: Callable[[], bool] = lambda: True) -> None:
    """Return once mail server and pages answer; raises `Unavailable` where they do not in time, or are not `alive` any more."""
    until = time.monotonic() + seconds
    while not answering(settings):
        if time.monotonic() > until or not alive():
            raise Unavailable("not-started", "the service does not answer.", "Look at what its parts wrote to the log.")
        time.sleep(0.1)


class Supervisor:
    """Keeps copies of the parts running until `stop`. `run` names this run; holders begin with it."""

    def __init__(self, parts: tuple[Part, ...], run: str, say: Callable[[str], None] | None = None) -> None:
        self._say = say or _print
        self._copies = [Copy(part, number, run, self._say) for part in parts for number in range(part.copies)]
        self._stopping = False
        self._wake, self._waker = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    def stop(self) -> None:
        """Have `run` end all parts and return; may be called from a signal handler or another thread."""
        self._stopping = True
        with suppress(BlockingIOError):
            os.write(self._waker, b"s")

    def run(self, ready: Callable[[], bool] | None = None) -> None:
        """Start the parts and watch them. Says so once `ready` is true for the first time."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._wake, selectors.EVENT_READ, lambda: True)
            try:
                while not self._stopping:
                    for copy in self._copies:
                        if copy.is_due() and copy.start():
                            selector.register(copy.output, selectors.EVENT_READ, copy.pass_on)
                    self._turn(selector)
                    if ready and ready():
                        self._say("[supervisor] ready: mail server and pages answer")
                        ready = None
            finally:
                self._end(selector)
                os.close(self._wake)
                os.close(self._waker)

    def _turn(self, selector: selectors.BaseSelector) -> None:
        for key, _ in selector.select(_TURN_SECONDS):
            if not key.data():
                selector.unregister(key.fd)
        for copy in self._copies:
            if copy.process is not None and copy.process.poll() is not None:
                with suppress(KeyError):
                    selector.unregister(copy.output)
                copy.bury(self._stopping)

    def _end(self, selector: selectors.BaseSelector) -> None:
        """SIGTERM, a while to finish, SIGKILL."""
        self._stopping = True
        self._signal(signal.SIGTERM)
        until = time.monotonic() + GRACE_SECONDS
        while any(copy.process for copy in self._copies):
            self._turn(selector)
            if time.monotonic() > until:
                self._signal(signal.SIGKILL)

    def _signal(self, number: int) -> None:
        for copy in self._copies:
            if copy.process is not None:
                copy.process.send_signal(number)


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    home.mkdir(parents=True, exist_ok=True)
    with open(home / "supervisor.lock", "a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused("running", f"a supervisor works in {home} already.", "Stop it, or set another home.") from None
        yield


def _place(settings: Settings) -> str:
    """What the holders of this home on this machine begin with."""
    home = hashlib.sha256(os.fsencode(settings.home_path)).hexdigest()[:8]
    return f"{socket.gethostname()[:24]}.{home}"


def _release(settings: Settings, place: str) -> None:
    """No part of an earlier supervisor is alive, so nobody needs to wait for their leases; on one machine, none is at all."""
    from scanstraat.records import connection

    connection.connect()
    from scanstraat.records import folders, mailboxes
    from scanstraat.records.tasks import TaskTable

    holders = place if settings.database_url else ""
    try:
        count = TaskTable().release(holders, datetime.now(UTC))
        count += sum(leases.release_dead(holders, but="") for leases in (mailboxes.LEASES, folders.LEASES))
        if count:
            log.warning("%d leases of an earlier run are ended: tasks, mailboxes and folders are free again", count)
    except Exception as error:
        log.warning("leases of an earlier run end by themselves, since the database does not answer: %s", error)
    finally:
        connection.disconnect()


def _takes_connections(listen: str) -> bool:
    try:
        if "/" in listen:
            with socket.socket(socket.AF_UNIX) as probe:
                probe.connect(listen)
        else:
            host, port = split_listen(listen)
            socket.create_connection((host or "localhost", port), timeout=_CONNECT_SECONDS).close()
    except OSError:
        return False
    return True


def _print(line: str) -> None:
    with suppress(OSError):
        print(line, file=sys.stderr, flush=True)
