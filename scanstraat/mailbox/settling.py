"""Parts made ready for reading: PDFs checked, pictures converted. Runs in a child process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PIL import Image

from scanstraat.errors import Refused, ScanstraatError
from scanstraat.mailbox.bodypage import text_pdf
from scanstraat.mailbox.filetype import JPEG, PDF, PNG
from scanstraat.mailbox.pdfcheck import check_pdf
from scanstraat.mailbox.pictures import picture_pdf
from scanstraat.mailbox.unpacking import Unpacked, unpack
from scanstraat.model.mail import Part, PartRole, Problem


def preload() -> None:
    """Load Pillow's readers and our font, once, in the warm process."""
    Image.preinit()
    text_pdf("")


def unpack_and_settle(raw: bytes) -> Unpacked:
    """The mail unpacked, and what needs no program outside made ready."""
    mail = unpack(raw)
    return Unpacked.of(replace(mail, parts=tuple(settle(part) for part in mail.parts)))


def unpack_only(raw: bytes) -> Unpacked:
    """The mail unpacked, for when one of its parts is more than a parser can bear."""
    return Unpacked.of(unpack(raw))


def settle(part: Part) -> Part:
    """The part made ready, or UNREADABLE with the reason; others are returned as they are."""
    step = _STEPS.get(part.media_type)
    if part.role is not PartRole.DOCUMENT or step is None:
        return part
    try:
        return step(part)
    except Refused as error:
        return unreadable(part, error)


def unreadable(part: Part, error: ScanstraatError) -> Part:
    """The part laid before a person, its content kept (B9)."""
    problem = Problem(error.code, f"{error.message} {error.next_step}".rstrip())
    return replace(part, role=PartRole.UNREADABLE, pdf=None, problem=problem)


def _checked(part: Part) -> Part:
    check_pdf(part.content)
    return part


def _converted(part: Part) -> Part:
    return replace(part, pdf=picture_pdf(part.content, part.media_type))


_STEPS: dict[str, Callable[[Part], Part]] = {PDF: _checked, JPEG: _converted, PNG: _converted}
