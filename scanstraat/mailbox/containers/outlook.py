"""Outlook's .msg (MS-OXMSG): a mail kept as properties in a compound file, its attachments and the mails within it (B1, A5)."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import olefile  # type: ignore[import-untyped]

from scanstraat.mailbox.containers import properties as known
from scanstraat.mailbox.containers.opened import Budget, Inner
from scanstraat.mailbox.containers.properties import NUMBERS, Properties, code_page, file_of, header_of, texts_of, unreadable

_STREAM, _TABLE, _ATTACHMENT, _EMBEDDED = (
    "__substg1.0_",
    "__properties_version1.0",
    "__attach_version1.0_",
    "__substg1.0_3701000D",
)
_ROW = struct.Struct("<HHI8s")  # type, number, flags, value
_HEAD_OF_FILE, _HEAD_OF_MAIL, _HEAD_OF_INNER_MAIL = 8, 32, 24  # octets before the rows
_ERRORS = (OSError, ValueError, IndexError, KeyError, TypeError, struct.error, OverflowError)

_Path = tuple[str, ...]


def in_msg(content: bytes, budget: Budget) -> Iterator[Inner]:
    """The mail that a .msg file is, as one message: its header, and what is within it."""
    try:
        file = _File(content)
        message = file.properties((), known.OF_HEADERS, _HEAD_OF_MAIL, budget)
    except _ERRORS as error:
        raise unreadable("The Outlook mail", str(error)) from None
    if not file.has_anything:
        raise unreadable("The Outlook mail", "there is no text and no file in it")
    name = f"{message.text(known.SUBJECT) or 'mail'}.eml".replace("/", "-")
    yield Inner(name, "message/rfc822", header_of(message), within=partial(file.within, (), _HEAD_OF_MAIL))


class _File:
    """A compound file, its streams by storage."""

    def __init__(self, content: bytes) -> None:
        self._ole = olefile.OleFileIO(io.BytesIO(content))
        self._inner: dict[_Path, list[str]] = {}
        for entry in self._ole.listdir(streams=True, storages=True):
            self._inner.setdefault(tuple(entry[:-1]), []).append(entry[-1])

    @property
    def has_anything(self) -> bool:
        """Whether there is a text or a file in the mail itself."""
        texts = tuple(f"{_STREAM}{number:04X}" for number in (known.BODY, known.HTML, known.RTF))
        return any(name.startswith((_ATTACHMENT, *texts)) for name in self._inner.get((), ()))

    def within(self, path: _Path, head: int, budget: Budget) -> Iterator[Inner]:
        """The texts and files of the mail in a storage."""
        texts = self.properties(path, known.OF_TEXTS, head, budget)
        yield from texts_of(texts, budget)
        page = code_page(texts.number(known.CODE_PAGE))
        for name in sorted(self._inner.get(path, ())):
            if name.startswith(_ATTACHMENT):
                yield self._attachment((*path, name), page, budget)

    def _attachment(self, path: _Path, page: str, budget: Budget) -> Inner:
        file = replace(self.properties(path, known.OF_FILES, _HEAD_OF_FILE, budget), code_page=page)
        mail = (*path, _EMBEDDED)
        if not any(name == _TABLE for name in self._inner.get(mail, ())):
            return file_of(file)
        header = header_of(self.properties(mail, known.OF_HEADERS, _HEAD_OF_INNER_MAIL, budget))
        return file_of(file, partial(self.within, mail, _HEAD_OF_INNER_MAIL), header)

    def properties(self, path: _Path, wanted: frozenset[int], head: int, budget: Budget) -> Properties:
        """Those of a storage that are wanted."""
        items = dict(self._numbers(path, wanted, head))
        for name in self._inner.get(path, ()):
            tag = name.removeprefix(_STREAM)
            if tag == name or len(tag) != 8:
                continue
            number, kind = int(tag[:4], 16), int(tag[4:], 16)
            if number in wanted and kind in (known.UNICODE, known.CLASSIC, known.BINARY):
                items[number] = (kind, self._octets((*path, name), budget))
        return Properties(items)

    def _numbers(self, path: _Path, wanted: frozenset[int], head: int) -> Iterator[tuple[int, tuple[int, bytes]]]:
        if _TABLE not in self._inner.get(path, ()):
            return
        rows = self._ole.openstream([*path, _TABLE]).read()[head:]
        for kind, number, _, value in _ROW.iter_unpack(rows[: len(rows) // _ROW.size * _ROW.size]):
            if number in wanted and kind in NUMBERS:
                yield number, (kind, value[: NUMBERS[kind]])

    def _octets(self, path: _Path, budget: Budget) -> bytes:
        octets = self._ole.openstream(list(path)).read()
        budget.spend(len(octets))
        return bytes(octets)
