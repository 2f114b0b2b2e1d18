"""What is signed is opened, what is encrypted says so: S/MIME, CAdES, PGP."""

from __future__ import annotations

import base64
import time

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st

from fixtures.generator import smime
from scanstraat.mailbox.unpacking import unpack
from scanstraat.model.mail import OpenedMail, Part, PartRole
from tests.mailbox.letters import attach, letter, opened, pdf

PDF = pdf()
XML = b"<?xml version='1.0'?><p:FatturaElettronica xmlns:p='x'/>"
ENTITY = letter("Hierbij.")
attach(ENTITY, PDF, "factuur.pdf", "application/pdf")
for _name in ("From", "To", "Subject", "Date", "Message-ID"):
    del ENTITY[_name]
ARMOURED = b"-----BEGIN PGP MESSAGE-----\n\nhQEMA0123456789\n=abcd\n-----END PGP MESSAGE-----\n"


def problem_of(part: Part) -> str:
    assert part.role is PartRole.UNREADABLE
    assert part.problem is not None
    assert part.problem.text.endswith(".")
    return part.problem.code


def mail_with(content: bytes, name: str, declared: str = "application/octet-stream") -> OpenedMail:
    mail = letter()
    attach(mail, content, name, declared)
    attach(mail, PDF, "los.pdf")
    return opened(mail)


@pytest.mark.rule("A5", "B1", "F2")
def test_a_mail_signed_with_its_content_inside_is_opened_as_the_mail_itself() -> None:
    mail = unpack(b"From: zoe@supplier.example\r\nSubject: Factuur\r\n" + smime.signed_entity(ENTITY.as_bytes()))
    assert [(part.name, part.role, part.container) for part in mail.parts] == [
        ("smime.p7m", PartRole.CONTAINER, None),
        ("part-2.txt", PartRole.BODY, 0),
        ("factuur.pdf", PartRole.DOCUMENT, 0),
    ]
    assert (mail.header.subject, mail.text, mail.parts[2].content) == ("Factuur", "Hierbij.", PDF)
    assert "not checked" in mail.parts[0].reason


def _in_lines(content: bytes) -> bytes:
    return base64.encodebytes(smime.signed(content))


@pytest.mark.rule("B1", "B2")
@pytest.mark.parametrize("content", [PDF, XML], ids=["pdf", "xml"])
@pytest.mark.parametrize(
    "sealed",
    [
        smime.signed,
        lambda content: smime.signed(content, Encoding.PEM),
        lambda content: smime.signed(content, Encoding.PEM).replace(b"PKCS7", b"CMS"),
        _in_lines,
        smime.indefinite,
        lambda content: smime.signed(smime.signed(content)),
    ],
    ids=["DER", "PEM", "PEM of CMS", "base64", "BER of indefinite length", "signed twice"],
)
def test_a_signed_file_is_opened_and_called_like_itself(sealed: object, content: bytes) -> None:
    mail = mail_with(sealed(content), "factuur.dat.p7m")  # type: ignore[operator]
    assert mail.parts[1].role is PartRole.CONTAINER
    inner = mail.parts[-2]
    assert (inner.name, inner.content) == ("factuur.dat", content)
    assert inner.media_type in ("application/pdf", "application/xml")


@pytest.mark.rule("B9")
@pytest.mark.parametrize("declared", ["application/pkcs7-mime", "application/octet-stream"])
def test_what_is_encrypted_for_somebody_else_says_so_and_its_neighbours_go_on(declared: str) -> None:
    _, part, neighbour = mail_with(smime.encrypted(PDF), "smime.p7m", declared).parts
    assert problem_of(part) == "smime-encrypted"
    assert neighbour.role is PartRole.DOCUMENT


@pytest.mark.rule("B9")
def test_a_whole_mail_encrypted_says_so() -> None:
    (part,) = unpack(b"From: a@b.example\r\nSubject: x\r\n" + smime.encrypted_entity(ENTITY.as_bytes())).parts
    assert problem_of(part) == "smime-encrypted"


