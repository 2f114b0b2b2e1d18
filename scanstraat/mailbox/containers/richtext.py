"""Rich text unpacked as Outlook packs the bodies of mails (MS-OXRTFCP)."""

from __future__ import annotations

import struct

from scanstraat.mailbox.containers.opened import Budget

# What packer and unpacker both begin with.
_KNOWN = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans Serif"
    b"SymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_HEAD = struct.Struct("<II4sI")  # octets that follow, octets unpacked, how it is packed, checksum
_WINDOW = 4_096


def unpacked(packed: bytes, budget: Budget) -> bytes:
    r"""The rich text, as far as it goes; empty where it is nothing of the kind. The checksum is not looked at.

    >>> unpacked(_HEAD.pack(18, 5, b"MELA", 0) + b"{\\rtf", Budget())
    b'{\\rtf'
    """
    if len(packed) < _HEAD.size:
        return b""
    _, length, how, _ = _HEAD.unpack_from(packed)
    if how == b"MELA":
        return packed[_HEAD.size : _HEAD.size + length]
    if how != b"LZFu":
        return b""
    found = _expanded(packed, length)
    budget.spend(len(found))
    return found


def _expanded(packed: bytes, length: int) -> bytes:
    """Each octet of the packed text tells of the eight items behind it whether they are letters or refer to what went before."""
    found, at, wanted = bytearray(_KNOWN), _HEAD.size, len(_KNOWN) + length
    while at < len(packed) and len(found) < wanted:
        control, at = packed[at], at + 1
        for place in range(8):
            if not control >> place & 1:
                found += packed[at : at + 1]
                at += 1
                continue
            reference, at = int.from_bytes(packed[at : at + 2].ljust(2, b"\0"), "big"), at + 2
            distance = (len(found) - (reference >> 4)) % _WINDOW
            if not distance or at > len(packed):
                return bytes(found[len(_KNOWN) :])
            _repeat(found, distance, (reference & 15) + 2)
    return bytes(found[len(_KNOWN) : wanted])


def _repeat(found: bytearray, distance: int, count: int) -> None:
    """What stood so many octets before, which may run into what is written."""
    piece = bytes(found[-distance:][:count]) if distance <= len(found) else b" "  # before the beginning there are blanks
    found += (piece * (count // len(piece) + 1))[:count]
