"""The PDF of a delivery: the document's own pages, searchable, and the overview page of its mail at the end (F1, F2, F5)."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary

from scanstraat.delivery.attaching import Annex, attach
from scanstraat.delivery.characters import one_line
from scanstraat.delivery.overview_page import overview_pdf
from scanstraat.delivery.source_pages import draw_forms, foreign_bytes, hidden_layers, take_page
from scanstraat.delivery.text_layer import add_text_layers
from scanstraat.errors import Inconsistent
from scanstraat.model.delivery import Overview
from scanstraat.model.page import Page


@dataclass(frozen=True, slots=True)
class SourcePages:
    """Pages to take from one PDF, in the order given: `Page.number` says which; the words of scans become their text layer.

    `turns` is how far each is turned from how it was read, clockwise in degrees; empty where none is.
    """

    pdf: bytes
    pages: tuple[Page, ...]
    turns: tuple[int, ...] = ()


def compose_pdf(
    sources: tuple[SourcePages, ...], overview: Overview | None, title: str, annexes: tuple[Annex, ...] = ()
) -> bytes:
    """One PDF of the pages of `sources`, then the overview page(s) where `overview` is given, `annexes` inside as files.

    The same input gives the same octets, so that a stage may run twice. Takes foreign bytes: call it in a child process.
    Raises `Refused` (`pdf-broken`, `pdf-encrypted`, `pdf-page`) where a page cannot be taken, and `Inconsistent` where there is
    nothing to compose.
    """
    if overview is None and not any(source.pages for source in sources):
        raise Inconsistent("pdf-empty", "a PDF was asked for without any page.", "Look at how the document was cut.")
    with ExitStack() as files:
        result = files.enter_context(pikepdf.new())
        with foreign_bytes():
            _take(result, sources, files)
        if overview is not None:
            result.pages.extend(files.enter_context(pikepdf.open(BytesIO(overview_pdf(overview)))).pages)
        attach(result, annexes)
        _describe(result, title)
        file = BytesIO()
        with foreign_bytes():
            result.save(file, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return file.getvalue()


def preload() -> None:
    """Compose a first, small one, so that every later one in this process or forked off it finds all in memory."""
    # A missing font is told, with its next step, to whoever asks for the first real page.
    with suppress(Inconsistent):
        compose_pdf((), Overview("", "", datetime(2026, 1, 1, tzinfo=UTC), "", ""), "")


def _take(result: pikepdf.Pdf, sources: tuple[SourcePages, ...], files: ExitStack) -> None:
    taken: list[tuple[pikepdf.Page, Page]] = []
    groups, off = Array(), Array()
    some_left_behind = False
    for wanted in sources:
        # Kept open until the result is saved: its streams are copied only then.
        source = files.enter_context(pikepdf.open(BytesIO(wanted.pdf)))
        draw_forms(source)
        some_left_behind |= len(source.pages) > len(wanted.pages)
        for page in wanted.pages:
            result.pages.append(take_page(source, page.number))
            taken.append((result.pages[-1], page))
        if layers := hidden_layers(source):
            groups.extend(_copied(result, layers[0]))
            off.extend(_copied(result, layers[1]))
    if some_left_behind:
        result.remove_unreferenced_resources()
    add_text_layers(result, tuple(taken))
    # After that: words stand where they were read, and turn with their page.
    for (target, _), degrees in zip(taken, _turns(sources), strict=True):
        if degrees:
            target.rotate(degrees, relative=True)
    if len(groups):
        result.Root.OCProperties = Dictionary(OCGs=groups, D=Dictionary(OFF=off))


def _turns(sources: tuple[SourcePages, ...]) -> list[int]:
    return [degrees for source in sources for degrees in source.turns or (0,) * len(source.pages)]


def _copied(result: pikepdf.Pdf, layers: pikepdf.Object) -> list[pikepdf.Object]:
    return [result.copy_foreign(layer) for layer in layers.as_list() if layer.is_indirect]


def _describe(result: pikepdf.Pdf, title: str) -> None:
    result.docinfo["/Title"] = one_line(title)
    result.docinfo["/Producer"] = "Scanstraat"
    result.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
