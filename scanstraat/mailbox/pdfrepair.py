"""PDFs with damage that takes nothing away: a lost table of places, a cut-off end, rubbish around. Built anew by qpdf or pdfium.

A repair counts only where both programs agree on it afterwards, no page is lost, and nothing that the pages refer to is missing:
half an invoice shall not be taken for a whole one (B3, B9).
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pikepdf
import pypdfium2

from scanstraat.errors import Refused
from scanstraat.mailbox.pdfcheck import DAMAGE, Examined, examined, pages_as_rendered

# What can be told of a PDF that damage may be the cause of.
REPAIRABLE = frozenset({"pdf-broken", "pdf-empty"})
_MOST_OBJECTS = 200_000
_REFERENCE = re.compile(rb"\b (?P<number> \d{1,9} ) [ ] (?P<generation> \d{1,5} ) [ ] R \b", re.VERBOSE)
_LOST = ("treating stream as empty", "unable to recover", "Pages tree includes")  # qpdf's words for what is gone
_Key = tuple[int, int]


def repaired(content: bytes) -> tuple[bytes, Examined] | None:
    """The PDF built anew and examined, or None where something of it is lost."""
    least = _pages_seen(content)
    for build in _BUILDERS:
        try:
            built = build(content)
            found = None if built is None else examined(built)
        except (Refused, *DAMAGE, pypdfium2.PdfiumError):
            continue
        if built is not None and found is not None and found.pages >= least:
            return built, found
    return None


def _pages_seen(content: bytes) -> int:
    try:
        return pages_as_rendered(content)
    except Refused:
        return 1


def _by_qpdf(content: bytes) -> bytes | None:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        if not _is_whole(pdf):
            return None
        target = io.BytesIO()
        pdf.save(target, deterministic_id=True)
        lost = any(words in str(warning) for warning in pdf.get_warnings() for words in _LOST)
    return None if lost else target.getvalue()


def _by_pdfium(content: bytes) -> bytes | None:
    document = pypdfium2.PdfDocument(content)
    try:
        target = io.BytesIO()
        document.save(target)
    finally:
        document.close()
    with pikepdf.open(io.BytesIO(target.getvalue())) as pdf:
        return target.getvalue() if _is_whole(pdf) else None


def _is_whole(pdf: pikepdf.Pdf) -> bool:
    """Whether as many pages are there as there should be, and all that anything reachable from the catalogue refers to."""
    if pdf.Root.Pages.get(pikepdf.Name.Count) != len(pdf.pages):
        return False
    waiting = [pdf.Root.objgen]
    seen = set(waiting)
    while waiting:
        one: object = pdf.get_object(waiting.pop())
        if one is None:
            return False
        for key in _references(one):
            if key not in seen:
                seen.add(key)
                waiting.append(key)
        if len(seen) > _MOST_OBJECTS:
            return False
    return True


def _references(one: object) -> list[_Key]:
    if not isinstance(one, pikepdf.Object):
        return []
    said = one.stream_dict if isinstance(one, pikepdf.Stream) else one
    found = _REFERENCE.finditer(said.unparse(resolved=True))
    return [(int(match["number"]), int(match["generation"])) for match in found]


_BUILDERS: tuple[Callable[[bytes], bytes | None], ...] = (_by_qpdf, _by_pdfium)
