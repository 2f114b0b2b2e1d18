"""What cannot be read is refused with its reason, what was read is not read again, and no page is too large for the house."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image

from scanstraat.bounded import Child
from scanstraat.errors import Inconsistent, Refused, Unavailable
from scanstraat.model.page import PageSource
from scanstraat.reading import worker
from scanstraat.reading.engines import Recipe
from scanstraat.reading.reader import Reader
from scanstraat.settings import Settings
from tests.reading.paper import INVOICE, LINES, Text, drawn, lines, picture, scanned


@pytest.fixture(scope="module")
def scan() -> bytes:
    paper = picture(drawn(INVOICE[:4]), 150)
    return scanned(paper, paper, paper, dpi=150)


def encrypted(password: str) -> bytes:
    content = io.BytesIO()
    with pikepdf.open(io.BytesIO(drawn(INVOICE))) as document:
        document.save(content, encryption=pikepdf.Encryption(owner="owner", user=password))
    return content.getvalue()


def sized(width: float, height: float) -> bytes:
    """A few hundred octets that ask for a page of this size."""
    content = io.BytesIO()
    with pikepdf.new() as document:
        page = document.add_blank_page()
        page.MediaBox = pikepdf.Array([0, 0, width, height])
        page.Contents = document.make_stream(b"9 9 50 50 re f")
        document.save(content)
    assert len(content.getvalue()) < 1000
    return content.getvalue()


def refusal(reader: Reader, pdf: bytes) -> str:
    """The code of the refusal, empty where the one page of the file is read."""
    try:
        (page,) = reader.read(pdf)
    except Refused as refused:
        return refused.code
    assert page.number == 1
    return ""


@pytest.mark.rule("B9")
def test_an_encrypted_file_is_refused_with_its_reason(reader: Reader) -> None:
    with pytest.raises(Refused, match="pdf-encrypted") as caught:
        reader.read(encrypted("secret"))
    assert "without password" in caught.value.next_step


def test_a_file_that_only_forbids_changes_is_read(reader: Reader) -> None:
    assert lines(reader.read(encrypted(""))[0]) == LINES


@pytest.mark.rule("B9")
@pytest.mark.parametrize("content", [b"", b"no PDF", b"%PDF-1.7\n", b"\x00" * 1000, b"PK\x03\x04" + b"x" * 500])
def test_a_broken_file_is_refused_with_its_reason(reader: Reader, content: bytes) -> None:
    with pytest.raises(Refused, match="pdf-broken"):
        reader.read(content)


@pytest.mark.rule("B9")
def test_a_truncated_file_gives_its_pages_or_a_reason(reader: Reader) -> None:
    whole = drawn(INVOICE)
    codes = {refusal(reader, whole[: int(len(whole) * share)]) for share in (0.3, 0.6, 0.9, 0.99)}
    assert codes <= {"", "pdf-broken"}


def test_a_file_with_too_many_pages_is_refused(reader: Reader) -> None:
    assert len(reader.read(drawn(*[()] * 500))) == 500
    with pytest.raises(Refused, match="too-many-pages"):
        reader.read(drawn(*[()] * 501))


@pytest.mark.parametrize("size", [(1e6, 1e6), (10, 1e9)])
def test_a_giant_page_in_a_small_file_is_refused(reader: Reader, size: tuple[float, float]) -> None:
    assert refusal(reader, sized(*size)) == "page-too-large"


def test_the_largest_page_pdf_once_knew_is_drawn_coarsely(reader: Reader) -> None:
    (page,) = reader.read(sized(14_400, 14_400))
    assert (page.width, page.height) == (14_400, 14_400)
    with Image.open(io.BytesIO(reader.picture(sized(14_400, 14_400), 1))) as drawing:
        assert 30_000_000 < drawing.width * drawing.height < 41_000_000


def test_a_large_picture_in_a_small_file_does_not_take_the_memory(child: Child) -> None:
    content = io.BytesIO()
    Image.new("1", (30_000, 30_000), 1).save(content, "PDF", resolution=3000)
    code = refusal(Reader(child, Settings(child_memory_mb=1500)), content.getvalue())
    assert code in ("", "parser-memory", "parser-died")


@pytest.mark.rule("B3")
def test_a_page_is_drawn_for_people_in_colour(reader: Reader) -> None:
    with Image.open(io.BytesIO(reader.picture(drawn(INVOICE, INVOICE[:1]), 2, dpi=72))) as drawing:
        assert (drawing.format, drawing.mode, drawing.size) == ("PNG", "RGB", (595, 842))
        dark = np.argwhere(np.asarray(drawing.convert("L")) < 128)
        assert 40 < dark[:, 0].min() < dark[:, 0].max() < 70
    with pytest.raises(Refused, match="no-such-page"):
        reader.picture(drawn(INVOICE), 2)


@pytest.mark.rule("B3")
def test_a_long_scan_is_read_in_several_processes_without_losing_a_page(child: Child, scan: bytes) -> None:
    hurried = Reader(child, Settings(child_seconds=4.0))
    pages = hurried.read(scan)
    assert [page.number for page in pages] == [1, 2, 3]
    assert pages == Reader(child, Settings()).read(scan)


def test_a_process_stops_in_time_but_never_before_it_has_read_a_page(scan: bytes) -> None:
    batch = worker.read_batch(scan, 2, Recipe(), seconds=0.0)
    assert ([page.number for page in batch.pages], batch.total) == ([2], 3)


def test_what_was_read_by_ocr_is_not_read_again(child: Child, scan: bytes, tmp_path: Path) -> None:
    pages = Reader(child, Settings(), tmp_path).read(scan)
    assert {page.source for page in pages} == {PageSource.OCR}
    with Child(("scanstraat.no_such_module",)) as unable:
        assert Reader(unable, Settings(), tmp_path).read(scan) == pages
        with pytest.raises(Inconsistent):  # another language is another result
            Reader(unable, Settings(ocr_languages="nld"), tmp_path).read(scan)
        with pytest.raises(Inconsistent):
            Reader(unable, Settings(), tmp_path).read(scan + b"\n")


@pytest.mark.parametrize("damage", [b"", b"\x00" * 50, b"0" * 64 + b"\n\xc0"])
def test_a_damaged_cache_is_ignored_and_mended(child: Child, scan: bytes, tmp_path: Path, damage: bytes) -> None:
    reader = Reader(child, Settings(), tmp_path)
    pages = reader.read(scan)
    (entry,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    kept = entry.read_bytes()
    entry.write_bytes(damage or kept[:-1])
    assert reader.read(scan) == pages
    assert entry.read_bytes() == kept


def test_a_cache_that_cannot_be_written_does_not_stop_the_reading(child: Child, scan: bytes, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert len(Reader(child, Settings(), tmp_path / "file" / "cache").read(scan)) == 3


def test_text_layers_are_not_cached(child: Child, tmp_path: Path) -> None:
    Reader(child, Settings(), tmp_path).read(drawn(INVOICE))
    assert list(tmp_path.iterdir()) == []


def test_missing_languages_and_engines_say_what_to_install(child: Child, scan: bytes) -> None:
    with pytest.raises(Unavailable, match=r"ocr-language-missing: .* tesseract-ocr-fin"):
        Reader(child, Settings(ocr_engine="tesserocr", ocr_languages="fin")).read(scan)
    with pytest.raises(Refused, match=r"setting: .* ppocr, tesserocr, pytesseract"):
        Reader(child, Settings(ocr_engine="abacus")).read(scan)
    assert Reader(child, Settings(ocr_languages="fin")).read(drawn((Text(60, 700, "Tekst"),)))[0].text == "Tekst"
