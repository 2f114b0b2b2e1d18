"""Moving what was dealt with out of a watched folder: never over what is there already, a number is added to the name instead."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from scanstraat import durable, failpoint
from scanstraat.errors import Inconsistent, Unavailable

_REASON = ".reason.txt"
_LONGEST = 200  # octets of a name, so that a number and `.reason.txt` still fit behind it


def move_beside(source: Path, folder: Path) -> str:
    """Move `source` into `folder`, made where it is missing; returns its name there. Raises `OSError` where that fails."""
    with _held(folder) as place:
        return next(name for name in _names(source.name) if _moved(source, place / name))


def put_aside(source: Path, folder: Path, reason: str) -> str:
    """Move `source` into `folder` with a text file beside it that says why, as `move_beside` does. The reason is there first."""
    with _held(folder) as place:
        for name in _names(source.name):
            if not os.path.lexists(place / name):
                _write_new(place / f"{name}{_REASON}", reason)
                failpoint.reach("folder.reason")
                if _moved(source, place / name):
                    return name
    raise AssertionError("numbers do not end")


@contextmanager
def _held(folder: Path) -> Iterator[Path]:
    """The folder itself, whatever is put in its place meanwhile; a link is none, or else it could lead anywhere."""
    with suppress(FileExistsError):
        folder.mkdir()
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        yield Path(f"/proc/self/fd/{handle}")
    finally:
        os.close(handle)


def _names(name: str) -> Iterator[str]:
    """The name itself, then with numbers: `scan (2).pdf`."""
    stem, suffix = os.path.splitext(name)
    stem = os.fsdecode(os.fsencode(stem)[:_LONGEST])
    suffix = os.fsdecode(os.fsencode(suffix)[: _LONGEST - len(os.fsencode(stem))])
    yield f"{stem}{suffix}"
    yield from (f"{stem} ({number}){suffix}" for number in count(2))


def _write_new(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)  # left by a watcher that was killed before it moved the file
    with open(path, "x", encoding="utf-8", errors="replace") as file:
        file.write(text)


def _moved(source: Path, target: Path) -> bool:
    """Rename, never over another; False where the name is taken. Raises `FileNotFoundError` where the source is gone."""
    try:
        is_moved = durable.move_new(source, target)
    except Inconsistent:
        return False
    except Unavailable:
        # Some network shares cannot rename so. There is one watcher a folder, so that nothing comes in between.
        if os.path.lexists(target):
            return False
        os.rename(source, target)
        return True
    if not is_moved:
        raise FileNotFoundError(errno.ENOENT, "it is gone", source)
    return True
