"""Photos and scans as one-page PDFs (B1), with the sender's own octets inside wherever PDF can hold them."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from dataclasses import dataclass

import pikepdf
from PIL import Image, ImageOps, UnidentifiedImageError

from scanstraat.errors import Refused
from scanstraat.mailbox.filetype import GIF, JPEG, PNG

MAX_PIXELS = 120_000_000  # A4 at 1200 dpi is 139 million, but no office scans so; decoded, this is 360 MB
_A4 = (595.28, 841.89)  # points
_SMALLEST, _LARGEST = 100.0, 1_300.0  # points: sides of a page that a plausible resolution leads to (a slip to A3)
_FORMATS = {JPEG: ("JPEG", "MPO"), PNG: ("PNG",), GIF: ("GIF",), "image/webp": ("WEBP",), "image/tiff": ("TIFF",)}
# EXIF orientations (tag 0x0112) that a page's /Rotate shows; the mirrored ones (2, 4, 5, 7) have to be painted anew.
_ORIENTATION = 0x0112
_ROTATIONS = {1: 0, 3: 180, 6: 90, 8: 270}
_DEVICE = {"1": "/DeviceGray", "L": "/DeviceGray", "RGB": "/DeviceRGB", "CMYK": "/DeviceCMYK"}
_ERRORS = (OSError, ValueError, SyntaxError, KeyError, IndexError, TypeError, struct.error, zlib.error, EOFError)


@dataclass(frozen=True, slots=True)
class _Stream:
    """A picture as PDF holds it: the octets, and the entries of their dictionary."""

    octets: bytes
    entries: dict[str, object]


def picture_size(content: bytes, media_type: str) -> tuple[int, int]:
    """Width and height in pixels without decoding; (0, 0) where it is no picture we know, or a broken one."""
    formats = _FORMATS.get(media_type)
    if formats is None:
        return 0, 0
    try:
        with _opened(content, formats) as picture:
            return picture.size
    except (*_ERRORS, Image.DecompressionBombError):
        return 0, 0


def picture_pdf(content: bytes, media_type: str) -> bytes:
    """A PDF of one page showing the picture the right way up.

    Raises `Refused`: `picture-broken`, `too-large-to-convert`.
    """
    try:
        with _opened(content, _FORMATS[media_type]) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise _too_large()
            rotation = _ROTATIONS.get(_orientation(picture))
            stream = None if rotation is None else _as_it_is(content, media_type, picture)
            if stream is not None:
                return _page(stream, _page_size(picture), rotation or 0)
            upright = ImageOps.exif_transpose(picture)
            return _page(_painted(upright), _page_size(upright), 0)
    except Image.DecompressionBombError:
        raise _too_large() from None
    except UnidentifiedImageError:
        raise _broken("it cannot be told where the picture begins") from None
    except _ERRORS as error:
        raise _broken(str(error)) from error


def _opened(content: bytes, formats: tuple[str, ...]) -> Image.Image:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's own limits are below ours, or raise
        return Image.open(io.BytesIO(content), formats=formats)


def _orientation(picture: Image.Image) -> int:
    try:
        return int(picture.getexif().get(_ORIENTATION, 1))
    except _ERRORS:
        return 1  # a broken EXIF block is no reason to refuse the picture


def _as_it_is(content: bytes, media_type: str, picture: Image.Image) -> _Stream | None:
    """The sender's own octets where PDF can hold them; None where it cannot."""
    if media_type == JPEG and picture.mode in _DEVICE:
        _see_that_it_decodes(content)
        return _Stream(content, _jpeg_entries(picture))
    return _png_stream(content) if media_type == PNG else None


