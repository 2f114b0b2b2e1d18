"""Contents out of their transfer encoding (RFC 2045, 6), leniently: what is there is decoded, nothing raises."""

from __future__ import annotations

import binascii
from collections.abc import Callable


def without_transfer(content: bytes, encoding: str) -> bytes:
    """The octets the sender put in.

    >>> without_transfer(b"JVBERi0x\\r\\nLjQ", "base64"), without_transfer(b"caf=C3=A9=\\r\\n!", "Quoted-Printable")
    (b'%PDF-1.4', b'caf\\xc3\\xa9!')
    """
    return _DECODERS.get(encoding.strip().lower(), bytes)(content)


def _from_base64(content: bytes) -> bytes:
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


_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_NO_ALPHABET = bytes(octet for octet in range(256) if octet not in _ALPHABET)
_DECODERS: dict[str, Callable[[bytes], bytes]] = {"base64": _from_base64, "quoted-printable": binascii.a2b_qp}
