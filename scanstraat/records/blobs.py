"""Contents by sha256 within one administration: deduplication never crosses customers, erasing is a plain delete."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path

from scanstraat import durable, failpoint
from scanstraat.errors import Inconsistent


class Blobs:
    """The blob folder of an installation."""

    def __init__(self, home: Path) -> None:
        self._root = home / "blobs"
        self._lasting: set[Path] = set()  # folders whose names are known to be durable

    def path(self, administration: int, sha256: str) -> Path:
        """Where a blob lies; it need not exist."""
        return self._root / str(administration) / sha256[:2] / sha256

    def put(self, administration: int, content: bytes) -> str:
        """Keep `content` durably and return its sha256. What is there already is not written again."""
        sha256 = sha256_of(content)
        path = self.path(administration, sha256)
        if not path.exists():
            durable.write(path, content)
        return sha256

    def adopt(self, administration: int, spooled: Path, sha256: str) -> None:
        """Make the synced file `spooled` a blob by a link, without copying it. Raises `Unavailable` where the disk is full."""
        path = self.path(administration, sha256)
        try:
            failpoint.reach("blobs.link")
            if _link(spooled, path):
                self._lasting.discard(path.parent)
        except OSError as error:
            raise durable.disk_error(error, path) from error
        durable.sync_folders((path.parent,))
        if path.parent not in self._lasting:  # whoever made it may have been killed before he synced its name
            durable.sync_folders((path.parent.parent,))
            self._lasting.add(path.parent)

    def get(self, administration: int, sha256: str) -> bytes:
        """The content; raises `Inconsistent` where it is gone or not what it was."""
        try:
            content = self.path(administration, sha256).read_bytes()
        except FileNotFoundError as error:
            raise _missing(administration, sha256) from error
        if sha256_of(content) != sha256:
            raise _changed(administration, sha256)
        return content

    def sound(self, administration: int, sha256: str) -> Path:
        """Where a blob lies, having read it piece by piece; raises `Inconsistent` where it is gone or not what it was."""
        path = self.path(administration, sha256)
        try:
            with open(path, "rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError as error:
            raise _missing(administration, sha256) from error
        if found != sha256:
            raise _changed(administration, sha256)
        return path


def _missing(administration: int, sha256: str) -> Inconsistent:
    return Inconsistent("blob-missing", f"blob {sha256} of administration {administration} is gone.", "Restore it.")


def _changed(administration: int, sha256: str) -> Inconsistent:
    return Inconsistent("blob-changed", f"blob {sha256} of administration {administration} is damaged.", "Restore it.")


def _link(spooled: Path, path: Path) -> bool:
    """Whether the folder had to be made."""
    try:
        _link_once(spooled, path)
    except FileNotFoundError:
        durable.make_folder(path.parent.parent)
        path.parent.mkdir(exist_ok=True)
        _link_once(spooled, path)
        return True
    return False


def _link_once(spooled: Path, path: Path) -> None:
    with suppress(FileExistsError):  # the same mail came before; whoever linked it may have been killed before he synced
        os.link(spooled, path)


def sha256_of(content: bytes) -> str:
    """The name of a content.

    >>> sha256_of(b"")[:8]
    'e3b0c442'
    """
    return hashlib.sha256(content).hexdigest()
