"""The answers of the review desk: a whole page to a browser, and to our own script the piece that takes another's place."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from scanstraat.desk import audit, visibility
from scanstraat.desk.review import asking, work
from scanstraat.desk.review.work import SILENT, Left, Said
from scanstraat.desk.spoken import spoken
from scanstraat.errors import Refused
from scanstraat.model.people import Right
from scanstraat.pipeline.review import holding
from scanstraat.records import models, queues
from scanstraat.records.transaction import atomic

_TRIES = 5  # documents tried to be held before the queue counts as empty: others may be quicker
_SAID = "review-said"


def row_of(request: HttpRequest, identifier: UUID, right: Right = Right.REVIEW) -> models.Document:
    """The document with what the page shows of it; 404 for one that this person may not review, whether it exists or not."""
    return visibility.document(request, identifier, right)


def page(request: HttpRequest, row: models.Document, said: Said = SILENT) -> HttpResponse:
    """The page of one document, whole or as the work area."""
    return _work(request, work.shown(request, row, said=said), f"{row.id}")


def again(request: HttpRequest, row: models.Document, left: Left, said: Said = SILENT, lost: str = "") -> HttpResponse:
    """The fields once more, as the person left them, with what stands in the way; the picture stays as it is.

    `lost` says why they cannot be kept: the document is in other hands. A browser without scripts is told by the status, too.
    """
    context = work.shown(request, row, left, said, lost)
    status = 409 if lost else 200
    if not asking.is_htmx(request):
        return render(request, "desk/review/page.html", context, status=422 if left.is_tried and not lost else status)
    response = render(request, "desk/review/again.html", context, status=status)
    response["HX-Retarget"], response["HX-Reswap"] = "#read", "outerHTML"
    return response


def next_one(request: HttpRequest, said: Said = SILENT, but: tuple[UUID, ...] = ()) -> HttpResponseBase:
    """The next document of the queue, claimed for this person, or the page that says that all is done."""
    if not asking.is_htmx(request):
        found = claimed_next(request, but)
        _remember(request, said)
        return redirect(address(request, found) if found else reverse("review-done") + asking.query(request))
    with atomic():  # one commit for both: each costs the person a wait for the disk
        found = claimed_next(request, but)
        row = row_of(request, found) if found else None
        if row is not None:
            _read(request, row)
    return page(request, row, said) if row is not None else _work(request, work.nothing(request, said), "done")


def waiting(request: HttpRequest, row: models.Document, said: Said) -> HttpResponseBase:
    """The page that waits while the document is read anew, and then shows it."""
    if not asking.is_htmx(request):
        _remember(request, said)
        return redirect(address(request, row.id))
    return _work(request, work.waiting(request, row, said), f"{row.id}")


def opened(request: HttpRequest, row: models.Document, said: Said = SILENT) -> HttpResponse:
    """A document that is on the person's screen from now on."""
    _read(request, row)
    return page(request, row, said)


def claimed_next(request: HttpRequest, but: tuple[UUID, ...] = ()) -> UUID | None:
    """The most urgent free document of the queue asked for, held by this person now; None where there is none."""
    at = asking.now()
    for _ in range(_TRIES):
        found = queues.next_free(asking.queue_filter(request), at, but)
        if found is None or holding.hold(found, asking.actor(request), at, asking.hold_until(at)):
            return found
        but = (*but, found)
    return None


def address(request: HttpRequest, identifier: UUID) -> str:
    """The address of a document's review page within the queue that this person works on."""
    return reverse("review", args=[identifier]) + asking.query(request)


def said_before(request: HttpRequest) -> Said:
    """What was done on the page before, told once; a browser without scripts was led here by a redirect."""
    text, undo = request.session.pop(_SAID, ["", ""]) if _SAID in request.session else ("", "")
    return Said(text, undo)


def failed(request: HttpRequest, error: Refused) -> HttpResponse:
    """A refusal as a toast, with nothing else on the page changed."""
    if not asking.is_htmx(request):
        raise error
    text = spoken(f"{error.message[:1].upper()}{error.message[1:]} {error.next_step}".strip())
    response = render(request, "desk/review/refused.html", {"said": text, "undo_seconds": 15})
    response["HX-Reswap"] = "none"
    return response


def _read(request: HttpRequest, row: models.Document) -> None:
    audit.read(request, "see-document", row.administration_id, f"document {row.id}")


def _remember(request: HttpRequest, said: Said) -> None:
    request.session[_SAID] = [said.text, said.undo]


def _work(request: HttpRequest, context: dict[str, Any], pushed: str) -> HttpResponse:
    if not asking.is_htmx(request):
        return render(request, "desk/review/page.html", context)
    response = render(request, "desk/review/answer.html", context)
    response["HX-Push-Url"] = f"{reverse('review-done')[: -len('done')]}{pushed}{asking.query(request)}"
    return response
