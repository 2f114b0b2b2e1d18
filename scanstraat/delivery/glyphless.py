"""A font without glyphs, for text that is found and copied but never seen (F5): any Unicode character, about 1 KB.

Each character in use gets a number (CID) of its own, all show the same glyph without ink, and a ToUnicode map
(ISO 32000-1, 9.10.3) says which character is meant.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name

# Advance of every character, in thousandths of the font size; word by word the text is stretched to the printed width.
ADVANCE = 500
# CIDs are two octets, and a map block of the CMap format holds 100 entries at most.
_MOST_CHARACTERS = 60_000
_BLOCK = 100
_FONT_NAME = Name("/ScanstraatUnseen")


@dataclass(frozen=True, slots=True)
class Glyphless:
    """The font of one PDF: its object there, and the number of each character."""

    font: pikepdf.Object
    numbers: dict[str, int]

    def encoded(self, text: str) -> str:
        """`text` as a hexadecimal string operand; a character without number shows as the empty one."""
        return "".join(f"{self.numbers.get(character, 0):04x}" for character in text)


def glyphless(pdf: pikepdf.Pdf, characters: Iterable[str]) -> Glyphless:
    """A glyphless font for `characters`, put into `pdf`; the same characters give the same octets."""
    ordered = sorted(set(characters))[:_MOST_CHARACTERS]
    numbers = {character: number for number, character in enumerate(ordered, 1)}
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=_FONT_NAME,
        CIDSystemInfo=Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
        CIDToGIDMap=pdf.make_stream(bytes(2 * (len(ordered) + 1))),
        DW=ADVANCE,
        FontDescriptor=pdf.make_indirect(_descriptor(pdf)),
    )
    font = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type0,
        BaseFont=_FONT_NAME,
        Encoding=Name("/Identity-H"),
        DescendantFonts=Array([pdf.make_indirect(descendant)]),
        ToUnicode=pdf.make_stream(_to_unicode(ordered)),
    )
    return Glyphless(pdf.make_indirect(font), numbers)


def _descriptor(pdf: pikepdf.Pdf) -> Dictionary:
    # Ascent of the whole size and no descent: what is selected in a viewer is the box the word was read in.
    program = pdf.make_stream(font_program())
    program.Length1 = len(font_program())
    return Dictionary(
        Type=Name.FontDescriptor,
        FontName=_FONT_NAME,
        Flags=5,  # fixed pitch, symbolic
        FontBBox=Array([0, 0, ADVANCE, 1000]),
        ItalicAngle=0,
        Ascent=1000,
        Descent=0,
        CapHeight=1000,
        StemV=80,
        FontFile2=program,
    )


def _to_unicode(characters: list[str]) -> bytes:
    pairs = [f"<{number:04x}> <{character.encode('utf-16-be').hex()}>" for number, character in enumerate(characters, 1)]
    blocks = [pairs[start : start + _BLOCK] for start in range(0, len(pairs), _BLOCK)]
    maps = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return _CMAP.format(maps=maps).encode("ascii")


_CMAP = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <ffff>
endcodespacerange
{maps}
endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""


def font_program() -> bytes:
    """The smallest TrueType font that readers take: one glyph without ink and the tables ISO 32000-1, 9.9 asks for.

    The glyph is a stroke to and fro across its cell. It covers no area, but has the extent that pdfium asks of text that it
    is to find on a turned page.

    >>> len(font_program())
    264
    """
    # one contour ending at point 1, no instructions; both points on the curve, their coordinates in 16 bits as differences
    stroke = struct.pack(">5h2H2B4h", 1, 0, 0, ADVANCE, 1000, 1, 0, 1, 1, 0, ADVANCE, 0, 1000)
    head = struct.pack(">4I2H2q4h2H3h", 0x10000, 0x10000, 0, 0x5F0F3CF5, 3, 1000, 0, 0, 0, 0, ADVANCE, 1000, 0, 8, 2, 0, 0)
    tables = {
        b"glyf": stroke,
        b"head": head,
        b"hhea": struct.pack(">I3hH11hH", 0x10000, 1000, 0, 0, ADVANCE, 0, 0, ADVANCE, 1, 0, 0, 0, 0, 0, 0, 0, 1),
        b"hmtx": struct.pack(">Hh", ADVANCE, 0),
        b"loca": struct.pack(">2H", 0, len(stroke) // 2),
        b"maxp": struct.pack(">I14H", 0x10000, 1, 2, 1, *[0] * 11),
    }
    return _assembled(tables)


def _assembled(tables: dict[bytes, bytes]) -> bytes:
    offset = 12 + 16 * len(tables)
    directory, body = b"", b""
    for tag, table in sorted(tables.items()):
        padded = table + b"\0" * (-len(table) % 4)
        checksum = sum(struct.unpack(f">{len(padded) // 4}I", padded)) & 0xFFFFFFFF
        directory += struct.pack(">4s3I", tag, checksum, offset + len(body), len(table))
        body += padded
    # Search fields of the table directory: 4 is the greatest power of two among 6 tables.
    return struct.pack(">I4H", 0x10000, len(tables), 64, 2, 16 * len(tables) - 64) + directory + body
