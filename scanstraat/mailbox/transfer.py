"""Contents out of their transfer encoding (RFC 2045, 6), leniently: what is there is decoded, nothing raises.

Large contents come and are decoded piece by piece, so that they are in memory once.
"""

from __future__ import annotations

import binascii
import io
import re
from collections.abc import Callable, Iterator


def without_transfer(pieces: Iterator[bytes], encoding: str) -> bytes:
    """The octets the sender put in.

    >>> without_transfer(iter([b"JVBERi", b"0x\\r\\nLjQ"]), "base64")
    b'%PDF-1.4'
    >>> without_transfer(iter([b"caf=C3=A9=\\r\\n!"]), "Quoted-Printable")
    b'caf\\xc3\\xa9!'
    >>> without_transfer(iter([b"begin 644 a.txt\\n#:&]I\\n`\\nend\\n"]), "x-uuencode")
    b'hoi'
    """
    return _DECODERS.get(encoding.strip().lower(), _as_it_is)(pieces)


def _as_it_is(pieces: Iterator[bytes]) -> bytes:
    first, second = next(pieces, b""), next(pieces, b"")
    if not second:
        return first
    return _joined(iter((first, second)), pieces)


def _joined(*sequences: Iterator[bytes]) -> bytes:
    target = io.BytesIO()
    for pieces in sequences:
        for piece in pieces:
            target.write(piece)
    return target.getvalue()


def _from_base64(pieces: Iterator[bytes]) -> bytes:
    target, carry = io.BytesIO(), b""
    for piece in pieces:
        if b"=" in piece:
            target.write(_to_the_end(carry + piece + _joined(pieces)))
            return target.getvalue()
        carry += piece.translate(None, _NO_ALPHABET)
        whole = len(carry) // 4 * 4
        target.write(binascii.a2b_base64(carry[:whole]))
        carry = carry[whole:]
    target.write(_to_the_end(carry))
    return target.getvalue()


def _to_the_end(content: bytes) -> bytes:
    end = content.find(b"=")
    after = content[end:].strip(b"=\r\n \t") if end >= 0 else b""
    if after and not after.translate(None, _ALPHABET + b"=\r\n"):
        # Some senders encode in pieces, each with its own padding; Python's decoder would stop after the first.
        squeezed = content.translate(None, b"\r\n \t")
        return b"".join(_piece(piece) for piece in squeezed.split(b"=") if piece)
    return _piece(content)


def _piece(content: bytes) -> bytes:
    for padding in (b"", b"=", b"=="):  # the end may be lost
        try:
            return binascii.a2b_base64(content + padding)
        except binascii.Error:
            continue
    # One character too many: it says nothing by itself.
    return binascii.a2b_base64(content.translate(None, _NO_ALPHABET)[:-1])


def _from_quoted_printable(pieces: Iterator[bytes]) -> bytes:
    target, carry = io.BytesIO(), b""
    for piece in pieces:
        carry += piece
        whole = carry.rfind(b"\n") + 1
        target.write(binascii.a2b_qp(carry[:whole]))
        carry = carry[whole:]
    target.write(binascii.a2b_qp(carry))
    return target.getvalue()


def _from_uuencode(pieces: Iterator[bytes]) -> bytes:
    content = _joined(pieces)
    found = _UUENCODED.search(content)
    if found is None:
        return content
    end = content.find(_UU_END, found.end() - 1)
    return from_uu_lines(content[found.end() : end if end >= 0 else len(content)])


def from_uu_lines(lines: bytes) -> bytes:
    """The octets of uuencoded lines; a broken line gives what can be had of it.

    >>> from_uu_lines(b"#:&]I\\n`\\n"), from_uu_lines(b"#:&]I!!\\n")
    (b'hoi', b'hoi')
    """
    target = io.BytesIO()
    for line in lines.splitlines():
        target.write(_uu_line(line))
    return target.getvalue()


def _uu_line(line: bytes) -> bytes:
    for candidate in (line, line[: ((line[0] - 32 & 63) * 4 + 5) // 3] if line else b""):  # some encoders add a checksum
        try:
            return binascii.a2b_uu(candidate)
        except binascii.Error:
            continue
    return b""


_UUENCODED = re.compile(
    rb"""
    ^ begin [ ] [0-7]{3,4} [ ] [^\n]{1,200} \n
    """,
    re.VERBOSE | re.MULTILINE,
)
_UU_END = b"\nend"
_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_NO_ALPHABET = bytes(octet for octet in range(256) if octet not in _ALPHABET)
_DECODERS: dict[str, Callable[[Iterator[bytes]], bytes]] = {
    "base64": _from_base64,
    "quoted-printable": _from_quoted_printable,
    "x-uuencode": _from_uuencode,
    "uuencode": _from_uuencode,
    "x-uue": _from_uuencode,
}
