"""PDFs as they come: damaged, locked, forms, with files inside, portfolios."""

from __future__ import annotations

import io
import re

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, String
from reportlab.pdfgen.canvas import Canvas

from scanstraat.errors import Refused
from scanstraat.mailbox.containers.opened import Budget
from scanstraat.mailbox.containers.portable import in_pdf
from scanstraat.mailbox.filetype import told_type
from scanstraat.mailbox.pdfcheck import check_pdf
from scanstraat.mailbox.settling import settle
from scanstraat.model.mail import Part, PartRole
from scanstraat.reading.texts import glance
from tests.mailbox.letters import attach, files, letter, opened, pdf, word

PDF = "application/pdf"


def sheet(*lines: str, pages: int = 1) -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target, invariant=True)
    for page in range(pages):
        for at, line in enumerate(lines):
            canvas.drawString(72, 780 - 20 * at, f"{line} blad {page + 1}" if pages > 1 else line)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def changed(content: bytes, change: object, **options: object) -> bytes:
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as document:
        change(document)  # type: ignore[operator]
        document.save(target, **options)
    return target.getvalue()


def settled(content: bytes) -> Part:
    part = settle(Part(0, "f.pdf", PDF, PDF, PartRole.DOCUMENT, content))
    assert part.content == content
    return part


def _attachments(content: bytes) -> tuple[tuple[str, bytes], ...]:
    return tuple((inner.name, inner.content) for inner in in_pdf(content, Budget()))


def words(content: bytes) -> str:
    return " ".join(page.text for page in glance(content, 60.0))


def code(part: Part) -> str:
    assert part.role is PartRole.UNREADABLE
    assert part.problem is not None
    return part.problem.code


INVOICE = sheet("Factuur 2026-0017", "Totaal 121,00", pages=3)
TRAILER, XREF = INVOICE.rindex(b"trailer"), INVOICE.rindex(b"xref\n", 0, INVOICE.rindex(b"startxref"))


@pytest.mark.rule("B9", "B3")
@pytest.mark.parametrize(
    "content",
    [
        INVOICE[:TRAILER],
        INVOICE[: XREF + 30],
        b"x" * 900 + INVOICE + b"\x00" * 5_000,
        b"HTTP/1.1 200 OK\r\n" + b"X-Filler: x\r\n" * 300 + b"\r\n" + INVOICE,
        INVOICE.replace(b"startxref\n", b"startxref\n9"),
        re.sub(rb"\d{10} 00000 n", b"0000000009 00000 n", INVOICE),
        INVOICE + b"<html><body>gateway notice</body></html>",
    ],
    ids=["no trailer", "half a table", "rubbish around", "much in front", "place wrong", "places wrong", "text behind"],
)
def test_damage_that_takes_nothing_away_is_mended(content: bytes) -> None:
    assert told_type(content) == PDF
    part = settled(content)
    assert part.role is PartRole.DOCUMENT
    assert part.pages_pdf is not None
    assert check_pdf(part.pages_pdf) == 3
    assert words(part.pages_pdf) == words(INVOICE)


@pytest.mark.rule("B9", "B3")
@pytest.mark.parametrize("share", [0.2, 0.4, 0.6, 0.7])
def test_half_an_invoice_is_not_taken_for_a_whole_one(share: float) -> None:
    assert code(settled(INVOICE[: int(len(INVOICE) * share)])) == "pdf-broken"


@pytest.mark.rule("B3", "B9")
@given(st.integers(0, len(INVOICE)), st.integers(0, 400))
@settings(max_examples=120, deadline=None)
def test_what_is_mended_has_all_its_words(begin: int, length: int) -> None:
    """A piece cut out anywhere: refused, or all pages; and words that are lost were lost to every program."""
    content = INVOICE[:begin] + INVOICE[begin + length :]
    part = settled(content)
    if part.pdf is not None:
        assert check_pdf(part.pdf) == 3


@pytest.mark.rule("B9")
def test_locked_by_the_owner_is_read_and_by_the_user_is_not() -> None:
    for user, is_read in (("", True), ("geheim", False)):
        locked = changed(INVOICE, lambda _: None, encryption=pikepdf.Encryption(owner="baas", user=user))
        part = settled(locked)
        if is_read:
            assert part.role is PartRole.DOCUMENT
            assert part.pdf is None
            assert words(locked) == words(INVOICE)
        else:
            assert code(part) == "pdf-encrypted"


@pytest.mark.rule("B9")
@pytest.mark.parametrize(
    ("size", "expected"),
    [((0, 0), "page-too-large"), ((20_000, 20_000), "page-too-large"), ((1e9, 10), "page-too-large"), ((595, 842), "")],
)
def test_pages_of_no_size_or_a_huge_one(size: tuple[float, float], expected: str) -> None:
    part = settled(pdf(1, size))
    if expected and part.role is PartRole.UNREADABLE:
        assert code(part) == expected
    else:  # pdfium takes a page without a size for US Letter
        assert check_pdf(part.content) == 1


