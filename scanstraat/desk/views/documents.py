"""The list of documents and the page of one document."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from scanstraat.codec import from_json
from scanstraat.desk import audit, visibility, wording
from scanstraat.desk.search import narrow_documents
from scanstraat.desk.shown import lists
from scanstraat.desk.shown.readings import ReadingLine, invoice_rows, reading_lines
from scanstraat.desk.shown.sheets import Sheet, sheets
from scanstraat.desk.views.mails import HEAVY, PAGE_LENGTH
from scanstraat.model.administration import Instructions
from scanstraat.model.document import StoredDocument
from scanstraat.model.field import Readings
from scanstraat.model.page import Page, PageRef
from scanstraat.model.state import DocumentState
from scanstraat.records import documents as repository
from scanstraat.records import mails, models


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The documents, newest mail first; `?state=`, `?search=`, `?administration=`, `?page=`."""
    text = request.GET.get("search", "").strip()
    administration = visibility.chosen_administration(request)
    state = _chosen_state(request)
    rows = narrow_documents(visibility.documents(request), text)
    if administration is not None:
        rows = rows.filter(administration_id=administration)
    tabs = _tabs(rows)
    if state is not None:
        rows = rows.filter(state=state)
    rows = rows.select_related("mail__administration", "delivery").defer(*HEAVY, "mail__text")
    page = Paginator(rows.order_by("-mail__received_at", "mail_id", "ordinal"), PAGE_LENGTH).get_page(request.GET.get("page"))
    shown = {
        "here": "documents",
        "page": page,
        "lines": [lists.document_line(row, row.mail) for row in page],
        "search": text,
        "state": state,
        "tabs": tabs,
        "everything": sum(count for _, _, count in tabs),
        "administrations": visibility.administrations(request),
        "administration": administration,
    }
    return render(request, "desk/documents.html", shown)


@require_safe
def document(request: HttpRequest, identifier: UUID) -> HttpResponse:
    """One document: its pages with the values marked, the readings, the verdict and the supplier, and its files."""
    row = visibility.document(request, identifier)
    audit.read(request, "see-document", row.administration_id, f"document {row.id}")
    stored = repository.value(row)
    readings = stored.completed or stored.readings or Readings()
    threshold = from_json(row.administration.instructions, Instructions).deliver_threshold
    lines = reading_lines(readings, threshold)
    shown = {
        "here": "documents",
        "row": row,
        "stored": stored,
        "line": lists.document_line(row, row.mail),
        "subject": lists.subject(row.mail),
        "readings": lines,
        "invoice_rows": invoice_rows(readings),
        "sheets": _sheets(stored, lines),
        "outcome": gettext(wording.OUTCOMES[stored.match.outcome]) if stored.match else "",
    }
    return render(request, "desk/document.html", shown)


def _chosen_state(request: HttpRequest) -> DocumentState | None:
    asked = request.GET.get("state", "")
    if not asked:
        return None
    try:
        return DocumentState(asked)
    except ValueError:
        raise Http404 from None


def _tabs(rows: QuerySet[models.Document]) -> list[tuple[DocumentState, str, int]]:
    """Each state that has documents, in the order of the line, with how many."""
    counts = dict(rows.order_by().values_list("state").annotate(Count("id")))
    return [(state, wording.state(state).text, counts[state]) for state in DocumentState if state in counts]


def _sheets(stored: StoredDocument, lines: tuple[ReadingLine, ...]) -> tuple[Sheet, ...]:
    refs = stored.document.pages
    wanted = frozenset(ref.part for ref in refs)
    rows = models.Part.objects.filter(mail_id=stored.mail, index__in=wanted).exclude(pdf_sha256="")
    names = dict(rows.values_list("index", "name"))
    read: dict[PageRef, Page] = {
        PageRef(part.part, page.number): page
        for part in mails.pages(stored.mail, wanted)
        if part.part in names
        for page in part.pages
    }
    return sheets(refs, names, read, lines)
