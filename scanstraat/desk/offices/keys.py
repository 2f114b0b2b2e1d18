"""Keys of programs: what there is, a new one (shown once), and ending one; beside them the webhooks (`offices.hooks`)."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from scanstraat.desk import audit
from scanstraat.desk.narrowing import page_of
from scanstraat.desk.offices import once
from scanstraat.desk.offices.form import Form
from scanstraat.desk.offices.owners import Owner, chosen, of_owners, owners
from scanstraat.desk.rights import may
from scanstraat.desk.spoken import spoken
from scanstraat.errors import Refused
from scanstraat.model.hook import EVENTS, CallState
from scanstraat.model.key import SCOPES, Scope
from scanstraat.model.people import Right
from scanstraat.records import keys, models

_MOST_HOOKS = 200


@may(Right.KEYS)
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: HttpRequest) -> HttpResponseBase:
    """The keys and webhooks a person looks after, those in force first; a POST makes a key."""
    if request.method != "POST":
        return page(request)
    form = Form(request.POST)
    owner = chosen(form, owners(request))
    scopes = frozenset(scope for scope in Scope if scope in request.POST.getlist("scopes"))
    if not scopes:
        form.wrong("scopes", gettext("Choose what the program may do."))
    if owner is not None and form.is_good:
        try:
            key = _made(request, owner, form.text("name"), scopes)
        except Refused as error:
            form.refused("name", error)
        else:
            once.keep(request, once.Secret(form.text("name"), key))
            return redirect("keys")
    return page(request, key_form=form)


@may(Right.KEYS)
@require_POST
def end(request: HttpRequest, identifier: int) -> HttpResponseBase:
    """Take a key out of force."""
    row = get_object_or_404(models.ServiceKey.objects.filter(of_owners(request)), id=identifier, ended_at=None)
    now = datetime.now(UTC)
    with transaction.atomic():
        if row.administration_id is not None:
            keys.end(row.administration_id, row.name, now)
        else:
            keys.end_for_office(row.office_id or 0, row.name, now)
        audit.changed(request, "end-key", row.administration_id, f"key {row.name}")
    return redirect("keys")


def page(request: HttpRequest, key_form: Form | None = None, hook_form: Form | None = None) -> HttpResponse:
    """The page; a form that was sent and is wrong is shown again with what is wrong."""
    own = of_owners(request)
    rows = models.ServiceKey.objects.filter(own).select_related("office", "administration")
    hooks = models.Webhook.objects.filter(own, ended_at=None).select_related("office", "administration")
    failed = Count("calls", filter=Q(calls__state=CallState.FAILED))
    hooks = hooks.annotate(failed=failed, waiting=Count("calls", filter=Q(calls__state=CallState.WAITING)))
    shown = {
        "here": "keys",
        "page": page_of(request, rows.order_by("ended_at", "-created_at", "-id")),
        "hooks": hooks.order_by("url", "id")[:_MOST_HOOKS],
        "owners": owners(request),
        "scopes": [(scope.value, spoken(text)) for scope, text in SCOPES.items()],
        "events": [(event.value, spoken(text)) for event, text in EVENTS.items()],
        "key_form": key_form or Form({}),
        "hook_form": hook_form or Form({}),
        "chosen_scopes": request.POST.getlist("scopes") if key_form else [],
        "chosen_events": request.POST.getlist("events") if hook_form else list(EVENTS),
        "secret": once.told(request),
    }
    return render(request, "desk/offices/keys.html", shown, status=422 if key_form or hook_form else 200)


def _made(request: HttpRequest, owner: Owner, name: str, scopes: frozenset[Scope]) -> str:
    by = request.user.get_username()
    with transaction.atomic():
        if owner.administration is not None:
            key = keys.add(owner.administration, name, scopes, by)
        else:
            key = keys.add_for_office(owner.office or 0, name, scopes, by)
        told = f"{owner.subject}: {', '.join(sorted(scopes))}"
        audit.changed(request, "add-key", owner.administration, f"key {name}", told)
    return key
