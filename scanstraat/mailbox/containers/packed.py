"""Files packed by gzip and tar (B1, B9)."""

from __future__ import annotations

import io
import tarfile
import zlib
from collections.abc import Iterator

from scanstraat.errors import Refused
from scanstraat.mailbox.containers.opened import Budget, Inner
from scanstraat.model.mail import Problem

_CHUNK = 1 << 16
_GZIP = 31  # zlib's window bits for a gzip header and trailer
_COPY = "Ask the sender for another copy."
_CUT = Problem("gzip-broken", f"The file is broken within its gzip; this is what can be had of it. {_COPY}")
_LARGE = 1 << 20  # octets of a member of a tar read at once


def in_gzip(content: bytes, budget: Budget) -> Iterator[Inner]:
    """The one file in a gzip (RFC 1952), members joined; what follows the last one is left out, as gzip does."""
    target, waiting = io.BytesIO(), content
    try:
        while waiting.startswith(b"\x1f\x8b"):
            waiting = _member(waiting, target, budget)
    except zlib.error:
        if not target.tell():
            raise Refused("gzip-broken", "The file is broken: it cannot be unpacked.", _COPY) from None
        yield Inner("", "", target.getvalue(), problem=_CUT)
        return
    yield Inner("", "", target.getvalue())


def _member(content: bytes, target: io.BytesIO, budget: Budget) -> bytes:
    """Unpack one member, and give what follows it; raises `zlib.error` where it is broken."""
    unpacker, at, waiting = zlib.decompressobj(_GZIP), 0, b""
    while not unpacker.eof:
        if not waiting:
            waiting, at = content[at : at + _CHUNK], at + _CHUNK
            if not waiting:
                raise zlib.error("cut off")
        piece = unpacker.decompress(waiting, _CHUNK)
        budget.spend(len(piece))
        target.write(piece)
        waiting = unpacker.unconsumed_tail
    return unpacker.unused_data + content[at:]


def in_tar(content: bytes, budget: Budget) -> Iterator[Inner]:
    """The files in a tar; folders, links and devices hold nothing."""
    try:
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:") as archive:
            for member in archive:
                if member.isfile():
                    yield Inner(member.name, "", _content(archive, member, budget))
    except (tarfile.TarError, ValueError, OSError, RecursionError) as error:
        raise Refused("tar-broken", f"The tar is broken: {str(error)[:200].rstrip('.')}.", _COPY) from None


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo, budget: Budget) -> bytes:
    file, target = archive.extractfile(member), io.BytesIO()
    while file and (piece := file.read(_LARGE)):
        budget.spend(len(piece))
        target.write(piece)
    return target.getvalue()
