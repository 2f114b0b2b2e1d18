"""Documents: found, looked at with all that was read on them, and fetched as files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from ninja import Router
from pydantic import Field

from scanstraat.codec import from_json
from scanstraat.desk.api import access
from scanstraat.desk.api.operation import Administration, Answers, Cursor, Limit, Moment, Name, Whole, operation, seen
from scanstraat.desk.api.paging import page
from scanstraat.desk.api.readings import Recognised, recognised
from scanstraat.desk.pictures import DPI, SIZES, pictures
from scanstraat.desk.views import files
from scanstraat.errors import Refused
from scanstraat.mailbox.virus import VIRUS
from scanstraat.model.document import Document, Kind
from scanstraat.model.ends import END_OF_STATE, End
from scanstraat.model.key import Scope
from scanstraat.model.state import DocumentState
from scanstraat.records import documents as repository
from scanstraat.records import lists, models

router = Router(tags=["documents"])

Wanted = Annotated[Name, Field(description="a state or an end of documents")]
OfKind = Annotated[Name, Field(description="a kind of documents")]
Dots = Annotated[Whole, Field(description=f"dots to the inch: {', '.join(map(str, SIZES))}")]


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document in the list; `reason` is why it is where it is, `number` its place in its mail, `link` the page for persons."""

    id: UUID
    mail: UUID
    administration: str
    number: int
    kind: Kind
    state: DocumentState
    end: End
    reason: str
    supplier: str
    invoice_number: str
    total: str
    currency: str
    created_at: datetime
    ended_at: datetime | None
    due_at: datetime | None
    drop: str
    url: str
    link: str


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """Some documents, the newest first; `next` is the cursor of those after them, null at the end."""

    items: tuple[DocumentLine, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class FilesAnswer:
    """Where its files are, null for what is not there: the PDF and XML as delivered or archived, and a picture of each page."""

    pdf: str | None
    xml: str | None
    pages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FullDocument:
    """A document with all that was read on it, where it goes and why, and its files."""

    document: DocumentLine
    recognised: Recognised
    files: FilesAnswer


@operation(router, "GET", "/documents", Scope.READ, answers=Answers(DocumentPage, (404,)), url_name="api-documents")
def list_documents(
    request: HttpRequest,
    state: Wanted = "",
    kind: OfKind = "",
    since: Moment | None = None,
    changed_since: Moment | None = None,
    mail: UUID | None = None,
    administration: Administration = "",
    cursor: Cursor = "",
    limit: Limit = 50,
) -> DocumentPage:
    """Find documents, the newest first: by state or end, kind, mail, when they were made, and when they came where they are."""
    rows = models.Document.objects.filter(administration__in=access.administrations(request, administration))
    rows = rows.filter(state__in=_states(state)) if state else rows
    rows = rows.filter(kind=_kind(kind)) if kind else rows
    rows = rows.filter(created_at__gte=since) if since else rows
    rows = rows.filter(mail_id=mail) if mail else rows
    if changed_since:
        moved = Q(ended_at__gte=changed_since) | Q(queued_at__gte=changed_since)
        rows = rows.filter(moved | Q(created_at__gte=changed_since))
    rows = rows.select_related("administration", "delivery").defer("value", "readings", "completed", "match", "correction")
    found, following = page(rows, "created_at", cursor, limit, UUID)
    return DocumentPage(tuple(line_of(request, row) for row in found), following)


@operation(
    router,
    "GET",
    "/documents/{uuid:identifier}",
    Scope.READ,
    answers=Answers(FullDocument, (404,)),
    url_name="api-document",
)
def show_document(request: HttpRequest, identifier: UUID) -> FullDocument:
    """A document with its readings, their evidence and doubts, its supplier, and the verdict with its reasons.

    Boxes are in points. A picture of a page has 150 dots to the inch, where no other number is asked for: a point is 150/72 dots.
    """
    row = access.document(request, identifier)
    seen(request, "see-document", row.administration_id, f"document {row.id}")
    return answer_of(request, row)


@operation(
    router,
    "GET",
    "/documents/{uuid:identifier}/document.pdf",
    Scope.READ,
    answers=Answers(problems=(404,), file="application/pdf"),
    url_name="api-document-pdf",
)
def fetch_pdf(request: HttpRequest, identifier: UUID) -> HttpResponseBase:
    """The PDF as delivered or archived; 404 where there is none yet."""
    row = access.document(request, identifier)
    seen(request, "download-pdf", row.administration_id, f"document {row.id}")
    return files.stored_file(row.administration_id, row.pdf_sha256, f"{files.stem(row)}.pdf", "application/pdf")


@operation(
    router,
    "GET",
    "/documents/{uuid:identifier}/invoice.xml",
    Scope.READ,
    answers=Answers(problems=(404,), file="application/xml"),
    url_name="api-invoice-xml",
)
def fetch_xml(request: HttpRequest, identifier: UUID) -> HttpResponseBase:
    """The XML as delivered; 404 where there is none."""
    row = access.document(request, identifier)
    seen(request, "download-xml", row.administration_id, f"document {row.id}")
    return files.stored_file(row.administration_id, row.xml_sha256, f"{files.stem(row)}.xml", "application/xml")


@operation(
    router,
    "GET",
    "/documents/{uuid:identifier}/pages/{int:number}.png",
    Scope.READ,
    answers=Answers(problems=(404,), file="image/png"),
    url_name="api-page",
)
def fetch_page(request: HttpRequest, identifier: UUID, number: int, dpi: Dots = DPI) -> HttpResponseBase:
    """The picture of a page, from 1."""
    row = access.document(request, identifier)
    if dpi not in SIZES:
        raise Refused("size", f"pages are not drawn with {dpi} dots to the inch.", f"Ask for {', '.join(map(str, SIZES))}.")
    refs = repository.value(row).document.pages
    if not 1 <= number <= len(refs):
        raise Http404
    part = models.Part.objects.defer("pages").filter(mail_id=row.mail_id, index=refs[number - 1].part).first()
    if part is None or not part.pdf_sha256 or part.problem_code == VIRUS:
        raise Http404
    seen(request, "see-pages", row.administration_id, f"document {row.id}")
    path = pictures().path(row.administration_id, part.pdf_sha256, refs[number - 1].page, dpi)
    return files.kept_by_client(request, path, part.pdf_sha256)


def answer_of(request: HttpRequest, row: models.Document) -> FullDocument:
    """The answer for a document."""
    where = {"identifier": row.id}
    pages = range(1, len(from_json(row.value, Document).pages) + 1)
    has = FilesAnswer(
        pdf=reverse("api-document-pdf", kwargs=where) if row.pdf_sha256 else None,
        xml=reverse("api-invoice-xml", kwargs=where) if row.xml_sha256 else None,
        pages=tuple(reverse("api-page", kwargs={**where, "number": number}) for number in pages),
    )
    return FullDocument(line_of(request, row), recognised(repository.value(row)), has)


def line_of(request: HttpRequest, row: models.Document) -> DocumentLine:
    """The line for a document."""
    state = DocumentState(row.state)
    return DocumentLine(
        id=row.id,
        mail=row.mail_id,
        administration=row.administration.drop,
        number=row.ordinal + 1,
        kind=Kind(row.kind),
        state=state,
        end=END_OF_STATE[state],
        reason=lists.why(row),
        supplier=row.supplier_name,
        invoice_number=row.number,
        total=row.total,
        currency=row.currency,
        created_at=row.created_at,
        ended_at=row.ended_at,
        due_at=row.due_at,
        drop=lists.drop(row),
        url=reverse("api-document", args=[row.id]),
        link=request.build_absolute_uri(reverse("document", args=[row.id])),
    )


def _states(wanted: str) -> frozenset[DocumentState]:
    found = frozenset(state for state in DocumentState if wanted in (state, END_OF_STATE[state]))
    if not found:
        known = ", ".join(dict.fromkeys((*DocumentState, *END_OF_STATE.values())))
        raise Refused("unknown-state", f"there is no state {wanted!r}.", f"There are {known}.")
    return found


def _kind(wanted: str) -> Kind:
    if wanted not in set(Kind):
        raise Refused("unknown-kind", f"there is no kind {wanted!r}.", f"There are {', '.join(Kind)}.")
    return Kind(wanted)
