"""Files inside PDFs: attached to the whole (ISO 32000-1, 7.11.4), to a place on a page (12.5.6.15), or a portfolio (12.3.5)."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name

from scanstraat.mailbox.containers.opened import Budget, Inner
from scanstraat.mailbox.filetype import SHEET_TYPES, SLIDE_TYPES, WORD_TYPES, told_type
from scanstraat.model.mail import Problem

# Octets one of which is in every PDF with files inside, unless they are in compressed objects.
_SIGNS = (b"/EmbeddedFile", b"/FileAttachment", b"/Collection", b"/ObjStm")
_CHUNK = 1 << 16
_DEEPEST, _MOST_NODES, _MOST_PAGES, _MOST_ANNOTATIONS = 50, 5_000, 1_000, 2_000
_NAMES = (Name.UF, Name.F, Name.Unix, Name.DOS, Name.Mac)  # a file's name, and its content, by system; the first that is there
_OFFICE = WORD_TYPES | SHEET_TYPES | SLIDE_TYPES
_BROKEN = "The file inside the PDF is broken; ask the sender for it by itself."


def in_pdf(content: bytes, budget: Budget) -> Iterator[Inner]:
    """The files inside a PDF, each once; nothing where the PDF cannot be opened, which is told of the PDF itself."""
    if not any(sign in content for sign in _SIGNS):
        return
    try:
        pdf = pikepdf.open(io.BytesIO(content))
    except (pikepdf.PdfError, pikepdf.PasswordError, RuntimeError, ValueError):
        return
    with pdf:
        for said in _specifications(pdf):
            inner = _inner(said, budget)
            if inner is not None:
                yield inner


def is_portfolio(content: bytes) -> bool:
    """Whether a PDF is a cover for the files inside it."""
    if b"/Collection" not in content and b"/ObjStm" not in content:
        return False
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            return Name.Collection in pdf.Root and len(pdf.pages) == 1
    except (pikepdf.PdfError, pikepdf.PasswordError, RuntimeError, ValueError):
        return False


def _specifications(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """File specifications with a content, each content once, in the order of their names, then of the pages."""
    seen: set[tuple[int, int]] = set()
    for said in (*_of_names(pdf.Root), *_of_array(pdf.Root.get(Name.AF)), *_of_pages(pdf)):
        stream = _stream(said)
        if stream is None or (stream.is_indirect and stream.objgen in seen):
            continue
        seen.add(stream.objgen)
        yield said


def _of_names(root: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """The values of the tree of names, from the left."""
    names = root.get(Name.Names)
    waiting = [(names.get(Name.EmbeddedFiles), 0)] if isinstance(names, Dictionary) else []
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        node, depth = waiting.pop()
        if not isinstance(node, Dictionary) or depth > _DEEPEST:
            continue
        yield from _of_array(node.get(Name.Names))
        kids = node.get(Name.Kids)
        if isinstance(kids, Array):
            waiting.extend((kid, depth + 1) for kid in reversed(list(kids.as_list())))


def _of_array(array: object) -> Iterator[pikepdf.Object]:
    if isinstance(array, Array):
        yield from (one for one in array.as_list() if isinstance(one, Dictionary))


def _of_pages(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Those of the paper clips on the pages."""
    for page in list(pdf.pages)[:_MOST_PAGES]:
        annotations = page.obj.get(Name.Annots)
        for annotation in list(annotations.as_list())[:_MOST_ANNOTATIONS] if isinstance(annotations, Array) else ():
            is_clip = isinstance(annotation, Dictionary) and annotation.get(Name.Subtype) == Name.FileAttachment
            if is_clip and isinstance(said := annotation.get(Name.FS), Dictionary):
                yield said


def _stream(said: pikepdf.Object) -> pikepdf.Stream | None:
    held = said.get(Name.EF)
    if not isinstance(held, Dictionary):
        return None
    found = (held.get(system) for system in _NAMES)
    return next((stream for stream in found if isinstance(stream, pikepdf.Stream)), None)


def _inner(said: pikepdf.Object, budget: Budget) -> Inner | None:
    stream = _stream(said)
    if stream is None:
        return None
    name = next((str(text) for system in _NAMES if isinstance(text := said.get(system), pikepdf.String)), "")
    try:
        content = _read(stream, budget)
    except (pikepdf.PdfError, zlib.error, RuntimeError, ValueError, EOFError):
        return Inner(name, "", b"", problem=Problem("pdf-file-broken", _BROKEN))
    # A hybrid of LibreOffice carries what it was made from (PDF/A-3, AFRelationship): the same pages once more.
    is_source = said.get(Name.AFRelationship) == Name.Source or name.startswith("Original.")
    return Inner(name, "", content, is_lumber=is_source and told_type(content) in _OFFICE)


def _read(stream: pikepdf.Stream, budget: Budget) -> bytes:
    """The content, unpacked here so that it can be counted; other filters than Flate are undone by qpdf."""
    filters = stream.get(Name.Filter)
    kinds = list(filters.as_list()) if isinstance(filters, Array) else [filters]
    if kinds == [Name.FlateDecode] and Name.DecodeParms not in stream:
        return _inflated(bytes(stream.read_raw_bytes()), budget)
    content = bytes(stream.read_bytes() if filters is not None else stream.read_raw_bytes())
    budget.spend(len(content))
    return content


def _inflated(packed: bytes, budget: Budget) -> bytes:
    inflater, target, waiting = zlib.decompressobj(), io.BytesIO(), packed
    while waiting and not inflater.eof:
        piece = inflater.decompress(waiting, _CHUNK)
        budget.spend(len(piece))
        target.write(piece)
        waiting = inflater.unconsumed_tail
    return target.getvalue()
