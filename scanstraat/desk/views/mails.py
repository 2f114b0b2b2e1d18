"""The mail log and the page of one mail (A9)."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from scanstraat.desk import visibility, wording
from scanstraat.desk.search import narrow_mails
from scanstraat.desk.shown import lists
from scanstraat.model.mail import PartRole
from scanstraat.records.models import Document, Part

PAGE_LENGTH = 50
HEAVY = ("value", "readings", "match")  # a list does without them
_LISTED = Document.objects.defer(*HEAVY).select_related("delivery").order_by("ordinal")


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """The mail log, newest first; `?search=`, `?administration=`, `?page=`."""
    text = request.GET.get("search", "").strip()
    administration = visibility.chosen_administration(request)
    rows = narrow_mails(visibility.mails(request), text).select_related("administration").defer("text")
    if administration is not None:
        rows = rows.filter(administration_id=administration)
    rows = rows.prefetch_related(Prefetch("documents", _LISTED)).order_by("-received_at", "id")
    page = Paginator(rows, PAGE_LENGTH).get_page(request.GET.get("page"))
    shown = {
        "here": "mails",
        "page": page,
        "lines": [lists.mail_line(row) for row in page],
        "search": text,
        "administrations": visibility.administrations(request),
        "administration": administration,
    }
    return render(request, "desk/mails.html", shown)


@require_safe
def mail(request: HttpRequest, identifier: UUID) -> HttpResponse:
    """One mail: its header, parts with roles and problems, events and documents."""
    row = visibility.mail(request, identifier)
    parts = row.parts.defer("pages")
    shown = {
        "here": "mails",
        "mail": row,
        "sent_at": row.sent_at.replace("T", " "),
        "channel": lists.channel(row),
        "line": lists.mail_line(row),
        "parts": [(part, wording.role(PartRole(part.role))) for part in parts],
        "events": row.events.all(),
    }
    return render(request, "desk/mail.html", shown)


def name_of(part: Part) -> str:
    """A part's name for people."""
    return part.name or f"part-{part.index}"
