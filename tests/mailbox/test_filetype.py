"""What a file is, told from its content: every row of the tables, and what looks alike."""

from __future__ import annotations

import io
import time
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanstraat.mailbox.filetype import told_type
from scanstraat.mailbox.signatures import OLE_STREAMS, SIGNATURES, ZIP_MEMBERS, ZIP_MIMETYPES
from tests.mailbox.letters import pdf

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def zipped(*members: tuple[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in members:
            archive.writestr(name, content)
    return target.getvalue()


def boxed(*brands: bytes) -> bytes:
    return (16 + 4 * (len(brands) - 1)).to_bytes(4, "big") + b"ftyp" + brands[0] + bytes(4) + b"".join(brands[1:]) + bytes(40)


@pytest.mark.rule("B2")
@pytest.mark.parametrize(("at", "octets", "media_type"), SIGNATURES)
def test_each_signature(at: int, octets: bytes, media_type: str) -> None:
    assert told_type(bytes(at) + octets + b"\x00 and the rest") == media_type


@pytest.mark.rule("B2")
def test_each_member_stream_and_mimetype() -> None:
    for name, media_type in ZIP_MEMBERS:
        assert told_type(zipped(("[Content_Types].xml", b""), (name, b""))) == media_type
    for media_type in ZIP_MIMETYPES:
        assert told_type(zipped(("mimetype", media_type.encode()), ("content.xml", b""))) == media_type
    for stream, media_type in OLE_STREAMS:
        assert told_type(OLE + stream.encode("utf-16-le")) == media_type
    assert told_type(zipped(("mimetype", b"application/vnd.oasis.opendocument.text-template"))).endswith("opendocument.text")


@pytest.mark.rule("B2")
@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (boxed(b"heic", b"mif1", b"heic"), "image/heic"),
        (boxed(b"mif1", b"mif1", b"heic"), "image/heic"),
        (boxed(b"mif1", b"mif1", b"avif"), "image/avif"),
        (boxed(b"msf1", b"iso8"), "image/heic"),
        (boxed(b"avis", b"avif"), "image/avif"),
        (boxed(b"isom", b"mp41"), "video/mp4"),
        (boxed(b"qt  "), "video/quicktime"),
        (boxed(b"M4A ", b"isom"), "audio/mp4"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x00\x00\x00\x00AVI LIST", "video/x-msvideo"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "audio/wav"),
        (b"BM\x36\x00\x0c\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00", "image/bmp"),
        (b"BM-rapport van maart: alles in orde", "text/plain"),
        (b"MZ-121 is het bestelnummer", "text/plain"),
        (b"AC1021 is de kamer", "text/plain"),
        (b"BZhier staat iets", "text/plain"),
        (b"ID30 paspoort", "text/plain"),
        (b"<p>Factuur</p>", "text/html"),
        (b"\xef\xbb\xbf\r\n<!-- x --><HTML><body>", "text/html"),
        (b"<?xml version='1.0'?><!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0'><html>", "text/html"),
        (b"<html xmlns='http://www.w3.org/1999/xhtml'>", "text/html"),
        (b"<html xmlns:v='urn:schemas-microsoft-com:vml'>", "text/html"),
        ("<html><body>Één".encode("utf-16"), "text/html"),
        ("<html><body>een".encode("utf-16-be"), "text/html"),
        ("Geachte heer, hierbij".encode("utf-16-le"), "text/plain"),
        (b"<Invoice xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'>", "application/xml"),
        ("<?xml version='1.0' encoding='utf-16'?><Invoice/>".encode("utf-16"), "application/xml"),
        (b"<rsm:CrossIndustryInvoice xmlns:rsm='x'>", "application/xml"),
        (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
        (b"<svg viewBox='0 0 1 1'/>", "image/svg+xml"),
        (b"<zoe@supplier.example> schreef:", "text/plain"),
        (b"caf\xe9 en meer", "text/plain"),
        (bytes(range(256)), "application/octet-stream"),
        (b"\x01\x02\x03", "application/octet-stream"),
        (b"", "text/plain"),
    ],
)
def test_what_looks_alike(content: bytes, media_type: str) -> None:
    assert told_type(content) == media_type


@pytest.mark.rule("B2")
def test_a_pdf_inside_something_else_does_not_make_that_a_pdf() -> None:
    assert told_type(zipped(("factuur.pdf", pdf()))) == "application/zip"
    assert told_type(b"From: a@b.example\nSubject: x\n\n" + pdf()) == "text/plain"
    assert told_type(b"\xff\xd8\xff\xe1 %PDF-1.7") == "image/jpeg"
    assert told_type(b"De regel %PDF-1.7 staat voorin\n" * 60) == "application/pdf"  # readers accept so much in front
    assert told_type(b"woord " * 300 + b"\n%PDF-1.7 staat voorin\n") == "text/plain"


@pytest.mark.rule("B2")
def test_a_pdf_behind_rubbish_is_one() -> None:
    for rubbish in (b"\r\n", b"\x00" * 900, b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n"):
        assert told_type(rubbish + pdf()) == "application/pdf"


@pytest.mark.rule("B9")
def test_many_remarks_take_no_time() -> None:
    begin = time.monotonic()
    assert told_type(b"<!---->" * 580 + b"x") == "text/plain"
    assert told_type(b"<!---->" * 500 + b"<html>") == "text/html"
    assert time.monotonic() - begin < 0.5


@pytest.mark.rule("B2", "B9")
@given(st.one_of(st.binary(max_size=300), st.sampled_from([row[1] for row in SIGNATURES]).flatmap(
    lambda head: st.binary(max_size=60).map(lambda rest: head + rest)
)))  # fmt: skip
def test_any_octets_are_something(content: bytes) -> None:
    assert "/" in told_type(content)
