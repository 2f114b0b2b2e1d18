"""Header fields of mails and their parts (RFC 5322, 2045, 2047, 2231), read leniently: a broken one counts as absent."""

from __future__ import annotations

import binascii
import mmap
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from scanstraat.mailbox.charsets import decoded, one_line

_FIELD = re.compile(
    rb"""
    (?P<name> [!-9;-~]+ ) [ \t]* : (?P<value> [^\n]* (?: \n [ \t] [^\n]* )* ) (?: \n | \Z )   # with its folded lines
    """,
    re.VERBOSE,
)
_MBOX_LINE = re.compile(rb">? From [ ] [^\n]* \n", re.VERBOSE)
_BLANK_LINE = re.compile(rb"\r? (?: \n | \Z )", re.VERBOSE)
_ENCODED_WORD = re.compile(
    r"""
    =\? (?P<charset> [^?*\s]+ ) (?: \* [^?\s]* )? \? (?P<how> [bBqQ] ) \? (?P<text> [^?]* ) \?=
    """,
    re.VERBOSE,
)
_PARAMETER = re.compile(
    r"""
    ; \s* (?P<name> [^\s=;*]+ ) (?: \* (?P<number> [0-9]{1,3} ) )? (?P<is_extended> \* )? \s* = \s*
    (?: " (?P<quoted> (?: [^"\\] | \\. )* ) " | (?P<token> [^;]* ) )
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPED = re.compile(r"\\ (?P<octet> .)", re.VERBOSE | re.DOTALL)
_LONGEST_NAME = 200
# What no honest header exceeds; more is passed over, so that no header can keep us busy.
_LONGEST_VALUE, _MOST_FIELDS = 65_536, 5_000


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of one header, values unfolded but not decoded, in order."""

    items: tuple[tuple[str, bytes], ...]

    def raw(self, name: str) -> bytes:
        """The first value of that name (lower case); empty where absent."""
        return next((value for key, value in self.items if key == name), b"")

    def text(self, name: str, longest: int = 1_000) -> str:
        """The first value, decoded, on one line."""
        return one_line(decoded_words(decoded(self.raw(name))), longest)

    def texts(self, name: str, longest: int) -> str:
        """All values of that name, decoded, joined by commas."""
        found = (one_line(decoded_words(decoded(value)), longest) for key, value in self.items if key == name)
        return ", ".join(filter(None, found))[:longest]


def split_header(content: bytes | mmap.mmap, begin: int = 0, end: int = sys.maxsize) -> tuple[Fields, int]:
    """The header at `begin` of `content`, and where the body begins. Nothing from `end` on is looked at.

    The header ends at a blank line, or where a line is none of a header's.

    >>> fields, body = split_header(b"Subject: a\\r\\n b\\r\\n\\r\\ntext")
    >>> fields.text("subject"), body
    ('a b', 18)
    >>> split_header(b"no header at all")
    (Fields(items=()), 0)
    """
    mbox = _MBOX_LINE.match(content, begin, end)
    at = mbox.end() if mbox else begin
    items: list[tuple[str, bytes]] = []
    while found := _FIELD.match(content, at, end):
        if len(items) < _MOST_FIELDS:
            value = content[found.start("value") : min(found.end("value"), found.start("value") + _LONGEST_VALUE)]
            name = content[found.start("name") : min(found.end("name"), found.start("name") + _LONGEST_NAME)]
            items.append((name.decode("ascii").lower(), value.replace(b"\r", b"").replace(b"\n", b"").strip()))
        at = found.end()
    blank = _BLANK_LINE.match(content, at, end)
    return Fields(tuple(items)), blank.end() if blank else at


def decoded_words(text: str) -> str:
    """`text` with its encoded words decoded (RFC 2047); blanks between two of them vanish, and their octets are joined first.

    >>> decoded_words("Factuur =?utf-8?Q?caf=C3?= =?utf-8?Q?=A9?= 5"), decoded_words("=?x?Z?a?=")
    ('Factuur café 5', '=?x?Z?a?=')
    """
    texts: list[str] = []
    octets, charset, at = b"", "", 0
    for found in _ENCODED_WORD.finditer(text):
        between, named = text[at : found.start()], found["charset"].lower()
        if octets and not (named == charset and (not between or between.isspace())):
            texts.append(decoded(octets, charset))
            between, octets = "" if between.isspace() else between, b""
        texts.append("" if octets else between)
        octets, charset, at = octets + _word_octets(found["how"], found["text"]), named, found.end()
    return "".join((*texts, decoded(octets, charset) if octets else "", text[at:]))


def _word_octets(how: str, text: str) -> bytes:
    octets = text.encode("utf-8", "surrogateescape")
    if how in "qQ":
        return binascii.a2b_qp(octets.replace(b"_", b" "))
    try:
        return binascii.a2b_base64(octets + b"==")
    except binascii.Error:
        return octets


def value_and_parameters(raw: bytes) -> tuple[str, dict[str, str]]:
    """A structured field apart: its value in lower case, and its parameters decoded (RFC 2045, 2231).

    >>> value_and_parameters(b"Attachment; filename*0*=utf-8''caf%C3%A9; filename*1=\\".pdf\\"")
    ('attachment', {'filename': 'café.pdf'})
    >>> value_and_parameters(b'text/plain; charset="utf-8')
    ('text/plain', {'charset': 'utf-8'})
    >>> value_and_parameters(b"te\\xecxt/plain")
    ('teìxt/plain', {})
    """
    text = raw.decode("ascii", "surrogateescape")
    value, semicolon, rest = text.partition(";")
    pieces: dict[str, list[tuple[int, bool, str]]] = {}
    for found in _PARAMETER.finditer(semicolon + rest):
        quoted = found["quoted"]
        content = found["token"].strip().strip('"') if quoted is None else _ESCAPED.sub(r"\g<octet>", quoted)
        pieces.setdefault(found["name"].lower(), []).append((int(found["number"] or 0), bool(found["is_extended"]), content))
    said = decoded(value.encode("ascii", "surrogateescape")).strip().lower()
    return said, {name: _joined(sorted(found, key=_number)) for name, found in pieces.items()}


def _number(piece: tuple[int, bool, str]) -> int:
    return piece[0]


def _joined(pieces: Iterable[tuple[int, bool, str]]) -> str:
    octets, charset, is_first, was_extended = b"", "", True, False
    for _, is_extended, content in pieces:
        piece = content.encode("utf-8", "surrogateescape")
        if is_extended:
            if is_first and piece.count(b"'") >= 2:
                named, _, piece = piece.split(b"'", 2)
                charset = named.decode("ascii", "replace")
            piece = unquote_to_bytes(piece)
        was_extended |= is_extended
        octets, is_first = octets + piece, False
    text = decoded(octets, charset)
    return text if was_extended else decoded_words(text)


def file_name(text: str) -> str:
    r"""The last step of a path as a file name on one line.

    >>> file_name("C:\\Temp\\factuur.pdf"), file_name("../../etc/passwd"), file_name("..")
    ('factuur.pdf', 'passwd', '')
    """
    name = one_line(text.replace("\\", "/").rpartition("/")[2], _LONGEST_NAME)
    return "" if name.strip(".") == "" else name
