from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Name

from scanstraat import delivery
from scanstraat.bounded import Child, Limits
from scanstraat.delivery.attaching import Annex
from scanstraat.delivery.pdf import SourcePages, compose_pdf
from scanstraat.errors import Inconsistent, Refused
from scanstraat.model.page import Box, Word
from tests.delivery.samples import OVERVIEW, page, saved, scan, scripted

WORDS = (Word("Factuur", Box(100, 100, 180, 115)), Word("2026-1", Box(190, 100, 240, 115)))


def _pictures(pdf: bytes) -> list[np.ndarray]:
    with pdfium.PdfDocument(pdf) as document:
        document.init_forms()
        return [document[i].render(scale=0.3, may_draw_forms=True).to_numpy() for i in range(len(document))]


def _text(pdf: bytes, number: int) -> str:
    with pdfium.PdfDocument(pdf) as document:
        return str(document[number].get_textpage().get_text_range())


@pytest.mark.rule("F1", "B3")
def test_all_pages_of_all_sources_come_in_order_and_look_as_before() -> None:
    first, second = scan(pages=3), scan(content=b"1 0 0 rg 300 300 100 100 re f\n")
    composed = compose_pdf((SourcePages(first, tuple(map(page, (1, 2, 3)))), SourcePages(second, (page(),))), None, "t")
    pictures = _pictures(composed)
    assert len(pictures) == 4
    assert all(np.array_equal(a, b) for a, b in zip(pictures, (*_pictures(first), *_pictures(second)), strict=True))


@pytest.mark.rule("B4")
def test_of_a_file_with_several_invoices_only_the_pages_asked_for_come() -> None:
    source = scan(pages=5)
    composed = compose_pdf((SourcePages(source, (page(4), page(2))),), None, "t")
    before = _pictures(source)
    assert [np.array_equal(a, b) for a, b in zip(_pictures(composed), (before[3], before[1]), strict=True)] == [True, True]


def test_what_only_the_other_pages_show_is_not_carried_along() -> None:
    with pikepdf.open(BytesIO(scan(pages=2))) as source:
        look = source.make_stream(bytes(range(256)) * 400, Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9])
        shared = source.make_indirect(pikepdf.Dictionary(XObject=pikepdf.Dictionary(Big=look)))
        for target in source.pages:
            target.obj.Resources = shared
        source.pages[1].obj.Contents = source.make_stream(b"/Big Do")
        composed = [compose_pdf((SourcePages(saved(source), (page(n),)),), None, "t") for n in (1, 2)]
    assert b"/Big" not in _loose(composed[0])
    assert b"/Big" in _loose(composed[1])


@pytest.mark.rule("F2", "F3")
def test_the_overview_comes_last_and_only_when_given() -> None:
    source = SourcePages(scan(pages=2), (page(1), page(2)))
    with_overview = compose_pdf((source,), OVERVIEW, "t")
    assert len(_pictures(with_overview)) == 3
    assert "Overview of the mail" in _text(with_overview, 2)
    assert len(_pictures(compose_pdf((source,), None, "t"))) == 2


def test_the_overview_alone_is_a_pdf_and_nothing_at_all_is_not() -> None:
    assert len(_pictures(compose_pdf((), OVERVIEW, "t"))) == 1
    with pytest.raises(Inconsistent, match="pdf-empty"):
        compose_pdf((), None, "t")


@pytest.mark.rule("F8")
def test_the_same_input_gives_the_same_octets_in_any_process() -> None:
    sources = (SourcePages(scan(pages=2), (page(1, WORDS), page(2, WORDS))),)
    here = compose_pdf(sources, OVERVIEW, "t")
    with Child(delivery.PRELOAD) as child:
        there = [child.call(compose_pdf, Limits(2_000_000_000, 60), sources, OVERVIEW, "t") for _ in range(2)]
    assert there == [here, here]
    assert compose_pdf(sources, replace(OVERVIEW, subject="other"), "t") != here


def test_the_title_is_that_of_the_document() -> None:
    with pikepdf.open(BytesIO(compose_pdf((), OVERVIEW, "Bakker &\n Zonen \x00 Łódź"))) as pdf:
        assert str(pdf.docinfo.Title) == "Bakker & Zonen � Łódź"


def test_nothing_that_acts_is_carried_over() -> None:
    composed = _loose(compose_pdf((SourcePages(scripted(), (page(),)),), None, "t"))
    for word in (
        b"JavaScript",
        b"/AA",
        b"OpenAction",
        b"Launch",
        b"calc.exe",
        b"app.alert",
        b"virus",
        b"EmbeddedFile",
        b"AcroForm",
    ):
        assert word not in composed
    assert b"https://bakker.example/" in composed


