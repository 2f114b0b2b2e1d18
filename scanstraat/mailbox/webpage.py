"""HTML laid out as pages: bodies that are the invoice, and web pages that are attached (B1, B3).

WeasyPrint runs no scripts. It gets nothing but what came in the mail: pictures by `cid:` (RFC 2392) and `data:` (RFC 2397); what
lies elsewhere is left out. It is loaded in a process of its own each time, since ordinary mails have no use for its 45 MB.
"""

from __future__ import annotations

import base64
import ctypes.util
import io
import logging
import re
from collections.abc import Mapping
from urllib.parse import unquote, unquote_to_bytes

import pypdfium2

from scanstraat.mailbox.aside import aside
from scanstraat.mailbox.bodytext import html_text
from scanstraat.mailbox.filetype import PICTURE_TYPES, SVG, told_type
from scanstraat.mailbox.pdfcheck import check_pdf
from scanstraat.mailbox.pictures import picture_size

SECONDS = 20.0
MEMORY_OCTETS = 400_000_000
_OUTPUT_OCTETS = 50_000_000
LONGEST_MARKUP = 3_000_000  # characters laid out; what is longer becomes plain text
MOST_PIXELS = 16_000_000  # of one picture in the page
MOST_PAGES = 200
_SHOWN_WORDS = 0.5  # of the words must be on the pages, or the layout hid them
_A4 = (794, 1123)  # pixels of CSS
_WIDEST = 3 * _A4[0]
_STYLE = "@page {{ size: {width}px {height}px; margin: 38px }} img {{ max-width: 100% }} pre {{ white-space: pre-wrap }}"
_DATA = re.compile(
    r"data: (?P<type> [^;,]* ) (?P<parameters> (?: ; [^;,]* )* ) , (?P<content> .* )", re.VERBOSE | re.DOTALL | re.I
)
_WORD = re.compile(r"\w+", re.VERBOSE)


def web_pdf(markup: str, pictures: Mapping[str, bytes]) -> bytes | None:
    """The HTML as PDF, its text selectable; None where it cannot be laid out within its limits, or hides what it says.

    `pictures` are those of the same mail by Content-ID.
    """
    if len(markup) > LONGEST_MARKUP:
        return None
    return aside(lambda: _laid_out(markup, pictures), SECONDS, MEMORY_OCTETS, _OUTPUT_OCTETS)


def _laid_out(markup: str, pictures: Mapping[str, bytes]) -> bytes:
    pdf = _rendered(markup, pictures)
    if check_pdf(pdf) > MOST_PAGES:
        raise ValueError("too many pages")
    expected, shown = len(_WORD.findall(html_text(markup))), len(_WORD.findall(_text(pdf)))
    if shown < _SHOWN_WORDS * expected or (not shown and _is_blank(pdf)):
        raise ValueError("the layout hides what there is")
    return pdf


def _rendered(markup: str, pictures: Mapping[str, bytes]) -> bytes:
    """Laid out on A4, or on larger paper of that shape where something is wider, so that nothing is cut off."""
    # Its libraries are found by their names; else a compiler would be run to look for each, half a second in all.
    ctypes.util.find_library = _nowhere
    import weasyprint
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Fetcher(URLFetcher):  # type: ignore[misc]
        """Hands out what came in the mail."""

        def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:  # noqa: ARG002
            """The picture that `url` names."""
            content, media_type = _fetched(url, pictures)
            return URLFetcherResponse(url, content, {"Content-Type": media_type})

    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    page = weasyprint.HTML(string=markup, url_fetcher=Fetcher(), base_url="")

    def on_paper(width: int) -> weasyprint.Document:
        style = weasyprint.CSS(string=_STYLE.format(width=width, height=width * _A4[1] // _A4[0]))
        return page.render(stylesheets=[style], presentational_hints=True)

    laid = on_paper(_A4[0])
    widest = max((_right_end(sheet) for sheet in laid.pages), default=0.0)
    if widest > _A4[0]:
        laid = on_paper(min(int(widest) + 40, _WIDEST))
    target = io.BytesIO()
    laid.write_pdf(target)
    return target.getvalue()


def _nowhere(name: str) -> str | None:  # noqa: ARG001
    return None


def _right_end(sheet: object) -> float:
    """Where the text furthest to the right ends, in pixels."""
    waiting, furthest = [sheet._page_box], 0.0  # type: ignore[attr-defined]
    while waiting:
        box = waiting.pop()
        waiting.extend(getattr(box, "children", ()))
        if getattr(box, "text", "") and isinstance(box.width, int | float):
            furthest = max(furthest, box.position_x + box.width)
    return furthest


def _fetched(url: str, pictures: Mapping[str, bytes]) -> tuple[bytes, str]:
    """Content and type of what `url` names, if the mail has it and it is a picture that can be borne or a style sheet."""
    if url.lower().startswith("cid:"):
        content = pictures[unquote(url[4:])]
        return content, _borne(content)
    found = _DATA.fullmatch(url)
    if not found:
        raise ValueError("nothing is fetched from elsewhere")
    content = unquote_to_bytes(found["content"])
    if found["parameters"].lower().endswith(";base64"):
        content = base64.b64decode(content + b"==")
    if found["type"].lower() == "text/css":
        return content, "text/css"
    return content, _borne(content)


def _borne(content: bytes) -> str:
    """The type of a picture that is no larger than can be borne; raises `ValueError` for anything else."""
    told = told_type(content)
    if told == SVG:
        return told
    width, height = picture_size(content, told)
    if told not in PICTURE_TYPES or not 0 < width * height <= MOST_PIXELS:
        raise ValueError("no picture, or too large a one")
    return told


def _text(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


def _is_blank(pdf: bytes) -> bool:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return all(page.render(scale=0.2, grayscale=True).to_pil().getextrema() == (255, 255) for page in document)
    finally:
        document.close()
