"""When something in a watched folder is whole: unchanged for a few looks, and not cut off as far as that can be told.

There is no lock that scanners and network shares honour, so stillness is what tells; and the end of a file, where its format
has one.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import BinaryIO

from scanstraat.mailbox.dropped import Dropped

LOOKS = 3  # unchanged for so many looks, it is taken
PATIENT_LOOKS = 60  # so many, where it is empty, cannot be read or seems to end in the middle
_TAIL = 2_048


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that was seen, and for how many looks it has been as it is.

    `is_stored`: it is kept, and only not moved yet. `trouble`: why it could not be dealt with the last time.
    """

    seen: Dropped
    looks: int = 0
    is_stored: bool = False
    trouble: str = ""

    @property
    def is_still(self) -> bool:
        """Whether it has been left alone for long enough to be looked at."""
        return self.looks >= LOOKS and not self.seen.is_open

    @property
    def is_given_up(self) -> bool:
        """Whether nothing more is to be waited for."""
        return self.looks >= PATIENT_LOOKS


def observed(before: Mapping[str, Waiting], now: tuple[Dropped, ...]) -> dict[str, Waiting]:
    """What lies there now, by name, counted on from before; what has changed begins anew, what is gone is forgotten.

    >>> from scanstraat.mailbox.dropped import Sort
    >>> scan = Dropped("a.pdf", Sort.FILE)
    >>> once = observed({}, (scan,))
    >>> observed(once, (scan,))["a.pdf"].looks, observed(once, ())
    (1, {})
    """
    return {seen.name: _counted(before.get(seen.name), seen) for seen in now}


def _counted(before: Waiting | None, seen: Dropped) -> Waiting:
    if before is None or before.seen != seen:
        return Waiting(seen)
    return replace(before, looks=before.looks + 1)


def looks_whole(content: BinaryIO) -> bool:
    r"""Whether a file does not end in the middle: PDF, JPEG and PNG say where they end; of others only emptiness tells.

    >>> import io
    >>> [looks_whole(io.BytesIO(octets)) for octets in (b"%PDF-1.4 1 0 obj", b"%PDF-1.4 %%EOF\n", b"", b"a note")]
    [False, True, False, True]
    """
    content.seek(0)
    head = content.read(8)
    content.seek(max(0, content.seek(0, os.SEEK_END) - _TAIL))
    tail = content.read(_TAIL)
    if head.startswith(b"%PDF-"):
        return b"%%EOF" in tail
    if head.startswith(b"\xff\xd8\xff"):
        return tail.rstrip(b"\x00\r\n").endswith(b"\xff\xd9")
    if head == b"\x89PNG\r\n\x1a\n":
        return b"IEND" in tail
    return bool(tail)
