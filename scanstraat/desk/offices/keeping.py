"""What only the service itself changes of an administration: drop folder, addresses and the end of its contract (A1, A10)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from scanstraat.desk import audit, visibility
from scanstraat.desk.offices.administrations import page
from scanstraat.desk.offices.form import Form
from scanstraat.desk.rights import may
from scanstraat.errors import Refused
from scanstraat.model.administration import Administration
from scanstraat.model.people import Right
from scanstraat.pipeline import instructing
from scanstraat.records import offices

Kept = tuple[str, str]  # what the audit log keeps of a change, and what the person is told


@may(Right.OPEN)
@require_POST
def drop(request: HttpRequest, identifier: int) -> HttpResponseBase:
    """Deliver to another drop folder from now on."""

    def change(now: Administration, form: Form) -> Kept:
        name = instructing.drop(form.text("drop"))
        offices.set_drop(now.id, name)
        told = gettext("From now on it is delivered to drops/%(new)s. What lies in drops/%(old)s stays there.")
        return f"drop {now.drop} → {name}", told % {"new": name, "old": now.drop}

    return _changed(request, identifier, "drop", "set-drop", change)


@may(Right.OPEN)
@require_POST
def add_address(request: HttpRequest, identifier: int) -> HttpResponseBase:
    """Take mail at one more address; those before keep working (A1)."""

    def change(now: Administration, form: Form) -> Kept:
        address = instructing.address(form.text("address"))
        offices.add_address(now.id, address)
        told = gettext("Mail to %(address)s is taken from now on. Addresses before keep working until they are ended.")
        return address, told % {"address": address}

    return _changed(request, identifier, "address", "add-address", change)


@may(Right.OPEN)
@require_POST
def end_address(request: HttpRequest, identifier: int) -> HttpResponseBase:
    """Take mail at this address no more."""

    def change(now: Administration, form: Form) -> Kept:
        address = form.text("ended")
        offices.end_address(now.id, address, datetime.now(UTC))
        told = gettext("Mail to %(address)s is refused from now on, and its senders are told. Nobody else can get the address.")
        return address, told % {"address": address}

    return _changed(request, identifier, "ended", "end-address", change)


@may(Right.OPEN)
@require_POST
def contract(request: HttpRequest, identifier: int) -> HttpResponseBase:
    """Set the last day of the contract, or none; mail is still processed for 14 days after it (A10)."""

    def change(now: Administration, form: Form) -> Kept:
        last = form.day("last_day")
        if not form.is_good:
            raise Refused("day", form.errors["last_day"])
        offices.end_contract(now.id, last)
        if last is None:
            return "no last day", gettext("The contract goes on.")
        told = gettext("The contract ends on %(day)s. Mail is processed until %(tail)s, then refused.")
        return f"last day {last}", told % {"day": last.isoformat(), "tail": (last + offices.TAIL).isoformat()}

    return _changed(request, identifier, "last_day", "end-contract", change)


def _changed(
    request: HttpRequest, identifier: int, field: str, act: str, change: Callable[[Administration, Form], Kept]
) -> HttpResponseBase:
    """Change it, write that down and lead back to the page; what is refused is said at the field there."""
    row = visibility.administration(request, identifier, Right.OPEN)
    now, form = offices.administration(row.pk), Form(request.POST)
    try:
        with transaction.atomic():
            detail, told = change(now, form)
            audit.changed(request, act, row.pk, f"administration {now.drop}", detail)
    except Refused as error:
        form.refused(field, error)
        return page(request, now, form, field)
    messages.success(request, told)
    return redirect("administration", row.pk)
