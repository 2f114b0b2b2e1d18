"""Pictures as PDF holds them: the sender's own octets wherever PDF can hold those, else packed anew (B1).

JPEG, the rows of a plain PNG and the fax coding of a TIFF pass as they are. What was coded with loss (HEIC, WebP, JPEG 2000)
becomes JPEG of high quality; the rest is packed without loss, in bands, so that no second copy of the picture is in memory.
"""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass

import pikepdf
from PIL import Image

from scanstraat.mailbox.filetype import AVIF, HEIC, JP2, JPEG, PNG, TIFF, WEBP

_DEVICE = {"1": "/DeviceGray", "L": "/DeviceGray", "RGB": "/DeviceRGB", "CMYK": "/DeviceCMYK"}
_GRAYS = frozenset({"1", "I", "I;16", "I;16B", "I;16L", "I;16N", "F", "LA", "La"})
_BAND = 4_000_000  # pixels packed at once
_QUALITY, _JPEG_SIDE = 92, 65_500
# TIFF 6.0: tags of the fields that tell whether a fax page can pass as it is, and the values that say so.
_WIDTH, _HEIGHT, _COMPRESSION, _PHOTOMETRIC, _FILL_ORDER, _STRIPS, _ROWS, _STRIP_OCTETS, _T6 = (
    256,
    257,
    259,
    262,
    266,
    273,
    278,
    279,
    293,
)
_GROUP_4, _WHITE_IS_0, _JPEG_CODED = 4, 0, (6, 7)
_REVERSED = bytes(int(f"{octet:08b}"[::-1], 2) for octet in range(256))


@dataclass(frozen=True, slots=True)
class Stream:
    """A picture as PDF holds it: the octets, and the entries of their dictionary."""

    octets: bytes
    entries: dict[str, object]


def as_it_is(content: bytes, media_type: str, picture: Image.Image) -> Stream | None:
    """The sender's own octets where PDF can hold them; None where it cannot."""
    if media_type == JPEG and picture.mode in _DEVICE:
        _see_that_it_decodes(content)
        return Stream(content, _jpeg_entries(picture))
    if media_type == TIFF:
        return _fax_stream(content, picture)
    return _png_stream(content) if media_type == PNG else None


def painted(picture: Image.Image, content: bytes, media_type: str) -> Stream:
    """The decoded picture packed anew, transparency over white."""
    is_small = max(picture.size) <= _JPEG_SIDE
    if is_small and picture.mode in ("L", "RGB") and _had_loss(picture, content, media_type):
        target = io.BytesIO()
        picture.save(target, "JPEG", quality=_QUALITY)
        return Stream(target.getvalue(), _entries(picture.size, 8, _device(picture.mode)) | {"/Filter": pikepdf.Name.DCTDecode})
    mode = _mode_of(picture)
    if mode == "1":
        return _faxed(picture)
    space = _indexed(bytes(picture.getpalette("RGB") or b"\x00\x00\x00")) if mode == "P" else _device(mode)
    return Stream(_packed(picture, mode), _entries(picture.size, 8, space) | {"/Filter": pikepdf.Name.FlateDecode})


def _faxed(picture: Image.Image) -> Stream:
    """Black and white, coded for fax or, where it is a pattern of dots, packed, whichever is less."""
    target = io.BytesIO()
    picture.save(target, "TIFF", compression="group4", tiffinfo={_ROWS: picture.height})
    with Image.open(target, formats=("TIFF",)) as coded:
        fax = _fax_stream(target.getvalue(), coded)
    packed = _packed(picture, "1")
    if fax is not None and len(fax.octets) <= len(packed):
        return fax
    return Stream(packed, _entries(picture.size, 1, _device("1")) | {"/Filter": pikepdf.Name.FlateDecode})


def _had_loss(picture: Image.Image, content: bytes, media_type: str) -> bool:
    if media_type == TIFF:
        return picture.info.get("compression") == "jpeg"
    return media_type in (HEIC, AVIF, JP2) or (media_type == WEBP and b"VP8L" not in content[:4_096])


def _mode_of(picture: Image.Image) -> str:
    """How its pixels are packed: as they are where PDF knows such, else gray or colour."""
    if "transparency" in picture.info:
        return "RGB"
    if picture.mode in ("1", "L", "P", "RGB", "CMYK"):
        return picture.mode
    return "L" if picture.mode in _GRAYS else "RGB"


