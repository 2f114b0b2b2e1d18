"""Photos and scans as PDFs, a page for each picture in the file (B1, B3), the right way up and as large as the scanner said."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Iterator
from functools import cache

import pikepdf
from PIL import Image, ImageOps, UnidentifiedImageError

from scanstraat.errors import Refused
from scanstraat.mailbox.filetype import AVIF, BMP, GIF, HEIC, JP2, JPEG, PNG, TIFF, WEBP
from scanstraat.mailbox.picturestreams import Stream, as_it_is, painted

MAX_PIXELS = 120_000_000  # A4 at 1200 dpi is 139 million, but no office scans so
MAX_DECODED = 400_000_000  # octets of one picture decoded: A3 at 600 dpi in colour is 281 million
MAX_PICTURES = 500  # of one file: what is read of a PDF
MAX_OCTETS = 150_000_000  # of the PDF made
_A4 = (595.28, 841.89)  # points
_SMALLEST, _LARGEST = 100.0, 1_300.0  # points: sides of a page that a plausible resolution leads to (a slip to A3)
_FORMATS = {
    JPEG: ("JPEG", "MPO"),
    PNG: ("PNG",),
    GIF: ("GIF",),
    WEBP: ("WEBP",),
    TIFF: ("TIFF",),
    HEIC: ("HEIF",),
    AVIF: ("AVIF",),
    BMP: ("BMP", "DIB"),
    JP2: ("JPEG2000",),
}
# Files that hold pages; in others, further pictures are a film (GIF, WebP) or the same one again (MPO).
_OF_PAGES = frozenset({TIFF, HEIC})
_SUBFILE, _NO_PAGE = 254, 0b101  # TIFF 6.0, NewSubfileType: a smaller copy, or a mask
# EXIF orientations (tag 0x0112) that a page's /Rotate shows; the mirrored ones (2, 4, 5, 7) have to be painted anew.
_ORIENTATION = 0x0112
_ROTATIONS = {1: 0, 3: 180, 6: 90, 8: 270}
# Octets that a pixel takes while it is decoded, as measured: with the copies that some decoders make, else as Pillow holds it.
_DECODING = {HEIC: 8, AVIF: 8, WEBP: 15, JP2: 18}
_PIXEL = {"1": 1, "L": 1, "P": 1, "I;16": 2}
_COLOUR = 4
_ERRORS = (
    OSError,
    ValueError,
    SyntaxError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    RuntimeError,
    OverflowError,
    ZeroDivisionError,
    struct.error,
    zlib.error,
    EOFError,
)


@cache
def load_readers() -> None:
    """Load the readers of all kinds of pictures we take, and no others."""
    from PIL import AvifImagePlugin, Jpeg2KImagePlugin, MpoImagePlugin, TiffImagePlugin, WebPImagePlugin  # noqa: F401
    from pillow_heif import register_heif_opener

    Image.preinit()
    register_heif_opener(thumbnails=False, decode_threads=1)


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
    """A PDF showing the picture the right way up, a page for each in the file.

    One at a time is decoded. Raises `Refused`: `picture-broken`, `too-large-to-convert`, `too-many-pages`.
    """
    try:
        with _opened(content, _FORMATS[media_type]) as picture, pikepdf.new() as pdf:
            octets = 0
            if media_type in _OF_PAGES and _sought(picture, MAX_PICTURES):
                raise Refused("too-many-pages", f"The file holds more than {MAX_PICTURES} pictures.", "Send it in pieces.")
            for number in _pages(picture, media_type):
                octets += _add_page_of(pdf, content, media_type, picture, number)
                if octets > MAX_OCTETS:
                    raise _too_large(f"makes a PDF of more than {MAX_OCTETS // 1_000_000} MB")
            return _saved(pdf)
    except Image.DecompressionBombError:
        raise _too_many_pixels() from None
    except UnidentifiedImageError:
        raise _broken("it cannot be told where the picture begins") from None
    except _ERRORS as error:
        raise _broken(str(error)) from error


def _opened(content: bytes, formats: tuple[str, ...]) -> Image.Image:
    load_readers()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's own limits are below ours, or raise
        return Image.open(io.BytesIO(content), formats=formats)


def _pages(picture: Image.Image, media_type: str) -> Iterator[int]:
    """The numbers of the pictures that are pages, each sought when it is its turn; the first where none says it is one."""
    if media_type not in _OF_PAGES:
        yield 0
        return
    number, found = 0, False
    while _sought(picture, number):
        if not _kind_of(picture) & _NO_PAGE:
            found = True
            yield number
        number += 1
    if not found:
        picture.seek(0)
        yield 0


def _sought(picture: Image.Image, number: int) -> bool:
    try:
        picture.seek(number)
    except EOFError:
        return False
    return True


def _kind_of(picture: Image.Image) -> int:
    tags = getattr(picture, "tag_v2", {})
    said = tags.get(_SUBFILE, 0)
    return said if isinstance(said, int) else 0


def _add_page_of(pdf: pikepdf.Pdf, content: bytes, media_type: str, picture: Image.Image, number: int) -> int:
    """One page more, for the picture sought. The reader of HEIC keeps what it decoded, so each of those is opened by itself."""
    if media_type != HEIC:
        return _add_page(pdf, content, media_type, picture)
    with _opened(content, _FORMATS[media_type]) as alone:
        alone.seek(number)
        return _add_page(pdf, content, media_type, alone)


def _add_page(pdf: pikepdf.Pdf, content: bytes, media_type: str, picture: Image.Image) -> int:
    """One page more, showing the picture; the octets it took."""
    _see_that_it_fits(picture, media_type)
    rotation = _ROTATIONS.get(_orientation(picture))
    size = _page_size(picture)
    stream = None if rotation is None else as_it_is(content, media_type, picture)
    if stream is None:
        picture.load()  # Pillow turns a TIFF by itself here
        ImageOps.exif_transpose(picture, in_place=True)
        stream, rotation, size = painted(picture, content, media_type), 0, _page_size(picture)
    _show(pdf, stream, size, rotation or 0)
    return len(stream.octets)


def _see_that_it_fits(picture: Image.Image, media_type: str) -> None:
    pixels = picture.width * picture.height
    if pixels > MAX_PIXELS:
        raise _too_many_pixels()
    each = _DECODING.get(media_type) or _PIXEL.get(picture.mode, _COLOUR)
    is_kept = media_type in (JPEG, PNG) and not picture.info.get("progressive")
    if not is_kept and pixels * each > MAX_DECODED:
        raise _too_large(f"takes more than {MAX_DECODED // 1_000_000} MB when it is opened")


def _orientation(picture: Image.Image) -> int:
    try:
        return int(picture.getexif().get(_ORIENTATION, 1))
    except _ERRORS:
        return 1  # a broken EXIF block is no reason to refuse the picture


def _page_size(picture: Image.Image) -> tuple[float, float]:
    """The page in points, before turning: as the picture's resolution says where that is plausible, else fitted into A4."""
    across, down = _resolution(picture)
    width, height = (picture.width * 72 / across, picture.height * 72 / down) if across > 0 and down > 0 else (0.0, 0.0)
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


def _show(pdf: pikepdf.Pdf, stream: Stream, size: tuple[float, float], rotation: int) -> None:
    width, height = size
    shown = pikepdf.Stream(pdf, stream.octets)
    for name, value in ({"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Image} | stream.entries).items():
        shown[name] = value
    pdf.add_blank_page(page_size=(width, height))
    page = pdf.pages[-1]
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Picture=pdf.make_indirect(shown)))
    page.Contents = pikepdf.Stream(pdf, f"q {width:.4f} 0 0 {height:.4f} 0 0 cm /Picture Do Q".encode())
    if rotation:
        page.Rotate = rotation


def _saved(pdf: pikepdf.Pdf) -> bytes:
    target = io.BytesIO()
    pdf.save(target, deterministic_id=True)
    return target.getvalue()


def _too_many_pixels() -> Refused:
    return _too_large(f"has more than {MAX_PIXELS // 1_000_000} million pixels")


def _too_large(why: str) -> Refused:
    return Refused("too-large-to-convert", f"The picture {why}.", "Ask the sender for a smaller picture or a PDF.")


def _broken(why: str) -> Refused:
    return Refused("picture-broken", f"The picture is broken: {why[:200].rstrip('.')}.", "Ask the sender for another copy.")
