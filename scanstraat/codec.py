"""Frozen values to bytes and back, for child processes and the database; the type is always named, nothing is guessed."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from scanstraat.errors import Inconsistent

T = TypeVar("T")


def to_json(value: object) -> bytes:
    """A frozen dataclass (or a tuple of them) as JSON; Decimal, date and enum members as strings."""
    return msgspec.json.encode(value)


def from_json(content: bytes | str, kind: type[T]) -> T:
    """The value of type `kind` written by `to_json`; raises `Inconsistent` where the text does not fit the type.

    >>> from scanstraat.model.page import Box
    >>> from_json(to_json(Box(1, 2, 3, 4)), Box)
    Box(x0=1.0, y0=2.0, x1=3.0, y1=4.0)
    """
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.DecodeError as error:
        raise Inconsistent("stored-value", f"a stored {kind.__name__} cannot be read back: {error}.") from error


def to_msgpack(value: object) -> bytes:
    """Like `to_json` in MessagePack, which carries bytes as they are.

    Times go as text: MessagePack's own form of them knows no zone, and the date sent is used in its own (D2).
    """
    return msgspec.msgpack.encode(msgspec.to_builtins(value, builtin_types=(bytes,)))


def from_msgpack(content: bytes, kind: type[T]) -> T:
    """The value of type `kind` written by `to_msgpack`; raises `Inconsistent` where the bytes do not fit the type."""
    try:
        return msgspec.msgpack.decode(content, type=kind)
    except msgspec.DecodeError as error:
        raise Inconsistent("passed-value", f"a {kind.__name__} from a child process cannot be read: {error}.") from error
