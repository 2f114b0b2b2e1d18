"""Mails as programs write them that read the standard once: wrong boundaries and line ends, files in texts, mails in pieces."""

from __future__ import annotations

import binascii
import gzip
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanstraat.mailbox.octets import Octets
from scanstraat.mailbox.transfer import without_transfer
from scanstraat.mailbox.unpacking import unpack
from scanstraat.mailbox.walking import MAX_LEAVES, Walk
from scanstraat.model.mail import OpenedMail, PartRole

_HEAD = b"From: zoe@supplier.example\r\nSubject: Factuur\r\n"
_PDF = b"%PDF-1.4\n%%EOF\n"
_ENCODED = b"--grens\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
_BODY = b"--grens\r\nContent-Type: text/plain\r\n\r\nHoi\r\n" + _ENCODED + binascii.b2a_base64(_PDF) + b"\r\n--grens--\r\n"


def roles(mail: OpenedMail) -> list[PartRole]:
    return [part.role for part in mail.parts]


@pytest.mark.rule("B1", "B3")
@pytest.mark.parametrize(
    "kind",
    [
        b"multipart/mixed",
        b"multipart/mixed; boundary=anders",
        b'multipart/mixed; boundary=""',
        b"multipart/mixed; boundary=\xff\xfe",
        b"multipart/x-unheard-of; boundary=grens ; x",
    ],
)
@pytest.mark.parametrize("body", [_BODY, b"Dit is MIME.\r\n\r\n" + _BODY, _BODY[:-11], _BODY.replace(b"\r\n", b"\n")])
def test_a_boundary_missing_wrong_or_not_closed_is_found_where_it_is_evident(kind: bytes, body: bytes) -> None:
    mail = unpack(_HEAD + b"Content-Type: " + kind + b"\r\n\r\n" + body)
    assert roles(mail) == [PartRole.BODY, PartRole.DOCUMENT]
    assert (mail.text, mail.parts[1].content) == ("Hoi", _PDF)


@pytest.mark.rule("B3")
def test_parts_are_found_where_the_header_that_tells_of_them_is_lost_or_they_are_encoded_as_a_whole() -> None:
    lost = unpack(_HEAD + b"\r\n" + _BODY)
    encoded = b"Content-Type: multipart/mixed; boundary=grens\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    assert roles(lost) == roles(unpack(_HEAD + encoded + binascii.b2a_base64(_BODY))) == [PartRole.BODY, PartRole.DOCUMENT]


@pytest.mark.rule("B6")
def test_what_a_macintosh_keeps_beside_a_file_is_decoration() -> None:
    fork = b"--a\r\nContent-Type: application/applefile; name=f.pdf\r\n\r\n\x00\x05\x16\x07\x00\x02\r\n"
    kind = b"Content-Type: multipart/appledouble; boundary=a\r\n\r\n"
    mail = unpack(_HEAD + kind + fork + b"--a\r\nContent-Type: application/pdf; name=f.pdf\r\n\r\n" + _PDF + b"\r\n--a--\r\n")
    assert roles(mail) == [PartRole.DECORATION, PartRole.DOCUMENT]


@pytest.mark.rule("B6")
def test_a_drawing_packed_as_outlook_does_is_decoration_where_the_text_shows_it() -> None:
    drawing = gzip.compress(b"\xd7\xcd\xc6\x9a" + bytes(50))
    raw = (
        _HEAD
        + b"Content-Type: multipart/related; boundary=r\r\n\r\n--r\r\nContent-Type: text/html\r\n\r\n<img src='cid:d@x'>\r\n"
        b"--r\r\nContent-Type: application/x-msmetafile; name=image001.wmz\r\nContent-ID: <d@x>\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n" + binascii.b2a_base64(drawing) + b"--r--\r\n"
    )
    assert roles(unpack(raw))[1:] == [PartRole.CONTAINER, PartRole.DECORATION]


@pytest.mark.rule("B3")
def test_a_mail_with_nothing_but_carriage_returns() -> None:
    mail = unpack(
        (_HEAD + b"Content-Type: multipart/mixed; boundary=grens\r\n\r\n" + _BODY).replace(b"\r\n", b"\r").replace(b"\n", b"\r")
    )
    assert (mail.header.subject, roles(mail)) == ("Factuur", [PartRole.BODY, PartRole.DOCUMENT])


@pytest.mark.rule("A5", "B3")
@pytest.mark.parametrize("before", [b"", b"From zoe@supplier.example Tue Mar 31 23:30:00 2026\r\n", b"\r\n\r\n", b"\xef\xbb\xbf"])
@pytest.mark.parametrize(
    "head",
    [
        b"Content-Type: message/rfc822\r\n",
        b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n",
        b"Content-Type: application/octet-stream; name=mail.eml\r\nContent-Transfer-Encoding: quoted-printable\r\n",
        b"Content-Type: application/octet-stream; name=bericht\r\nContent-Transfer-Encoding: base64\r\n",
        b"Content-Type: text/plain; name=bericht.EML\r\n",
    ],
)
def test_a_mail_in_a_mail_however_it_is_attached(head: bytes, before: bytes) -> None:
    inner = before + _HEAD + b"Content-Type: multipart/mixed; boundary=grens\r\n\r\n" + _BODY
    encoded = {b"base64": binascii.b2a_base64, b"quoted-printable": binascii.b2a_qp}
    encode = next((how for name, how in encoded.items() if name in head), bytes)
    raw = b"Content-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\n\r\nZie bijlage.\r\n--o\r\n" + head + b"\r\n" + encode(inner)
    mail = unpack(_HEAD + raw + b"\r\n--o--\r\n")
    assert roles(mail) == [PartRole.BODY, PartRole.CONTAINER, PartRole.BODY, PartRole.DOCUMENT]
    assert [part.container for part in mail.parts] == [None, None, 1, 1]
    assert mail.parts[1].content.startswith(_HEAD[:20])
    assert mail.parts[3].content == _PDF