def _packed(picture: Image.Image, mode: str) -> bytes:
    packer, pieces = zlib.compressobj(6), []
    rows = max(1, _BAND // picture.width)
    for top in range(0, picture.height, rows):
        band = picture.crop((0, top, picture.width, min(top + rows, picture.height)))
        pieces.append(packer.compress(_plain(band, mode).tobytes()))
    return b"".join((*pieces, packer.flush()))


def _plain(band: Image.Image, mode: str) -> Image.Image:
    if band.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in band.info:
        seen = band.convert("RGBA")
        paper = Image.new("RGB", band.size, "white")
        paper.paste(seen, mask=seen.getchannel("A"))
        return paper.convert(mode)
    if band.mode.startswith("I"):  # 16 bits, of which the upper 8 are shown
        return band.convert("I").point(lambda level: level * (1 / 256)).convert("L")
    return band if band.mode == mode else band.convert(mode)


def _see_that_it_decodes(content: bytes) -> None:
    with Image.open(io.BytesIO(content), formats=("JPEG", "MPO")) as picture:
        picture.draft("L", (max(1, picture.width // 8), max(1, picture.height // 8)))
        picture.load()


def _jpeg_entries(picture: Image.Image) -> dict[str, object]:
    entries = _entries(picture.size, 8, _device(picture.mode)) | {"/Filter": pikepdf.Name.DCTDecode}
    if picture.mode == "CMYK" and "adobe" in picture.info:
        entries["/Decode"] = [1, 0] * 4  # Adobe writes its CMYK upside down
    return entries


def _device(mode: str) -> pikepdf.Name:
    return pikepdf.Name(_DEVICE[mode])


def _indexed(palette: bytes) -> pikepdf.Array:
    last = max(0, len(palette) // 3 - 1)
    return pikepdf.Array([pikepdf.Name.Indexed, pikepdf.Name.DeviceRGB, last, pikepdf.String(palette)])


def _entries(size: tuple[int, int], bits: int, space: object) -> dict[str, object]:
    return {"/Width": size[0], "/Height": size[1], "/BitsPerComponent": bits, "/ColorSpace": space}


def _fax_stream(content: bytes, picture: Image.Image) -> Stream | None:
    """A page coded for fax, group 4, in one strip; None for other pages."""
    tags = getattr(picture, "tag_v2", {})
    strips, lengths = tags.get(_STRIPS, ()), tags.get(_STRIP_OCTETS, ())
    if tags.get(_COMPRESSION) != _GROUP_4 or picture.mode != "1" or tags.get(_T6, 0) or len(strips) != 1 or len(lengths) != 1:
        return None
    octets = content[strips[0] : strips[0] + lengths[0]]
    if len(octets) != lengths[0]:
        raise ValueError("the picture is cut off")
    if tags.get(_FILL_ORDER, 1) == 2:
        octets = octets.translate(_REVERSED)
    size = (int(tags[_WIDTH]), int(tags[_HEIGHT]))
    picture.load()
    black_is_1 = tags.get(_PHOTOMETRIC, _WHITE_IS_0) != _WHITE_IS_0
    parameters = pikepdf.Dictionary(K=-1, Columns=size[0], Rows=size[1], BlackIs1=black_is_1)
    return Stream(
        octets,
        _entries(size, 1, pikepdf.Name.DeviceGray) | {"/Filter": pikepdf.Name.CCITTFaxDecode, "/DecodeParms": parameters},
    )


def _png_stream(content: bytes) -> Stream | None:
    """The compressed rows of a PNG, which PDF's Flate filter reads with the same predictor; None where it could not.

    Left out: interlaced ones, and those with transparency.
    """
    chunks = _png_chunks(content)
    width, height, bits, colour, _, _, interlaced = struct.unpack(">IIBBBBB", chunks[b"IHDR"][:13])
    if interlaced or b"tRNS" in chunks or colour not in (0, 2, 3):
        return None
    rows = _row_octets(width, bits, 3 if colour == 2 else 1) * height
    _see_that_it_inflates(chunks[b"IDAT"], rows)
    space = _indexed(chunks.get(b"PLTE", b"")) if colour == 3 else _device("RGB" if colour == 2 else "L")
    parameters = {"/Predictor": 15, "/Colors": 3 if colour == 2 else 1, "/BitsPerComponent": bits, "/Columns": width}
    more = {"/Filter": pikepdf.Name.FlateDecode, "/DecodeParms": pikepdf.Dictionary(parameters)}
    return Stream(chunks[b"IDAT"], _entries((width, height), bits, space) | more)


def _row_octets(width: int, bits: int, colours: int) -> int:
    return 1 + (width * bits * colours + 7) // 8


def _see_that_it_inflates(octets: bytes, expected: int) -> None:
    inflater, length, waiting = zlib.decompressobj(), 0, octets
    while waiting and length <= expected:
        length += len(inflater.decompress(waiting, 1 << 20))
        waiting = inflater.unconsumed_tail
    if length < expected:
        raise ValueError("the picture is cut off")


def _png_chunks(content: bytes) -> dict[bytes, bytes]:
    """The chunks by name, those of one name joined."""
    found: dict[bytes, list[bytes]] = {}
    at = 8
    while at + 8 <= len(content):
        length, name = struct.unpack_from(">I4s", content, at)
        found.setdefault(name, []).append(content[at + 8 : at + 8 + length])
        at += length + 12
    return {name: b"".join(pieces) for name, pieces in found.items()}
