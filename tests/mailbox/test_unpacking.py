from __future__ import annotations

import tempfile
import time
from datetime import UTC, datetime, timedelta, timezone
from email.message import EmailMessage

import pypdfium2
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scanstraat.mailbox.crossing import crossing
from scanstraat.mailbox.leaf import MAX_DEPTH
from scanstraat.mailbox.octets import Octets
from scanstraat.mailbox.settling import settle
from scanstraat.mailbox.unpacking import unpack
from scanstraat.mailbox.walking import MAX_LEAVES, Walk
from scanstraat.model.mail import OpenedMail, Part, PartRole
from tests.mailbox.letters import attach, files, letter, opened, pdf, picture

_HEADS = st.sampled_from(
    [
        b"Content-Type: multipart/mixed; boundary=b\r\n",
        b'Content-Type: multipart/alternative; boundary="b"\r\n',
        b"Content-Type: multipart/signed; boundary*0=b\r\n",
        b"Content-Type: message/rfc822\r\n",
        b"Content-Type: text/html; charset=unicode_escape\r\n",
        b"Content-Type: text/plain; charset=utf-7\r\n",
        b'Content-Type: text/plain; charset="a\x00b"\r\n',
        b"Content-Transfer-Encoding: base64\r\n",
        b"Content-Transfer-Encoding: quoted-printable\r\n",
        b"Content-Disposition: attachment; filename*0*=''%; filename*1=\"x\r\n",
        b"Subject: =?utf-8?B?4pyT?= =?x?q?=ff?= \xff\r\n",
        b"Date: Tue, 99 Foo 0000 99:99:99 +99999999\r\n",
        b"From: \xe9 <a@b>\r\n",
        b"Content-ID: <x>\r\n",
    ]
)
_BITS = st.one_of(
    _HEADS,
    st.sampled_from(
        [b"\r\n", b"\n", b"--b\r\n", b"--b--\r\n", b"--b\n", b"\x89PNG\r\n\x1a\n", b"%PDF-", b"PK\x03\x04", b"+2AA-"]
    ),
    st.binary(max_size=30),
)
_MAILS = st.one_of(st.binary(max_size=300), st.lists(_BITS, max_size=25).map(b"".join))


def _crossed(mail: OpenedMail) -> OpenedMail:
    """The mail after its way between processes."""
    with tempfile.NamedTemporaryFile() as file:
        return crossing(mail, file.name).opened(file.file)


@pytest.mark.rule("B3", "B9")
@given(_MAILS)
@example(b"")
@example(b"\x89PNG\r\n\x1a\n" + b"\xff" * 40)
@settings(max_examples=300, deadline=None)
def test_any_octets_are_an_opened_mail(raw: bytes) -> None:
    mail = unpack(raw)
    assert 1 <= len(mail.parts) <= MAX_LEAVES
    assert [part.index for part in mail.parts] == list(range(len(mail.parts)))
    assert all(part.problem is not None for part in mail.parts if part.role is PartRole.UNREADABLE)
    assert all(part.role in (PartRole.UNREADABLE, PartRole.CONTAINER) for part in mail.parts if part.problem is not None)
    assert all(part.container is None or part.container < part.index for part in mail.parts)
    assert _crossed(mail) == mail
    f"{mail.header}{mail.text}{[(p.name, p.declared) for p in mail.parts]}".encode()  # no half characters anywhere


@pytest.mark.rule("B3")
@given(st.lists(st.binary(min_size=1, max_size=200), max_size=5))
@settings(max_examples=100, deadline=None)
def test_what_is_attached_comes_out_byte_for_byte(contents: list[bytes]) -> None:
    mail = letter()
    for number, content in enumerate(contents):
        attach(mail, content, f"{number}.bin")
    parts = files(unpack(mail.as_bytes()))
    found = [part.content for part in parts]
    assert found == contents or any(part.role is PartRole.CONTAINER for part in parts)