@pytest.mark.rule("B6")
@pytest.mark.parametrize("declared", ["application/pkcs7-signature", "application/octet-stream"])
def test_a_signature_by_itself_is_decoration(declared: str) -> None:
    _, part, _ = mail_with(smime.detached(PDF), "smime.p7s", declared).parts
    assert part.role is PartRole.DECORATION


@pytest.mark.rule("B6")
def test_a_broken_signature_beside_its_content_is_decoration_all_the_same() -> None:
    _, part, _ = mail_with(smime.detached(PDF)[:200], "smime.p7s", "application/pkcs7-signature").parts
    assert part.role is PartRole.DECORATION


@pytest.mark.rule("B9")
def test_a_signed_file_cut_off_is_broken_and_its_neighbours_go_on() -> None:
    _, part, neighbour = mail_with(smime.signed(PDF)[:300], "factuur.pdf.p7m").parts
    assert problem_of(part) == "smime-broken"
    assert neighbour.role is PartRole.DOCUMENT


@pytest.mark.rule("B9")
@pytest.mark.parametrize(
    ("head", "body"),
    [
        (b"", ARMOURED),
        (b'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b\r\n',
         b"--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--b\r\n"
         b"Content-Type: application/octet-stream; name=encrypted.asc\r\n\r\n" + ARMOURED + b"\r\n--b--\r\n"),
        (b"Content-Type: application/octet-stream; name=factuur.pdf.asc\r\n", ARMOURED),
        (b"Content-Type: text/plain\r\n", b"Hallo,\n\n" + ARMOURED + b"Groet\n"),
    ],
    ids=["text", "multipart", "file", "within text"],
)  # fmt: skip
def test_what_pgp_encrypted_says_so(head: bytes, body: bytes) -> None:
    parts = unpack(b"From: a@b.example\r\n" + head + b"\r\n" + body).parts
    assert [problem_of(part) for part in parts if part.role is PartRole.UNREADABLE] == ["pgp-encrypted"]
    assert ARMOURED.strip() in [part.content.strip() for part in parts]
    assert all(part.role in (PartRole.BODY, PartRole.DECORATION, PartRole.UNREADABLE) for part in parts)


@pytest.mark.rule("B6")
def test_what_pgp_signed_is_read() -> None:
    signed = b"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nFactuur\n-----BEGIN PGP SIGNATURE-----\n\niQ==\n"
    mail = unpack(b"From: a@b.example\r\n\r\n" + signed + b"-----END PGP SIGNATURE-----\n")
    assert [part.problem for part in mail.parts] == [None]
    assert "Factuur" in mail.text


_SEALED = smime.signed(PDF)


@pytest.mark.rule("B9")
@given(st.lists(st.tuples(st.integers(0, 2_000), st.integers(0, 255)), min_size=1, max_size=6))
@settings(max_examples=150, deadline=None)
def test_whatever_is_broken_in_a_seal_nothing_is_raised_and_it_is_kept(changes: list[tuple[int, int]]) -> None:
    broken = bytearray(_SEALED)
    for at, octet in changes:
        broken[at % len(broken)] = octet
    began = time.process_time()
    mail = mail_with(bytes(broken), "f.p7m")
    assert mail.parts[1].content == bytes(broken)
    assert mail.parts[-1].content == PDF
    assert time.process_time() - began < 2


@pytest.mark.rule("B9")
def test_a_seal_nested_without_end_ends() -> None:
    broken = b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02" + b"\xa0\x80\x30\x80" * 50_000
    began = time.process_time()
    _, part, neighbour = mail_with(broken, "f.p7m").parts
    assert problem_of(part) in ("smime-broken", "container-broken")
    assert neighbour.role is PartRole.DOCUMENT
    assert time.process_time() - began < 2
