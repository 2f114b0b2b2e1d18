"""What is recorded of one mail, and what lies in its blobs: all that the proof of conservation goes by (A9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from scanstraat.model.document import Document
from scanstraat.model.ends import CountedPart, DocumentEnd, PartEnd, ToldDocument, document_end, ends_of
from scanstraat.model.state import MailState


@dataclass(frozen=True, slots=True)
class Blob:
    """What lies where a blob should: what is wrong with it, "" for nothing; how many pages, where it is a PDF and was opened.

    `mentions` are the names of other blobs that stand in it, where it is an XML.
    """

    problem: str = ""
    pages: int | None = None
    mentions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class DroppedFacts:
    """The delivery of a document as recorded; `refused_at` is when its consumer refused it (F8)."""

    folder: str
    stem: str
    staged_pdf: str
    staged_xml: str
    delivered_at: datetime | None
    refused_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """A document as recorded; `has_task` says whether something is still to be done with it."""

    id: UUID
    told: ToldDocument
    pdf_sha256: str
    xml_sha256: str
    carries_overview: bool
    category: str
    drop: DroppedFacts | None
    has_task: bool

    @property
    def document(self) -> Document:
        """Its value."""
        return self.told.document


@dataclass(frozen=True, slots=True)
class MailFacts:
    """A mail as recorded. `said_…` is how many of each its log tells of, None where it tells nothing."""

    id: UUID
    administration: int
    received_at: datetime
    state: MailState
    error: str
    sha256: str
    times_received: int
    said_parts: int | None
    said_pages: int | None
    said_documents: int | None
    parts: tuple[CountedPart, ...]
    documents: tuple[DocumentFacts, ...]
    has_task: bool

    @property
    def was_opened(self) -> bool:
        """Whether it has been taken apart."""
        return self.said_parts is not None or bool(self.parts)

    @property
    def was_sorted(self) -> bool:
        """Whether its documents are made."""
        return self.state in (MailState.SORTED, MailState.DISPATCHED) or bool(self.documents)

    @property
    def part_ends(self) -> tuple[PartEnd, ...]:
        """Where its parts ended."""
        return ends_of(self.state, self.error, self.parts, tuple(each.told for each in self.documents))

    @property
    def document_ends(self) -> tuple[DocumentEnd, ...]:
        """Where its documents ended."""
        return tuple(document_end(self.state, self.error, each.told) for each in self.documents)

    @property
    def blobs(self) -> frozenset[str]:
        """The sha256 of all that must lie in the blobs."""
        of_parts = (sha for counted in self.parts for sha in (counted.part.sha256, counted.part.pdf_sha256))
        composed = (sha for each in self.documents for sha in (each.pdf_sha256, each.xml_sha256))
        return frozenset(filter(None, (self.sha256, *of_parts, *composed)))

    @property
    def pdfs(self) -> frozenset[str]:
        """Those of them that are PDFs whose pages count."""
        of_parts = (counted.part.pdf_sha256 for counted in self.parts if counted.pages)
        return frozenset(filter(None, (*of_parts, *(each.pdf_sha256 for each in self.documents))))
