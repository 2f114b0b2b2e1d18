"""The lists of persons: users of the offices one looks after, and the operators of the service; and adding one to either."""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from scanstraat.desk.narrowing import chosen_search, page_of
from scanstraat.desk.offices.form import Form
from scanstraat.desk.people import once, roles
from scanstraat.desk.people.lines import actor, crew, found, lines
from scanstraat.desk.people.persons import refused, sent_details
from scanstraat.desk.rights import may
from scanstraat.errors import Refused
from scanstraat.model.people import Right, Role
from scanstraat.records import authority, staff


@may(Right.USERS)
@require_safe
def users(request: HttpRequest) -> HttpResponse:
    """The persons of the offices he looks after, those who were ended last; `?search=`."""
    by = actor(request)
    rows = authority.persons(by)
    if authority.of(by).keeps_confidentiality:
        rows = rows.exclude(id__in=crew().values("user"))  # they have a list of their own
    return _list(request, rows, "users")


@may(Right.OPERATORS)
@require_safe
def operators(request: HttpRequest) -> HttpResponse:
    """Operators, leads, and auditors of all offices, with the date of confidentiality and what each did today; `?search=`."""
    return _list(request, authority.persons(actor(request)).filter(id__in=crew().values("user")), "operators")


@may(Right.USERS)
@require_http_methods(["GET", "HEAD", "POST"])
def add_user(request: HttpRequest) -> HttpResponseBase:
    """The form for a new user of an office or an administration; a POST adds him and shows his password, once."""
    return _add(request, "users", roles.CUSTOMERS)


@may(Right.OPERATORS)
@require_http_methods(["GET", "HEAD", "POST"])
def add_operator(request: HttpRequest) -> HttpResponseBase:
    """The form for a new operator, lead or auditor; a POST adds him and shows his password, once."""
    return _add(request, "operators", roles.CREW)


def _list(request: HttpRequest, rows: QuerySet[User], here: str) -> HttpResponse:
    text = chosen_search(request)
    page = page_of(request, found(rows, text))
    shown = {"here": here, "page": page, "lines": lines(page, authority.of(actor(request))), "search": text}
    return render(request, f"desk/people/{here}.html", shown)


def _add(request: HttpRequest, here: str, given: tuple[Role, ...]) -> HttpResponseBase:
    by = actor(request)
    over, form = authority.of(by), Form(request.POST)
    if request.method == "POST":
        posts, details = roles.sent(form, (), None, over, given), sent_details(form, over, None)
        if form.is_good:
            name, chosen = form.text("name"), once.password()
            try:
                user = staff.add(name, chosen, details, posts, by, datetime.now(UTC))
            except Refused as error:
                refused(form, error)
            else:
                return once.shown(request, user, name, chosen, True, here)
    shown = {
        "here": here,
        "form": form,
        "is_wrong": not form.is_good,
        "keeps_confidentiality": over.keeps_confidentiality and here == "operators",
        "choices": roles.choices(given),
        "places": roles.places(over),
        "role": form.text("role"),
        "place": form.text("place"),
    }
    return render(request, "desk/people/new.html", shown, status=200 if form.is_good else 422)
