"""Files without pages, such as spreadsheets, put with the invoices they belong to (B3, B5): each with exactly one document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from scanstraat.model.document import Document, Kind
from scanstraat.pipeline.cutting import SplitPart
from scanstraat.pipeline.pagegroups import SHORTEST_NUMBER, runs


def with_annexes(documents: tuple[Document, ...], numbers: Sequence[str], files: tuple[SplitPart, ...]) -> tuple[Document, ...]:
    """The documents with the files that are annexes to them; those that are to none are a document for a person to look at.

    `numbers` are those of the documents, comparable; empty for what has none or is no invoice. A file follows the invoice that
    its name names, else the one before it in the mail, else the only one there is.
    """
    places = {file.index: _place(documents, numbers, file) for file in files}
    given = tuple(
        replace(document, annexes=(*document.annexes, *(i for i, place in places.items() if place == document.ordinal)))
        for document in documents
    )
    loose = tuple(file for file in files if places[file.index] is None)
    if not loose:
        return given
    in_order = sorted((*given, _loose(loose)), key=_begin)
    return tuple(replace(document, ordinal=ordinal) for ordinal, document in enumerate(in_order))


def _begin(document: Document) -> int:
    """The part it begins with."""
    return document.pages[0].part if document.pages else document.part or 0


def _place(documents: tuple[Document, ...], numbers: Sequence[str], file: SplitPart) -> int | None:
    invoices = tuple(document for document in documents if document.is_invoice and document.pages)
    before = tuple(document.ordinal for document in invoices if document.pages[0].part < file.index)
    written = runs(file.name)
    named = tuple(d.ordinal for d in invoices if len(numbers[d.ordinal]) >= SHORTEST_NUMBER and numbers[d.ordinal] in written)
    if named:
        return before[-1] if before and before[-1] in named else named[0]
    if before:
        return before[-1]
    return invoices[0].ordinal if len(invoices) == 1 else None


def _loose(files: tuple[SplitPart, ...]) -> Document:
    names = ", ".join(f"“{file.name}”" for file in files)
    problem = f"{names}: kept as it came, since it has no pages to read, and no invoice of the mail is the one it belongs to"
    return Document(0, Kind.UNREADABLE, 1.0, (), (), problem, files[0].index, tuple(file.index for file in files))
