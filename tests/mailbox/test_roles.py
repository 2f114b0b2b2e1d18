from __future__ import annotations

import io
import zipfile
from email.message import EmailMessage

import pytest

from scanstraat.model.mail import PartRole
from tests.mailbox.letters import attach, files, letter, opened, pdf, picture

DECORATION, DOCUMENT, UNREADABLE = PartRole.DECORATION, PartRole.DOCUMENT, PartRole.UNREADABLE


def _ole(stream: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + stream.encode("utf-16-le")


def _with_inline(content: bytes, kind: str, name: str = "", shown: bool = True) -> EmailMessage:
    mail = letter()
    mail.add_alternative(f"<p>Groet <img src='cid:{'logo%40x' if shown else 'other'}'></p>", subtype="html")
    html = mail.get_payload()[1]
    assert isinstance(html, EmailMessage)
    html.add_related(content, "image", kind, cid="<logo@x>", filename=name or None)
    return mail


def _role(mail: EmailMessage) -> PartRole:
    (part,) = files(opened(mail))
    return part.role


@pytest.mark.rule("B6")
@pytest.mark.parametrize(
    ("width", "height", "kind"),
    [(300, 90, "png"), (1_600, 400, "png"), (1, 1, "gif"), (599, 599, "jpeg"), (320, 200, "webp"), (200, 80, "gif")],
)
def test_pictures_of_a_signature_are_decoration(width: int, height: int, kind: str) -> None:
    assert _role(_with_inline(picture(width, height, kind.upper()), kind)) is DECORATION


@pytest.mark.rule("B6", "B3")
@pytest.mark.parametrize(("width", "height"), [(3_024, 4_032), (800, 1_100), (420, 1_300)])
def test_a_photo_of_an_invoice_is_a_document_even_inside_the_text(width: int, height: int) -> None:
    assert _role(_with_inline(picture(width, height), "jpeg")) is DOCUMENT


@pytest.mark.rule("B6")
@pytest.mark.parametrize(
    "content",
    [b"GIF8", b"\x89PNG\r\n\x1a\nbroken", b"\x00\x00\x01\x00\x01\x00 an icon", b"ActiveMime\x00\x00"],
    ids=["gif", "png", "icon", "mso"],
)
def test_what_the_text_shows_and_nobody_can_open_is_no_document(content: bytes) -> None:
    assert _role(_with_inline(content, "gif")) is DECORATION
    assert _role(_with_inline(content + bytes(200_000), "gif", shown=False)) is not PartRole.BODY


@pytest.mark.rule("B2", "B3")
@pytest.mark.parametrize(
    "declared",
    ["application/pkcs7-signature", "message/delivery-status", "text/calendar", "application/pgp-keys", "text/watch-html"],
)
def test_an_invoice_is_not_passed_over_because_the_mail_calls_it_something_else(declared: str) -> None:
    for content in (pdf(), picture(3_024, 4_032)):
        mail = letter()
        attach(mail, content, "factuur.pdf", "application/octet-stream")
        (part,) = files(opened(mail.as_bytes().replace(b"application/octet-stream", declared.encode())))
        assert (part.declared, part.role) == (declared, DOCUMENT)


@pytest.mark.rule("B6", "B3")
def test_alternatives_of_the_body_for_other_programs() -> None:
    mail = letter()
    mail.add_alternative("<html amp4email>Factuur", subtype="x-amp-html")
    mail.add_alternative("<bold>Factuur</bold>", subtype="enriched")
    assert [part.role for part in opened(mail).parts] == [DOCUMENT, DECORATION, PartRole.BODY]


@pytest.mark.rule("B6")
def test_a_drawing_shown_in_the_text_is_decoration() -> None:
    assert _role(_with_inline(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "svg+xml")) is DECORATION


@pytest.mark.rule("B6", "B3")
@pytest.mark.parametrize(
    ("name", "width", "height", "role"),
    [
        ("image001.png", 300, 100, DECORATION),  # Outlook, also where the text does not show it
        ("bon.png", 300, 400, DOCUMENT),
        ("pixel.png", 1, 1, DECORATION),
        ("lijn.png", 700, 3, DECORATION),
    ],
)
def test_attached_pictures(name: str, width: int, height: int, role: PartRole) -> None:
    mail = letter()
    attach(mail, picture(width, height, "PNG"), name, "image/png")
    assert _role(mail) is role


@pytest.mark.rule("B6", "B3")
def test_an_inline_pdf_is_a_document() -> None:
    mail = letter()
    mail.make_mixed()
    mail.add_attachment(pdf(), "application", "pdf", disposition="inline", filename="factuur.pdf", cid="<f@x>")
    assert _role(mail) is DOCUMENT


@pytest.mark.rule("B9", "B2")
@pytest.mark.parametrize(
    ("content", "name", "declared", "code"),
    [
        (b"PK\x03\x04rest of a zip", "facturen.zip", "application/zip", "zip-broken"),
        (_ole("__substg1.0_"), "a.msg", "application/vnd.ms-outlook", "outlook-broken"),
        (_ole("EncryptedPackage"), "a.docx", "application/msword", "office-encrypted"),
        (b"\x78\x9f\x3e\x22....", "winmail.dat", "application/ms-tnef", "outlook-broken"),
        (b"\xffWPC\x10\x00\x00\x00", "brief.wpd", "application/wordperfect", "unsupported-type"),
        (b"%!PS-Adobe-3.0\n", "f.ps", "application/postscript", "unsupported-type"),
        (b"MZ\x90\x00\x03", "factuur.pdf.exe", "application/pdf", "program"),
        (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isom", "film.mp4", "video/mp4", "not-taken"),
        (b"ID3\x03\x00", "gesprek.mp3", "audio/mpeg", "not-taken"),
        (b"AC1027\x00\x00\x00\x00\x00", "tekening.dwg", "application/acad", "not-taken"),
        (b"<?xml version='1.0'?><Invoice xmlns='urn:x'/>", "f.xml", "application/xml", "e-invoice-not-yet"),
        (b"<?xml version='1.0'?><rsm:CrossIndustryInvoice xmlns:rsm='x'/>", "f.xml", "text/xml", "e-invoice-not-yet"),
        (b"<?xml version='1.0'?><other/>", "f.xml", "application/xml", "unsupported-type"),
        (b"\x00\x01\x02", "x.pdf", "application/pdf", "unknown-type"),
        (b"", "leeg.pdf", "application/pdf", "empty-file"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_yet_says_why_and_is_kept(content: bytes, name: str, declared: str, code: str) -> None:
    mail = letter()
    attach(mail, content, name, declared)
    (part,) = files(opened(mail))
    assert part.role is UNREADABLE
    assert part.problem is not None
    assert part.problem.code == code
    assert part.problem.text.endswith(".")
    assert part.content == content


ANNEX = PartRole.ANNEX
_CSV = b"datum;uren;tarief\r\n2026-03-01;8;75,00\r\n2026-03-02;6;75,00\r\n"


def _zipped(member: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(member, "<x/>")
    return target.getvalue()


@pytest.mark.rule("B1", "B5")
@pytest.mark.parametrize(
    ("content", "name", "beside", "role", "reason"),
    [
        (_zipped("xl/workbook.xml"), "uren.xlsx", True, ANNEX, "spreadsheet"),
        (_zipped("xl/workbook.xml"), "uren.xlsx", False, ANNEX, "spreadsheet"),
        (_ole("Workbook"), "uren.xls", True, ANNEX, "spreadsheet"),
        (_zipped("ppt/presentation.xml"), "verslag.pptx", True, ANNEX, "presentation"),
        (_CSV, "uren.csv", True, ANNEX, "text file or table beside the documents"),
        (_CSV, "uren.csv", False, ANNEX, "text file or table beside the documents"),
        (b"een tekst", "leesmij.txt", True, ANNEX, "text file or table beside the documents"),
        (b"een tekst", "leesmij.txt", False, DOCUMENT, "text file"),
        (b"Factuur 17\r\nTotaal EUR 121,00", "factuur.txt", True, DOCUMENT, "text file with the words of an invoice"),
        (b"Factuur;bedrag\r\n17;121,00\r\n", "factuur.csv", True, ANNEX, "text file or table beside the documents"),
        (b"Factuur;bedrag\r\n17;121,00\r\n", "factuur.csv", False, DOCUMENT, "text file with the words of an invoice"),
        (b"x" * 300_000, "log.txt", False, ANNEX, "text file or table beside the documents"),
        (b"<div>Factuur</div>", "factuur.html", True, DOCUMENT, "web page"),
    ],
)  # fmt: skip
def test_files_without_pages_and_texts(content: bytes, name: str, beside: bool, role: PartRole, reason: str) -> None:
    mail = letter()
    attach(mail, content, name)
    if beside:
        attach(mail, pdf(), "f.pdf", "application/pdf")
    part = next(part for part in opened(mail).parts if part.name == name)
    assert (part.role, part.reason) == (role, reason)


@pytest.mark.rule("B6")
@pytest.mark.parametrize(
    ("content", "declared", "words"),
    [
        (b"BEGIN:VCALENDAR\r\n", "application/octet-stream", "not a document: an appointment"),
        (b"\xef\xbb\xbfBEGIN:VCARD\r\n", "text/x-vcard", "not a document: a business card"),
        (b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n", "application/pgp-keys", "not a document: a key for encrypting"),
    ],
)
def test_cards_and_appointments_are_kept_and_no_documents(content: bytes, declared: str, words: str) -> None:
    mail = letter()
    attach(mail, content, "bijlage.dat", declared)
    (part,) = files(opened(mail))
    assert (part.role, part.reason, part.content) == (DECORATION, words, content)


@pytest.mark.rule("B1")
@pytest.mark.parametrize("kind", ["TIFF", "WEBP", "GIF", "BMP", "JPEG2000", "AVIF", "HEIF", "PNG", "JPEG"])
def test_attached_pictures_of_every_kind_are_documents_or_icons(kind: str) -> None:
    for side, role in ((700, DOCUMENT), (32, DECORATION)):
        mail = letter()
        attach(mail, picture(side, side, kind), "plaatje")
        assert _role(mail) is role


@pytest.mark.rule("A9")
def test_every_part_has_a_reason() -> None:
    mail = letter()
    attach(mail, b"", "leeg.pdf")
    attach(mail, letter().as_bytes(), "bericht.eml", "application/octet-stream")
    attach(mail, pdf(), "f.pdf")
    assert all(part.reason for part in opened(mail).parts)


@pytest.mark.rule("B3")
def test_an_e_invoice_with_its_pdf_leaves_the_pdf_to_be_read() -> None:
    mail = letter()
    attach(mail, pdf(), "f.pdf", "application/pdf")
    attach(mail, b"<?xml version='1.0'?><Invoice xmlns='urn:x'/>", "f.xml", "application/xml")
    assert [part.role for part in files(opened(mail))] == [DOCUMENT, DECORATION]


@pytest.mark.rule("B6")
@pytest.mark.parametrize("declared", ["application/pgp-signature", "application/pkcs7-signature", "message/delivery-status"])
def test_signatures_and_delivery_reports_are_no_documents(declared: str) -> None:
    raw = (
        b"Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.4\r\n--b\r\n"
        b"Content-Type: " + declared.encode() + b"; name=smime.p7s\r\n\r\nsigned\r\n--b--\r\n"
    )
    assert [part.role for part in opened(raw).parts] == [DOCUMENT, DECORATION]


@pytest.mark.rule("B6")
def test_the_pieces_exchange_cuts_a_body_into_are_bodies() -> None:
    mail = letter()
    attach(mail, b"Met vriendelijke groet", "ATT00001.txt", "text/plain")
    attach(mail, pdf(), "factuur.pdf", "application/pdf")
    assert [part.role for part in opened(mail).parts] == [PartRole.BODY, PartRole.BODY, DOCUMENT]
