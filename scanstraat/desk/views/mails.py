"""The mail log and the page of one mail (A9)."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Prefetch, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from scanstraat.desk import audit, visibility, wording
from scanstraat.desk.shown import lists
from scanstraat.records.blobs import Blobs
from scanstraat.records.ends import mail_story
from scanstraat.records.models import Document, MailEvent, Part
from scanstraat.records.search import narrow_mails

PAGE_LENGTH = 50
HEAVY = ("value", "readings", "match")  # a list does without them
_TIMES = (
    MailEvent.objects.filter(mail=OuterRef("pk"), event="received").order_by().values("mail").annotate(n=Count("id")).values("n")
)
_LISTED = Document.objects.defer(*HEAVY).select_related("delivery").order_by("ordinal")


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """The mail log, newest first; `?search=`, `?administration=`, `?page=`."""
    text = request.GET.get("search", "").strip()
    administration = visibility.chosen_administration(request)
    rows = narrow_mails(visibility.mails(request), text).select_related("administration").defer("text")
    if administration is not None:
        rows = rows.filter(administration_id=administration)
    rows = rows.annotate(times_received=Subquery(_TIMES))
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
    """One mail whole: its header and origins, its parts with where each ended and why, its documents and all that happened."""
    row = visibility.mail(request, identifier)
    audit.read(request, "see-mail", row.administration_id, f"mail {row.id}")
    story = mail_story(row.id, Blobs(settings.SCANSTRAAT.home_path))
    shown = {
        "here": "mails",
        "mail": row,
        "story": story,
        "sent_at": row.sent_at.replace("T", " "),
        "origins": [(origin, origin.sent.replace("T", " ")) for origin in story.origins],
        "channel": lists.channel(row),
        "line": lists.mail_line(row),
        "parts": [(part, wording.role(part.role), wording.end(part.end), "–" * part.depth) for part in story.parts],
    }
    return render(request, "desk/mail.html", shown)


def name_of(part: Part) -> str:
    """A part's name for people."""
    return part.name or f"part-{part.index}"