@pytest.mark.rule("B3")
@pytest.mark.parametrize("encoding", ["7bit", "8bit", "binary", "quoted-printable", "base64", "x-unknown"])
def test_each_transfer_encoding(encoding: str) -> None:
    encoded = {"base64": b"JVBERi0xLjQ=", "quoted-printable": b"%PDF-1=2E4"}.get(encoding, b"%PDF-1.4")
    raw = b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: " + encoding.encode() + b"\r\n\r\n" + encoded
    (part,) = unpack(raw).parts
    assert (part.content, part.media_type) == (b"%PDF-1.4", "application/pdf")


@pytest.mark.rule("B3")
def test_base64_in_pieces_each_with_its_padding_and_with_a_footer() -> None:
    head = b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    assert unpack(head + b"JVBERi0=\r\nMS40\r\nMQ==\r\n").parts[0].content == b"%PDF-1.41"
    assert unpack(head + b"JVBERi0=\r\n--\r\nScanned by nobody\r\n").parts[0].content == b"%PDF-"
    assert unpack(head + b"JVBERi0xLjQxX").parts[0].content == b"%PDF-1.41"


def test_the_header_is_decoded() -> None:
    raw = (
        b"Message-ID: <x@y>\r\nFrom: =?iso-8859-1?Q?Zo=EB?= <z@x.example>\r\nTo: a@b.example,\r\n c@d.example\r\n"
        b"Subject: Caf\xc3\xa9 =?utf-8?B?4oKs?=\r\n  =?utf-8?B?IDU=?= \x07\r\nDate: Tue, 31 Mar 2026 23:30:00 +0200\r\n\r\nhi"
    )
    header = unpack(raw).header
    assert header.message_id == "<x@y>"
    assert header.sender == "Zoë <z@x.example>"
    assert header.recipients == "a@b.example, c@d.example"
    assert header.subject == "Café € 5"
    assert header.sent_at == datetime(2026, 3, 31, 23, 30, tzinfo=timezone(timedelta(hours=2)))


@pytest.mark.rule("D2")
@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("Tue, 31 Mar 2026 23:30:00 -0000", datetime(2026, 3, 31, 23, 30, tzinfo=UTC)),
        ("31 Mar 26 23:30 GMT", datetime(2026, 3, 31, 23, 30, tzinfo=UTC)),
        ("Thu, 01 Jan 1970 00:00:00 +0000", None),
        ("Thu, 01 Jan 2199 00:00:00 +0000", None),
        ("gisteren", None),
        ("", None),
    ],
)
def test_a_date_is_read_or_absent_but_never_absurd(date: str, expected: datetime | None) -> None:
    assert unpack(f"Date: {date}\r\n\r\nx".encode()).header.sent_at == expected


@pytest.mark.rule("D2")
def test_the_zone_of_the_date_survives_the_way_between_processes() -> None:
    sent_at = _crossed(opened(letter())).header.sent_at
    assert sent_at is not None
    assert sent_at.utcoffset() == timedelta(hours=2)


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        (b"attachment; filename*=utf-8''caf%C3%A9.pdf", "café.pdf"),
        (b'attachment; filename="=?utf-8?Q?caf=C3=A9.pdf?="', "café.pdf"),
        (b'attachment; filename="caf\xe9.pdf"', "café.pdf"),
        (b'attachment; filename*0="one "; filename*1="two.pdf"', "one two.pdf"),
        (b'attachment; filename="../../etc/p\x00asswd"', "passwd"),
        (b"attachment", "part-1.pdf"),
    ],
)
def test_names_of_files(disposition: bytes, name: str) -> None:
    (part,) = unpack(b"Content-Disposition: " + disposition + b"\r\n\r\n%PDF-1.4").parts
    assert part.name == name


@pytest.mark.rule("B2")
def test_a_pdf_sent_as_something_else_is_a_pdf() -> None:
    mail = letter()
    attach(mail, pdf(), "factuur.dat", "application/octet-stream")
    attach(mail, pdf(), "factuur.jpg", "image/jpeg")
    attach(mail, b"\r\njunk before\r\n" + pdf(), "x.txt", "application/x-download")
    assert [(part.media_type, part.role) for part in files(opened(mail))] == 3 * [("application/pdf", PartRole.DOCUMENT)]


