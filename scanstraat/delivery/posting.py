"""A letter as a mail (RFC 5322): the same octets each time it is tried, so that one who gets it twice can tell."""

from __future__ import annotations

import quopri
import re
import textwrap
from collections.abc import Iterator
from email.header import Header
from email.utils import format_datetime

from scanstraat.delivery.characters import one_line
from scanstraat.errors import Refused
from scanstraat.model.letter import Purpose, StoredLetter

# Printable ASCII without what has a meaning in addresses; what else there may be, we do not write to.
_ADDRESS = re.compile(r"[!-'*-+\--9=?A-Z^-~]{1,64} @ [A-Za-z0-9-]{1,63} (?: \.[A-Za-z0-9-]{1,63} )*", re.VERBOSE)
_MESSAGE_ID = re.compile(r"< [!-;=?-~]{1,250} >", re.VERBOSE)
_WIDTH = 72
_HEADER_WIDTH = 76
# RFC 3834, 5: a receipt answers a mail, other letters answer none.
_AUTOMATIC = {Purpose.RECEIPT: "auto-replied"}


def mail_of(letter: StoredLetter, sender: str, name: str) -> bytes:
    """The mail of a letter, from the address `sender` with the name `name`, its lines ended as SMTP wants them.

    Raises `Refused` (code `address`) where one of its two addresses cannot be written to.
    """
    lines = (
        ("From", f"{_phrase(name)} <{checked_address(sender)}>"),
        ("To", checked_address(letter.recipient)),
        ("Subject", _encoded(letter.content.subject, "Subject")),
        ("Date", format_datetime(letter.created_at)),
        ("Message-ID", message_id(letter, sender)),
        *_references(letter),
        ("Auto-Submitted", _AUTOMATIC.get(letter.purpose, "auto-generated")),
        ("X-Auto-Response-Suppress", "All"),
        ("X-Scanstraat-Letter", str(letter.id)),
        ("Content-Language", letter.content.language),
        ("MIME-Version", "1.0"),
        ("Content-Type", "text/plain; charset=utf-8; format=flowed"),
        ("Content-Transfer-Encoding", "quoted-printable"),
    )
    header = "".join(f"{field}: {value}\r\n" for field, value in lines)
    body = quopri.encodestring(flowed(letter.content.text).encode("utf-8")).replace(b"\n", b"\r\n")
    return header.encode("ascii") + b"\r\n" + body


def message_id(letter: StoredLetter, sender: str) -> str:
    """The Message-ID of a letter, the same at each try."""
    return f"<{letter.id}@{sender.rpartition('@')[2]}>"


def checked_address(address: str) -> str:
    """`address`, if a letter can go there or come from there; raises `Refused` (code `address`) otherwise.

    >>> checked_address("piet@jansen.example")
    'piet@jansen.example'
    >>> checked_address("piet@jansen.example, eve@evil.example")
    Traceback (most recent call last):
    scanstraat.errors.Refused: address: 'piet@jansen.example, eve@evil.example' is not one address in plain letters. Give another.
    """
    if not _ADDRESS.fullmatch(address):
        raise Refused("address", f"{address[:320]!r} is not one address in plain letters.", "Give another.")
    return address


def flowed(text: str) -> str:
    r"""`text` with its long lines divided so that a reader puts them together again (RFC 3676).

    >>> flowed("From here")
    ' From here\n'
    """
    return "".join(f"{line}\n" for whole in text.splitlines() for line in _divided(whole))


def _divided(line: str) -> Iterator[str]:
    pieces = textwrap.wrap(line, _WIDTH, break_long_words=False, break_on_hyphens=False) or [""]
    for number, piece in enumerate(pieces, 1):
        stuffed = f" {piece}" if piece.startswith((" ", ">", "From ")) else piece
        yield stuffed if number == len(pieces) else f"{stuffed} "


def _references(letter: StoredLetter) -> Iterator[tuple[str, str]]:
    if _MESSAGE_ID.fullmatch(letter.in_reply_to):
        yield "In-Reply-To", letter.in_reply_to
        yield "References", letter.in_reply_to


def _phrase(name: str) -> str:
    """A display name: quoted, or encoded where it is not plain."""
    plain = one_line(name)
    if plain.isascii() and plain.isprintable() and len(plain) < _WIDTH:
        escaped = plain.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return _encoded(plain, "From")


def _encoded(text: str, field: str) -> str:
    """Text in a header field, folded; a line break in it becomes a blank, so no field can follow from it."""
    plain = one_line(text)
    charset = "us-ascii" if plain.isascii() and plain.isprintable() and "=?" not in plain else "utf-8"
    return Header(plain, charset, _HEADER_WIDTH, field).encode(linesep="\r\n")
