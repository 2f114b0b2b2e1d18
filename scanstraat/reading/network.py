"""A line reader's network, cut down to the letters wanted of it: the last layer is most of its output and a sixth of its work.

The file is ONNX, a protocol buffer (onnx.proto3; protobuf.dev/programming-guides/encoding). Read are only the few fields needed;
all others are copied as they are. Only files that come with a pinned package are given here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Places = npt.NDArray[np.intp]

_VARINT, _COUNTED, _OCTETS_OF = 0, 2, {1: 8, 5: 4}  # wire types
_GRAPH, _METADATA = 7, 14  # of ModelProto
_WEIGHTS, _OUTPUT, _SHAPES = 5, 12, 13  # of GraphProto
_SIDES, _OCTETS = 1, 9  # of TensorProto
_KEY, _VALUE = 1, 2  # of StringStringEntryProto
_NAME, _FLOATS = 1, bytes([0x12, 4, 0x0A, 2, 8, 1])  # of ValueInfoProto; its type: a tensor of floats of any shape


class _Field(NamedTuple):
    number: int
    content: memoryview
    value: int
    whole: memoryview


def metadata(model: bytes, key: str) -> str:
    """What the file says of itself under a key; empty where it says nothing."""
    for entry in _fields(memoryview(model)):
        if entry.number == _METADATA:
            parts = {field.number: field.content for field in _fields(entry.content)}
            if bytes(parts[_KEY]) == key.encode():
                return bytes(parts[_VALUE]).decode()
    return ""


def narrowed(model: bytes, sides: int, kept: Places) -> bytes:
    """The file with only the `kept` columns of those weights whose last side is `sides` long, in that order."""
    return b"".join(
        _counted(_GRAPH, b"".join(_narrowed_graph(field.content, sides, kept))) if field.number == _GRAPH else field.whole
        for field in _fields(memoryview(model))
    )


def _narrowed_graph(graph: memoryview, sides: int, kept: Places) -> Iterator[bytes | memoryview]:
    for field in _fields(graph):
        if field.number == _WEIGHTS:
            yield _narrowed_weights(field, sides, kept)
        elif field.number == _OUTPUT:  # its shape would no longer be true; those in between are worked out again
            name = next(part.whole for part in _fields(field.content) if part.number == _NAME)
            yield _counted(_OUTPUT, bytes(name) + _FLOATS)
        elif field.number != _SHAPES:
            yield field.whole


def _narrowed_weights(tensor: _Field, sides: int, kept: Places) -> bytes | memoryview:
    fields = list(_fields(tensor.content))
    shape = [field.value for field in fields if field.number == _SIDES]
    if not shape or shape[-1] != sides:
        return tensor.whole
    rows = next(np.frombuffer(field.content, np.float32) for field in fields if field.number == _OCTETS).reshape(-1, sides)
    others = [bytes(field.whole) for field in fields if field.number not in (_SIDES, _OCTETS)]
    outline = [_number(_SIDES, side) for side in (*shape[:-1], len(kept))]
    content = _counted(_OCTETS, np.ascontiguousarray(rows[:, kept]).tobytes())
    return _counted(_WEIGHTS, b"".join((*outline, *others, content)))


def _fields(message: memoryview) -> Iterator[_Field]:
    at = 0
    while at < len(message):
        start = at
        tag, at = _read(message, at)
        content, value = message[:0], 0
        kind = tag & 7
        if kind == _VARINT:
            value, at = _read(message, at)
        elif kind == _COUNTED:
            length, at = _read(message, at)
            content, at = message[at : at + length], at + length
        else:
            at += _OCTETS_OF[kind]
        yield _Field(tag >> 3, content, value, message[start:at])


def _read(message: Sequence[int], at: int) -> tuple[int, int]:
    """A number, seven bits an octet, least first; and where the next field goes on.

    >>> _read(b"\\x96\\x01", 0), _written(150)
    ((150, 2), b'\\x96\\x01')
    """
    value = shift = 0
    while True:
        octet = message[at]
        value |= (octet & 127) << shift
        at, shift = at + 1, shift + 7
        if octet < 128:
            return value, at


def _written(value: int) -> bytes:
    octets = bytearray()
    while value > 127:
        octets.append(value & 127 | 128)
        value >>= 7
    return bytes((*octets, value))


def _number(field: int, value: int) -> bytes:
    return _written(field << 3 | _VARINT) + _written(value)


def _counted(field: int, content: bytes) -> bytes:
    return _written(field << 3 | _COUNTED) + _written(len(content)) + content
