"""HTML as pages: laid out, with the mail's own pictures and nothing from elsewhere, within limits, and never in the way."""

from __future__ import annotations

import base64
import io
import os
import signal
import socket
import subprocess
import sys
import time
from email.message import EmailMessage
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image

from scanstraat.errors import Refused
from scanstraat.mailbox import bodypage, webpage
from scanstraat.mailbox.aside import aside
from scanstraat.mailbox.bodypage import CUT, LONGEST_PAGES, file_pdf, text_pdf
from scanstraat.mailbox.settling import settle
from scanstraat.mailbox.webpage import web_pdf
from scanstraat.model.mail import Part, PartRole
from scanstraat.reading.texts import glance
from tests.mailbox.letters import attach, letter, opened, pdf

INVOICE = """
<html><head><style>td.r { text-align: right } .total { background: #00aa77 }</style></head><body>
<h1>Factuur 2026-0017</h1><table width="600"><tr><td>Consultancy</td><td class="r">100,00</td></tr>
<tr class="total"><td>Totaal te betalen</td><td class="r">€ 121,00</td></tr></table>%s</body></html>
"""


def laid(markup: str, **pictures: bytes) -> bytes:
    made = web_pdf(markup, pictures)
    assert made is not None
    return made


def words(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    try:
        return " ".join(" ".join(page.get_textpage().get_text_bounded().split()) for page in document)
    finally:
        document.close()


def colours(content: bytes) -> np.ndarray:
    document = pypdfium2.PdfDocument(content)
    try:
        return np.asarray(document[0].render(scale=1).to_pil().convert("RGB")).reshape(-1, 3)
    finally:
        document.close()


def has(content: bytes, colour: tuple[int, int, int]) -> bool:
    return bool(np.any(np.all(np.abs(colours(content).astype(int) - colour) < 40, axis=1)))


def html_mail(markup: str, plain: str = "") -> EmailMessage:
    mail = letter(plain or "x")
    mail.add_alternative(markup, subtype="html")
    return mail


@pytest.mark.rule("B1", "F1")
def test_a_body_that_is_the_invoice_keeps_its_layout_and_its_words() -> None:
    mail = opened(html_mail(INVOICE % "", "Factuur 2026-0017 Consultancy 100,00 Totaal te betalen € 121,00"))
    (document,) = (part for part in mail.parts if part.role is PartRole.DOCUMENT)
    assert document.media_type == "text/html"
    assert document.reason == "text of the mail, which is all there is"
    assert document.pdf is not None
    assert has(document.pdf, (0x00, 0xAA, 0x77))
    (page,) = glance(document.pdf, 60.0)
    assert "Factuur 2026-0017" in page.text
    assert "€ 121,00" in page.text


@pytest.mark.rule("B1", "B3")
def test_the_plain_text_is_the_document_where_it_says_more() -> None:
    mail = opened(html_mail("<p>Factuur</p>", "Factuur 17 met alle regels: advies 100,00, btw 21,00, totaal 121,00"))
    (document,) = (part for part in mail.parts if part.role is PartRole.DOCUMENT)
    assert document.media_type == "text/plain"


@pytest.mark.rule("B1", "B6")
def test_pictures_of_the_mail_are_shown_and_nothing_else_is_fetched() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        there = f"http://127.0.0.1:{server.getsockname()[1]}/x.png"
        style = f"<style>@import '{there}'; b {{ background: url({there}) }}</style>"
        elsewhere = f"<img src='{there}'><link rel=stylesheet href='{there}'>{style}"
        files = "".join(f"<img src='{url}'>" for url in ("file:///etc/passwd", "/etc/passwd", "x.png", "ftp://x.example/a.png"))
        mail = html_mail(INVOICE % f"<img src='cid:a%40b' width=200><b>b</b>{elsewhere}{files}")
        html = mail.get_payload()[1]
        assert isinstance(html, EmailMessage)
        html.add_related(_square((200, 0, 0)), "image", "png", cid="<a@b>")
        (document,) = (part for part in opened(mail).parts if part.role is PartRole.DOCUMENT)
        with pytest.raises(TimeoutError):
            server.accept()
    assert document.pdf is not None
    assert has(document.pdf, (200, 0, 0))
    assert "€ 121,00" in words(document.pdf)


def _square(colour: tuple[int, int, int]) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (300, 300), colour).save(target, "PNG")
    return target.getvalue()


@pytest.mark.rule("B1", "B9")
def test_a_picture_in_the_page_itself_is_shown_unless_it_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    source = base64.b64encode(_square((0, 0, 200))).decode()
    markup = INVOICE % f"<img src='data:image/png;base64,{source}'>"
    assert has(laid(markup), (0, 0, 200))
    monkeypatch.setattr(webpage, "MOST_PIXELS", 80_000)
    assert not has(laid(markup), (0, 0, 200))


@pytest.mark.rule("B9")
def test_a_drawing_in_the_page_fetches_nothing_and_bursts_nothing() -> None:
    inner = "<image href='file:///etc/passwd'/><use href='file:///etc/passwd#x'/><rect width='200' height='200' fill='#00c800'/>"
    laughs = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 20}'>" for n in range(1, 9))
    for head, is_shown in (("", True), (f"<!DOCTYPE svg [<!ENTITY l0 'ha'>{laughs}]>", False)):
        text = "" if is_shown else "<text>&l8;</text>"
        svg = f"<svg xmlns='http://www.w3.org/2000/svg' width='200' height='200'>{inner}{text}</svg>"
        source = base64.b64encode(f"<?xml version='1.0'?>{head}{svg}".encode()).decode()
        content = laid(INVOICE % f"<img src='data:image/svg+xml;base64,{source}'>")
        assert has(content, (0, 200, 0)) is is_shown
        assert "root:" not in words(content)