@pytest.mark.rule("A5", "B3")
def test_a_forwarded_mail_is_walked_into_and_the_header_stays_the_customers() -> None:
    inner = letter("De oorspronkelijke mail.")
    attach(inner, pdf(), "binnen.pdf", "application/pdf")
    middle = letter("Tussenmail.")
    middle.replace_header("From", "boekhouding@jansen.example")
    middle.add_attachment(inner)
    outer = letter("Zie bijlage.")
    outer.replace_header("From", "klant@jansen.example")
    outer.add_attachment(middle)
    mail = opened(outer)
    assert mail.header.sender == "klant@jansen.example"
    assert mail.text == "Zie bijlage."
    roles = [part.role for part in mail.parts]
    body, container, document = PartRole.BODY, PartRole.CONTAINER, PartRole.DOCUMENT
    assert roles == [body, container, body, container, body, document]
    assert b"boekhouding@jansen.example" in mail.parts[1].content
    assert mail.parts[5].content == pdf()


@pytest.mark.rule("A5")
def test_a_mail_attached_without_saying_so_is_walked_into() -> None:
    inner = letter()
    attach(inner, pdf(), "binnen.pdf", "application/pdf")
    for name in ("bericht.eml", "bericht"):
        outer = letter("Zie bijlage.")
        attach(outer, inner.as_bytes(), name)
        assert [part.role for part in files(opened(outer))] == [PartRole.CONTAINER, PartRole.DOCUMENT]


def _nested(depth: int) -> bytes:
    head = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(depth))
    return head + b"Content-Type: application/pdf\r\n\r\n%PDF-1.4"


@pytest.mark.rule("B3", "B9")
@pytest.mark.parametrize(("depth", "is_read"), [(MAX_DEPTH, True), (MAX_DEPTH + 1, False), (5_000, False)])
def test_nesting_is_bounded_and_what_lies_deeper_is_kept(depth: int, is_read: bool) -> None:
    (part,) = unpack(_nested(depth)).parts
    assert part.content.endswith(b"%PDF-1.4")
    if is_read:
        assert part.role is PartRole.DOCUMENT
    else:
        assert part.problem is not None
        assert part.problem.code == "nested-too-deep"


@pytest.mark.rule("B3", "B9")
@pytest.mark.parametrize("count", [MAX_LEAVES, MAX_LEAVES + 1, 5 * MAX_LEAVES])
def test_the_number_of_parts_is_bounded_and_the_rest_is_kept(count: int) -> None:
    parts = b"".join(b"--b\r\n\r\ntext %d\r\n" % number for number in range(count))
    mail = unpack(b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + parts)
    assert len(mail.parts) == MAX_LEAVES
    last = mail.parts[-1]
    assert f"text {count - 1}".encode() in last.content
    assert (last.problem.code if last.problem else "") == ("" if count == MAX_LEAVES else "too-many-parts")


@pytest.mark.rule("B3")
def test_a_multipart_that_cannot_be_told_apart_is_kept_whole() -> None:
    (part,) = unpack(b"Content-Type: multipart/mixed\r\n\r\n--x\r\n\r\n%PDF-1.4").parts
    assert part.problem is not None
    assert part.problem.code == "broken-multipart"
    assert b"%PDF-1.4" in part.content


def test_parts_after_a_missing_inner_end_still_belong_to_the_outer() -> None:
    raw = (
        b"Content-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\nContent-Type: multipart/alternative; boundary=i\r\n\r\n"
        b"--i\r\n\r\ninner\r\n--o\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.4\r\n--o--\r\nbye"
    )
    assert [leaf.content for leaf in Walk().leaves(Octets(raw))] == [b"inner", b"%PDF-1.4"]


@pytest.mark.rule("F2")
def test_the_text_is_the_plain_one_unless_blank() -> None:
    mail = letter("Gewone tekst")
    mail.add_alternative("<p>Opgemaakte tekst</p>", subtype="html")
    assert opened(mail).text == "Gewone tekst"
    blank = letter(" ")
    blank.add_alternative("<html><head><title>x</title></head><p>Alleen<br>opgemaakt</p></html>", subtype="html")
    assert opened(blank).text == "Alleen\nopgemaakt"


