"""Files that survive a power cut: temporary name, sync, rename, sync of the folder. Shared by spool, blobs and drops."""

from __future__ import annotations

import ctypes
import errno
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from scanstraat import failpoint
from scanstraat.errors import Inconsistent, Unavailable

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}
_RENAME_NOREPLACE = 1
_AT_FDCWD = -100
_libc = ctypes.CDLL(None, use_errno=True)


def disk_error(error: OSError, path: Path) -> Unavailable:
    """The error of our tree for a failed write at `path`: full or broken disk, worth another try later."""
    code = "disk-full" if error.errno in _NO_ROOM else "disk"
    return Unavailable(
        code, f"{path} cannot be written: {error.strerror}.", "Make room or repair the disk; work goes on by itself."
    )


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folders(folders: Iterable[Path]) -> None:
    """The same for several, which costs little more than for one where they are on one disk; raises `Unavailable`."""
    for folder in folders:
        try:
            sync_folder(folder)
        except OSError as error:
            raise disk_error(error, folder) from error


def make_folder(folder: Path) -> None:
    """Make `folder` and those above it where they are missing, their names durable; `Unavailable` where the disk is full."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    try:
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)
    except OSError as error:
        raise disk_error(error, folder) from error


def write(path: Path, content: bytes) -> None:
    """Write `content` to `path` so that it is there whole or not at all, even after a power cut.

    An existing file of that name is replaced; raises `Unavailable` where the disk is full, leaving no part behind.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}.tmp")
    make_folder(path.parent)
    try:
        with open(temporary, "xb") as file:
            file.write(content)
            file.flush()
            failpoint.reach("durable.sync")
            os.fsync(file.fileno())
        failpoint.reach("durable.rename")
        os.rename(temporary, path)
        sync_folder(path.parent)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise disk_error(error, path) from error


def move_new(source: Path, target: Path) -> bool:
    """Rename `source` to `target`, never over an existing file; False where `source` is gone (it was moved before).

    Both must be on one file system. Raises `Inconsistent` where `target` exists and `source` too. The caller syncs the folder.
    """
    if _renameat2(source, target) == 0:
        return True
    number = ctypes.get_errno()
    if number == errno.ENOENT and not source.exists():
        return False
    if number == errno.EEXIST:
        raise Inconsistent(
            "name-taken", f"{target} exists already.", "Move the foreign file out of the drop folder, then replay."
        )
    raise disk_error(OSError(number, os.strerror(number)), target)


def _renameat2(source: Path, target: Path) -> int:
    return int(_libc.renameat2(_AT_FDCWD, os.fsencode(source), _AT_FDCWD, os.fsencode(target), _RENAME_NOREPLACE))