@pytest.mark.rule("B3")
def test_what_is_wider_than_paper_is_not_cut_off() -> None:
    cells = "".join(f"<td style='width: 160px'>Kolom{number}</td>" for number in range(9))
    content = laid(f"<h1>Factuur</h1><table style='width: 1440px; table-layout: fixed'><tr>{cells}</tr></table>")
    (page,) = glance(content, 60.0)
    placed = {word.text: word.box for word in page.words}
    assert all(placed[f"Kolom{number}"].x1 <= page.width for number in range(9))


@pytest.mark.rule("B1")
def test_scripts_do_nothing_and_hidden_text_falls_back_to_plain_pages() -> None:
    content = laid(INVOICE % "<script>document.body.innerHTML = ''</script>")
    assert "Consultancy" in words(content)
    hidden = f"<div style='display: none'>{'woord ' * 50}</div><p>Factuur</p>"
    assert web_pdf(hidden, {}) is None
    assert "woord" in words(file_pdf(hidden.encode(), "text/html"))


@pytest.mark.rule("B9")
@pytest.mark.parametrize("failing", ["slow", "large", "raises", "dies"])
def test_what_cannot_be_laid_out_becomes_plain_pages(failing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def rendered(*_: object) -> bytes:
        if failing == "slow":
            time.sleep(60)
        if failing == "large":
            bytearray(2_000_000_000)
        if failing == "dies":
            os.kill(os.getpid(), signal.SIGKILL)
        raise ValueError

    monkeypatch.setattr(webpage, "SECONDS", 0.5)
    monkeypatch.setattr(webpage, "_rendered", rendered)
    begin = time.monotonic()
    part = settle(Part(0, "f.html", "text/html", "text/html", PartRole.DOCUMENT, (INVOICE % "").encode()))
    assert time.monotonic() - begin < 5
    assert part.pdf is not None
    assert words(part.pdf) == "Factuur 2026-0017 Consultancy 100,00 Totaal te betalen € 121,00"


@pytest.mark.rule("B9")
@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 20_000 + "Factuur 5",
        "<table>" + "<tr><td>" * 3_000 + "Factuur 5",
        "<style>@page { size: 1000000in 1000000in }</style><p>Factuur 5</p>",
        "<p style='margin-top: 90000000px'>Factuur 5</p>",
        "<p style='font-size: 90000px'>Factuur 5</p>",
        "<p style='counter-increment: a 99999999999'>Factuur 5</p>",
    ],
    ids=["deep", "tables", "page", "far", "huge letters", "counter"],
)
def test_odd_pages_end_as_pages_within_the_limits(markup: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webpage, "SECONDS", 1.5)
    made = settle(Part(0, "f.html", "text/html", "text/html", PartRole.DOCUMENT, markup.encode()))
    assert made.pdf is not None
    assert "Factuur" in words(made.pdf)


@pytest.mark.rule("B9")
def test_a_page_that_shows_nothing_by_itself_says_so() -> None:
    for markup in ("<html><script>show()</script></html>", "<img src='https://x.example/factuur.png'>"):
        with pytest.raises(Refused, match="nothing-shown"):
            file_pdf(markup.encode(), "text/html")


@pytest.mark.rule("B1")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_files_of_text_in_whatever_encoding(encoding: str) -> None:
    assert words(file_pdf("Prijs: € 121,00 café".encode(encoding), "text/plain")) == "Prijs: € 121,00 café"


@pytest.mark.rule("B1")
def test_a_web_page_in_the_encoding_it_names() -> None:
    content = '<meta charset="iso-8859-15"><p>Prijs: € 121,00'.encode("iso-8859-15")
    assert words(file_pdf(content, "text/html")) == "Prijs: € 121,00"


@pytest.mark.rule("B3")
def test_very_long_text_says_where_it_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodypage, "LONGEST_PAGES", 100)
    shown = words(text_pdf("woord " * 100))
    assert shown.count("woord") == 16
    assert shown.endswith(CUT)
    assert LONGEST_PAGES > 300_000


@pytest.mark.rule("B3", "B5")
def test_beside_a_spreadsheet_the_body_is_a_document_only_with_the_words_of_an_invoice() -> None:
    for text, role in (("Factuur 17, totaal 121,00", PartRole.DOCUMENT), ("Hierbij de uren.", PartRole.BODY)):
        mail = letter(text)
        attach(mail, b"a;b\r\n1;2\r\n3;4\r\n", "uren.csv", "text/csv")
        assert [part.role for part in opened(mail).parts] == [role, PartRole.ANNEX]


def _children() -> set[str]:
    return {child for task in Path("/proc/self/task").iterdir() for child in (task / "children").read_text().split()}


def test_work_aside_leaves_nothing_behind() -> None:
    before, children = set(os.listdir("/proc/self/fd")), _children()
    assert aside(lambda: b"x" * 3_000_000, 10.0, 100_000_000, 5_000_000) == b"x" * 3_000_000
    assert aside(lambda: b"x" * 6_000_000, 10.0, 100_000_000, 5_000_000) is None
    assert aside(lambda: b"", 10.0, 100_000_000, 5_000_000) == b""
    assert set(os.listdir("/proc/self/fd")) == before
    assert _children() == children


@pytest.mark.rule("B1")
def test_an_ordinary_mail_does_not_load_the_layout_engine() -> None:
    mail = html_mail(INVOICE % "")
    attach(mail, pdf(), "f.pdf", "application/pdf")
    code = (
        "import sys; from scanstraat.mailbox import settling, unpacking; settling.preload();"
        "parts = unpacking.unpack(sys.stdin.buffer.read()).parts; [settling.settle(part) for part in parts];"
        "sys.exit('weasyprint' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], input=mail.as_bytes(), check=False).returncode == 0
