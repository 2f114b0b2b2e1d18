"""The queue: what waits for a person in all administrations he may review, and taking the next of it (I6, G4)."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from scanstraat.desk import visibility
from scanstraat.desk.review import answering, asking
from scanstraat.desk.rights import may, rights
from scanstraat.desk.shown.queue import ShownLine, choices, places, shown_line
from scanstraat.model.people import Right
from scanstraat.records import mails, queues

PAGE_LENGTH = 50
COUNT_SECONDS = 5


@may(Right.REVIEW)
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What waits, the most urgent first, with the counts of each way to narrow it."""
    wanted = asking.queue_filter(request)
    found = places(wanted, queues.administrations(wanted, asking.now()))
    return render(request, "desk/review/queue.html", {**_shown(request), "places": found, "laid_aside": _laid_aside(request)})


@may(Right.REVIEW)
@require_safe
def counts(request: HttpRequest) -> HttpResponse:
    """The part of the page that changes by itself; 204 while it is still what `?seen=` names."""
    shown = _shown(request)
    if shown["seen"] == request.GET.get("seen"):
        return HttpResponse(status=204)
    return render(request, "desk/review/queue_live.html", {**shown, "is_alone": True})


@may(Right.REVIEW)
@require_http_methods(["GET", "POST"])
def following(request: HttpRequest) -> HttpResponseBase:
    """Take the most urgent document that nobody holds, of the part of the queue asked for, and open it."""
    found = answering.claimed_next(request)
    return redirect(answering.address(request, found) if found else reverse("review-done") + asking.query(request))


def _shown(request: HttpRequest) -> dict[str, Any]:
    wanted, now = asking.queue_filter(request), asking.now()
    counted = queues.counts(wanted, now)
    # a page of places, not of rows: the count is known, and the rows are asked for once
    page: Page[int] = Paginator(range(counted.total), PAGE_LENGTH).get_page(request.GET.get("page"))
    lines = _lines(request, queues.lines(wanted, now, max(0, page.start_index() - 1), PAGE_LENGTH))
    return {
        "here": "review",
        "wanted": wanted,
        "query": asking.query(request),
        "counts": counted,
        "choices": choices(wanted, counted),
        "lines": lines,
        "seen": hashlib.sha256(f"{counted} {lines}".encode()).hexdigest()[:16],
        "page": page,
        "waiting": counted.everything,
        "count_seconds": COUNT_SECONDS,
    }


def _lines(request: HttpRequest, lines: tuple[queues.QueueLine, ...]) -> tuple[ShownLine, ...]:
    assignable: frozenset[int] = frozenset()
    if Right.ASSIGN in rights(request):
        held_in = {line.administration_id for line in lines if line.holder}
        assignable = frozenset(
            visibility.administrations(request, Right.ASSIGN).filter(id__in=held_in).values_list("id", flat=True)
        )
    now = asking.now()
    return tuple(shown_line(line, now, assignable) for line in lines)


def _laid_aside(request: HttpRequest) -> int:
    """How many whole mails wait for somebody to mend what stopped them; 0 for who may not do that."""
    if Right.ASSIGN not in rights(request):
        return 0
    by_administration = mails.laid_aside()
    known = visibility.administrations(request, Right.ASSIGN).filter(id__in=list(by_administration))
    return sum(by_administration[identifier] for identifier in known.values_list("id", flat=True))
