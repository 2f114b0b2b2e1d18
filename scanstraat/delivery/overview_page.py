"""The overview page of a mail: who sent it to whom, when, with what words and files (F2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from io import BytesIO
from itertools import chain, islice
from pathlib import Path

from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas

from scanstraat.delivery.characters import legal, one_line
from scanstraat.errors import Inconsistent
from scanstraat.model.delivery import Overview
from scanstraat.model.mail import Origin

FONT_FILE = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
MOST_PAGES = 20
MOST_ATTACHMENTS = 200
MOST_ORIGINS = 20
CUT = "The text goes on; it is cut here."
_FONT = "Overview"
_TITLE_SIZE, _SIZE, _LEADING = 14.0, 9.0, 12.5
_MARGIN, _LABELS = 50.0, 80.0
_GRAY, _BLACK = 0.4, 0.0
_LINES_A_VALUE = 12
_LINES_A_PAGE = int((A4[1] - 2 * _MARGIN - 40) // _LEADING)

Row = tuple[str, str, bool]  # label, text, and whether the text starts at the margin


def overview_pdf(overview: Overview) -> bytes:
    """The overview of a mail as a PDF of at most `MOST_PAGES` pages; a longer text is cut, and says so.

    Raises `Inconsistent` where the font is missing.
    """
    _register_font()
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4, invariant=1, pageCompression=1)
    rows = list(islice(_rows(overview), MOST_PAGES * _LINES_A_PAGE + 1))
    if len(rows) > MOST_PAGES * _LINES_A_PAGE:
        rows[-2:] = [("", CUT, True)]
    for start in range(0, len(rows), _LINES_A_PAGE):
        _draw_page(canvas, rows[start : start + _LINES_A_PAGE], start // _LINES_A_PAGE + 1)
    before, rl_config.useA85 = rl_config.useA85, 0  # octets as they are: a quarter less
    try:
        canvas.save()
    finally:
        rl_config.useA85 = before  # one setting for all of ReportLab in this process
    return file.getvalue()


def wrapped(line: str, width: float) -> Iterator[str]:
    """`line` in pieces of at most `width` points, cut at blanks where there are any, else anywhere."""
    widths = _register_font()
    start, blank, used = 0, -1, 0.0
    for place, character in enumerate(line):
        used += widths.get(ord(character), widths[0]) * _SIZE / 1000
        if used > width and place > start:
            end = blank if blank > start else place
            yield line[start:end].rstrip()
            start = end + (line[end] == " ")
            blank, used = -1, sum(widths.get(ord(c), widths[0]) for c in line[start : place + 1]) * _SIZE / 1000
        if character == " ":
            blank = place
    yield line[start:].rstrip()


def _rows(overview: Overview) -> Iterator[Row]:
    yield from _labelled("Sender", overview.sender)
    yield from _labelled("Recipient", overview.recipient)
    yield from _labelled("Sent", _printed(overview.sent_at))
    yield from _labelled("Subject", overview.subject)
    for origin in overview.origins[:MOST_ORIGINS]:
        yield from _forwarded(origin)
    names = overview.attachments[:MOST_ATTACHMENTS]
    more = len(overview.attachments) - len(names)
    files = (*names, f"and {more} more") if more else names or ("none",)
    yield from chain.from_iterable(_labelled("" if i else "Attachments", name) for i, name in enumerate(files))
    yield "", "", True
    for line in overview.text.expandtabs(4).splitlines():
        yield from (("", piece, True) for piece in wrapped(legal(line), A4[0] - 2 * _MARGIN))


def _forwarded(origin: Origin) -> Iterator[Row]:
    """What was forwarded: who wrote it, when, and its subject, as far as it says so (A5)."""
    told = (("Forwarded from", origin.sender), ("sent", _printed(origin.sent_at) if "T" in origin.sent else origin.sent))
    yield from chain.from_iterable(_labelled(label, value) for label, value in (*told, ("subject", origin.subject)) if value)


def _labelled(label: str, value: str) -> Iterator[Row]:
    pieces = islice(wrapped(one_line(value), A4[0] - 2 * _MARGIN - _LABELS), _LINES_A_VALUE)
    yield from ((label if first == 0 else "", piece, False) for first, piece in enumerate(pieces))


def _printed(at: datetime | None) -> str:
    return f"{at.replace(tzinfo=None).isoformat(' ', 'seconds')} {at:%Z}".rstrip() if at else ""


def _draw_page(canvas: Canvas, rows: list[Row], number: int) -> None:
    top = A4[1] - _MARGIN
    canvas.setFillGray(_BLACK)
    canvas.setFont(_FONT, _TITLE_SIZE)
    canvas.drawString(_MARGIN, top - _TITLE_SIZE, "Overview of the mail")
    canvas.setFont(_FONT, _SIZE)
    canvas.setFillGray(_GRAY)
    canvas.drawRightString(A4[0] - _MARGIN, _MARGIN / 2, f"{number}")
    first = top - 40
    places = [(row, first - index * _LEADING) for index, row in enumerate(rows)]
    for (label, _, _), y in places:
        if label:
            canvas.drawString(_MARGIN, y, label)
    canvas.setFillGray(_BLACK)
    for (_, text, at_margin), y in places:
        if text:
            canvas.drawString(_MARGIN if at_margin else _MARGIN + _LABELS, y, text)
    canvas.showPage()


@cache
def _register_font() -> dict[int, float]:
    """Make the font known and hand out its widths by code point, in thousandths; 0 stands for a missing glyph."""
    try:
        font = TTFont(_FONT, str(FONT_FILE))
    except (TTFError, OSError) as error:
        raise Inconsistent(
            "font-missing", f"{FONT_FILE} cannot be read: {error}.", "Install the package fonts-dejavu-core."
        ) from error
    pdfmetrics.registerFont(font)
    return {**font.face.charWidths, 0: font.face.defaultWidth}
