"""The spool: where a mail is written while it comes in, before anyone acknowledges it (A7)."""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
from pathlib import Path

from scanstraat import durable
from scanstraat.mailbox.intake import SpooledMail

_SUFFIX = ".eml"


_HELD_OCTETS = 262_144  # a mail no larger than this is written in one go, when it is whole


class SpoolFile:
    """One mail being written. Held under a lock until `discard`, so that a sweep by another process lets it be."""

    def __init__(self, path: Path, handle: int) -> None:
        self.path = path
        self.size = 0
        self._handle = handle
        self._held: list[bytes] = []
        self._held_octets = 0
        self._digest = hashlib.sha256()

    def write(self, octets: bytes) -> None:
        """Append; raises `Unavailable` where the disk is full or broken."""
        self.size += len(octets)
        self._held.append(octets)
        self._held_octets += len(octets)
        if self._held_octets > _HELD_OCTETS:
            self._write_held()

    def seal(self) -> SpooledMail:
        """Make the content durable; raises `Unavailable` where the disk refuses.

        Its name in the spool is not: who keeps the mail gives it a durable name of his own.
        """
        self._write_held()
        try:
            os.fdatasync(self._handle)  # the content and its length, not when it was written
        except OSError as error:
            raise durable.disk_error(error, self.path) from error
        return SpooledMail(self.path, self.size, self._digest.hexdigest())

    def _write_held(self) -> None:
        held, self._held, self._held_octets = self._held, [], 0
        for octets in held:
            self._write(octets)

    def _write(self, octets: bytes) -> None:
        view = memoryview(octets)
        try:
            while view:
                view = view[os.write(self._handle, view) :]
        except OSError as error:
            raise durable.disk_error(error, self.path) from error
        self._digest.update(octets)

    def twin(self, spooled: SpooledMail) -> SpooledMail:
        """The same mail under a second name, for a `store` that may move its file; raises `Unavailable`."""
        path = self.path.with_name(f"{secrets.token_hex(12)}{_SUFFIX}")
        try:
            os.link(self.path, path)
        except OSError as error:
            raise durable.disk_error(error, path) from error
        return SpooledMail(path, spooled.size, spooled.sha256)

    def discard(self) -> None:
        """Take the file away (if nobody moved it) and let the lock go; a second call does nothing."""
        if self._handle < 0:
            return
        handle, self._handle = self._handle, -1
        try:
            self.path.unlink(missing_ok=True)
        finally:
            os.close(handle)
            self._held = []


class Spool:
    """The folder of mails on their way in. Nothing in it was acknowledged, so all of it may be lost."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def create(self) -> SpoolFile:
        """A new file, locked; raises `Unavailable` where the disk is full or broken."""
        path = self.folder / f"{secrets.token_hex(12)}{_SUFFIX}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise durable.disk_error(error, path) from error
        if _locked(handle) and os.fstat(handle).st_nlink:
            return SpoolFile(path, handle)
        os.close(handle)  # a sweep came by between opening and locking, and took the file for a leftover
        return self.create()

    def sweep(self) -> int:
        """Remove what killed processes left behind: the files that nobody holds a lock on. Returns how many."""
        return sum(_removed_leftover(path) for path in sorted(self.folder.glob(f"*{_SUFFIX}")))


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _removed_leftover(path: Path) -> bool:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        if _locked(handle):
            path.unlink(missing_ok=True)
            return True
        return False
    finally:
        os.close(handle)