@pytest.mark.rule("B9")
def test_very_many_pages() -> None:
    target = io.BytesIO(pdf())
    with pikepdf.open(target) as document:
        tree = document.Root.Pages
        tree.Kids, tree.Count = Array([tree.Kids[0]] * 10_001), 10_001
        many = io.BytesIO()
        document.save(many)
    assert code(settled(many.getvalue())) == "too-many-pages"


def form(**values: str) -> bytes:
    """A form as a program leaves it that fills in values and does not draw them."""
    target = io.BytesIO()
    canvas = Canvas(target, invariant=True)
    canvas.drawString(72, 800, "Factuur")
    for at, name in enumerate(values):
        canvas.acroForm.textfield(name=name, x=72, y=700 - 40 * at, width=300, height=24)
    canvas.acroForm.checkbox(name="akkoord", x=72, y=100, checked=False)
    canvas.showPage()
    canvas.save()

    def fill(document: pikepdf.Pdf) -> None:
        for widget in document.pages[0].Annots:
            if str(widget.T) in values:
                widget.V = String(values[str(widget.T)])
                del widget["/AP"]
        document.Root.AcroForm.NeedAppearances = True

    return changed(target.getvalue(), fill)


@pytest.mark.rule("B3", "B1")
@pytest.mark.parametrize("needs", [True, False, None])
def test_values_of_a_form_are_drawn_and_the_original_kept(needs: bool | None) -> None:
    content = form(nummer="2026-0017", totaal="€ 121,00", naam="Café Zoë")
    if needs is not True:
        content = changed(content, lambda d: d.Root.AcroForm.__delitem__("/NeedAppearances"))
    if needs is None:  # values in a field around the one that is shown (ISO 32000-1, 12.7.3.2)
        content = changed(content, _nested)
    assert "2026-0017" not in words(content)
    part = settled(content)
    assert part.pdf is not None
    assert words(part.pdf).split() == ["Factuur", "2026-0017", "€", "121,00", "Café", "Zoë"]


def _nested(document: pikepdf.Pdf) -> None:
    for widget in document.pages[0].Annots:
        if Name.V in widget and Name.T in widget:
            parent = document.make_indirect(Dictionary(T=widget.T, V=widget.V, FT=widget.FT, Kids=Array([widget])))
            del widget["/T"], widget["/V"]
            widget.Parent = parent
            document.Root.AcroForm.Fields.append(parent)


@pytest.mark.rule("B3")
def test_forms_that_show_what_they_hold_and_signatures_are_left_as_they_are() -> None:
    target = io.BytesIO()
    canvas = Canvas(target)
    canvas.drawString(72, 780, "Factuur van Jansen, met alle regels en een totaal")
    canvas.acroForm.textfield(name="nummer", x=72, y=700, width=200, height=24, value="2026-0017")
    canvas.showPage()
    canvas.save()
    assert settled(target.getvalue()).pdf is None
    assert "2026-0017" in words(target.getvalue())

    def sign(document: pikepdf.Pdf) -> None:
        field = document.make_indirect(
            Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, T=String("s"), Rect=Array([0, 0, 0, 0]), V=Dictionary())
        )
        document.pages[0].Annots = Array([field])
        document.Root.AcroForm = Dictionary(Fields=Array([field]), SigFlags=3)

    assert settled(changed(INVOICE, sign)).pdf is None


def _xfa(dynamic: bool) -> bytes:
    def add(document: pikepdf.Pdf) -> None:
        packet = pikepdf.Stream(document, b"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'/>")
        form = document.Root.get(Name.AcroForm, Dictionary(Fields=Array()))
        form.XFA = packet
        document.Root.AcroForm = form
        if dynamic:
            document.Root.NeedsRendering = True

    return changed(sheet("Please wait...") if dynamic else form(nummer="2026-0017", naam="Bakkerij De Ochtend"), add)


@pytest.mark.rule("B9")
def test_a_form_whose_pages_are_made_elsewhere_says_what_to_do() -> None:
    part = settled(_xfa(dynamic=True))
    assert code(part) == "xfa-form"
    assert part.problem is not None
    assert "Adobe Reader" in part.problem.text
    static = settled(_xfa(dynamic=False))
    assert static.pdf is not None
    assert "2026-0017" in words(static.pdf)


def with_files(content: bytes, *inside: tuple[str, bytes], **more: object) -> bytes:
    def add(document: pikepdf.Pdf) -> None:
        for name, octets in inside:
            document.attachments[name] = pikepdf.AttachedFileSpec(document, octets, filename=name)
        if more.get("portfolio"):
            document.Root.Collection = Dictionary(Type=Name.Collection, View=Name.D)

    return changed(content, add, object_stream_mode=more.get("objects", pikepdf.ObjectStreamMode.preserve))


def _with_clip(content: bytes, name: str, octets: bytes) -> bytes:
    def add(document: pikepdf.Pdf) -> None:
        said = pikepdf.AttachedFileSpec(document, octets, filename=name)
        clip = Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=Array([0, 0, 9, 9]), FS=said.obj)
        document.pages[0].Annots = Array([document.make_indirect(clip)])

    return changed(content, add)


