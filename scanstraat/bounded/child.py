"""The parent's side of bounded calls: one warm process, one short-lived process for each call forked off it."""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Self, TypeVar, TypeVarTuple

from scanstraat import codec
from scanstraat.bounded import limits as exceeded
from scanstraat.bounded import wire
from scanstraat.bounded.limits import Limits
from scanstraat.errors import Inconsistent, Refused, ScanstraatError

R = TypeVar("R")
Ts = TypeVarTuple("Ts")

_log = logging.getLogger(__name__)
SLACK = 65_536  # octets around a reply
_PATIENCE = 5.0  # seconds for the warm process to end by itself
# no more of our environment than this: a parser that is taken over shall find no passwords in it
_PASSED = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "LD_LIBRARY_PATH",
    "TMPDIR",
    "TESSDATA_PREFIX",
    "SCANSTRAAT_OCR_ENGINE",
    "SCANSTRAAT_OCR_LANGUAGES",
)
# a forked process has one thread only, so no library may have started more before; one core a process is also the fastest
_ONE_THREAD = {"OMP_THREAD_LIMIT": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


class Child:
    """Runs functions of ours over foreign bytes, each call in a process of its own with limits.

    The modules of `preload` are imported once, in the warm process (and their `preload()` called where they have one), so that
    a call finds them ready. The warm process starts at the first call, is started again should it ever end, and dies with
    this process, with everything it forked. Calls may come from any thread; one is served at a time.
    """

    def __init__(self, preload: tuple[str, ...] = ()) -> None:
        self._preload = preload
        self._lock = threading.Lock()
        self._zygote: _Zygote | None = None

    def call(self, function: Callable[[*Ts], R], limits: Limits, *args: *Ts) -> R:
        """The value of `function(*args)`, worked out in a process of its own.

        The function belongs to a module; arguments and value are of the types it is annotated with. An error of our tree
        that it raises comes back as itself. `Refused`: `parser-died`, `parser-slow`, `parser-memory`, `parser-output`,
        or `parser-failed` for any other exception. Who dies is tried once more: it may not have been by its own doing (a kernel
        short of memory kills whom it likes), and a sound file shall not be refused for that.
        """
        _, returned = wire.signature(function)
        request = wire.packed(wire.Call(wire.address(function), tuple(wire.raw(arg) for arg in args)))
        with self._lock:
            content = self._answered(request, limits)
        reply = codec.from_msgpack(content, wire.Reply)
        if reply.outcome is wire.Outcome.MEMORY:
            raise exceeded.memory(limits)
        if reply.outcome is wire.Outcome.OUTPUT:
            raise exceeded.output(limits)
        if reply.outcome is wire.Outcome.ERROR:
            raise _error(codec.from_msgpack(bytes(reply.content), wire.Failure))
        value: R = codec.from_msgpack(bytes(reply.content), returned)
        return value

    def close(self) -> None:
        """End the warm process; a later call starts another."""
        with self._lock:
            self._drop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _answered(self, request: bytes, limits: Limits) -> bytes:
        try:
            return self._exchange(request, limits)
        except Refused as error:
            if error.code != exceeded.DIED:
                raise
            _log.warning("%s Tried once more.", error)
        return self._exchange(request, limits)

    def _exchange(self, request: bytes, limits: Limits) -> bytes:
        ours = self._begun(limits)
        try:
            with ours:
                content, too_much = _talk(ours, request, limits)
            end = self._zygote.ended(too_much) if self._zygote else None
        except BaseException:  # interrupted halfway: what the warm process says next would belong to this call
            self._drop()
            raise
        if end is None:
            self._drop()
            raise exceeded.died("the warm process ended")
        if too_much:
            raise exceeded.output(limits)
        if content is None:
            late = end.late or end.signal == signal.SIGXCPU
            raise exceeded.slow(limits) if late else exceeded.died(_how(end))
        return content

    def _begun(self, limits: Limits) -> socket.socket:
        """Our end of the socket to a freshly forked process; a warm process that died unnoticed is replaced once."""
        for _ in range(2):
            if self._zygote is None or not self._zygote.is_ours:
                self._drop()
                self._zygote = _Zygote(self._preload)
            try:
                return self._zygote.fork(limits)
            except OSError:
                self._drop()
        raise exceeded.died("the warm process ends at once")

    def _drop(self) -> None:
        if self._zygote is not None:
            self._zygote.close()
            self._zygote = None


class _Zygote:
    """The warm process as seen from its parent."""

    def __init__(self, preload: tuple[str, ...]) -> None:
        self._owner = os.getpid()
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._started: list[subprocess.Popen[bytes]] = []
        # the kernel takes the end of the starting thread for the end of the parent, so a thread that waits does it
        self._thread = threading.Thread(target=_start, args=(preload, theirs, self._started), daemon=True)
        self._thread.start()
        note = self._control.recv(SLACK)
        if note != b"ready":
            self.close()
            raise Inconsistent("parser-start", f"the warm process does not start: {note.decode(errors='replace')}")

    @property
    def is_ours(self) -> bool:
        """Whether this process started it, rather than one that we were forked from."""
        return self._owner == os.getpid()

    def fork(self, limits: Limits) -> socket.socket:
        """Have a process forked; the socket leads to it. `OSError` where the warm process has ended."""
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                socket.send_fds(self._control, [codec.to_msgpack(limits)], [theirs.fileno()])
            except OSError:
                ours.close()
                raise
        return ours

    def ended(self, stop: bool) -> wire.End | None:
        """How the forked process ended, stopping it first where asked; None where the warm process itself has ended."""
        try:
            if stop:
                self._control.send(b"s")
            note = self._control.recv(SLACK)
        except OSError:
            return None
        return codec.from_msgpack(note, wire.End) if note else None

    def close(self) -> None:
        """Close our end, on which it ends by itself, killing what it may have forked."""
        self._control.close()
        if self.is_ours:
            self._thread.join(_PATIENCE)
            for process in self._started:  # still there only where it hangs
                process.kill()
            self._thread.join()


def _start(preload: tuple[str, ...], control: socket.socket, started: list[subprocess.Popen[bytes]]) -> None:
    environment = {name: os.environ[name] for name in _PASSED if name in os.environ}
    environment |= {**_ONE_THREAD, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))}
    handle = control.fileno()
    command = [sys.executable, "-P", "-m", "scanstraat.bounded.zygote", f"{handle}", f"{os.getpid()}", *preload]
    with control:
        process = subprocess.Popen(  # noqa: S603  our own module
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env=environment,
            pass_fds=(handle,),
            start_new_session=True,
        )
    started.append(process)
    process.wait()


def _talk(ours: socket.socket, request: bytes, limits: Limits) -> tuple[bytes | None, bool]:
    """Send the request, receive the reply; None where it never came whole, True where it was announced too large."""
    try:
        wire.send(ours, request)
        content = wire.receive(ours, limits.output_octets + SLACK)
    except wire.TooLarge:
        return None, True
    except OSError:
        return None, False
    return content, False


def _how(end: wire.End) -> str:
    return signal.Signals(end.signal).name if end.signal else f"status {end.status}"


def _error(failed: wire.Failure) -> ScanstraatError:
    if failed.trace:
        _log.warning("a call in a child process failed: %s\n%s", failed.message, failed.trace)
    return wire.thrown(failed)
