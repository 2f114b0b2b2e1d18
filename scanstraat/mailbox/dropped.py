"""What lies in a watched folder: files, folders dropped whole, and odd things. Links are never followed, not even on the way."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from scanstraat.errors import Refused, Unavailable

DONE, FAILED = "done", "failed"
MOST_FILES = 900  # of a folder dropped whole; a mail may have some more parts than that
_DEEPEST = 20

# Names that programs give to what they are still writing, and what they leave for themselves.
_UNFINISHED = re.compile(
    r"""
    ~ .* | .* ~ | .* \. (?: tmp | temp | part | partial | filepart | crdownload | download | writing | lock )
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_NOT_MEANT = re.compile(r"\. .* | thumbs\.db | desktop\.ini", re.VERBOSE | re.IGNORECASE | re.DOTALL)
_DIGITS = re.compile(r"(?P<number> [0-9]+ )", re.VERBOSE)


class Sort(StrEnum):
    """What something in the folder is. ODD: a link, a socket, a pipe or a device."""

    FILE = "file"
    FOLDER = "folder"
    ODD = "odd"


@dataclass(frozen=True, slots=True)
class Leaf:
    """One file: its path below the watched folder, and what tells that it has not changed."""

    path: tuple[str, ...]
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Dropped:
    """Something in the folder, to be taken as one mail.

    `is_open`: a name in it says that it is still being written. `problem`: why it cannot be taken as it is.
    """

    name: str
    sort: Sort
    leaves: tuple[Leaf, ...] = ()
    is_open: bool = False
    problem: str = ""


def dropped(folder: Path) -> tuple[Dropped, ...]:
    """What lies in `folder` in the order of names, numbers as numbers; `Unavailable` where it cannot be looked into."""
    try:
        with os.scandir(folder) as entries:
            found = [entry for entry in entries if not _is_left_alone(entry)]
        return tuple(filter(_is_something, (_dropped(entry) for entry in sorted(found, key=lambda entry: _order(entry.name)))))
    except OSError as error:
        raise folder_error(folder, error) from error


def folder_error(folder: Path, error: OSError) -> Unavailable:
    """The error for a folder that is not there or not ours to use."""
    return Unavailable(
        "folder", f"{folder} cannot be used: {error.strerror}.", "Connect it, or give the service the right to read and write it."
    )


def is_unfinished(name: str) -> bool:
    """Whether a name says that the file is still being written.

    >>> is_unfinished("scan.pdf.part"), is_unfinished("~scan.pdf"), is_unfinished("part.pdf")
    (True, True, False)
    """
    return bool(_UNFINISHED.fullmatch(name))


def _is_left_alone(entry: os.DirEntry[str]) -> bool:
    return entry.name in (DONE, FAILED) or is_unfinished(entry.name) or bool(_NOT_MEANT.fullmatch(entry.name))


def _is_something(found: Dropped) -> bool:
    """A folder with nothing in it is left until there is."""
    return found.sort is not Sort.FOLDER or bool(found.leaves or found.problem)


def _order(name: str) -> tuple[tuple[bool, int, str], ...]:
    return tuple((piece.isdecimal(), int(piece) if piece.isdecimal() else 0, piece) for piece in _DIGITS.split(name))


def _dropped(entry: os.DirEntry[str]) -> Dropped:
    try:
        if entry.is_file(follow_symlinks=False):
            return Dropped(entry.name, Sort.FILE, (_leaf((entry.name,), entry),))
        if not entry.is_dir(follow_symlinks=False):
            return Dropped(entry.name, Sort.ODD, problem="it is no file but a link, a socket, a pipe or a device")
        return _whole_folder(entry)
    except FileNotFoundError:
        return Dropped(entry.name, Sort.FOLDER)  # gone while we looked: as good as an empty folder
    except OSError as error:
        return Dropped(entry.name, Sort.FOLDER, problem=f"it cannot be read: {error.strerror}")


def _whole_folder(entry: os.DirEntry[str]) -> Dropped:
    leaves: list[Leaf] = []
    for path, inner in _within(entry):
        if is_unfinished(inner.name):
            return Dropped(entry.name, Sort.FOLDER, tuple(leaves), is_open=True)
        if not inner.is_file(follow_symlinks=False):
            return Dropped(entry.name, Sort.FOLDER, tuple(leaves), problem=f"{inner.name} in it is no file but a link or device")
        leaves.append(_leaf(path, inner))
        if len(leaves) > MOST_FILES or len(path) > _DEEPEST:
            text = f"it holds more than {MOST_FILES} files, or folders more than {_DEEPEST} deep"
            return Dropped(entry.name, Sort.FOLDER, tuple(leaves), problem=text)
    return Dropped(entry.name, Sort.FOLDER, tuple(sorted(leaves, key=lambda leaf: tuple(map(_order, leaf.path)))))


def _within(entry: os.DirEntry[str]) -> Iterator[tuple[tuple[str, ...], os.DirEntry[str]]]:
    """Everything but folders below a folder, with its path."""
    waiting: list[tuple[tuple[str, ...], str]] = [((entry.name,), entry.path)]
    while waiting:
        path, folder = waiting.pop()
        with os.scandir(folder) as entries:
            for inner in entries:
                if _NOT_MEANT.fullmatch(inner.name):
                    continue
                if inner.is_dir(follow_symlinks=False) and len(path) <= _DEEPEST:
                    waiting.append(((*path, inner.name), inner.path))
                else:
                    yield (*path, inner.name), inner


def _leaf(path: tuple[str, ...], entry: os.DirEntry[str]) -> Leaf:
    found = entry.stat(follow_symlinks=False)
    return Leaf(path, found.st_size, found.st_mtime_ns)


def opened(folder: Path, leaf: Leaf) -> BinaryIO:
    """The file, if it is still what was seen. Raises `Unavailable` (code `file-changed`) where it is not, and `OSError`."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    for step in leaf.path[:-1]:
        handle = _step(handle, step, os.O_DIRECTORY)
    handle = _step(handle, leaf.path[-1], os.O_NONBLOCK)
    found = os.fstat(handle)
    if not stat.S_ISREG(found.st_mode) or (found.st_size, found.st_mtime_ns) != (leaf.size, leaf.mtime_ns):
        os.close(handle)
        raise Unavailable("file-changed", f"{leaf.path[-1]} changed meanwhile.", "It is looked at again by itself.")
    return os.fdopen(handle, "rb")


def _step(handle: int, name: str, flags: int) -> int:
    try:
        return os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | flags, dir_fd=handle)
    finally:
        os.close(handle)


def refused(problem: str) -> Refused:
    """The error for what is not taken for what it is."""
    return Refused("not-a-file", f"{problem}.", "Put the files themselves there.")