@pytest.mark.rule("B1", "B4")
@pytest.mark.parametrize("objects", [pikepdf.ObjectStreamMode.disable, pikepdf.ObjectStreamMode.generate])
def test_files_inside_a_pdf_are_parts_behind_it(objects: pikepdf.ObjectStreamMode) -> None:
    inner, xml = sheet("Specificatie"), b"<?xml version='1.0'?><rsm:CrossIndustryInvoice xmlns:rsm='x'/>"
    outer = with_files(
        INVOICE, ("specificatie é.pdf", inner), ("factur-x.xml", xml), ("uren.csv", b"a;b\n1;2\n3;4"), objects=objects
    )
    mail = letter()
    attach(mail, outer, "factuur.pdf")
    attach(mail, sheet("Andere"), "andere.pdf")
    parts = files(opened(mail))
    found = {(p.name, p.role, None if p.container is None else p.container - parts[0].index) for p in parts}
    assert found == {
        ("factuur.pdf", PartRole.DOCUMENT, None),
        ("specificatie é.pdf", PartRole.DOCUMENT, 0),
        ("factur-x.xml", PartRole.DECORATION, 0),
        ("uren.csv", PartRole.ANNEX, 0),
        ("andere.pdf", PartRole.DOCUMENT, None),
    }
    assert [p.index for p in parts] == sorted(p.index for p in parts)
    assert parts[-1].name == "andere.pdf"
    assert parts[0].content == outer


@pytest.mark.rule("B1")
def test_a_file_pinned_to_a_page_comes_out_once() -> None:
    clipped = _with_clip(INVOICE, "bon.pdf", sheet("Bon"))
    assert _attachments(clipped) == (("bon.pdf", sheet("Bon")),)
    assert _attachments(INVOICE) == ()
    assert _attachments(b"%PDF-1.7 /EmbeddedFile broken") == ()


@pytest.mark.rule("B6", "B1")
@pytest.mark.parametrize(
    ("cover", "is_cover"),
    [
        (sheet("For the best experience, open this PDF portfolio in Acrobat"), True),
        (pdf(), True),
        (sheet("Factuur 2026-0017", "Totaal 121,00", "portfolio"), False),
        (INVOICE, False),
    ],
    ids=["usual", "empty", "an invoice itself", "of pages"],
)
def test_the_sheet_of_a_portfolio_is_decoration_unless_it_is_more(cover: bytes, is_cover: bool) -> None:
    mail = letter()
    attach(mail, with_files(cover, ("een.pdf", sheet("Een")), ("twee.pdf", sheet("Twee")), portfolio=True), "p.pdf")
    first, *inner = files(opened(mail))
    assert [part.role for part in inner] == [PartRole.DOCUMENT] * 2
    assert (first.role is PartRole.DECORATION) is is_cover
    assert not is_cover or first.reason == "cover sheet of a PDF portfolio"


@pytest.mark.rule("B6")
def test_a_portfolio_of_nothing_that_can_be_read_keeps_its_sheet() -> None:
    mail = letter()
    attach(mail, with_files(sheet("PDF portfolio"), ("film.mp4", b"\x00\x00\x00\x18ftypmp42"), portfolio=True), "p.pdf")
    assert [part.role for part in files(opened(mail))] == [PartRole.DOCUMENT, PartRole.UNREADABLE]


@pytest.mark.rule("B4")
def test_what_a_hybrid_was_made_from_is_not_read_a_second_time() -> None:
    mail, original = letter(), word()
    attach(mail, with_files(INVOICE, ("Original.docx", original)), "f.pdf")
    document, source = files(opened(mail))
    assert (document.role, source.role, source.content) == (PartRole.DOCUMENT, PartRole.DECORATION, original)


@pytest.mark.rule("B9")
def test_a_bomb_inside_a_pdf_is_counted_as_it_unpacks() -> None:
    bomb = with_files(INVOICE, ("nullen.txt", bytes(20_000_000)))
    assert len(bomb) < 60_000
    with pytest.raises(Refused, match="container-too-large"):
        list(in_pdf(bomb, Budget(octets=1_000_000)))


@pytest.mark.rule("B9")
def test_a_loop_of_names_ends() -> None:
    def loop(document: pikepdf.Pdf) -> None:
        node = document.make_indirect(Dictionary(Names=Array([String("a"), Dictionary(EF=Dictionary())])))
        node.Kids = Array([node, node, node])
        document.Root.Names = Dictionary(EmbeddedFiles=node)

    looped = changed(INVOICE, loop, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert _attachments(looped) == ()


@pytest.mark.rule("B9")
@given(st.data())
@settings(max_examples=100, deadline=None)
def test_any_damage_is_refused_or_read(data: st.DataObject) -> None:
    content = bytearray(data.draw(st.sampled_from([form(nummer="5"), with_files(pdf(), ("a.txt", b"a")), _xfa(dynamic=False)])))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    part = settled(bytes(content))
    assert part.role in (PartRole.DOCUMENT, PartRole.UNREADABLE)
    _attachments(bytes(content))
