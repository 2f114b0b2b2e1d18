"""Contents by sha256 within one administration: deduplication never crosses customers, erasing is a plain delete."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from scanstraat import durable, failpoint
from scanstraat.errors import Inconsistent


class Blobs:
    """The blob folder of an installation."""

    def __init__(self, home: Path) -> None:
        self._root = home / "blobs"

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
        durable.sync_folders(self.link(administration, spooled, sha256))

    def link(self, administration: int, spooled: Path, sha256: str) -> tuple[Path, ...]:
        """The same, but for the last step: whoever calls it syncs the folders that are returned, once for many blobs."""
        path = self.path(administration, sha256)
        try:
            failpoint.reach("blobs.link")
            return _link(spooled, path)
        except OSError as error:
            raise durable.disk_error(error, path) from error

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


def _link(spooled: Path, path: Path) -> tuple[Path, ...]:
    """Returns the folders whose names may be new; also where another made them, since he may be killed before he syncs them."""
    try:
        os.link(spooled, path)
    except FileExistsError:
        pass  # the same mail came before
    except FileNotFoundError:
        durable.make_folder(path.parent.parent)
        path.parent.mkdir(exist_ok=True)
        os.link(spooled, path)
    return path.parent, path.parent.parent


def sha256_of(content: bytes) -> str:
    """The name of a content.

    >>> sha256_of(b"")[:8]
    'e3b0c442'
    """
    return hashlib.sha256(content).hexdigest()
