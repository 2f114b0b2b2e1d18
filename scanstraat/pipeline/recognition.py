"""A file recognised by itself, without mail or database: opened, read, cut into documents, each read for its fields.

What parses foreign bytes or words runs in a bounded child. Fallback rules fill only where it is known when and to whom the
file was sent, since most of them need that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from scanstraat import mailbox, reading
from scanstraat.bounded import Child, Limits
from scanstraat.delivery.pdf import SourcePages
from scanstraat.errors import Refused
from scanstraat.extractors.pageclass import classify
from scanstraat.extractors.recognition import sample
from scanstraat.extractors.second_opinion import FirstLook, first_look
from scanstraat.mailbox.filetype import WORD_TYPES, told_type
from scanstraat.mailbox.settling import settle
from scanstraat.mailbox.word import word_pdf
from scanstraat.model.administration import Administration, OwnIdentity
from scanstraat.model.document import Document
from scanstraat.model.field import Readings
from scanstraat.model.mail import Part, PartRole
from scanstraat.model.page import Page
from scanstraat.pipeline.fallbacks import complete
from scanstraat.pipeline.second_look import Eyes, looked_again
from scanstraat.pipeline.splitting import SplitPart, split
from scanstraat.reading.crops import Looker
from scanstraat.reading.reader import Reader
from scanstraat.settings import Settings

# What a child has to have ready for `recognise_file`; what those have that take the work beside it.
PRELOAD = (*reading.PRELOAD, *mailbox.PRELOAD, "scanstraat.extractors.second_opinion", "scanstraat.pipeline.recognition")
PRELOAD_LIGHT = (*mailbox.PRELOAD, *reading.PRELOAD_LIGHT)
PRELOAD_WORDS = ("scanstraat.pipeline.recognition",)


def preload() -> None:
    """Read the tables and compile the patterns once, in the warm process."""
    for page in sample():
        understand((page,), "sample", OwnIdentity())


@dataclass(frozen=True, slots=True)
class RecognisedDocument:
    """One document of a file and what was read on it; evidence counts the document's pages from 1."""

    document: Document
    readings: Readings


@dataclass(frozen=True, slots=True)
class Understood:
    """A document with its pages and what a first look at them gave."""

    document: Document
    pages: tuple[Page, ...]
    first: FirstLook


@dataclass(frozen=True, slots=True)
class Context:
    """To whom and when a file was sent, for the fallback rules (D1 to D9)."""

    administration: Administration
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Beside:
    """Processes without an OCR engine, for which a fork costs little: `light` opens files and reads text layers, `words` makes
    documents of pages. Made with `PRELOAD_LIGHT` and `PRELOAD_WORDS`.
    """

    light: Child
    words: Child


def recognise_file(
    content: bytes,
    name: str,
    own: OwnIdentity,
    child: Child,
    settings: Settings,
    context: Context | None = None,
    beside: Beside | None = None,
) -> tuple[RecognisedDocument, ...]:
    """The documents of a PDF, picture or Word file with their readings; `child` is made with `PRELOAD`.

    With `beside`, only pages that are pictures come to `child`, and it is started for the first of them.

    Raises `Refused` where the file cannot be read: broken, encrypted, or of a type we do not know.
    """
    limits = Limits(memory_octets=settings.child_memory_mb * 1_000_000, seconds=settings.child_seconds)
    light, words = (beside.light, beside.words) if beside else (child, child)
    pdf = _as_pdf(content, name, light, limits, settings)
    pages = Reader(child, settings, light=beside.light if beside else None).read(pdf)
    eyes = Eyes(words, Looker(child, settings), limits)
    found = tuple(_looked_at(u, pdf, own, eyes) for u in words.call(understand, limits, pages, name, own))
    if context is None:
        return found
    return tuple(RecognisedDocument(f.document, complete(f.readings, context.administration, context.sent_at)) for f in found)


def understand(pages: tuple[Page, ...], name: str, own: OwnIdentity) -> tuple[Understood, ...]:
    """The documents that pages of one file make, each looked at once; run in a child."""
    part = SplitPart(0, name, PartRole.DOCUMENT, pages, tuple(classify(page) for page in pages))
    by_number = {page.number: page for page in pages}
    documents = split((part,))
    found = ((document, tuple(by_number[ref.page] for ref in document.pages)) for document in documents)
    return tuple(Understood(document, inside, first_look(inside, own)) for document, inside in found)


def _looked_at(understood: Understood, pdf: bytes, own: OwnIdentity, eyes: Eyes) -> RecognisedDocument:
    """The document with its readings, after a second look where one is wanted."""
    pages = understood.pages
    readings = looked_again(understood.first, pages, own, lambda: (SourcePages(pdf, pages),), eyes)
    return RecognisedDocument(understood.document, readings)


def _as_pdf(content: bytes, name: str, child: Child, limits: Limits, settings: Settings) -> bytes:
    """The file as a PDF that was checked, or `Refused`."""
    told = told_type(content)
    if told in WORD_TYPES:
        return word_pdf(content, told, settings.child_seconds)
    part = child.call(settle, limits, Part(0, name, told, told, PartRole.DOCUMENT, content))
    if part.problem is not None:
        raise Refused(part.problem.code, part.problem.text)
    if told != "application/pdf" and part.pdf is None:
        raise Refused("unknown-type", f"{name} is {told}, which is not read.", "Give a PDF, a picture or a Word file.")
    return part.content if part.pdf is None else part.pdf
