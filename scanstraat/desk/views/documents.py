"""The page of one document."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from scanstraat.codec import from_json
from scanstraat.desk import audit, visibility, wording
from scanstraat.desk.shown import lists
from scanstraat.desk.shown.readings import ReadingLine, invoice_rows, reading_lines
from scanstraat.desk.shown.sheets import Sheet, sheets
from scanstraat.desk.shown.whereabouts import whereabouts
from scanstraat.model.administration import Instructions
from scanstraat.model.document import StoredDocument
from scanstraat.model.field import Readings
from scanstraat.model.page import Page, PageRef
from scanstraat.records import documents as repository
from scanstraat.records import mails, models


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
        "whereabouts": whereabouts(row),
        "subject": lists.subject(row.mail),
        "readings": lines,
        "invoice_rows": invoice_rows(readings),
        "sheets": _sheets(stored, lines),
        "outcome": gettext(wording.OUTCOMES[stored.match.outcome]) if stored.match else "",
    }
    return render(request, "desk/document.html", shown)


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
