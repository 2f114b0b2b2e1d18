"""Opening with the real child processes and the real LibreOffice."""

from __future__ import annotations

import http.server
import io
import threading
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from scanstraat import bounded, mailbox
from scanstraat.errors import Refused, Unavailable
from scanstraat.mailbox.crossing import unpack_only
from scanstraat.mailbox.opening import Opener
from scanstraat.mailbox.pdfcheck import check_pdf
from scanstraat.model.mail import OpenedMail, Part, PartRole
from scanstraat.settings import Settings
from tests.mailbox.letters import attach, files, letter, pdf, picture, word


@pytest.fixture(scope="module")
def child() -> Iterator[bounded.Child]:
    with bounded.Child(mailbox.PRELOAD) as made:
        yield made


@pytest.fixture
def opener(child: bounded.Child) -> Opener:
    return Opener(child, Settings())


def _opened(opener: Opener, *attached: tuple[bytes, str]) -> tuple[Part, ...]:
    mail = letter()
    for content, name in attached:
        attach(mail, content, name)
    return files(opener.open(mail.as_bytes()))


def _text(pdf_octets: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf_octets)
    try:
        return " ".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


@pytest.mark.rule("B1", "B2")
def test_pdf_jpeg_png_and_word_become_pages(opener: Opener) -> None:
    parts = _opened(
        opener,
        (pdf(2), "factuur.pdf"),
        (picture(900, 1_200), "foto.jpg"),
        (picture(900, 1_200, "PNG"), "schermafdruk.png"),
        (word(), "factuur.docx"),
    )
    assert [part.role for part in parts] == 4 * [PartRole.DOCUMENT]
    assert [check_pdf(part.pages_pdf or b"") for part in parts] == [2, 1, 1, 1]
    assert parts[0].pdf is None
    assert "Factuur 2026-17, totaal 121,00 euro" in _text(parts[3].pages_pdf or b"")


_RTF = rb"{\rtf1\ansi Factuur 2026-17\par}"


def _odt() -> bytes:
    target = io.BytesIO()
    names = "urn:oasis:names:tc:opendocument:xmlns"
    namespaces = f'xmlns:office="{names}:office:1.0" xmlns:text="{names}:text:1.0"'
    kind = "application/vnd.oasis.opendocument.text"
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr(
            "content.xml",
            f"<office:document-content {namespaces}><office:body><office:text><text:p>Factuur 2026-17</text:p>"
            "</office:text></office:body></office:document-content>",
        )
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
            '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>',
        )
    return target.getvalue()


@pytest.mark.rule("B1", "B2")
@pytest.mark.parametrize("content", [_RTF, _odt()], ids=["rtf", "odt"])
def test_other_text_documents_become_pages(opener: Opener, content: bytes) -> None:
    (part,) = _opened(opener, (content, "factuur.doc"))
    assert part.problem is None
    assert "Factuur 2026-17" in _text(part.pages_pdf or b"")


@pytest.mark.rule("B9")
def test_a_broken_word_file_says_so(opener: Opener) -> None:
    broken = io.BytesIO()
    with zipfile.ZipFile(broken, "w") as archive:
        archive.writestr("word/document.xml", "no xml at all")
    part, neighbour = _opened(opener, (broken.getvalue(), "factuur.docx"), (pdf(), "factuur.pdf"))
    assert part.role is PartRole.UNREADABLE
    assert part.problem is not None
    assert part.problem.code == "word-broken"
    assert part.content == broken.getvalue()
    assert neighbour.role is PartRole.DOCUMENT


class _Asked(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.asked.append(self.path)  # type: ignore[attr-defined]
        self.send_error(404)

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.rule("B1")
def test_a_document_fetches_nothing_from_outside(opener: Opener) -> None:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Asked)
    server.asked = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        where = f"http://127.0.0.1:{server.server_port}/tracker.png"
        linked = rb'{\rtf1 Factuur {\field{\*\fldinst INCLUDEPICTURE "' + where.encode() + rb'" }{\fldrslt x}}\par}'
        (part,) = _opened(opener, (linked, "factuur.rtf"))
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert part.role is PartRole.DOCUMENT
    assert server.asked == []  # type: ignore[attr-defined]


@pytest.mark.rule("B1")
def test_a_document_cannot_show_files_of_this_machine(opener: Opener, tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(picture(300, 300, "PNG"))
    linked = rb'{\rtf1 Factuur {\field{\*\fldinst INCLUDEPICTURE "' + secret.as_uri().encode() + rb'" }{\fldrslt x}}\par}'
    secret_text = tmp_path / "secret.txt"
    secret_text.write_text("GEHEIM")
    included = rb'{\rtf1 Factuur {\field{\*\fldinst INCLUDETEXT "' + secret_text.as_uri().encode() + rb'" }{\fldrslt x}}\par}'
    for content in (linked, included):
        (part,) = _opened(opener, (content, "factuur.rtf"))
        octets = part.pages_pdf or b""
        assert "GEHEIM" not in _text(octets)
        with pikepdf.open(io.BytesIO(octets)) as document:
            assert "/XObject" not in document.pages[0].get("/Resources", {})


def _encrypted(user: str) -> bytes:
    return pdf(encryption=pikepdf.Encryption(user=user, owner="secret"))


@pytest.mark.rule("B9")
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (_encrypted("secret"), "pdf-encrypted"),
        (b"%PDF-1.4\nnothing of the kind", "pdf-broken"),
        (pdf()[:200], "pdf-broken"),
        (pdf(size=(20_000, 20_000)), "page-too-large"),
        (pdf(size=(14_000, 14_000)), "page-too-large"),
        (pdf(pages=1_001), "too-many-pages"),
        (picture(900, 1_200)[:2_000], "picture-broken"),
    ],
    ids=["encrypted", "no-pdf", "cut-off", "sheet-of-7-m", "sheet-of-5-m", "1001-pages", "cut-off-picture"],
)
def test_what_is_broken_says_why_and_its_neighbours_go_on(opener: Opener, content: bytes, code: str) -> None:
    part, neighbour = _opened(opener, (content, "factuur"), (pdf(), "goed.pdf"))
    assert part.role is PartRole.UNREADABLE
    assert part.problem is not None
    assert part.problem.code == code
    assert part.problem.text.endswith(".")
    assert part.content == content
    assert neighbour.role is PartRole.DOCUMENT


