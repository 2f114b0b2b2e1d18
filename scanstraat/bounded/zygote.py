"""The warm process: imports what is to be preloaded, then forks one process for each call it is told of.

It stays single-threaded, so that a fork is whole, and reads no foreign bytes itself: a call's arguments go straight to the
process forked for it, over a socket that the parent hands in. Started by `child.Child`; see there.
"""

from __future__ import annotations

import contextlib
import gc
import os
import select
import signal
import socket
import sys
import traceback
from importlib import import_module

import msgspec

from scanstraat import codec
from scanstraat.bounded import kernel, wire
from scanstraat.bounded.limits import Limits
from scanstraat.errors import ScanstraatError

_NOTE = 65_536


def main(control: socket.socket, parent: int, modules: list[str]) -> None:
    """Preload, say so, and serve calls until the parent closes its end."""
    kernel.die_with(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        for name in modules:
            getattr(import_module(name), "preload", lambda: None)()
    except Exception:  # whatever went wrong, the parent has to say it
        control.send(traceback.format_exc()[-_NOTE // 2 :].encode())
        return
    gc.collect()
    gc.freeze()  # what is there now is never collected, so that its pages stay shared with the forked
    control.send(b"ready")
    while _serve(control):
        pass


def _serve(control: socket.socket) -> bool:
    """One call; False once the parent is gone."""
    note, handles, _, _ = socket.recv_fds(control, _NOTE, 1)
    if not note or not handles:
        return False
    limits = codec.from_msgpack(note, Limits)
    mapped, zygote = kernel.mapped_octets(), os.getpid()
    pid = os.fork()
    if not pid:
        try:
            control.close()
            _confine(limits, mapped, zygote)
            _work(socket.socket(fileno=handles[0]), limits)
        finally:
            os._exit(0)
    os.close(handles[0])
    end, served = _watched(pid, control, limits.seconds)
    try:
        control.send(codec.to_msgpack(end))
    except BrokenPipeError:  # the parent left meanwhile
        return False
    return served


def _confine(limits: Limits, mapped: int, zygote: int) -> None:
    os.setsid()
    kernel.die_with(zygote)
    quiet = os.open(os.devnull, os.O_RDWR)
    for handle in (0, 1, 2):
        os.dup2(quiet, handle)
    kernel.limit(mapped + limits.memory_octets, limits.seconds, limits.output_octets)
    kernel.without_network()


def _work(sock: socket.socket, limits: Limits) -> None:
    """Read a call, carry it out, send the reply; again as long as the parent asks, which is once for most."""
    try:
        while (request := wire.receive(sock)) is not None:
            wire.send(sock, _answer(request, limits))
    except MemoryError:  # the call itself is more than fits
        wire.send(sock, wire.packed(wire.Reply(wire.Outcome.MEMORY, wire.NOTHING)))


def _answer(request: bytes, limits: Limits) -> bytes:
    try:
        content = wire.packed(_reply(request))
        if len(content) > limits.output_octets:
            content = wire.packed(wire.Reply(wire.Outcome.OUTPUT, wire.NOTHING))
    except MemoryError:
        content = wire.packed(wire.Reply(wire.Outcome.MEMORY, wire.NOTHING))
    return content


def _reply(request: bytes) -> wire.Reply:
    try:
        call = codec.from_msgpack(request, wire.Call)
        function = wire.find(call.function)
        kinds, _ = wire.signature(function)
        arguments = [_value(raw, kind) for raw, kind in zip(call.arguments, kinds, strict=False)]
        return wire.Reply(wire.Outcome.VALUE, wire.raw(function(*arguments)))
    except MemoryError:
        raise
    except ScanstraatError as error:
        failed = wire.failure(error)
    except Exception as error:  # a parser may raise anything over foreign bytes
        said = f"reading this content failed ({type(error).__name__}: {str(error)[:300]})."
        failed = wire.Failure(
            "Refused",
            "parser-failed",
            said,
            "Open the file elsewhere; if it is sound, report it with the log.",
            traceback.format_exc()[-_NOTE // 2 :],
        )
    return wire.Reply(wire.Outcome.ERROR, wire.raw(failed))


def _value(raw: msgspec.Raw, kind: object) -> object:
    return codec.from_msgpack(bytes(raw), kind)  # type: ignore[arg-type]


def _watched(pid: int, control: socket.socket, seconds: float) -> tuple[wire.End, bool]:
    """Wait for the process, to the end of its time or until the parent stops it; then kill its whole group."""
    life = os.pidfd_open(pid)
    ready, _, _ = select.select([life, control.fileno()], [], [], seconds)
    os.close(life)
    # anything said during a call means: stop; an empty note: the parent is gone
    served = control.fileno() not in ready or bool(control.recv(1))
    for target in (os.kill, os.killpg):  # unreaped, so both numbers are still its own; the group may not be there yet
        with contextlib.suppress(ProcessLookupError):
            target(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    return wire.End(max(code, 0), max(-code, 0), late=not ready), served


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2]), sys.argv[3:])
    os._exit(0)  # libraries that were only ever used in forked processes have nothing to say at the end