def _see_that_it_decodes(content: bytes) -> None:
    with _opened(content, _FORMATS[JPEG]) as picture:
        picture.draft("L", (max(1, picture.width // 8), max(1, picture.height // 8)))
        picture.load()


def _jpeg_entries(picture: Image.Image) -> dict[str, object]:
    entries = _entries(picture.size, 8, pikepdf.Name(_DEVICE[picture.mode])) | {"/Filter": pikepdf.Name.DCTDecode}
    if picture.mode == "CMYK" and "adobe" in picture.info:
        entries["/Decode"] = [1, 0] * 4  # Adobe writes its CMYK upside down
    return entries


def _entries(size: tuple[int, int], bits: int, space: object) -> dict[str, object]:
    return {"/Width": size[0], "/Height": size[1], "/BitsPerComponent": bits, "/ColorSpace": space}


def _png_stream(content: bytes) -> _Stream | None:
    """The compressed rows of a PNG, which PDF's Flate filter reads with the same predictor; None where it could not.

    Left out: interlaced ones, and those with transparency.
    """
    chunks = _png_chunks(content)
    width, height, bits, colour, _, _, interlaced = struct.unpack(">IIBBBBB", chunks[b"IHDR"][:13])
    if interlaced or b"tRNS" in chunks or colour not in (0, 2, 3):
        return None
    rows = _row_octets(width, bits, 3 if colour == 2 else 1) * height
    _see_that_it_inflates(chunks[b"IDAT"], rows)
    palette = chunks.get(b"PLTE", b"")
    indexed = pikepdf.Array(
        [pikepdf.Name.Indexed, pikepdf.Name.DeviceRGB, max(0, len(palette) // 3 - 1), pikepdf.String(palette)]
    )
    space = {0: pikepdf.Name.DeviceGray, 2: pikepdf.Name.DeviceRGB, 3: indexed}[colour]
    parameters = {"/Predictor": 15, "/Colors": 3 if colour == 2 else 1, "/BitsPerComponent": bits, "/Columns": width}
    more = {"/Filter": pikepdf.Name.FlateDecode, "/DecodeParms": pikepdf.Dictionary(parameters)}
    return _Stream(chunks[b"IDAT"], _entries((width, height), bits, space) | more)


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


def _painted(picture: Image.Image) -> _Stream:
    """The picture decoded, transparency over white, and packed without loss."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        paper = Image.new("RGB", picture.size, "white")
        paper.paste(picture, mask=picture.getchannel("A"))
        picture = paper
    elif picture.mode not in ("L", "RGB", "CMYK"):
        picture = picture.convert("L" if picture.mode in ("1", "I", "I;16", "F") else "RGB")
    entries = _entries(picture.size, 8, pikepdf.Name(_DEVICE[picture.mode])) | {"/Filter": pikepdf.Name.FlateDecode}
    return _Stream(zlib.compress(picture.tobytes(), 6), entries)


def _page_size(picture: Image.Image) -> tuple[float, float]:
    """The page in points, before turning: as the picture's resolution says where that is plausible, else fitted into A4."""
    across, down = _resolution(picture)
    width, height = (picture.width * 72 / across, picture.height * 72 / down) if across and down else (0.0, 0.0)
    if min(width, height) >= _SMALLEST and max(width, height) <= _LARGEST:
        return width, height
    sides = _A4 if picture.height >= picture.width else _A4[::-1]
    scale = min(sides[0] / picture.width, sides[1] / picture.height)
    return picture.width * scale, picture.height * scale


def _resolution(picture: Image.Image) -> tuple[float, float]:
    try:
        across, down = picture.info["dpi"]
        return float(across), float(down)
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return 0.0, 0.0


def _page(stream: _Stream, size: tuple[float, float], rotation: int) -> bytes:
    width, height = size
    with pikepdf.new() as pdf:
        shown = pikepdf.Stream(pdf, stream.octets)
        for name, value in ({"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Image} | stream.entries).items():
            shown[name] = value
        pdf.add_blank_page(page_size=(width, height))
        page = pdf.pages[0]
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Picture=pdf.make_indirect(shown)))
        page.Contents = pikepdf.Stream(pdf, f"q {width:.4f} 0 0 {height:.4f} 0 0 cm /Picture Do Q".encode())
        if rotation:
            page.Rotate = rotation
        target = io.BytesIO()
        pdf.save(target, deterministic_id=True)
    return target.getvalue()


def _too_large() -> Refused:
    return Refused(
        "too-large-to-convert",
        f"The picture has more than {MAX_PIXELS // 1_000_000} million pixels.",
        "Ask the sender for a smaller picture or a PDF.",
    )


def _broken(why: str) -> Refused:
    return Refused("picture-broken", f"The picture is broken: {why[:200]}.", "Ask the sender for another copy.")
