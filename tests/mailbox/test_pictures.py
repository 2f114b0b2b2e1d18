from __future__ import annotations

import contextlib
import io

import numpy as np
import pikepdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from scanstraat.errors import Refused
from scanstraat.mailbox import pictures
from scanstraat.mailbox.pictures import picture_pdf, picture_size
from tests.mailbox.letters import picture

JPEG, PNG = "image/jpeg", "image/png"


def _dark_corner(pdf: bytes) -> tuple[str, float]:
    """Which corner of the rendered page is dark, and the page's width by height."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        assert len(document) == 1
        page = document[0]
        shown = np.asarray(page.render(scale=0.5).to_pil().convert("L"))
        ratio = page.get_width() / page.get_height()
    finally:
        document.close()
    height, width = shown.shape
    corners = {
        "top left": shown[height // 10, width // 10],
        "top right": shown[height // 10, -width // 10],
        "bottom left": shown[-height // 10, width // 10],
        "bottom right": shown[-height // 10, -width // 10],
    }
    dark = [name for name, level in corners.items() if level < 100]
    assert len(dark) == 1, corners
    return dark[0], ratio


def _raw_picture(pdf: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return bytes(document.pages[0].Resources.XObject.Picture.read_raw_bytes())


@pytest.mark.rule("B1")
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_a_jpeg_is_kept_as_it_is(mode: str) -> None:
    content = picture(900, 1_200, "JPEG", mode)
    pdf = picture_pdf(content, JPEG)
    assert _raw_picture(pdf) == content
    assert _dark_corner(pdf) == ("top left", pytest.approx(0.75, abs=0.01))


# What EXIF's orientations do to a picture whose dark corner is stored at the top left (Exif 2.3, tag 0x0112).
_SEEN = {
    1: "top left",
    2: "top right",
    3: "bottom right",
    4: "bottom left",
    5: "top left",
    6: "top right",
    7: "bottom right",
    8: "bottom left",
}


@pytest.mark.rule("B1")
@pytest.mark.parametrize(("orientation", "corner"), _SEEN.items())
def test_a_photo_is_shown_the_way_the_camera_was_held(orientation: int, corner: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    content = picture(900, 1_200, "JPEG", exif=exif)
    pdf = picture_pdf(content, JPEG)
    assert _dark_corner(pdf) == (corner, pytest.approx(0.75 if orientation < 5 else 1 / 0.75, abs=0.01))
    assert (_raw_picture(pdf) == content) == (orientation in (1, 3, 6, 8))


@pytest.mark.rule("B1")
@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB"])
def test_a_plain_png_keeps_its_compressed_rows(mode: str) -> None:
    content = picture(900, 1_200, "PNG", mode)
    pdf = picture_pdf(content, PNG)
    rows = _raw_picture(pdf)
    assert all(rows[at : at + 1_000] in content for at in range(0, len(rows), 1_000))
    assert _dark_corner(pdf)[0] == "top left"


@pytest.mark.rule("B1")
def test_the_colours_of_a_palette_are_right() -> None:
    drawn = Image.new("P", (700, 900), 1)
    drawn.putpalette([255, 255, 255, 10, 200, 30])
    target = io.BytesIO()
    drawn.save(target, "PNG")
    document = pypdfium2.PdfDocument(picture_pdf(target.getvalue(), PNG))
    assert document[0].render().to_pil().getpixel((50, 50)) == (10, 200, 30)
    document.close()


@pytest.mark.rule("B1")
@pytest.mark.parametrize("mode", ["RGBA", "LA", "I;16"])
def test_other_pngs_are_painted_on_white(mode: str) -> None:
    drawn = Image.new(mode, (700, 900))  # transparent, or (16 bits) black
    target = io.BytesIO()
    drawn.save(target, "PNG")
    document = pypdfium2.PdfDocument(picture_pdf(target.getvalue(), PNG))
    assert document[0].render().to_pil().getpixel((50, 50)) == ((0, 0, 0) if mode == "I;16" else (255, 255, 255))
    document.close()


@pytest.mark.rule("B1")
@pytest.mark.parametrize(
    ("dpi", "size"),
    [((300, 300), (600, 792)), ((72, 72), (595, 786)), ((0, 0), (595, 786)), ((1, 1), (595, 786)), ((300, 150), (600, 1584 / 2))],
)
def test_the_page_is_as_large_as_the_scan_says_or_else_fits_a4(dpi: tuple[int, int], size: tuple[float, float]) -> None:
    height = 1_650 if dpi == (300, 150) else 3_300
    document = pypdfium2.PdfDocument(picture_pdf(picture(2_500, height, dpi=dpi), JPEG))
    assert document[0].get_size() == pytest.approx(size, abs=1)
    document.close()


@pytest.mark.rule("B9")
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_cut_off_is_broken(kind: str) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (600, 500, 3), dtype=np.uint8)
    target = io.BytesIO()
    Image.fromarray(noise).save(target, kind)
    content = target.getvalue()
    with pytest.raises(Refused, match="picture-broken"):
        picture_pdf(content[: len(content) // 2], f"image/{kind.lower()}")


@pytest.mark.rule("B9")
def test_a_bomb_is_refused_before_it_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MAX_PIXELS", 1_000_000)
    with pytest.raises(Refused, match="too-large-to-convert"):
        picture_pdf(picture(1_001, 1_000, "PNG", "1"), PNG)


@pytest.mark.rule("B9")
@given(st.data())
@settings(max_examples=150, deadline=None)
def test_any_damage_is_refused_or_converted(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(["JPEG", "PNG"]))
    content = bytearray(picture(64, 80, kind))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    media_type = f"image/{kind.lower()}"
    picture_size(bytes(content), media_type)
    with contextlib.suppress(Refused):
        assert picture_pdf(bytes(content), media_type).startswith(b"%PDF-")
