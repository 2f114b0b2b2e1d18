"""What became of each part of a mail, and of each of its pages: exactly one end, with its reason (A9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from scanstraat.model.document import Document
from scanstraat.model.mail import PartRole, StoredPart
from scanstraat.model.page import PageRef
from scanstraat.model.state import DocumentState, MailState


class End(StrEnum):
    """Where something ended, from what most needs attention to what least does.

    LOST is what must not be: a page or file of a sorted mail that no document holds. KEPT is what is no document: stored with its
    mail and shown there.
    """

    LOST = "lost"
    PARKED = "parked"
    IN_REVIEW = "in-review"
    UNDER_WAY = "under-way"
    DELIVERED = "delivered"
    ARCHIVED = "archived"
    REJECTED = "rejected"
    DISCARDED = "discarded"
    KEPT = "kept"


END_OF_STATE = {
    DocumentState.SORTED: End.UNDER_WAY,
    DocumentState.RECOGNISED: End.UNDER_WAY,
    DocumentState.DECIDED: End.UNDER_WAY,
    DocumentState.STAGED: End.UNDER_WAY,
    DocumentState.DELIVERED: End.DELIVERED,
    DocumentState.IN_REVIEW: End.IN_REVIEW,
    DocumentState.ARCHIVED: End.ARCHIVED,
    DocumentState.DISCARDED: End.DISCARDED,
    DocumentState.REJECTED: End.REJECTED,
    DocumentState.PARKED: End.PARKED,
}
# Parts that are no documents, and why they are kept where nothing more is known.
KEPT_BECAUSE = {
    PartRole.BODY: "text of the mail",
    PartRole.DECORATION: "decoration",
    PartRole.CONTAINER: "what it holds follows as parts of their own",
}
UNSORTED = frozenset({MailState.RECEIVED, MailState.OPENED, MailState.READ})
_ATTENTION = {end: place for place, end in enumerate(End)}


@dataclass(frozen=True, slots=True)
class _Where:
    """The ordinals of the documents that hold each page, and of those that each part went to.

    A part went to a document that holds a page of it, that could not read it, or that it is an annex of.
    """

    pages: Mapping[PageRef, tuple[int, ...]]
    parts: Mapping[int, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class CountedPart:
    """A part and the numbers of the pages read of it, none where it has none or was not read yet."""

    part: StoredPart
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ToldDocument:
    """A document as far as its end goes: why it is where it is, and the name of its drop once it is there."""

    document: Document
    state: DocumentState
    why: str = ""
    drop: str = ""


@dataclass(frozen=True, slots=True)
class PageEnd:
    """The end of one page, with the ordinals of the documents that hold it: one, once the mail is sorted."""

    page: int
    end: End
    documents: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentEnd:
    """The end of one document."""

    ordinal: int
    end: End
    reason: str


@dataclass(frozen=True, slots=True)
class PartEnd:
    """The end of one part: that of its document, of several the one that most needs attention; `documents` are their ordinals."""

    part: int
    end: End
    reason: str
    documents: tuple[int, ...] = ()
    pages: tuple[PageEnd, ...] = ()


def document_end(mail: MailState, error: str, told: ToldDocument) -> DocumentEnd:
    """Where a document of a mail in this state ended; one that is under way in a mail laid aside is laid aside with it.

    >>> from scanstraat.model.document import Kind
    >>> told = ToldDocument(Document(0, Kind.INVOICE, 1.0, ()), DocumentState.DELIVERED, "", "drop/stem")
    >>> document_end(MailState.DISPATCHED, "", told).reason
    'delivered as drop/stem'
    """
    end, ordinal = END_OF_STATE[told.state], told.document.ordinal
    if end is End.UNDER_WAY and mail is MailState.PARKED:
        return DocumentEnd(ordinal, End.PARKED, error or "its mail is laid aside")
    if end is End.DELIVERED:
        return DocumentEnd(ordinal, end, f"delivered as {told.drop}" if told.drop else "")
    if end is End.UNDER_WAY:
        return DocumentEnd(ordinal, end, told.why or f"it is {told.state.value} and goes on")
    return DocumentEnd(ordinal, end, told.why)


def ends_of(
    mail: MailState, error: str, parts: tuple[CountedPart, ...], documents: tuple[ToldDocument, ...]
) -> tuple[PartEnd, ...]:
    """The end of each part, in order. `error` is why the mail was laid aside, where it was.

    >>> ends_of(MailState.OPENED, "", (CountedPart(StoredPart(0, "a.pdf", "application/pdf", PartRole.DOCUMENT, "")),), ())[0].end
    <End.UNDER_WAY: 'under-way'>
    """
    if not documents and (mail in UNSORTED or mail is MailState.PARKED):
        end = End.PARKED if mail is MailState.PARKED else End.UNDER_WAY
        reason = (error or "its mail is laid aside") if end is End.PARKED else f"the mail is {mail.value} and goes on"
        return tuple(_whole(counted, end, reason) for counted in parts)
    ends = {told.document.ordinal: document_end(mail, error, told) for told in documents}
    where = _where(told.document for told in documents)
    return tuple(_part_end(counted, where, ends) for counted in parts)


def _whole(counted: CountedPart, end: End, reason: str) -> PartEnd:
    return PartEnd(counted.part.index, end, reason, (), tuple(PageEnd(page, end) for page in counted.pages))


def _where(documents: Iterable[Document]) -> _Where:
    pages: dict[PageRef, tuple[int, ...]] = {}
    parts: dict[int, tuple[int, ...]] = {}
    for document in documents:
        for ref in document.pages:
            pages[ref] = (*pages.get(ref, ()), document.ordinal)
        of_pages = (ref.part for ref in document.pages)
        unread = () if document.part is None else (document.part,)
        for part in dict.fromkeys((*of_pages, *unread, *document.annexes)):
            parts[part] = (*parts.get(part, ()), document.ordinal)
    return _Where(pages, parts)


def _part_end(counted: CountedPart, where: _Where, ends: dict[int, DocumentEnd]) -> PartEnd:
    part = counted.part
    held = where.parts.get(part.index, ())
    if not held:
        return _unheld(counted)
    pages = tuple(_page_end(page, where.pages.get(PageRef(part.index, page), ()), ends) for page in counted.pages)
    if any(page.end is End.LOST for page in pages):
        return PartEnd(part.index, End.LOST, "pages of it are in no document", held, pages)
    first = min((ends[ordinal] for ordinal in held), key=lambda ended: _ATTENTION[ended.end])
    reason = f"document {first.ordinal + 1}: {first.reason}" if len(held) > 1 and first.reason else first.reason
    return PartEnd(part.index, first.end, reason, held, pages)


def _unheld(counted: CountedPart) -> PartEnd:
    part = counted.part
    if part.role in KEPT_BECAUSE:
        return _whole(counted, End.KEPT, part.reason or KEPT_BECAUSE[part.role])
    return _whole(counted, End.LOST, "no document holds it")


def _page_end(page: int, held: tuple[int, ...], ends: dict[int, DocumentEnd]) -> PageEnd:
    if not held:
        return PageEnd(page, End.LOST)
    return PageEnd(page, min((ends[ordinal].end for ordinal in held), key=lambda end: _ATTENTION[end]), held)
