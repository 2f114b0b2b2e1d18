"""Nothing is lost and nothing is in two places: what must hold for every mail at every moment (A9, B3, F8), as a table of checks.

Each check takes all that is recorded of one mail, and what lies in its blobs, and says what is wrong, in words. What goes in is
told by the log, which no later stage touches; what comes out, by the rows themselves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from scanstraat.model.ends import UNSORTED, End
from scanstraat.model.recorded import Blob, DocumentFacts, MailFacts
from scanstraat.model.state import DocumentState, MailState

Blobs = Mapping[str, Blob]
Found = Iterator[str]


@dataclass(frozen=True, slots=True)
class Violation:
    """Something that must not be: in which mail, which check found it, and what it is."""

    mail: UUID | None
    check: str
    text: str


@dataclass(frozen=True, slots=True)
class Check:
    """A row: its name, what must hold, and what finds where it does not."""

    name: str
    holds: str
    finds: Callable[[MailFacts, Blobs], Found]


@dataclass(frozen=True, slots=True)
class Counts:
    """So many parts, pages and documents."""

    parts: int = 0
    pages: int = 0
    documents: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.parts + other.parts, self.pages + other.pages, self.documents + other.documents)


@dataclass(frozen=True, slots=True)
class Balance:
    """What went in, by the log, and what became of it: `ended` has counts for each `End`, in its order."""

    mails: int = 0
    times_received: int = 0
    taken: Counts = Counts()
    ended: tuple[Counts, ...] = (Counts(),) * len(End)

    def __add__(self, other: Balance) -> Balance:
        ended = tuple(mine + theirs for mine, theirs in zip(self.ended, other.ended, strict=True))
        return Balance(self.mails + other.mails, self.times_received + other.times_received, self.taken + other.taken, ended)

    @property
    def is_even(self) -> bool:
        """Whether as much came out as went in, and nothing is lost."""
        return sum(self.ended, Counts()) == self.taken and self.at(End.LOST) == Counts()

    def at(self, end: End) -> Counts:
        """How much ended there."""
        return self.ended[list(End).index(end)]


def balance_of(mail: MailFacts) -> Balance:
    """The balance of one mail."""
    parts = Counter(end.end for end in mail.part_ends)
    pages = Counter(page.end for end in mail.part_ends for page in end.pages)
    documents = Counter(end.end for end in mail.document_ends)
    taken = Counts(mail.said_parts or 0, mail.said_pages or 0, mail.said_documents or 0)
    return Balance(1, mail.times_received, taken, tuple(Counts(parts[end], pages[end], documents[end]) for end in End))


def violations(mail: MailFacts, blobs: Blobs) -> tuple[Violation, ...]:
    """All that is wrong with a mail. `blobs` tells of every one of `mail.blobs`."""
    return tuple(Violation(mail.id, check.name, text) for check in CHECKS for text in check.finds(mail, blobs))


def _received(mail: MailFacts, _: Blobs) -> Found:
    if mail.times_received < 1:
        yield "the log does not say that it was received"


def _contents(mail: MailFacts, blobs: Blobs) -> Found:
    named = [("the mail", mail.sha256)]
    for counted in mail.parts:
        called = f"part {counted.part.index + 1}"
        named += [(called, counted.part.sha256), (f"the PDF of {called}", counted.part.pdf_sha256)]
    for each in mail.documents:
        called = _called(each)
        named += [(f"the composed PDF of {called}", each.pdf_sha256), (f"the XML of {called}", each.xml_sha256)]
    for called, sha256 in named:
        problem = blobs.get(sha256, Blob("it was not looked at")).problem if sha256 else ""
        if problem:
            yield f"{called} (blob {sha256}): {problem}"


def _parts_counted(mail: MailFacts, _: Blobs) -> Found:
    if mail.was_opened and mail.said_parts != len(mail.parts):
        yield f"the log tells of {_some(mail.said_parts)} parts, there are {len(mail.parts)}"
    if [counted.part.index for counted in mail.parts] != list(range(len(mail.parts))):
        yield "the numbers of its parts have gaps"


def _pages_counted(mail: MailFacts, blobs: Blobs) -> Found:
    pages = sum(len(counted.pages) for counted in mail.parts)
    if (mail.said_pages is not None or pages) and mail.said_pages != pages:
        yield f"the log tells of {_some(mail.said_pages)} pages, there are {pages}"
    for counted in mail.parts:
        called, pdf = f"part {counted.part.index + 1}", blobs.get(counted.part.pdf_sha256, Blob())
        if list(counted.pages) != list(range(1, len(counted.pages) + 1)):
            yield f"the numbers of the pages of {called} have gaps"
        if counted.pages and pdf.pages is not None and pdf.pages != len(counted.pages):
            yield f"{called} has {pdf.pages} pages, {len(counted.pages)} of them were read"


def _documents_counted(mail: MailFacts, _: Blobs) -> Found:
    if not mail.was_sorted:
        return
    if not mail.documents:
        yield "it was sorted, but it has no documents"
    if mail.said_documents != len(mail.documents):
        yield f"the log tells of {_some(mail.said_documents)} documents, there are {len(mail.documents)}"
    if [each.document.ordinal for each in mail.documents] != list(range(len(mail.documents))):
        yield "the numbers of its documents have gaps"


def _one_end(mail: MailFacts, _: Blobs) -> Found:
    for end in mail.part_ends:
        called = f"part {end.part + 1}"
        for page in end.pages:
            if page.end is End.LOST:
                yield f"page {page.page} of {called} is in no document"
            if len(page.documents) > 1:
                yield f"page {page.page} of {called} is in {len(page.documents)} documents"
        if len(end.documents) > 1 and not end.pages:
            yield f"{called} has no pages, and is in {len(end.documents)} documents"
        if end.end is End.LOST and not any(page.end is End.LOST for page in end.pages):
            yield f"{called}: {end.reason}"


def _reasons(mail: MailFacts, _: Blobs) -> Found:
    for end in mail.part_ends:
        if not end.reason:
            yield f"part {end.part + 1} is {end.end} without a reason"
    for each, ended in zip(mail.documents, mail.document_ends, strict=True):
        if not ended.reason:
            yield f"{_called(each)} is {ended.end} without a reason"


def _of_this_mail(mail: MailFacts, _: Blobs) -> Found:
    known = {(counted.part.index, page) for counted in mail.parts for page in counted.pages}
    parts = {counted.part.index for counted in mail.parts}
    for each in mail.documents:
        document = each.document
        foreign = sum((ref.part, ref.page) not in known for ref in document.pages)
        foreign += len({*document.annexes, *(() if document.part is None else (document.part,))} - parts)
        if foreign:
            yield f"{_called(each)} holds {foreign} pages or parts that the mail does not have"


def _goes_on(mail: MailFacts, _: Blobs) -> Found:
    """What is under way has somebody to take it on: itself, or until all are decided, another document of its mail."""
    moving = [each for each in mail.documents if each.told.state in _MOVING]
    anybody = mail.has_task or any(each.has_task for each in mail.documents)
    if mail.state in UNSORTED and not mail.has_task:
        yield f"it is {mail.state}, but nobody is to go on with it"
    if mail.state is MailState.SORTED and not anybody:
        yield "it is sorted, but nobody is to go on with it or with a document of it"
    for each in moving:
        waits = each.told.state is DocumentState.DECIDED and mail.state is not MailState.DISPATCHED
        if not each.has_task and not waits:
            yield f"{_called(each)} is {each.told.state}, but nobody is to go on with it"


def _delivered_once(mail: MailFacts, _: Blobs) -> Found:
    for each in mail.documents:
        called, state, drop = _called(each), each.told.state, each.drop
        is_delivered = state is DocumentState.DELIVERED
        is_refused = drop is not None and drop.refused_at is not None
        if is_delivered and drop is None:
            yield f"{called} is delivered, but no delivery of it is recorded"
        if drop and not all((drop.folder, drop.stem, drop.staged_pdf, drop.staged_xml)):
            yield f"the delivery of {called} lacks a name"
        if is_delivered and drop and drop.delivered_at is None:
            yield f"{called} is delivered, but its delivery does not say when"
        if drop and drop.delivered_at is not None and not is_delivered and not is_refused:
            yield f"{called} is in the drop folder and {state} at once"
        if drop and is_refused and (drop.delivered_at is None or state in (DocumentState.DELIVERED, DocumentState.STAGED)):
            yield f"the delivery of {called}, which is {state}, was refused without another after it"
        if is_delivered and each.category:
            yield f"{called} is delivered and filed in the archive at once"
        if state is DocumentState.ARCHIVED and drop and not is_refused:
            yield f"{called} is archived and staged for delivery at once"


def _composed(mail: MailFacts, blobs: Blobs) -> Found:
    for each in mail.documents:
        called, state, own = _called(each), each.told.state, len(each.document.pages)
        if state in (DocumentState.DELIVERED, DocumentState.STAGED) and not (each.pdf_sha256 and each.xml_sha256):
            yield f"{called} is {state}, but its PDF or XML was not kept"
        if state is DocumentState.ARCHIVED and not each.pdf_sha256:
            yield f"{called} is archived, but its PDF was not kept"
        pages = blobs.get(each.pdf_sha256, Blob()).pages
        if pages is not None and (pages < own if each.carries_overview else pages != own):
            yield f"the composed PDF of {called} has {pages} pages, the document has {own}"
        if pages is not None and each.carries_overview and pages == own:
            yield f"{called} carries the overview of its mail, but its PDF has no page for that"
        xml = blobs.get(each.xml_sha256, Blob("missing"))
        if each.xml_sha256 and not xml.problem and each.pdf_sha256 not in xml.mentions:
            yield f"the XML of {called} does not name the PDF that was kept with it"
    if sum(each.carries_overview for each in mail.documents) > 1:
        yield "several of its documents carry the overview page"


CHECKS = (
    Check("received", "each mail was received", _received),
    Check("contents", "every content lies in the blobs, octet for octet", _contents),
    Check("parts", "there are as many parts as were opened", _parts_counted),
    Check("pages", "there are as many pages as were read, and all were", _pages_counted),
    Check("documents", "there are as many documents as were sorted, at least one", _documents_counted),
    Check("one-end", "every part has an end, every page is in exactly one document", _one_end),
    Check("reasons", "every end has a reason", _reasons),
    Check("own-pages", "documents hold pages of their mail only", _of_this_mail),
    Check("goes-on", "what is under way goes on", _goes_on),
    Check("delivered-once", "what is delivered has one delivery, and no other end", _delivered_once),
    Check("composed", "what went out was kept, with all its pages", _composed),
)

_MOVING = frozenset({DocumentState.SORTED, DocumentState.RECOGNISED, DocumentState.DECIDED, DocumentState.STAGED})


def _called(each: DocumentFacts) -> str:
    return f"document {each.document.ordinal + 1}"


def _some(number: int | None) -> str:
    return "no number of" if number is None else str(number)
