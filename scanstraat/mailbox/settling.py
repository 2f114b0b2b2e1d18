"""Parts made ready for reading: PDFs checked, pictures and texts converted. Runs in a child process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from scanstraat.errors import Refused, ScanstraatError
from scanstraat.mailbox.bodypage import file_pdf, text_pdf
from scanstraat.mailbox.filetype import HTML, PDF, PICTURE_TYPES, TEXT
from scanstraat.mailbox.pdfcheck import check_pdf
from scanstraat.mailbox.pictures import load_readers, picture_pdf
from scanstraat.model.mail import Part, PartRole, Problem


def preload() -> None:
    """Load Pillow's readers and our font, once, in the warm process."""
    load_readers()
    text_pdf("")


def settle(part: Part) -> Part:
    """The part made ready, or UNREADABLE with the reason; others are returned as they are."""
    step = _STEPS.get(part.media_type)
    if part.role is not PartRole.DOCUMENT or step is None or part.pdf is not None:
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


def _pictured(part: Part) -> Part:
    return replace(part, pdf=picture_pdf(part.content, part.media_type))


def _laid_out(part: Part) -> Part:
    return replace(part, pdf=file_pdf(part.content, part.media_type))


_STEPS: dict[str, Callable[[Part], Part]] = {
    PDF: _checked,
    TEXT: _laid_out,
    HTML: _laid_out,
    **dict.fromkeys(PICTURE_TYPES, _pictured),
}
