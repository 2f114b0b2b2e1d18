"""Files become one mail (A6): the same files, names, cover and key give the same octets, so that it is known again (A8)."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.utils import format_datetime, formataddr
from typing import BinaryIO
from urllib.parse import quote

from scanstraat.errors import Refused, Unavailable
from scanstraat.mailbox.charsets import one_line, storable
from scanstraat.mailbox.filetype import is_mail

_DOMAIN = "ways-in.scanstraat.invalid"  # RFC 2606: a name that never leads anywhere, so that nobody can answer there
_HEAD = 131_072  # octets looked at to tell a mail
_CHUNK = 1 << 18
_LONGEST_SUBJECT, _LONGEST_SENDER = 200, 120
_TEXT_HEADER = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: binary\r\n\r\n"
_FILE_HEADER = (
    "Content-Type: application/octet-stream\r\n"
    "Content-Transfer-Encoding: binary\r\n"
    "Content-Disposition: attachment; filename*=utf-8''{}\r\n\r\n"
)


@dataclass(frozen=True, slots=True)
class File:
    """A file on its way in: its name as its owner gave it, and its content, seekable."""

    name: str
    content: BinaryIO


@dataclass(frozen=True, slots=True)
class Cover:
    """What the mail says besides its files.

    `sender` names the way in and who used it; `sent_at` is the Date (None: no Date, so that the time of receipt counts, D2);
    `note` is the text of the mail. `key` is what else tells this mail from another with the same files.
    """

    sender: str
    recipient: str
    sent_at: datetime | None = None
    note: str = ""
    key: str = ""


def wrap(files: tuple[File, ...], cover: Cover, write: Callable[[bytes], None], most: int) -> None:
    """Write the mail that holds `files`, octet for octet. One file that is a mail itself goes in as it is, if there is no note.

    Read twice, in chunks: once for what names the mail, once to copy. Raises `Refused` (code `no-files`, `empty-file` or
    `too-large`: over `most` octets as a mail) before anything is written, and `Unavailable` (code `file-changed`) where a file
    does not stay as it was meanwhile.
    """
    _refuse_at_once(files, most)
    digests = tuple(_digest(file.content) for file in files)
    identity = _identity(files, cover, digests)
    is_whole = len(files) == 1 and not cover.note and looks_like_mail(files[0].content)
    heads, tail = ((b"",), b"") if is_whole else (_heads(files, cover, identity), _tail(identity))
    size = sum(map(len, (*heads, tail))) + sum(size for size, _ in digests)
    if size > most:
        raise too_large(size, most)
    for file, head, digest in zip(files, heads, digests, strict=True):
        write(head)
        if _digest(file.content, write) != digest:
            raise Unavailable("file-changed", f"{file.name} changed while it was read.", "It is read again by itself.")
    write(tail)


def looks_like_mail(content: BinaryIO) -> bool:
    """Whether a file is a mail, told from its beginning (B2)."""
    content.seek(0)
    return is_mail(content.read(_HEAD))


def too_large(size: int, most: int) -> Refused:
    """The error for what would be larger than a mail may be (A3)."""
    return Refused(
        "too-large",
        f"together this is {size:,} octets, and a mail may have {most:,}.",
        "Send fewer files at a time, or smaller ones.",
    )


def _refuse_at_once(files: tuple[File, ...], most: int) -> None:
    if not files:
        raise Refused("no-files", "there are no files.", "Choose at least one.")
    size = sum(file.content.seek(0, os.SEEK_END) for file in files)
    if not size:
        raise Refused("empty-file", f"the file {files[0].name} is empty.", "Make it anew and send that.")
    if size > most:
        raise too_large(size, most)


def _digest(content: BinaryIO, write: Callable[[bytes], None] | None = None) -> tuple[int, bytes]:
    digest, size = hashlib.sha256(), 0
    for chunk in _chunks(content):
        digest.update(chunk)
        size += len(chunk)
        if write is not None:
            write(chunk)
    return size, digest.digest()


def _chunks(content: BinaryIO) -> Iterator[bytes]:
    content.seek(0)
    while chunk := content.read(_CHUNK):
        yield chunk


def _identity(files: tuple[File, ...], cover: Cover, digests: tuple[tuple[int, bytes], ...]) -> str:
    """A name that nothing but these contents, names, key and cover gives; so no content can hold it as a boundary."""
    whole = hashlib.sha256()
    for octets in (*_octets(cover.sender, cover.note, cover.key), *_octets(*(file.name for file in files))):
        whole.update(len(octets).to_bytes(8, "big") + octets)
    for _, digest in digests:
        whole.update(digest)
    return whole.hexdigest()


def _octets(*texts: str) -> Iterator[bytes]:
    return (text.encode("utf-8", "surrogatepass") for text in texts)


def _heads(files: tuple[File, ...], cover: Cover, identity: str) -> tuple[bytes, ...]:
    """What stands before each file; before the first, the header of the mail and the note too."""
    line = f"--{identity}\r\n".encode()
    heads = [b"\r\n" + line + _file_header(file.name) for file in files]
    note = storable(cover.note).replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
    text = b"\r\n" + line + _TEXT_HEADER + note.encode() if note else b""
    heads[0] = _mail_header(files, cover, identity) + text + heads[0]
    return tuple(heads)


def _file_header(name: str) -> bytes:
    return _FILE_HEADER.format(quote(name.encode("utf-8", "replace"), safe="")).encode()


def _tail(identity: str) -> bytes:
    return f"\r\n--{identity}--\r\n".encode()


def _mail_header(files: tuple[File, ...], cover: Cover, identity: str) -> bytes:
    rows = (
        ("From", formataddr((_plain(cover.sender, _LONGEST_SENDER), f"nobody@{_DOMAIN}"))),
        ("To", _plain(cover.recipient, 320)),
        ("Subject", Header(subject_of(tuple(file.name for file in files)), "utf-8").encode(linesep="\r\n")),
        ("Date", format_datetime(cover.sent_at) if cover.sent_at else ""),
        ("Message-ID", f"<{identity}@{_DOMAIN}>"),
        ("MIME-Version", "1.0"),
        ("Content-Type", f'multipart/mixed; boundary="{identity}"'),
    )
    return "".join(f"{name}: {value}\r\n" for name, value in rows if value).encode()


def subject_of(names: tuple[str, ...]) -> str:
    """The names of the files, as many as a subject holds.

    >>> subject_of(("scan 1.pdf", "scan 2.pdf")), subject_of(("a" * 150, "b" * 150, "c"))[150:]
    ('scan 1.pdf, scan 2.pdf', ' and 2 more')
    """
    shown = [_plain(name, _LONGEST_SUBJECT) or "a file without a name" for name in names]
    taken = 1
    while taken < len(shown) and len(", ".join(shown[: taken + 1])) <= _LONGEST_SUBJECT:
        taken += 1
    more = f" and {len(shown) - taken} more" if taken < len(shown) else ""
    return ", ".join(shown[:taken]) + more


def _plain(text: str, longest: int) -> str:
    return one_line(text.encode("utf-8", "replace").decode(), longest)
