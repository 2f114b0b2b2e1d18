"""Webhooks: a new address to be told (its secret shown once), a call to try it, and ending one."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from scanstraat.delivery.hooks import checked_url, new_secret
from scanstraat.desk import audit
from scanstraat.desk.offices import once
from scanstraat.desk.offices.form import Form
from scanstraat.desk.offices.keys import page
from scanstraat.desk.offices.owners import Owner, chosen, of_owners, owners
from scanstraat.desk.rights import may
from scanstraat.errors import Refused
from scanstraat.model.hook import EVENTS, Event
from scanstraat.model.people import Right
from scanstraat.records import hooks, models
from scanstraat.records.sealing import WEBHOOKS, seal


@may(Right.KEYS)
@require_POST
def add(request: HttpRequest) -> HttpResponseBase:
    """Have an address called from now on."""
    form = Form(request.POST)
    owner = chosen(form, owners(request))
    events = frozenset(event for event in EVENTS if event in request.POST.getlist("events"))
    if not events:
        form.wrong("events", gettext("Choose what it is told of."))
    if owner is not None and form.is_good:
        try:
            secret = _made(request, owner, form.text("url"), events)
        except Refused as error:
            form.refused("url", error)
        else:
            once.keep(request, once.Secret(form.text("url"), secret))
            return redirect("keys")
    return page(request, hook_form=form)


@may(Right.KEYS)
@require_POST
def end(request: HttpRequest, identifier: UUID) -> HttpResponseBase:
    """Call an address no more."""
    row = _one(request, identifier)
    with transaction.atomic():
        hooks.end(row.id, datetime.now(UTC))
        audit.changed(request, "end-webhook", row.administration_id, f"webhook {row.id}", row.url)
    return redirect("keys")


@may(Right.KEYS)
@require_POST
def try_it(request: HttpRequest, identifier: UUID) -> HttpResponseBase:
    """Have it called once, to see that it arrives."""
    row = _one(request, identifier)
    with transaction.atomic():
        hooks.test(row.id, datetime.now(UTC))
        audit.changed(request, "test-webhook", row.administration_id, f"webhook {row.id}", row.url)
    messages.success(request, gettext("%(url)s is called in a moment; what it answers shows here.") % {"url": row.url})
    return redirect("keys")


def _one(request: HttpRequest, identifier: UUID) -> models.Webhook:
    return get_object_or_404(models.Webhook.objects.filter(of_owners(request)), id=identifier, ended_at=None)


def _made(request: HttpRequest, owner: Owner, url: str, events: frozenset[Event]) -> str:
    checked_url(url, settings.SCANSTRAAT.hooks_local)
    secret, whose = new_secret(), hooks.HookOwner(owner.administration, owner.office)
    with transaction.atomic():
        sealed = seal(settings.SCANSTRAAT.home_path, secret.encode(), WEBHOOKS)
        made = hooks.add(whose, url, events, sealed, request.user.get_username(), datetime.now(UTC))
        audit.changed(request, "add-webhook", owner.administration, f"webhook {made}", f"{owner.subject}: {url}")
    return secret