@pytest.mark.rule("F2")
def test_texts_around_an_attachment_are_all_shown() -> None:
    raw = (
        b"Content-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n\r\nvoor\r\n--o\r\nContent-Type: application/pdf\r\n"
        b"Content-Disposition: inline\r\n\r\n%PDF-1.4\r\n--o\r\n\r\nna\r\n--o--\r\n"
    )
    mail = unpack(raw)
    assert mail.text == "voor\n\nna"
    assert [part.role for part in mail.parts] == [PartRole.BODY, PartRole.DOCUMENT, PartRole.BODY]


@pytest.mark.rule("F2")
def test_a_forward_without_a_word_shows_the_forwarded_text() -> None:
    outer = EmailMessage()
    outer["From"] = "klant@jansen.example"
    outer.make_mixed()
    outer.add_attachment(letter("Van de leverancier."))
    assert opened(outer).text == "Van de leverancier."


def test_a_long_text_is_cut() -> None:
    assert len(opened(letter("woord " * 100_000)).text) == 100_000


def test_settling_leaves_other_parts_alone() -> None:
    mail = letter()
    attach(mail, picture(900, 1_200), "foto.jpg", "image/jpeg")
    body, photo = opened(mail).parts
    assert settle(body) is body
    assert (settle(photo).pdf or b"").startswith(b"%PDF-")


def _page_text(part: Part) -> str:
    document = pypdfium2.PdfDocument(part.pages_pdf or b"")
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document).replace("\r\n", "\n")
    finally:
        document.close()


@pytest.mark.rule("B1", "B3")
def test_a_mail_that_is_nothing_but_text_is_a_document_itself() -> None:
    table = "<table><tr><td>Totaal</td><td>&euro; 121,00</td></tr></table>" + "<p>regel</p>" * 100
    mail = letter("Zie de opgemaakte versie.")
    mail.add_alternative(f"<p>Factuur Łódź 2026-17</p>{table}", subtype="html")
    plain, document = opened(mail).parts
    assert (plain.role, document.role, document.media_type) == (PartRole.BODY, PartRole.DOCUMENT, "text/html")
    assert "Factuur Łódź 2026-17\nTotaal € 121,00" in _page_text(document).replace("  ", " ")
    assert _page_text(document).count("regel") == 100
    assert unpack(mail.as_bytes()).parts[1].pdf == document.pdf


@pytest.mark.rule("B1")
def test_text_beside_a_document_is_no_document() -> None:
    mail = letter("Factuur 2026-17, totaal 121,00")
    attach(mail, pdf(), "factuur.pdf", "application/pdf")
    assert [part.role for part in opened(mail).parts] == [PartRole.BODY, PartRole.DOCUMENT]


def test_a_mail_without_any_text_has_no_document() -> None:
    assert [part.role for part in opened(letter(" ")).parts] == [PartRole.BODY]


@pytest.mark.rule("B9")
@pytest.mark.parametrize(
    "raw",
    [
        b"Subject: " + b"=?utf-8?q?a?= " * 500_000,
        b"Content-Type: text/plain" + b"; a=b" * 1_000_000,
        b'Content-Type: text/plain; a="' + b'\\"' * 3_000_000,
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b" * 2_000_000,
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n" * 1_000_000,
        b"Content-Type: text/html\r\n\r\n" + b"<div>" * 1_000_000,
        b"Content-Transfer-Encoding: base64\r\n\r\n" + b"QQ==\r\n" * 1_000_000,
        b"Content-Type: message/rfc822\r\nSubject: x\r\n\r\n" * 200_000,
    ],
    ids=["encoded words", "parameters", "a quote without end", "half delimiters", "delimiters", "tags", "paddings", "mails"],
)
def test_no_mail_keeps_us_busy_for_long(raw: bytes) -> None:
    began = time.process_time()
    assert unpack(raw).parts
    assert time.process_time() - began < 10
