"""The mail log and the page of one mail (A9)."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.db.models import Count, OuterRef, Prefetch, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_safe

from scanstraat.desk import audit, visibility, wording
from scanstraat.desk.narrowing import Period, chosen_period, chosen_search, narrow_refusals, page_of
from scanstraat.desk.shown import lists
from scanstraat.model.ends import End
from scanstraat.model.story import RefusalLine
from scanstraat.records.blobs import Blobs
from scanstraat.records.ends import mail_story
from scanstraat.records.lists import refusal_line
from scanstraat.records.models import Address, Document, MailEvent, Part
from scanstraat.records.search import AGAIN, in_state, narrow_mails

MOST_TURNED_AWAY = 50
MOST_ADDRESSES = 12
TURNED_AWAY = "turned-away"
STATES = (
    (End.DELIVERED.value, _("Delivered")),
    (End.ARCHIVED.value, _("Archived")),
    (End.IN_REVIEW.value, _("In review")),
    (End.UNDER_WAY.value, _("On the way")),
    (End.REJECTED.value, _("Rejected")),
    (End.DISCARDED.value, _("Discarded")),
    (End.PARKED.value, _("Laid aside")),
    (AGAIN, _("Came more than once")),
    (TURNED_AWAY, _("Turned away")),
)
HEAVY = ("value", "readings", "match")  # a list does without them
_TIMES = (
    MailEvent.objects.filter(mail=OuterRef("pk"), event="received").order_by().values("mail").annotate(n=Count("id")).values("n")
)
_LISTED = Document.objects.defer(*HEAVY).select_related("delivery").order_by("ordinal")


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """The mail log, newest first, and what was turned away; `?search=`, `?administration=`, `?since=`, `?until=`, `?state=`."""
    text, period = chosen_search(request), chosen_period(request)
    administration, state = visibility.chosen_administration(request), _chosen_state(request)
    turned_away = _turned_away(request, text, administration, period, state)
    rows = visibility.mails(request) if state != TURNED_AWAY else visibility.mails(request).none()
    rows = period.of(narrow_mails(rows, text), "received_at").select_related("administration").defer("text")
    if administration is not None:
        rows = rows.filter(administration_id=administration)
    if state and state != TURNED_AWAY:
        rows = in_state(rows, state)
    rows = rows.annotate(times_received=Subquery(_TIMES))
    rows = rows.prefetch_related(Prefetch("documents", _LISTED)).order_by("-received_at", "id")
    page = page_of(request, rows)
    is_narrowed = bool(text or administration or period or state)
    nothing = is_narrowed and not page.object_list and not turned_away
    shown = {
        "here": "mails",
        "page": page,
        "lines": [lists.mail_line(row) for row in page],
        "turned_away": turned_away[:MOST_TURNED_AWAY],
        "more_turned_away": len(turned_away) > MOST_TURNED_AWAY,
        "search": text,
        "period": period,
        "state": state,
        "states": [(value, gettext(words)) for value, words in STATES],
        "is_narrowed": is_narrowed,
        "administrations": visibility.administrations(request),
        "administration": administration,
        "addresses": _addresses(request, administration) if nothing else (),
        "most": f"{settings.SCANSTRAAT.max_mail_octets / 1_000_000:g} MB",
    }
    return render(request, "desk/mails.html", shown)


def _chosen_state(request: HttpRequest) -> str:
    asked = request.GET.get("state", "")
    if asked and asked not in dict(STATES):
        raise Http404
    return asked


def _turned_away(
    request: HttpRequest, text: str, administration: int | None, period: Period, state: str
) -> tuple[RefusalLine, ...]:
    """What was turned away and fits the same search, the newest first, one more than are shown; () where nobody asked."""
    if state not in ("", TURNED_AWAY) or not (text or period or state) or request.GET.get("page", "1") != "1":
        return ()
    rows = period.of(narrow_refusals(visibility.refusals(request), text), "at").select_related("administration")
    if administration is not None:
        rows = rows.filter(administration_id=administration)
    return tuple(refusal_line(row) for row in rows.order_by("-at", "-id")[: MOST_TURNED_AWAY + 1])


def _addresses(request: HttpRequest, administration: int | None) -> tuple[Address, ...]:
    """Where mails should have been sent to, for who finds nothing: a few are enough to see that one is another."""
    rows = Address.objects.filter(administration__in=visibility.administrations(request).values("id"), ended_at=None)
    if administration is not None:
        rows = rows.filter(administration_id=administration)
    return tuple(rows.select_related("administration").order_by("administration__name", "id")[:MOST_ADDRESSES])


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
