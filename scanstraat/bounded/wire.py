"""How calls and replies travel: frames of a length and MessagePack, typed by the function's annotations; nothing is unpickled."""

from __future__ import annotations

import functools
import inspect
import socket
import struct
import typing
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import Any

import msgspec

from scanstraat import codec, errors
from scanstraat.errors import Inconsistent, ScanstraatError

_LENGTH = struct.Struct("!Q")
NOTHING = msgspec.Raw(b"\xc0")  # MessagePack's nil
_ERRORS = {kind.__name__: kind for kind in (errors.Refused, errors.Unavailable, errors.Inconsistent)}


class Outcome(StrEnum):
    """What a reply holds."""

    VALUE = "value"
    ERROR = "error"
    MEMORY = "memory"
    OUTPUT = "output"


@dataclass(frozen=True, slots=True)
class Call:
    """A function by name, and its arguments as MessagePack."""

    function: str
    arguments: tuple[msgspec.Raw, ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of a call; `content` is the value or a `Failure`, as MessagePack."""

    outcome: Outcome
    content: msgspec.Raw


@dataclass(frozen=True, slots=True)
class Failure:
    """An error of our tree on its way back; `trace` is there where it was not one, for the log."""

    kind: str
    code: str
    message: str
    next_step: str
    trace: str = ""


@dataclass(frozen=True, slots=True)
class End:
    """How a process ended: its exit status, or the signal that killed it; `late` where its time was over."""

    status: int
    signal: int
    late: bool


def failure(error: ScanstraatError) -> Failure:
    """The error as a value."""
    kind = next((name for name, known in _ERRORS.items() if isinstance(error, known)), "Inconsistent")
    return Failure(kind, error.code, error.message, error.next_step)


def thrown(failed: Failure) -> ScanstraatError:
    """The value as the error it was."""
    return _ERRORS.get(failed.kind, Inconsistent)(failed.code, failed.message, failed.next_step)


def address(function: Callable[..., object]) -> str:
    """The name by which another process finds the function, as `module:qualname`."""
    name = f"{function.__module__}:{function.__qualname__}"
    if "<" in name or function.__module__ == "__main__":
        raise Inconsistent("not-callable", f"{name} cannot be called in a child process: it is no function of a module.")
    return name


def find(name: str) -> Callable[..., Any]:
    """The function of that name; raises `Inconsistent` where there is none."""
    module, _, path = name.partition(":")
    try:
        return functools.reduce(getattr, path.split("."), import_module(module))  # type: ignore[return-value]
    except (ImportError, AttributeError) as error:
        raise Inconsistent("not-callable", f"{name} is not found in the child process: {error}.") from error


@functools.cache
def signature(function: Callable[..., object]) -> tuple[tuple[Any, ...], Any]:
    """The types of the parameters in order, and of the return value, from the annotations."""
    hints = typing.get_type_hints(function)
    try:
        return tuple(hints[name] for name in inspect.signature(function).parameters), hints["return"]
    except KeyError as missing:
        raise Inconsistent("not-callable", f"{address(function)} has no annotation for {missing}.") from missing


def packed(message: Call | Reply) -> bytes:
    """A message as it travels; what it holds is packed already."""
    return msgspec.msgpack.encode(message)


def raw(value: object) -> msgspec.Raw:
    """A value ready to go inside another."""
    return msgspec.Raw(codec.to_msgpack(value))


def send(sock: socket.socket, content: bytes) -> None:
    """One frame out."""
    sock.sendall(_LENGTH.pack(len(content)))
    sock.sendall(content)


class TooLarge(Exception):
    """The frame announced is above the limit."""


def receive(sock: socket.socket, limit: int | None = None) -> bytes | None:
    """One frame in; None where the other side ended first. Raises `TooLarge` before any octet above `limit` is read."""
    head = _exactly(sock, _LENGTH.size)
    if head is None:
        return None
    (length,) = _LENGTH.unpack(head)
    if limit is not None and length > limit:
        raise TooLarge
    return _exactly(sock, length)


def _exactly(sock: socket.socket, length: int) -> bytes | None:
    content = bytearray(length)
    view, done = memoryview(content), 0
    while done < length:
        count = sock.recv_into(view[done:])
        if not count:
            return None
        done += count
    return bytes(content)
