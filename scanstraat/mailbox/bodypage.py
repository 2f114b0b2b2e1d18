"""Text and HTML as pages to be read and delivered: a body that is all there is of an invoice, and such files (B1, B3)."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas

from scanstraat.errors import Refused
from scanstraat.mailbox.bodytext import LONGEST_BODY, body_text, file_text, html_text, markup_of, tells_invoice
from scanstraat.mailbox.filetype import HTML, PICTURE_TYPES, told_type
from scanstraat.mailbox.leaf import Leaf
from scanstraat.mailbox.webpage import web_pdf
from scanstraat.model.mail import Part, PartRole

LONGEST_PAGES = 400_000  # characters of text made into pages, 130 of them
CUT = "[The text goes on; it is cut here, and kept whole in the mail.]"
_FONT_FILES = (Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"), Path("Vera.ttf"))  # Debian's; reportlab's own
_FONT = "MailBody"
_SIZE, _LEADING, _MARGIN = 10, 13, 56  # points
_LINES = int((A4[1] - 2 * _MARGIN) // _LEADING)
_WORD = re.compile(r"\S+", re.VERBOSE)
# Of two alternatives the laid-out one is the document if it has at least this share of the other's words.
_SAME_WORDS = 0.6


def with_document(found: Sequence[Leaf], parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts; where there is nothing but text, the longest text is the document (B1, B3).

    Beside a file without pages, such as a spreadsheet, it has to have the words of an invoice.
    """
    roles = {part.role for part in parts}
    texts = {at: body_text(found[at]) for at, part in enumerate(parts) if part.role is PartRole.BODY}
    at = _chosen(found, texts)
    if roles & {PartRole.DOCUMENT, PartRole.UNREADABLE} or at < 0 or not texts[at]:
        return parts
    if PartRole.ANNEX in roles and not tells_invoice(texts[at]):
        return parts
    reason = "text of the mail, which is all there is"
    pdf = _body_pdf(found[at], texts[at], found)
    document = replace(parts[at], name=found[at].name, role=PartRole.DOCUMENT, pdf=pdf, reason=reason)
    return (*parts[:at], document, *parts[at + 1 :])


def _chosen(found: Sequence[Leaf], texts: dict[int, str]) -> int:
    """The body with the most words, or the laid-out alternative to it; -1 where there is none."""
    words = {at: sum(1 for _ in _WORD.finditer(text)) for at, text in texts.items()}
    most = max(words, key=lambda at: (words[at], found[at].declared == HTML), default=-1)
    if most < 0 or not found[most].alternatives:
        return most
    beside = (at for at in words if found[at].alternatives == found[most].alternatives and found[at].declared == HTML)
    return next((at for at in beside if words[at] >= _SAME_WORDS * words[most]), most)


def _body_pdf(leaf: Leaf, text: str, found: Sequence[Leaf]) -> bytes:
    """The body with its layout and the pictures it shows where it has the words of an invoice, else its words on plain pages."""
    laid = None
    if len(leaf.content) > LONGEST_BODY:
        text = f"{text}\n\n{CUT}"
    elif leaf.declared == HTML and tells_invoice(text):
        shown = {other.content_id: other.content for other in found if other.content_id}
        pictures = {name: content for name, content in shown.items() if told_type(content) in PICTURE_TYPES}
        laid = web_pdf(markup_of(leaf), pictures)
    return text_pdf(text) if laid is None else laid


def file_pdf(content: bytes, media_type: str) -> bytes:
    """An attached text or web page as PDF; raises `Refused` (`nothing-shown`) for a page that shows nothing by itself."""
    text = file_text(content)
    if media_type != HTML:
        return text_pdf(text)
    laid = web_pdf(text, {}) if len(content) <= LONGEST_BODY else None
    words = html_text(text)
    if laid is None and not words:
        step = "Open it in a browser set apart, or ask the sender for a PDF."
        raise Refused("nothing-shown", "The web page shows nothing without scripts or pictures from elsewhere.", step)
    return text_pdf(words) if laid is None else laid


def text_pdf(text: str) -> bytes:
    """`text` on pages of A4, its words and lines as they are; the same octets for the same text."""
    if len(text) > LONGEST_PAGES:
        text = f"{text[:LONGEST_PAGES]}\n\n{CUT}"
    _register_font()
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4, invariant=True)
    for lines in _pages(text):
        page = canvas.beginText(_MARGIN, A4[1] - _MARGIN - _SIZE)
        page.setFont(_FONT, _SIZE, _LEADING)
        for line in lines:
            page.textLine(line)
        canvas.drawText(page)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def _pages(text: str) -> Iterator[tuple[str, ...]]:
    width = A4[0] - 2 * _MARGIN
    lines = [piece for line in text.split("\n") for piece in simpleSplit(line.expandtabs(4), _FONT, _SIZE, width) or [""]]
    for begin in range(0, max(1, len(lines)), _LINES):
        yield tuple(lines[begin : begin + _LINES])


@cache
def _register_font() -> None:
    for path in _FONT_FILES:
        try:
            pdfmetrics.registerFont(TTFont(_FONT, str(path)))
        except TTFError:
            continue
        return
