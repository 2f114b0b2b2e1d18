"""The review page: a document opened to be worked on, and what the script of the page asks for beside it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from scanstraat.desk.review import answering, asking, sentences, work
from scanstraat.desk.review.work import Left, Said
from scanstraat.desk.rights import may
from scanstraat.model.people import Right
from scanstraat.model.state import DocumentState, is_resting
from scanstraat.pipeline.review import holding
from scanstraat.records import documents, queues

_AT_THE_DESK = frozenset({DocumentState.IN_REVIEW, DocumentState.PARKED})


@may(Right.REVIEW)
@require_safe
def review(request: HttpRequest, identifier: UUID) -> HttpResponseBase:
    """One document, held by the person from now on where nobody else has it; one that left the desk has its ordinary page."""
    row = answering.row_of(request, identifier)
    if row.state not in _AT_THE_DESK:
        return _on_its_way(request, identifier, DocumentState(row.state))
    at = asking.now()
    if row.state == DocumentState.IN_REVIEW and holding.hold(row.id, asking.actor(request), at, asking.hold_until(at)):
        row.refresh_from_db(fields=["held_by", "held_until"])
    return answering.opened(request, row, answering.said_before(request))


def _on_its_way(request: HttpRequest, identifier: UUID, state: DocumentState) -> HttpResponseBase:
    """What is being read anew is waited for; the script asks again and again, and is told nothing until it is there."""
    if is_resting(state) or state is DocumentState.STAGED:
        return redirect("document", identifier)
    if asking.is_htmx(request):
        return HttpResponse(status=204)
    row = answering.row_of(request, identifier)
    return render(request, "desk/review/page.html", work.waiting(request, row))


@may(Right.REVIEW)
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """The page that says that nothing waits."""
    return render(request, "desk/review/page.html", work.nothing(request, answering.said_before(request)))


@may(Right.REVIEW)
@require_safe
def ahead(request: HttpRequest, identifier: UUID) -> JsonResponse:
    """What the next document of the queue will show first, so that the browser has it ready; nobody's hold is changed.

    `waiting`: how many wait in all.
    """
    row = answering.row_of(request, identifier)
    found = queues.next_free(asking.queue_filter(request), asking.now(), (row.id,))
    waiting = queues.waiting(request.user.pk or 0)
    if found is None:
        return JsonResponse({"pictures": [], "words": "", "waiting": waiting})
    pages = documents.value(answering.row_of(request, found)).document.pages
    pictures = [reverse("picture", args=[found, 1])] if pages else []
    return JsonResponse({"pictures": pictures, "words": reverse("words", args=[found]), "waiting": waiting})


@may(Right.REVIEW)
@require_POST
def renew(request: HttpRequest, identifier: UUID) -> JsonResponse:
    """Keep the document in the person's hands; 409 where another has it by now."""
    row, at = answering.row_of(request, identifier), asking.now()
    until = asking.hold_until(at)
    if holding.renew(row.id, asking.actor(request), at, until):
        return JsonResponse({"until": until.isoformat()})
    return JsonResponse({"message": sentences.lost(row, asking.now())}, status=409)


@may(Right.REVIEW)
@require_POST
def hand_back(request: HttpRequest, identifier: UUID) -> HttpResponseBase:
    """Let others have it. A page that is left says until when it had it: opened anew since, it stays in hand."""
    row = answering.row_of(request, identifier)
    until = request.POST.get("until", "")
    if until:
        if row.held_until is not None and row.held_until.isoformat() == until:
            holding.hand_back(row.id, asking.actor(request))
        return HttpResponse(status=204)
    holding.hand_back(row.id, asking.actor(request))
    return answering.next_one(request, Said(sentences.done("hand-back", row)), but=(row.id,))


@may(Right.REVIEW)
@require_POST
def skip(request: HttpRequest, identifier: UUID) -> HttpResponseBase:
    """Go on with the next one; this one is free for others, and comes again at the end of the queue's turn."""
    row = answering.row_of(request, identifier)
    holding.hand_back(row.id, asking.actor(request))
    return answering.next_one(request, Said(sentences.done("skip", row)), but=(row.id,))


@may(Right.REVIEW)
@require_POST
def take(request: HttpRequest, identifier: UUID) -> HttpResponse:
    """Take it out of another's hands, for those who may assign work; one's own hold that ran out is taken up by anyone."""
    row, at, by = answering.row_of(request, identifier), asking.now(), asking.actor(request)
    left = Left.of(request) if request.POST.get("kind") else None
    if not holding.hold(row.id, by, at, asking.hold_until(at)):
        row = answering.row_of(request, identifier, Right.ASSIGN)
        holding.take_from(row.id, by, at, asking.hold_until(at))
    row = answering.row_of(request, identifier)
    if left is not None and request.headers.get("HX-Target") == "read":
        return answering.again(request, row, left)
    return answering.page(request, row)
