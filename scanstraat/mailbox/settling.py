"""Parts made ready for reading: PDFs checked, pictures and texts converted. Runs in a child process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pypdfium2 import PdfiumError

from scanstraat.errors import Refused, ScanstraatError
from scanstraat.mailbox.bodypage import file_pdf, text_pdf
from scanstraat.mailbox.filetype import HTML, PDF, PICTURE_TYPES, TEXT
from scanstraat.mailbox.pdfcheck import DAMAGE, check_pdf, examined
from scanstraat.mailbox.pdfforms import with_values_drawn
from scanstraat.mailbox.pdfrepair import REPAIRABLE, repaired
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
    """A PDF as it is where it can be read so; else with a copy, repaired or with the values of its form drawn."""
    try:
        built, found = None, examined(part.content)
    except Refused as error:
        mended = repaired(part.content) if error.code in REPAIRABLE else None
        if mended is None:
            raise
        built, found = mended
    if found.form.is_undrawn:
        built = _drawn(part.content if built is None else built, found.pages) or built
    return part if built is None else replace(part, pdf=built)


def _drawn(pdf: bytes, pages: int) -> bytes | None:
    """The PDF with its form drawn; None where that fails, since the pages can be read without."""
    try:
        drawn = with_values_drawn(pdf)
        return drawn if check_pdf(drawn) == pages else None
    except (Refused, PdfiumError, *DAMAGE):
        return None


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
