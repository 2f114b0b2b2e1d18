"""Files in a ZIP (APPNOTE 6.3): each read on its own, whatever the directory says of its size (B1, B9)."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator

from scanstraat.errors import Refused
from scanstraat.mailbox.containers.opened import Budget, Inner
from scanstraat.model.mail import Problem

_CHUNK = 1 << 16
_ENCRYPTED, _UTF_8 = 0x1, 0x800  # bits of the general purpose flags
_READ = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_LUMBER = frozenset({".ds_store", "thumbs.db", "desktop.ini"})
_PASSWORD = "The file is protected with a password; ask the sender for one without."  # noqa: S105
_METHOD = "The file is packed in a way that cannot be read; ask the sender for it by itself."
_BROKEN = "The file is broken within its ZIP; ask the sender for another copy."


def in_zip(content: bytes, budget: Budget) -> Iterator[Inner]:
    """The files in a ZIP, in the order of its directory; folders hold nothing themselves."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        text = f"The ZIP is broken: {str(error)[:200].rstrip('.')}."
        raise Refused("zip-broken", text, "Ask the sender for another copy.") from None
    with archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        if not members:
            raise Refused("zip-empty", "There is no file in the ZIP.", "Ask the sender for the files.")
        for member in members:
            yield _inner(archive, member, budget)


def _inner(archive: zipfile.ZipFile, member: zipfile.ZipInfo, budget: Budget) -> Inner:
    name = _name(member)
    is_lumber = name.startswith("__MACOSX/") or name.rpartition("/")[2].lower() in _LUMBER
    if member.flag_bits & _ENCRYPTED:
        return Inner(name, "", b"", problem=Problem("zip-encrypted", _PASSWORD))
    if member.compress_type not in _READ:
        return Inner(name, "", b"", problem=Problem("zip-method", _METHOD))
    target = io.BytesIO()
    try:
        with archive.open(member) as file:
            while piece := file.read(_CHUNK):
                budget.spend(len(piece))
                target.write(piece)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError):
        return Inner(name, "", target.getvalue(), problem=Problem("zip-member-broken", _BROKEN))
    return Inner(name, "", target.getvalue(), is_lumber=is_lumber)


def _name(member: zipfile.ZipInfo) -> str:
    """The name; many programs write UTF-8 without saying so."""
    if member.flag_bits & _UTF_8:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("utf-8")
    except ValueError:
        return member.filename
