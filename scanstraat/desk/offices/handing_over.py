"""The checklist of an opening, its test mail, and the acceptance by the customer, which is its end (K1)."""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from scanstraat.desk import audit, visibility
from scanstraat.desk.offices import checklist, once, trial
from scanstraat.desk.offices.form import Form, said
from scanstraat.desk.rights import may
from scanstraat.errors import ScanstraatError
from scanstraat.model.people import Right
from scanstraat.pipeline import instructing
from scanstraat.records import models, offices, opening

_LONGEST_REMARK = 5_000


@may(Right.OPEN)
@require_safe
def opening_page(request: HttpRequest, identifier: int) -> HttpResponse:
    """The checklist, each point as it stands now."""
    row = visibility.administration(request, identifier, Right.OPEN)
    return _page(request, row)


@may(Right.OPEN)
@require_POST
def looked_at(request: HttpRequest, identifier: int) -> HttpResponseBase:
    """The instructions are right as they are."""
    row = _begun(request, identifier)
    with transaction.atomic():
        opening.instructed(row.pk, request.user.get_username(), datetime.now(UTC))
        audit.changed(request, "look-at-instructions", row.pk, f"administration {row.drop}")
    return redirect("opening", row.pk)


@may(Right.OPEN)
@require_POST
def send_trial(request: HttpRequest, identifier: int) -> HttpResponseBase:
    """Send a test mail through the whole line."""
    row = _begun(request, identifier)
    try:
        trial.send(offices.administration(row.pk))
        audit.changed(request, "send-test-mail", row.pk, f"administration {row.drop}")
    except ScanstraatError as error:
        messages.error(request, said(error))
    return redirect("opening", row.pk)


@may(Right.OPEN)
@require_safe
def trial_story(request: HttpRequest, identifier: int) -> HttpResponse:
    """How far the test mail is: the piece of the checklist that asks again each second."""
    row = visibility.administration(request, identifier, Right.OPEN)
    return render(request, "desk/offices/_trial.html", _shown(row))


@may(Right.OPEN)
@require_http_methods(["GET", "HEAD", "POST"])
def acceptance(request: HttpRequest, identifier: int) -> HttpResponseBase:
    """The acceptance record, to be printed; a POST writes it."""
    row = visibility.administration(request, identifier, Right.OPEN)
    if request.method != "POST":
        accepted = opening.accepted(row.pk)
        if accepted is None:
            raise Http404
        own = offices.administration(row.pk)
        addresses = row.addresses.filter(ended_at=None).order_by("id")
        shown = {"here": "administrations", "row": row, "own": own, "accepted": accepted, "addresses": addresses}
        return render(request, "desk/offices/acceptance.html", shown)
    form = Form(request.POST)
    points = tuple(point for point in checklist.points(checklist.case_of(row.pk)) if point.name != "acceptance")
    new = _accepted(request, row.pk, form, points)
    if not form.is_good:
        return _page(request, row, form)
    with transaction.atomic():
        opening.accept(new)
        audit.changed(request, "accept-opening", row.pk, f"administration {row.drop}", f"accepted by {new.accepted_by}")
    return redirect("acceptance", row.pk)


def _accepted(request: HttpRequest, identifier: int, form: Form, points: tuple[checklist.Point, ...]) -> opening.Accepted:
    """What the form says was accepted; where a point is open, a remark has to say why it is accepted all the same."""
    who, remark = form.checked("accepted_by", instructing.name, ""), form.text("remark")
    if len(remark) > _LONGEST_REMARK:
        form.wrong("remark", gettext("Keep it under %(most)d characters.") % {"most": _LONGEST_REMARK})
    if not remark and not all(point.is_done for point in points):
        form.wrong("remark", gettext("Something on the list is still open: do it first, or say why it is accepted all the same."))
    told = tuple(point.told for point in points)
    return opening.Accepted(identifier, datetime.now(UTC), request.user.get_username(), who, told, remark)


def _begun(request: HttpRequest, identifier: int) -> models.Administration:
    """The administration, its opening recorded from now on where it was opened by a command."""
    row = visibility.administration(request, identifier, Right.OPEN)
    now = datetime.now(UTC)
    opening.begin(row.pk, request.user.get_username(), now, now)
    return row


def _page(request: HttpRequest, row: models.Administration, form: Form | None = None) -> HttpResponse:
    shown = {**_shown(row), "form": form or Form({}), "secret": once.told(request)}
    return render(request, "desk/offices/opening.html", shown, status=422 if form else 200)


def _shown(row: models.Administration) -> dict[str, object]:
    case = checklist.case_of(row.pk)
    points = checklist.points(case)
    accepted = opening.accepted(row.pk)
    until = accepted.at if accepted else datetime.now(UTC)
    return {
        "here": "administrations",
        "row": row,
        "points": points,
        "story": case.story,
        "point": next(point for point in points if point.name == "trial"),
        "done": sum(point.is_done for point in points),
        "accepted": accepted,
        "opened": case.opened,
        "minutes": _minutes(case.opened.started_at, until) if case.opened else "",
    }


def _minutes(start: datetime, end: datetime) -> str:
    """A span in words, to the second under an hour.

    >>> _minutes(datetime(2026, 1, 1, 9, 0), datetime(2026, 1, 1, 9, 3, 7)), _minutes(datetime(2026, 1, 1), datetime(2026, 1, 3))
    ('3 min 7 s', '48 h')
    """
    seconds = int((end - start).total_seconds())
    return f"{seconds // 60} min {seconds % 60} s" if seconds < 3600 else f"{seconds // 3600} h"