def test_filled_forms_stay_visible_and_hidden_layers_stay_hidden() -> None:
    source = scripted()
    before, after = _pictures(source)[0], _pictures(compose_pdf((SourcePages(source, (page(),)),), None, "t"))[0]
    assert np.array_equal(before, after)
    field = after[int((842 - 315) * 0.3), int(340 * 0.3)]
    assert (field < 100).all()


def test_layers_hidden_unless_named_stay_hidden_too() -> None:
    with pikepdf.open(BytesIO(scripted())) as pdf:
        pdf.Root.OCProperties.D = pikepdf.Dictionary(BaseState=Name.OFF, ON=pikepdf.Array())
        source = saved(pdf)
    before, after = _pictures(source)[0], _pictures(compose_pdf((SourcePages(source, (page(),)),), None, "t"))[0]
    assert np.array_equal(before, after)
    assert after.mean() > 200


@pytest.mark.rule("B9")
def test_a_form_that_is_none_keeps_no_page_from_being_delivered() -> None:
    with pikepdf.open(BytesIO(scan())) as pdf:
        pdf.Root.AcroForm = 17
        broken = saved(pdf)
    with pikepdf.open(BytesIO(compose_pdf((SourcePages(broken, (page(),)),), None, "t"))) as composed:
        assert len(composed.pages) == 1
        assert "/AcroForm" not in composed.Root


@pytest.mark.rule("B9")
@pytest.mark.parametrize("pdf", [b"", b"no PDF", b"%PDF-1.7\n%%EOF", scan()[:200]], ids=["empty", "text", "bare", "cut"])
def test_a_broken_source_is_refused(pdf: bytes) -> None:
    with pytest.raises(Refused):
        compose_pdf((SourcePages(pdf, (page(),)),), OVERVIEW, "t")


@pytest.mark.rule("B9")
def test_an_encrypted_source_is_refused() -> None:
    with pikepdf.open(BytesIO(scan())) as pdf:
        file = BytesIO()
        pdf.save(file, encryption=pikepdf.Encryption(owner="o", user="u"))
    with pytest.raises(Refused, match="pdf-encrypted"):
        compose_pdf((SourcePages(file.getvalue(), (page(),)),), None, "t")


@pytest.mark.rule("B3")
def test_a_page_that_is_not_there_is_refused_not_left_out() -> None:
    with pytest.raises(Refused, match="pdf-page"):
        compose_pdf((SourcePages(scan(), (page(1), page(2))),), None, "t")


@pytest.mark.rule("B9")
@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10_000), st.binary(min_size=1, max_size=6)), min_size=1, max_size=8))
def test_a_damaged_source_is_composed_or_refused(damage: list[tuple[int, bytes]]) -> None:
    pdf = bytearray(DAMAGED)
    for place, octets in damage:
        pdf[place % len(pdf) : place % len(pdf) + len(octets)] = octets
    kinds: list[type[BaseException]] = []
    try:
        compose_pdf((SourcePages(bytes(pdf), (page(1, WORDS),)),), None, "t")
    except Refused as error:
        kinds.append(type(error))
    assert kinds in ([], [Refused])


def test_the_missing_font_is_told_with_its_package(tmp_path: Path) -> None:
    program = (
        "from pathlib import Path; from scanstraat.delivery import overview_page, pdf; overview_page.FONT_FILE = Path('/no');"
        "pdf.preload(); from tests.delivery.samples import OVERVIEW; pdf.compose_pdf((), OVERVIEW, 't')"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=False, cwd=Path(__file__).parents[2], timeout=60
    )
    assert b"font-missing" in ended.stderr
    assert b"fonts-dejavu-core" in ended.stderr


def _loose(pdf: bytes) -> bytes:
    """The PDF with its dictionaries readable."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        file = BytesIO()
        opened.save(file, qdf=True, static_id=True)
    return file.getvalue()


DAMAGED = _loose(scripted())


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.mark.rule("B3", "B5", "F1")
def test_annexes_without_pages_are_inside_as_files_under_names_of_their_own() -> None:
    annexes = (
        Annex("uren.xlsx", XLSX, b"PK one"),
        Annex("uren.xlsx", XLSX, b"PK two"),
        Annex("../a:b\n.exe", "text/plain", b"x"),
    )
    composed = compose_pdf((SourcePages(scan(), (page(),)),), None, "t", annexes)
    with pikepdf.open(BytesIO(composed)) as pdf:
        inside = {name: said.get_file().read_bytes() for name, said in pdf.attachments.items()}
    assert inside == {"uren.xlsx": b"PK one", "2-uren.xlsx": b"PK two", "_a_b .exe.txt": b"x"}
    assert compose_pdf((SourcePages(scan(), (page(),)),), None, "t", annexes) == composed
