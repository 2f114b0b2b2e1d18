"""Administrations: the list of those a person may instruct, and the page of one, with what it asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.contrib import messages
from django.db import transaction
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from scanstraat.desk import audit, visibility
from scanstraat.desk.narrowing import chosen_search, page_of
from scanstraat.desk.offices import instructions
from scanstraat.desk.offices.form import Form
from scanstraat.desk.rights import may
from scanstraat.model.administration import Administration
from scanstraat.model.people import Right
from scanstraat.records import models, offices, opening
from scanstraat.records.search import words


@dataclass(frozen=True, slots=True)
class Line:
    """An administration in the list; `can_open` where the person looks after addresses and contract too."""

    id: int
    name: str
    office: str
    drop: str
    addresses: tuple[str, ...]
    contract_ended: str
    is_accepted: bool
    is_opening: bool
    can_open: bool


@may(Right.INSTRUCT)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Those that he may instruct, by name; `?search=` looks in names, offices, drops and addresses."""
    text = chosen_search(request)
    rows = visibility.administrations(request, Right.INSTRUCT)
    for word in words(text):
        named = Q(name__icontains=word) | Q(office__name__icontains=word) | Q(drop__icontains=word)
        rows = rows.filter(named | Q(id__in=models.Address.objects.filter(address__icontains=word).values("administration")))
    in_use = Prefetch("addresses", models.Address.objects.filter(ended_at=None).order_by("id"))
    rows = rows.select_related("office", "opening").prefetch_related(in_use, "acceptances")
    page = page_of(request, rows)
    openable = set(
        visibility.administrations(request, Right.OPEN).filter(id__in=[r.pk for r in page]).values_list("id", flat=True)
    )
    shown = {
        "here": "administrations",
        "page": page,
        "lines": [_line(row, row.pk in openable) for row in page],
        "search": text,
    }
    return render(request, "desk/offices/administrations.html", shown)


@may(Right.INSTRUCT)
@require_http_methods(["GET", "HEAD", "POST"])
def administration(request: HttpRequest, identifier: int) -> HttpResponseBase:
    """One of them; a POST records its identity and instructions, and leads back to it."""
    row = visibility.administration(request, identifier, Right.INSTRUCT)
    now = offices.administration(row.pk)
    if request.method != "POST":
        audit.read(request, "see-instructions", row.pk, f"administration {now.drop}")
        return page(request, now)
    form, before = Form(request.POST), instructions.described(now)
    after = instructions.taken(form, before)
    if not form.is_good:
        return page(request, now, form)
    with transaction.atomic():
        offices.describe(row.pk, after.name, after.own, after.country, after.currency)
        offices.instruct(row.pk, after.instructions)
        opening.instructed(row.pk, request.user.get_username(), datetime.now(UTC))
        if told := instructions.difference(before, after):
            audit.changed(request, "instruct", row.pk, f"administration {now.drop}", told)
    messages.success(request, gettext("Saved. It holds for everything that is decided from now on."))
    return redirect("administration", row.pk)


def page(request: HttpRequest, now: Administration, form: Form | None = None, name: str = "") -> HttpResponse:
    """The page of an administration; `form` is one that was sent and is wrong, of the part `name` of the page."""
    filled = Form(instructions.written(instructions.described(now)))
    row = models.Administration.objects.select_related("office").get(id=now.id)
    shown = {
        "here": "administrations",
        "row": row,
        "own": now,
        "form": form if form is not None and not name else filled,
        "wrong": form if name else Form({}),
        "is_wrong": form is not None,
        "addresses": row.addresses.order_by("ended_at", "id"),
        "can_open": visibility.administrations(request, Right.OPEN).filter(id=now.id).exists(),
        "opening": opening.opened(now.id),
        "last_day_taken": now.contract_ended_on + offices.TAIL if now.contract_ended_on else None,
    }
    return render(request, "desk/offices/administration.html", shown, status=422 if form is not None else 200)


def _line(row: models.Administration, can_open: bool) -> Line:
    return Line(
        id=row.pk,
        name=row.name,
        office=row.office.name,
        drop=row.drop,
        addresses=tuple(each.address for each in row.addresses.all()),
        contract_ended=f"{row.contract_ended_on or ''}",
        is_accepted=bool(row.acceptances.all()),
        is_opening=hasattr(row, "opening"),
        can_open=can_open,
    )
