"""What the kernel saw happen in a folder, in order: the outside consumer's view of a drop."""

from __future__ import annotations

import ctypes
import os
import struct
from pathlib import Path
from types import TracebackType
from typing import Self

_libc = ctypes.CDLL(None, use_errno=True)
_MODIFY, _MOVED_FROM, _MOVED_TO, _CREATE, _DELETE = 0x2, 0x40, 0x80, 0x100, 0x200
_KINDS = {_MODIFY: "modified", _MOVED_FROM: "moved out", _MOVED_TO: "moved in", _CREATE: "created", _DELETE: "deleted"}
_HEAD = struct.Struct("iIII")


class Watch:
    """Collects inotify(7) events of `folder` while it is open: (what happened, file name)."""

    def __init__(self, folder: Path) -> None:
        self._handle = _libc.inotify_init1(os.O_NONBLOCK)
        assert _libc.inotify_add_watch(self._handle, os.fsencode(folder), sum(_KINDS)) >= 0

    def seen(self) -> list[tuple[str, str]]:
        """The events since the last call."""
        try:
            content = os.read(self._handle, 65536)
        except BlockingIOError:
            return []
        events, place = [], 0
        while place < len(content):
            _, mask, _, length = _HEAD.unpack_from(content, place)
            place += _HEAD.size
            events.append((_KINDS[mask], content[place : place + length].rstrip(b"\0").decode()))
            place += length
        return events

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        os.close(self._handle)
