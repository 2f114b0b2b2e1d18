"""The octets of a mail, in memory or in a file, of which no more stays in memory than is looked at."""

from __future__ import annotations

import io
import mmap
from collections.abc import Iterator
from pathlib import Path

_PIECE = 1 << 20


class Octets:
    """A content that is searched where it lies and cut into parts.

    Of a file, the pages that were touched are given back as parts are cut and by `forget`: the system keeps them as its cache
    rather than as memory of this process.
    """

    def __init__(self, buffer: bytes | mmap.mmap) -> None:
        self.buffer = buffer

    @classmethod
    def of_file(cls, path: Path) -> Octets:
        """Those of a file, which must not change meanwhile."""
        with open(path, "rb") as file:
            return cls(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if path.stat().st_size else b"")

    def __len__(self) -> int:
        return len(self.buffer)

    def pieces(self, begin: int, end: int) -> Iterator[bytes]:
        """What lies between, piece by piece.

        >>> list(Octets(b"abcdef").pieces(1, 4)), list(Octets(b"abc").pieces(2, 2))
        ([b'bcd'], [])
        """
        while begin < end:
            stop = min(begin + _PIECE, end)
            yield self.buffer[begin:stop]
            if stop - begin == _PIECE:
                self.forget(begin, stop)
            begin = stop

    def cut(self, begin: int, end: int) -> bytes:
        """What lies between.

        >>> Octets(b"abcdef").cut(1, 4)
        b'bcd'
        """
        if end - begin <= _PIECE:
            return self.buffer[begin:end]
        target = io.BytesIO()
        for piece in self.pieces(begin, end):
            target.write(piece)
        return target.getvalue()

    def forget(self, begin: int, end: int) -> None:
        """Give the memory back that looking at these octets took; they can be looked at again."""
        if isinstance(self.buffer, mmap.mmap) and end - begin >= _PIECE:
            first = -(-begin // mmap.PAGESIZE) * mmap.PAGESIZE
            self.buffer.madvise(mmap.MADV_DONTNEED, first, end - first)
