"""Opening an administration by one form (K1): everything that is needed before its first mail."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from scanstraat.desk import audit, visibility
from scanstraat.desk.offices import instructions, once
from scanstraat.desk.offices.form import Form
from scanstraat.desk.people.once import password
from scanstraat.desk.rights import may
from scanstraat.errors import Refused
from scanstraat.model.administration import Administration, Instructions
from scanstraat.model.people import Post, Right, Role
from scanstraat.model.review import Actor
from scanstraat.pipeline import instructing
from scanstraat.records import models, offices, opening, people, staff

_SALT = "scanstraat: opening"
_LONGEST_OPENING = 24 * 60 * 60  # seconds; who comes back later has his time counted from then
_LOOKED_AT = 500  # addresses, for the domain that is usual here
_NEW = "new"


@dataclass(frozen=True, slots=True)
class Plan:
    """What the form would open. `office` is empty while none is chosen; `user` is None where no main user is added."""

    office: str
    new: Administration
    addresses: tuple[str, ...]
    user: tuple[str, staff.Details] | None


@may(Right.OPEN)
@require_http_methods(["GET", "HEAD", "POST"])
def open_administration(request: HttpRequest) -> HttpResponseBase:
    """The form; a POST opens the administration and leads to its checklist."""
    if request.method != "POST":
        fresh = {"country": "NL", "currency": "EUR", "started": signing.dumps(time.time(), salt=_SALT)}
        return _page(request, Form({**fresh, "office": request.GET.get("office", "")}))
    form = Form(request.POST)
    plan = _plan(request, form)
    if form.is_good:
        try:
            return _opened(request, form, plan)
        except Refused as error:
            form.refused(_FIELD_OF.get(error.code, "name"), error)
    return _page(request, form, 422)


@may(Right.OPEN)
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """What the form would open as it is filled so far, and what is wrong with it; asked for at each change."""
    form = Form(request.POST)
    plan = _plan(request, form)
    typed = {name: text for name, text in form.errors.items() if form.text(name)}
    return render(request, "desk/offices/_plan.html", {"plan": plan, "errors": typed})


def _page(request: HttpRequest, form: Form, status: int = 200) -> HttpResponse:
    shown = {
        "here": "administrations",
        "form": form,
        "offices": visibility.offices(request, Right.OPEN),
        "may_open_offices": _may_open_offices(request),
        "new_office": _NEW,
    }
    return render(request, "desk/offices/open.html", shown, status=status)


def _plan(request: HttpRequest, form: Form) -> Plan:
    """What is filled in, checked; empty drop folder and addresses are made from the name."""
    office = _office(request, form)
    name = form.checked("name", instructing.name, "")
    country = form.checked("country", instructing.country, "NL")
    currency = form.checked("currency", instructing.currency, "EUR")
    drop = form.optional("drop", instructing.drop, _free_drop(name))
    if name and not drop:
        form.wrong("drop", gettext("No name of a folder can be made from this name; give one."))
    addresses = form.lines("addresses", instructing.address)
    if not addresses and drop and "addresses" not in form.errors:
        addresses = (f"{drop}@{_usual_domain()}",)
    asked = Instructions(contacts=form.lines("contacts", instructing.contact))
    new = Administration(0, name, instructions.own(form, name, country), drop, currency, country, asked)
    _check_free(form, new, addresses)
    return Plan(office, new, addresses, _user(form, needed=form.text("office") == _NEW))


def _office(request: HttpRequest, form: Form) -> str:
    chosen = form.text("office")
    if chosen != _NEW:
        rows = visibility.offices(request, Right.OPEN)
        row = rows.filter(id=int(chosen[:18])).first() if chosen.isascii() and chosen.isdecimal() else None
        if row is None:
            form.wrong("office", gettext("Choose an office, or a new one."))
        return row.name if row else ""
    name = form.checked("new_office", instructing.name, "")
    if not _may_open_offices(request):
        form.wrong("office", gettext("You open administrations of your offices only."))
    elif models.Office.objects.filter(name__iexact=name).exists():
        form.wrong("new_office", gettext("There is an office of this name; choose it above."))
    return name


def _user(form: Form, needed: bool) -> tuple[str, staff.Details] | None:
    """The main user to be added: always with a new office, which keeps one from then on (I5)."""
    name, details = form.text("user"), staff.Details(form.text("full_name"), form.text("email"))
    if name:
        return name, details
    if needed or details != staff.Details():
        form.wrong("user", gettext("Give the name that the main user signs in with."))
    return None


def _check_free(form: Form, new: Administration, addresses: tuple[str, ...]) -> None:
    """Say at the fields what belongs to another already."""
    if models.Administration.objects.filter(drop=new.drop).exists():
        form.wrong("drop", gettext("This drop folder belongs to an administration already."))
    taken = models.Address.objects.filter(address__in=addresses).values_list("address", flat=True)
    if taken:
        said = gettext("%(addresses)s belongs to an administration already, in use or ended.")
        form.wrong("addresses", said % {"addresses": ", ".join(taken)})


def _opened(request: HttpRequest, form: Form, plan: Plan) -> HttpResponseBase:
    by, now, given = Actor(request.user.pk or 0, request.user.get_username()), datetime.now(UTC), password()
    with transaction.atomic():
        opened = offices.open_administration(plan.office, plan.new, plan.addresses)
        opening.begin(opened.id, by.name, _started(form, now), now)
        if plan.user:
            office = people.office(plan.office)
            staff.add(plan.user[0], given, plan.user[1], (Post(Role.OFFICE_MAIN_USER, office=office),), by, now)
        told = f"{opened.name} of {plan.office}, mail to {', '.join(plan.addresses)}"
        audit.changed(request, "open-administration", opened.id, f"administration {opened.drop}", told)
    if plan.user:
        once.keep(request, once.Secret(plan.user[0], given))
    return redirect("opening", opened.id)


def _started(form: Form, now: datetime) -> datetime:
    """When the form was first shown."""
    try:
        shown = float(signing.loads(form.text("started"), salt=_SALT, max_age=_LONGEST_OPENING))
    except (signing.BadSignature, TypeError, ValueError):
        return now
    return min(now, datetime.fromtimestamp(shown, UTC))


def _may_open_offices(request: HttpRequest) -> bool:
    return people.has_everywhere(request.user.pk, Right.OPEN)


def _free_drop(name: str) -> str:
    """The drop folder that a name suggests, with a number where it is taken."""
    wanted = instructing.suggested_drop(name)
    taken = set(models.Administration.objects.filter(drop__startswith=wanted).values_list("drop", flat=True)) if wanted else set()
    trials = (wanted, *(f"{wanted}-{number}" for number in range(2, len(taken) + 2)))
    return next((trial for trial in trials if trial not in taken), "")


def _usual_domain() -> str:
    """The domain that most addresses here have; before the first, the name of the mail server."""
    newest = models.Address.objects.order_by("-id").values_list("address", flat=True)[:_LOOKED_AT]
    counts = Counter(address.rpartition("@")[2] for address in newest)
    return counts.most_common(1)[0][0] if counts else settings.SCANSTRAAT.smtp_hostname


# At which field it is said what was refused once everything was tried.
_FIELD_OF = {
    "address-taken": "addresses",
    "drop-taken": "drop",
    "user-taken": "user",
    "name-form": "user",
    "name-long": "full_name",
    "email-form": "email",
}