@pytest.mark.rule("B9")
def test_a_pdf_that_only_its_owner_may_change_is_read(opener: Opener) -> None:
    (part,) = _opened(opener, (_encrypted(""), "factuur.pdf"))
    assert part.role is PartRole.DOCUMENT


@pytest.mark.rule("B9")
def test_a_part_that_no_parser_can_bear_leaves_its_neighbours_alive(child: bounded.Child) -> None:
    greedy = picture(9_000, 9_000, "PNG", "RGBA")  # 324 MB decoded
    parts = _opened(Opener(child, Settings(child_memory_mb=300)), (greedy, "groot.png"), (pdf(), "goed.pdf"))
    assert parts[0].problem is not None
    assert parts[0].problem.code == "parser-memory"
    assert parts[0].content == greedy
    assert parts[1].role is PartRole.DOCUMENT


@pytest.mark.rule("B9")
def test_a_container_that_no_opener_can_bear_leaves_other_containers_and_neighbours_alive(child: bounded.Child) -> None:
    greedy, sound, factuur = io.BytesIO(), io.BytesIO(), pdf()
    with zipfile.ZipFile(greedy, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("groot.bin", bytes(90_000_000))
    with zipfile.ZipFile(sound, "w") as archive:
        archive.writestr("factuur.pdf", factuur)
    opener = Opener(child, Settings(child_memory_mb=80))
    parts = _opened(opener, (greedy.getvalue(), "groot.zip"), (sound.getvalue(), "goed.zip"), (factuur, "goed.pdf"))
    assert [(part.name, part.role) for part in parts] == [
        ("groot.zip", PartRole.UNREADABLE),
        ("goed.zip", PartRole.CONTAINER),
        ("factuur.pdf", PartRole.DOCUMENT),
        ("goed.pdf", PartRole.DOCUMENT),
    ]
    assert parts[0].problem is not None
    assert (parts[0].problem.code, parts[0].content) == ("parser-memory", greedy.getvalue())


@pytest.mark.rule("B3", "B9")
def test_a_mail_that_cannot_be_unpacked_is_kept_whole_with_its_header(child: bounded.Child) -> None:
    mail = letter()
    attach(mail, b"x" * 15_000_000, "groot.bin")
    raw = mail.as_bytes()
    opened = Opener(child, Settings(child_memory_mb=25)).open(raw)
    assert opened.header.subject == "Factuur 2026-17"
    (part,) = opened.parts
    assert (part.content, part.role) == (raw, PartRole.UNREADABLE)
    assert part.problem is not None
    assert part.problem.code == "parser-memory"


@pytest.mark.rule("B9")
def test_a_mail_that_takes_too_long_is_kept_whole(child: bounded.Child) -> None:
    slow = Settings(child_seconds=0.0001, lease_seconds=0.0002)
    opened = Opener(child, slow).open(letter().as_bytes())
    assert [part.role for part in opened.parts] == [PartRole.UNREADABLE]
    assert opened.parts[0].problem is not None
    assert opened.parts[0].problem.code == "parser-slow"


@pytest.mark.rule("B3")
def test_a_mail_of_thirty_million_octets_is_opened(opener: Opener) -> None:
    mail = EmailMessage()
    mail.set_content("groot")
    big = pdf() + b"%" + b"x" * 21_000_000
    attach(mail, big, "groot.pdf", "application/pdf")
    opened: OpenedMail = opener.open(mail.as_bytes())
    assert opened.parts[1].content == big
    assert opened.parts[1].role is PartRole.DOCUMENT


def test_contents_that_find_no_room_wait_for_it_and_too_many_are_refused(child: bounded.Child, tmp_path: Path) -> None:
    raw, target = tmp_path / "mail", tmp_path / "contents"
    mail = letter()
    attach(mail, bytes(100_000), "groot.bin")
    raw.write_bytes(mail.as_bytes())
    little = bounded.Limits(500_000_000, 20, output_octets=50_000)
    with pytest.raises(Unavailable) as full:
        child.call(unpack_only, bounded.Limits(500_000_000, 20), f"{raw}", "/dev/full", {})
    with pytest.raises(Refused) as many:
        child.call(unpack_only, little, f"{raw}", f"{target}", {})
    assert (full.value.code, many.value.code) == ("disk-full", "parser-output")


@pytest.mark.rule("B9")
def test_a_word_file_goes_to_a_person_where_libreoffice_is_missing_and_its_neighbours_go_on(
    opener: Opener, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", f"{tmp_path}")
    lost, found = _opened(opener, (word(), "offerte.docx"), (pdf(), "factuur.pdf"))
    assert lost.role is PartRole.UNREADABLE
    assert lost.problem is not None
    assert lost.problem.code == "program-missing"
    assert found.role is PartRole.DOCUMENT
