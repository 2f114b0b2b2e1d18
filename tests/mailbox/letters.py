"""Builders of mails and files for the tests of opening; every octet is made here."""

from __future__ import annotations

import io
from email.message import EmailMessage

import docx
import pikepdf
from PIL import Image, ImageDraw

from scanstraat.mailbox.pictures import load_readers
from scanstraat.mailbox.unpacking import unpack
from scanstraat.model.mail import OpenedMail, Part, PartRole


def letter(text: str = "Hierbij de factuur.") -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "Zoë Supplier <zoe@supplier.example>"
    mail["To"] = "facturen@jansen.example"
    mail["Subject"] = "Factuur 2026-17"
    mail["Date"] = "Tue, 31 Mar 2026 23:30:00 +0200"
    mail["Message-ID"] = "<1@supplier.example>"
    mail.set_content(text)
    return mail


def attach(mail: EmailMessage, content: bytes, name: str, declared: str = "application/octet-stream") -> None:
    maintype, subtype = declared.split("/")
    mail.add_attachment(content, maintype=maintype, subtype=subtype, filename=name)


def pdf(pages: int = 1, size: tuple[float, float] = (595, 842), encryption: pikepdf.Encryption | None = None) -> bytes:
    target = io.BytesIO()
    with pikepdf.new() as document:
        for _ in range(pages):
            document.add_blank_page()
            document.pages[-1].MediaBox = pikepdf.Array([0, 0, *size])
        document.save(target, encryption=encryption or False)
    return target.getvalue()


def picture(width: int, height: int, kind: str = "JPEG", mode: str = "RGB", **options: object) -> bytes:
    """White paper with a black corner at the top left, so that a test sees which way up it is."""
    load_readers()
    drawn = Image.new("RGB", (width, height), "white")
    ImageDraw.Draw(drawn).rectangle((0, 0, width // 4, height // 4), fill="black")
    target = io.BytesIO()
    drawn.convert(mode).save(target, kind, **options)
    return target.getvalue()


def word(text: str = "Factuur 2026-17, totaal 121,00 euro") -> bytes:
    document, target = docx.Document(), io.BytesIO()
    document.add_paragraph(text)
    document.save(target)
    return target.getvalue()


def opened(mail: EmailMessage | bytes) -> OpenedMail:
    return unpack(mail if isinstance(mail, bytes) else mail.as_bytes())


def files(mail: OpenedMail) -> tuple[Part, ...]:
    """The parts but the mail's own text, also where that is the document."""
    return tuple(part for part in mail.parts if part.role is not PartRole.BODY and not _is_text_document(part))


def _is_text_document(part: Part) -> bool:
    return part.role is PartRole.DOCUMENT and part.reason.startswith("text of the mail")
