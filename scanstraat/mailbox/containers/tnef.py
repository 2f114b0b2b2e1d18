"""Exchange's winmail.dat (MS-OXTNEF): the texts and files of a mail in a wrapping that only Outlook knows (B1, B9)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from scanstraat.mailbox.containers import properties as known
from scanstraat.mailbox.containers.opened import Budget, Inner
from scanstraat.mailbox.containers.properties import NUMBERS, Properties, code_page, file_of, header_of, texts_of, unreadable

_SIGNATURE = b"\x78\x9f\x3e\x22"
_HEAD = struct.Struct("<BHHI")  # level, number, type, octets
_CHECKSUM = 2
_BODY, _SUBJECT, _CODE_PAGE, _PROPERTIES = 0x800C, 0x8004, 0x9007, 0x9003  # of the mail
_BEGIN, _DATA, _TITLE, _FILE = 0x9002, 0x800F, 0x8010, 0x9005  # of a file
_MESSAGE = bytes.fromhex("0703020000000000c000000000000046")  # IID_IMessage: a mail within
_MANY, _NAMED = 0x1000, 0x8000
_SIZES = NUMBERS | {0x0004: 4, 0x0005: 8, 0x0006: 8, 0x0007: 8, 0x000A: 4, 0x0048: 16}
_SIZED = frozenset({known.CLASSIC, known.UNICODE, known.OBJECT, known.BINARY, 0x0000})

_Items = dict[int, tuple[int, bytes]]


class _Broken(Exception):
    """What there is ends before it should."""


@dataclass
class _Mail:
    """What was found, as far as it went."""

    items: _Items = field(default_factory=dict)
    files: list[_Items] = field(default_factory=list)
    code_page: str = ""
    problem: str = ""

    @property
    def properties(self) -> Properties:
        return Properties(self.items, self.code_page)


def in_tnef(content: bytes, budget: Budget) -> Iterator[Inner]:
    """The texts, files and mails in a winmail.dat."""
    budget.spend(len(content))
    mail = _read(content)
    yield from texts_of(mail.properties, budget)
    for items in mail.files:
        yield _file(Properties(items, mail.code_page))
    if mail.problem or not (mail.files or mail.items):
        raise unreadable("The winmail.dat", mail.problem or "there is nothing in it")


def _file(file: Properties) -> Inner:
    content = file.octets(known.DATA)
    if not content.startswith(_MESSAGE) or content[16:20] != _SIGNATURE:
        return file_of(file)
    inner = content[16:]
    return file_of(file, partial(in_tnef, inner), header_of(_read(inner).properties))


def _read(content: bytes) -> _Mail:
    mail = _Mail()
    try:
        for number, value in _attributes(content):
            _take(mail, number, value)
    except _Broken as error:
        mail.problem = str(error)
    return mail


def _attributes(content: bytes) -> Iterator[tuple[int, bytes]]:
    at = len(_SIGNATURE) + 2
    while at < len(content):
        if len(content) - at < _HEAD.size:
            raise _Broken("it ends within the head of an attribute")
        level, number, _, length = _HEAD.unpack_from(content, at)
        begin = at + _HEAD.size
        if level not in (1, 2):
            raise _Broken("it goes on with rubbish")
        if begin + length > len(content):
            yield number, content[begin:]
            raise _Broken("it ends within an attribute")
        yield number, content[begin : begin + length]
        at = begin + length + _CHECKSUM


def _take(mail: _Mail, number: int, value: bytes) -> None:
    if number == _CODE_PAGE:
        mail.code_page = code_page(int.from_bytes(value[:4], "little"))
    elif number == _BODY:
        mail.items.setdefault(known.BODY, (known.CLASSIC, value))
    elif number == _SUBJECT:
        mail.items.setdefault(known.SUBJECT, (known.CLASSIC, value))
    elif number == _PROPERTIES:
        _add(mail.items, value, known.OF_HEADERS | known.OF_TEXTS)
    elif number == _BEGIN:
        mail.files.append({})
    elif number in (_DATA, _TITLE, _FILE):
        if not mail.files:
            mail.files.append({})
        _of_file(mail.files[-1], number, value)


def _of_file(items: _Items, number: int, value: bytes) -> None:
    if number == _DATA:
        items[known.DATA] = (known.BINARY, value)
    elif number == _TITLE:
        items.setdefault(known.SHORT_NAME, (known.CLASSIC, value))
    else:
        _add(items, value, known.OF_FILES)


def _add(items: _Items, content: bytes, wanted: frozenset[int]) -> None:
    """The properties of a list; what was there already and is empty here stays."""
    try:
        for number, kind, value in _properties(content):
            if number in wanted and (value or number not in items):
                items[number] = (kind, value)
    except struct.error:
        raise _Broken("it ends within a property") from None


def _properties(content: bytes) -> Iterator[tuple[int, int, bytes]]:
    (count,), at = struct.unpack_from("<I", content), 4
    for _ in range(count):
        kind, number = struct.unpack_from("<HH", content, at)
        at += 4
        if number >= _NAMED:
            at = _after_name(content, at)
        value, at = _value(content, at, kind)
        yield number, kind & ~_MANY, value


def _after_name(content: bytes, at: int) -> int:
    """Where the value of a named property begins: behind whose name it is, and the name or number."""
    kind, length = struct.unpack_from("<II", content, at + 16)
    return at + 24 + (_padded(length) if kind else 0)


def _value(content: bytes, at: int, kind: int) -> tuple[bytes, int]:
    """The value, the first of many, and where the next property begins."""
    plain, values = kind & ~_MANY, 1
    if kind & _MANY or plain in _SIZED:
        (values,), at = struct.unpack_from("<I", content, at), at + 4
    if plain not in _SIZED:
        size = _SIZES.get(plain)
        if size is None:
            raise _Broken(f"it has a property of an unknown type ({plain})")
        return content[at : at + size], at + _padded(size * values)
    first = b""
    for number in range(values):
        (length,), at = struct.unpack_from("<I", content, at), at + 4
        if length > len(content) - at:
            raise _Broken("it ends within a property")
        first = first if number else content[at : at + length]
        at += _padded(length)
    return first, at


def _padded(length: int) -> int:
    return -(-length // 4) * 4