@pytest.mark.rule("A5")
def test_the_mails_of_a_digest_are_mails() -> None:
    parts = b"".join(b"--d\r\n\r\n" + _HEAD + b"\r\nTekst %d\r\n" % number for number in range(3))
    mail = unpack(_HEAD + b"Content-Type: multipart/digest; boundary=d\r\n\r\n" + parts + b"--d--\r\n")
    assert [part.role for part in mail.parts[::2]] == 3 * [PartRole.CONTAINER]
    assert [part.container for part in mail.parts] == [None, 0, None, 2, None, 4]


def _uuencoded(content: bytes, name: bytes = b"factuur.pdf") -> bytes:
    lines = b"".join(binascii.b2a_uu(content[at : at + 45]) for at in range(0, len(content), 45))
    return b"begin 644 " + name + b"\n" + lines + b"`\nend\n"


@pytest.mark.rule("B1", "B3")
def test_files_uuencoded_in_a_text_are_files() -> None:
    text = b"Hierbij.\n\n" + _uuencoded(_PDF) + b"\n" + _uuencoded(b"x" * 500, b"notitie.txt") + b"\nGroet\n"
    mail = unpack(_HEAD + b"\n" + text)
    assert [(part.name, part.content) for part in mail.parts[1:]] == [("factuur.pdf", _PDF), ("notitie.txt", b"x" * 500)]
    assert mail.text.split() == ["Hierbij.", "Groet"]
    assert mail.parts[1].role is PartRole.DOCUMENT


@given(st.binary(max_size=400), st.integers(1, 50))
@settings(max_examples=100, deadline=None)
def test_a_transfer_encoding_is_taken_off_in_pieces_of_any_size(content: bytes, size: int) -> None:
    uuencoded = _uuencoded(content) if content else b"begin 644 x\n`\nend\n"
    codes = (("base64", binascii.b2a_base64(content)), ("quoted-printable", binascii.b2a_qp(content, istext=False)))
    for name, encoded in (*codes, ("x-uuencode", uuencoded), ("binary", content)):
        pieces = (encoded[at : at + size] for at in range(0, len(encoded), size))
        assert without_transfer(pieces, name) == content


@pytest.mark.rule("B9")
@pytest.mark.parametrize(
    ("head", "code"),
    [
        (b"Content-Type: message/partial; id=x; number=1; total=3\r\n\r\n" + _HEAD, "partial-mail"),
        (b"Content-Type: message/external-body; access-type=URL; URL=http://x.example/f.pdf\r\n\r\n"
         b"Content-Type: application/pdf\r\n\r\n", "external-body"),
        (b"Content-Type: multipart/mixed; boundary=x\r\n\r\nNergens een grens.", "broken-multipart"),
    ],
)  # fmt: skip
def test_what_cannot_be_had_from_the_mail_itself_says_so(head: bytes, code: str) -> None:
    (part,) = unpack(_HEAD + head).parts
    assert part.role is PartRole.UNREADABLE
    assert part.problem is not None
    assert part.problem.code == code


@pytest.mark.rule("B9")
@pytest.mark.parametrize(
    "header",
    [b"X-Long: " + b"a" * 1_000_000, b"\r\n".join(b"X-%d: b" % number for number in range(100_000)), b"Y" * 1_000_000 + b": z"],
    ids=["a line of 1 MB", "100,000 lines", "a name of 1 MB"],
)
def test_huge_headers_cost_little_and_the_rest_is_read(header: bytes) -> None:
    began = time.process_time()
    mail = unpack(_HEAD + header + b"\r\nContent-Type: multipart/mixed; boundary=grens\r\n\r\n" + _BODY)
    assert mail.header.subject == "Factuur"
    assert _PDF in [part.content for part in mail.parts] or b"100,000" not in header
    assert time.process_time() - began < 2


@pytest.mark.rule("B3", "B9")
def test_ten_thousand_parts_are_bounded_and_nothing_of_them_is_lost() -> None:
    parts = b"".join(b"--b\r\n\r\ntekst %d\r\n" % number for number in range(10_000))
    began = time.process_time()
    mail = unpack(_HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + parts)
    assert len(mail.parts) == MAX_LEAVES
    assert b"tekst 9999" in mail.parts[-1].content
    assert time.process_time() - began < 3


def test_a_mail_is_taken_apart_in_a_file_as_it_is_in_memory(tmp_path: object) -> None:
    raw = _HEAD + b"Content-Type: multipart/mixed; boundary=grens\r\n\r\n" + _BODY
    path = tmp_path / "mail"  # type: ignore[operator]
    path.write_bytes(raw)
    assert tuple(Walk().leaves(Octets.of_file(path))) != ()
    assert unpack(Octets.of_file(path)) == unpack(raw)
    path.write_bytes(b"")
    assert unpack(Octets.of_file(path)) == unpack(b"")
