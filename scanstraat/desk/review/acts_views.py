"""What a person does with a document: each act is a POST, answered with the next document, or with what stands in the way."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from scanstraat.desk import audit
from scanstraat.desk.review import answering, asking, sentences, work
from scanstraat.desk.review.work import Left, Said
from scanstraat.desk.rights import View, may
from scanstraat.errors import Refused
from scanstraat.model.document import Kind
from scanstraat.model.people import Right
from scanstraat.model.review import Act
from scanstraat.model.verdict import Action
from scanstraat.pipeline.review import acts
from scanstraat.records import models
from scanstraat.records.tasks import TaskTable
from scanstraat.records.transaction import atomic

_TASKS = TaskTable()
_LOST = frozenset({"not-held", "not-in-review"})


def _act(view: Callable[..., HttpResponseBase]) -> View:
    """A view for reviewers that acts on one document; what it refuses is told without anything typed being lost."""

    @may(Right.REVIEW)
    @require_POST
    @wraps(view)
    def guarded(request: HttpRequest, identifier: UUID, **named: Any) -> HttpResponseBase:
        row = answering.row_of(request, identifier)
        try:
            return view(request, row, **named)
        except Refused as error:
            if error.code not in _LOST:
                return answering.failed(request, error)
            row = answering.row_of(request, identifier)
            return _lost(request, row)

    return guarded


@_act
def accept(request: HttpRequest, row: models.Document) -> HttpResponseBase:
    """Have it go out as filled in; answered with the next document, or with the objections at their fields."""
    left, at = Left.of(request, is_tried=True), asking.now()
    entries = tuple(left.entries.values())
    with atomic():
        looked = acts.accept(row.id, asking.actor(request), entries, left.kind, left.answered, at, asking.undo_until(at), _TASKS)
        if not looked.objections:
            _told(request, row, f"review-{looked.verdict.action}")
    if looked.objections:
        return answering.again(request, row, left)
    return _gone(request, row, looked.verdict.action)


@_act
def archive(request: HttpRequest, row: models.Document) -> HttpResponseBase:
    """Have it filed in the archive, as of the kind that was chosen."""
    at = asking.now()
    with atomic():
        acts.archive(row.id, asking.actor(request), _kind(request), at, asking.undo_until(at), _TASKS)
        _told(request, row, f"review-{Action.ARCHIVE}")
    return _gone(request, row, Action.ARCHIVE)


@_act
def discard(request: HttpRequest, row: models.Document) -> HttpResponseBase:
    """Have it thrown away as advertising."""
    at = asking.now()
    with atomic():
        acts.discard(row.id, asking.actor(request), Kind.ADVERTISING, at, asking.undo_until(at), _TASKS)
        _told(request, row, f"review-{Action.DISCARD}")
    return _gone(request, row, Action.DISCARD)


@_act
def reject(request: HttpRequest, row: models.Document) -> HttpResponseBase:
    """Have it turned away with a reason."""
    at, why = asking.now(), request.POST.get("why", "")
    with atomic():
        acts.reject(row.id, asking.actor(request), why, at, asking.undo_until(at), _TASKS)
        _told(request, row, f"review-{Action.REJECT}", why)
    return _gone(request, row, Action.REJECT)


@_act
def kind(request: HttpRequest, row: models.Document) -> HttpResponseBase:
    """Say what it is; the fields stay as the person left them."""
    left = Left.of(request)
    with atomic():
        acts.change_kind(row.id, asking.actor(request), left.kind, asking.now())
        _told(request, row, Act.KIND, left.kind)
    return answering.again(request, answering.row_of(request, row.id), left)


@_act
def split(request: HttpRequest, row: models.Document) -> HttpResponseBase:
    """Cut it before a page; both are read anew."""
    page = _number(request, "before_page")
    with atomic():
        acts.split(row.id, asking.actor(request), page, asking.now(), _TASKS)
        _told(request, row, Act.SPLIT, f"before page {page}")
    return _read_anew(request, row, Act.SPLIT)


@_act
def merge(request: HttpRequest, row: models.Document) -> HttpResponseBase:
    """Put another document of the mail behind it."""
    try:
        other = UUID(request.POST.get("with_document", ""))
    except ValueError:
        raise _malformed("with_document") from None
    behind = answering.row_of(request, other)
    with atomic():
        acts.merge(row.id, asking.actor(request), behind.id, asking.now(), _TASKS)
        _told(request, row, Act.MERGE, f"document {other}")
    return _read_anew(request, row, Act.MERGE)


@_act
def reorder(request: HttpRequest, row: models.Document) -> HttpResponseBase:
    """Put its pages in another order."""
    order = request.POST.get("order", "")
    pages = order.split(",")
    if not all(page.isascii() and page.isdecimal() and len(page) < 6 for page in pages):
        raise _malformed("order")
    with atomic():
        acts.reorder(row.id, asking.actor(request), tuple(map(int, pages)), asking.now(), _TASKS)
        _told(request, row, Act.REORDER, order)
    return _read_anew(request, row, Act.REORDER)


@_act
def turn(request: HttpRequest, row: models.Document) -> HttpResponseBase:
    """Turn a page for good; the script has turned it on the screen already."""
    page, degrees = _number(request, "page"), _number(request, "degrees")
    with atomic():
        acts.turn(row.id, asking.actor(request), page, degrees, asking.now())
        _told(request, row, Act.TURN, f"page {page} by {degrees} degrees")
    return _stays(request, row, Act.TURN, f"{row.id}")


@_act
def note(request: HttpRequest, row: models.Document) -> HttpResponseBase:
    """Keep a note; nobody has to hold the document for that."""
    with atomic():
        acts.note(row.id, asking.actor(request), request.POST.get("text", ""), asking.now())
        _told(request, row, "note")
    if not asking.is_htmx(request):
        return redirect(answering.address(request, row.id))
    shown = {"notes": list(row.notes.all()), "said": sentences.done("note"), "undo_seconds": 5}
    return render(request, "desk/review/noted.html", shown)


@_act
def bring_back(request: HttpRequest, row: models.Document) -> HttpResponseBase:
    """Bring an archived, discarded or rejected document back to review, and open it."""
    with atomic():
        acts.bring_back(row.id, asking.actor(request), asking.now())
        _told(request, row, Act.BRING_BACK)
    return redirect(answering.address(request, row.id))


@_act
def replay(request: HttpRequest, row: models.Document) -> HttpResponseBase:
    """Have a document that was laid aside tried again, for those who may assign work."""
    row = answering.row_of(request, row.id, Right.ASSIGN)
    with atomic():
        acts.replay(row.id, asking.actor(request), asking.now(), _TASKS)
        _told(request, row, Act.REPLAY)
    return answering.next_one(request, Said(sentences.done(Act.REPLAY, row)), but=(row.id,))


@may(Right.REVIEW)
@require_POST
def undo(request: HttpRequest) -> HttpResponseBase:
    """Undo what this person did last, and show the document as it was before."""
    asked = request.POST.get("document", "")
    try:
        with atomic():
            found = acts.undo(asking.actor(request), asking.now(), _TASKS, UUID(asked) if asked else None)
            row = answering.row_of(request, found) if found else None
            if row is not None:
                _told(request, row, "undo")
    except ValueError:
        raise _malformed("document") from None
    except Refused as error:
        return answering.failed(request, error)
    if row is None:
        return answering.failed(request, Refused("nothing-to-undo", sentences.done("nothing-to-undo")))
    return answering.opened(request, row, Said(sentences.done("undo", row)))


def _gone(request: HttpRequest, row: models.Document, action: Action) -> HttpResponseBase:
    """It has left the desk: on to the next one, with a way back for a while."""
    row.refresh_from_db(fields=["kind", "number"])
    return answering.next_one(request, Said(sentences.done(action, row), undo=f"{row.id}"), but=(row.id,))


def _read_anew(request: HttpRequest, row: models.Document, act: Act) -> HttpResponseBase:
    return answering.waiting(request, row, Said(sentences.done(act, row)))


def _stays(request: HttpRequest, row: models.Document, what: str, undo_document: str) -> HttpResponseBase:
    if not asking.is_htmx(request):
        return redirect(answering.address(request, row.id))
    shown = work.said_context(request, Said(sentences.done(what, row), undo_document))
    return render(request, "desk/review/refused.html", shown)


def _lost(request: HttpRequest, row: models.Document) -> HttpResponse:
    """The document is in other hands, or has left the desk: nothing was kept, and what was typed stays on the page."""
    if not request.POST.get("kind") or "value.total" not in request.POST:
        return answering.failed(request, Refused("not-held", sentences.lost(row, asking.now())))
    return answering.again(request, row, Left.of(request), lost=sentences.lost(row, asking.now()))


def _told(request: HttpRequest, row: models.Document, act: str, detail: str = "") -> None:
    audit.changed(request, act, row.administration_id, f"document {row.id}", detail)


def _kind(request: HttpRequest) -> Kind:
    try:
        return Kind(request.POST.get("kind", ""))
    except ValueError:
        raise _malformed("kind") from None


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    if not text.isascii() or not text.isdecimal() or len(text) > 5:
        raise _malformed(name)
    return int(text)


def _malformed(name: str) -> Refused:
    return Refused("malformed", f"{name} cannot be understood.", "Open the document again.")
