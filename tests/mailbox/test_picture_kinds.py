"""Pictures of every kind as pages: TIFF with all its pages, HEIC, WebP, GIF, BMP, JPEG 2000, AVIF."""

from __future__ import annotations

import contextlib
import io
import struct

import numpy as np
import pikepdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from scanstraat import bounded
from scanstraat.errors import Refused
from scanstraat.mailbox import pictures
from scanstraat.mailbox.filetype import told_type
from scanstraat.mailbox.pictures import picture_pdf, picture_size
from tests.mailbox.letters import picture

TIFF, HEIC, GIF, WEBP = "image/tiff", "image/heic", "image/gif", "image/webp"
KINDS = ["TIFF", "HEIF", "WEBP", "GIF", "BMP", "JPEG2000", "AVIF"]
FAX, PHOTOMETRIC, FILL_ORDER, ROWS_PER_STRIP, SUBFILE, ORIENTATION = "group4", 262, 266, 278, 254, 274


def drawn(width: int = 600, height: int = 800, mode: str = "RGB") -> Image.Image:
    """White paper with a black corner at the top left."""
    paper = Image.new("RGB", (width, height), "white")
    ImageDraw.Draw(paper).rectangle((0, 0, width // 4, height // 4), fill="black")
    return paper.convert(mode)


def tiff(*frames: tuple[Image.Image, dict[str, object]]) -> bytes:
    """A TIFF of frames, each with its own compression, resolution and tags."""
    from PIL.TiffImagePlugin import AppendingTiffWriter

    target = io.BytesIO()
    with AppendingTiffWriter(target, new=True) as writer:
        for frame, options in frames:
            tags = {ROWS_PER_STRIP: frame.height} | options.get("tiffinfo", {})
            frame.save(writer, "TIFF", **options | {"tiffinfo": tags})
            writer.newFrame()
    return target.getvalue()


def levels(pdf: bytes, page: int = 0) -> np.ndarray:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return np.asarray(document[page].render(scale=0.5).to_pil().convert("L"))
    finally:
        document.close()


def corner(pdf: bytes, page: int = 0) -> str:
    """Which corner of the page is dark, the only one that is."""
    shown = levels(pdf, page)
    height, width = shown.shape
    places = {"top": height // 10, "bottom": -height // 10}
    sides = {"left": width // 10, "right": -width // 10}
    dark = [f"{v} {h}" for v, y in places.items() for h, x in sides.items() if shown[y, x] < 100]
    (only,) = dark
    return only


def filters(pdf: bytes) -> list[str]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return [str(page.Resources.XObject.Picture.Filter) for page in document.pages]


def sizes(pdf: bytes) -> list[tuple[int, int]]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [(round(page.get_width()), round(page.get_height())) for page in document]
    finally:
        document.close()


@pytest.mark.rule("B1", "B2")
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_told_measured_and_shown(kind: str) -> None:
    content = picture(600, 800, kind)
    told = told_type(content)
    assert picture_size(content, told) == (600, 800)
    pdf = picture_pdf(content, told)
    assert corner(pdf) == "top left"
    assert sizes(pdf) == [(450, 600) if kind == "BMP" else (595, 794)]  # a bitmap always says how large it is


@pytest.mark.rule("B1", "B3")
def test_every_page_of_a_tiff_is_a_page_of_its_own_size() -> None:
    content = tiff(
        (drawn(2480, 3508, "1"), {"compression": FAX, "dpi": (300, 300)}),
        (drawn(1240, 1754), {"compression": "tiff_lzw", "dpi": (150, 150)}),
        (drawn(850, 1100), {"compression": "jpeg", "dpi": (100, 100)}),
        (drawn(1728, 1145, "1"), {"compression": "group3", "dpi": (204, 98)}),
        (drawn(600, 800, "CMYK"), {"compression": "tiff_adobe_deflate"}),
        (drawn(600, 800, "P"), {"compression": None}),
    )
    pdf = picture_pdf(content, TIFF)
    assert sizes(pdf) == [(595, 842), (595, 842), (612, 792), (610, 841), (595, 794), (595, 794)]
    assert [corner(pdf, page) for page in range(6)] == ["top left"] * 6
    assert filters(pdf) == ["/CCITTFaxDecode", "/FlateDecode", "/DCTDecode", "/CCITTFaxDecode", "/FlateDecode", "/FlateDecode"]


@pytest.mark.rule("B1")
@pytest.mark.parametrize("white_is", [0, 1])
@pytest.mark.parametrize("fill_order", [1, 2])
@pytest.mark.parametrize("rows", [100_000, 64])
def test_a_fax_page_passes_as_it_is_whichever_way_it_is_written(white_is: int, fill_order: int, rows: int) -> None:
    tags = {PHOTOMETRIC: white_is, FILL_ORDER: fill_order, ROWS_PER_STRIP: rows}
    pdf = picture_pdf(tiff((drawn(300, 400, "1"), {"compression": FAX, "tiffinfo": tags})), TIFF)
    assert rows < 400 or filters(pdf) == ["/CCITTFaxDecode"]
    shown = levels(pdf)
    assert corner(pdf) == "top left"
    assert np.mean(shown > 200) == pytest.approx(15 / 16, abs=0.02)


@pytest.mark.rule("B1")
def test_print_in_many_strips_is_coded_for_fax_anew() -> None:
    document = pypdfium2.PdfDocument("fixtures/invoices/nl-letterhead-left.pdf")
    paper = document[0].render(scale=200 / 72).to_pil().convert("1", dither=Image.Dither.NONE)
    document.close()
    content = tiff((paper, {"compression": FAX, "tiffinfo": {ROWS_PER_STRIP: 64}}))
    with pikepdf.open(io.BytesIO(picture_pdf(content, TIFF))) as document:
        shown = document.pages[0].Resources.XObject.Picture
        assert shown.Filter == pikepdf.Name.CCITTFaxDecode
        assert np.array_equal(np.asarray(pikepdf.PdfImage(shown).as_pil_image().convert("1")), np.asarray(paper))


@pytest.mark.rule("B3")
def test_a_smaller_copy_of_a_page_in_a_tiff_is_no_page() -> None:
    small = (drawn(60, 80), {"tiffinfo": {SUBFILE: 1}})
    assert len(sizes(picture_pdf(tiff((drawn(), {}), small, (drawn(), {})), TIFF))) == 2
    assert len(sizes(picture_pdf(tiff(small), TIFF))) == 1


@pytest.mark.rule("B1")
@pytest.mark.parametrize("options", [{}, {"compression": FAX}], ids=["plain", "fax"])
@pytest.mark.parametrize(("orientation", "seen"), [(1, "top left"), (3, "bottom right"), (6, "top right"), (8, "bottom left")])
def test_a_tiff_is_shown_the_way_it_says(options: dict[str, object], orientation: int, seen: str) -> None:
    content = tiff((drawn(mode="1"), options | {"tiffinfo": {ORIENTATION: orientation}}))
    assert corner(picture_pdf(content, TIFF)) == seen


@pytest.mark.rule("B1")
@pytest.mark.parametrize("kind", ["WEBP", "AVIF"])
def test_a_phones_picture_is_shown_the_way_it_was_held(kind: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    content = picture(600, 800, kind, exif=exif)
    assert corner(picture_pdf(content, told_type(content))) == "top right"


@pytest.mark.rule("B3")
def test_all_pictures_of_a_heic_are_pages_and_of_a_film_the_first() -> None:
    import pillow_heif

    both = pillow_heif.from_pillow(drawn())
    both.add_from_pillow(drawn(400, 500))
    target = io.BytesIO()
    both.save(target)
    assert [(w < 590, h) for w, h in sizes(picture_pdf(target.getvalue(), HEIC))] == [(False, 794), (False, 744)]
    for kind, told in (("GIF", GIF), ("WEBP", WEBP)):
        film = io.BytesIO()
        drawn(mode="P").save(film, kind, save_all=True, append_images=[Image.new("P", (600, 800), 0)] * 3)
        pdf = picture_pdf(film.getvalue(), told)
        assert len(sizes(pdf)) == 1
        assert corner(pdf) == "top left"


@pytest.mark.rule("B1")
def test_what_was_coded_without_loss_stays_without() -> None:
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 255, (120, 90, 3), dtype=np.uint8))
    for kind, options in (("WEBP", {"lossless": True}), ("BMP", {}), ("TIFF", {"compression": "tiff_lzw"})):
        target = io.BytesIO()
        noise.save(target, kind, **options)
        with pikepdf.open(io.BytesIO(picture_pdf(target.getvalue(), told_type(target.getvalue())))) as document:
            assert document.pages[0].Resources.XObject.Picture.read_bytes() == noise.tobytes()


@pytest.mark.rule("B1")
def test_depth_and_transparency() -> None:
    gray = Image.fromarray(np.full((800, 600), 0x8000, dtype=np.uint16))
    assert levels(picture_pdf(tiff((gray, {})), TIFF))[50, 50] == pytest.approx(128, abs=1)
    clear = Image.new("RGBA", (600, 800), (0, 0, 0, 0))
    for kind in ("WEBP", "TIFF", "HEIF"):
        target = io.BytesIO()
        clear.save(target, kind)
        assert levels(picture_pdf(target.getvalue(), told_type(target.getvalue())))[50, 50] > 250
    see_through = Image.new("P", (600, 800), 0)
    target = io.BytesIO()
    see_through.save(target, "GIF", transparency=0)
    assert levels(picture_pdf(target.getvalue(), GIF))[50, 50] == 255


@pytest.mark.rule("B9")
@pytest.mark.parametrize("kind", [*KINDS, "JPEG", "PNG"])
def test_more_pixels_than_can_be_borne_are_refused(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    content = picture(400, 400, kind)
    monkeypatch.setattr(pictures, "MAX_PIXELS", 150_000)
    with pytest.raises(Refused, match="too-large-to-convert"):
        picture_pdf(content, told_type(content))


@pytest.mark.rule("B9")
def test_a_bomb_in_a_few_octets_is_refused_before_it_is_decoded() -> None:
    content = tiff((drawn(), {"compression": "tiff_lzw"}))
    assert content.count(struct.pack("<HHII", 256, 4, 1, 600)) + content.count(struct.pack("<HHIHH", 256, 3, 1, 600, 0)) == 1
    wide = content.replace(struct.pack("<HHIHH", 256, 3, 1, 600, 0), struct.pack("<HHII", 256, 4, 1, 600_000))
    wide = wide.replace(struct.pack("<HHII", 256, 4, 1, 600), struct.pack("<HHII", 256, 4, 1, 600_000))
    with pytest.raises(Refused, match="too-large-to-convert"):
        picture_pdf(wide, TIFF)


@pytest.mark.rule("B9")
def test_too_many_pictures_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MAX_PICTURES", 3)
    content = tiff(*[(drawn(mode="1"), {"compression": FAX})] * 4)
    with pytest.raises(Refused, match="too-many-pages"):
        picture_pdf(content, TIFF)


@pytest.mark.rule("B9")
def test_pages_are_decoded_one_at_a_time() -> None:
    """Twelve pages of 35 MB each decoded, in a process that may have 150 MB."""
    content = tiff(*[(drawn(2480, 3508), {"compression": "tiff_lzw", "dpi": (300, 300)})] * 12)
    with bounded.Child(("scanstraat.mailbox.settling",)) as child:
        pdf = child.call(picture_pdf, bounded.Limits(150_000_000, 60.0), content, TIFF)
    assert len(sizes(pdf)) == 12


@pytest.mark.rule("B9")
@pytest.mark.filterwarnings("ignore::UserWarning")
@given(st.data())
@settings(max_examples=150, deadline=None)
def test_any_damage_is_refused_or_converted(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(KINDS))
    content = bytearray(picture(64, 80, kind))
    told = told_type(bytes(content))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    picture_size(bytes(content), told)
    with contextlib.suppress(Refused):
        assert picture_pdf(bytes(content), told).startswith(b"%PDF-")
