"""The page of one person: who he is, his roles, and what can be done to him."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from scanstraat.desk.offices.form import Form
from scanstraat.desk.people import once, roles
from scanstraat.desk.people.lines import actor, crew, state
from scanstraat.desk.rights import may
from scanstraat.errors import Refused
from scanstraat.model.people import Person, Right, Role
from scanstraat.model.review import Actor
from scanstraat.records import authority, passwords, people, staff
from scanstraat.records.authority import Authority
from scanstraat.records.staff import Details

# At which field of the form a refusal is said; what is not named here is said above it.
_FIELDS = {
    "user-taken": "name",
    "name-form": "name",
    "name-long": "full_name",
    "email-form": "email",
    "role-place": "place",
    "role-twice": "place",
    "role-missing": "role",
    "no-confidentiality": "confidential_since",
}
Act = Callable[[Actor, datetime], None]


@may(Right.USERS)
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, identifier: int) -> HttpResponseBase:
    """One person that he decides over; a POST changes details and roles, and leads back."""
    found, over = _found(request, identifier), authority.of(actor(request))
    if request.method != "POST":
        return _page(request, found, over, Form(_written(found)))
    form = Form(request.POST)
    posts = roles.sent(form, request.POST.getlist("keep"), found, over, given(over))
    details = sent_details(form, over, found) if over.is_over(found) else _details(found)
    if form.is_good:
        try:
            staff.change(found.id, details, posts, actor(request), datetime.now(UTC))
        except Refused as error:
            refused(form, error)
        else:
            messages.success(request, gettext("Saved."))
            return _after(request, found.id)
    return _page(request, found, over, form, status=422)


@may(Right.USERS)
@require_POST
def end(request: HttpRequest, identifier: int) -> HttpResponseBase:
    """Let the person in no more, from now on."""
    return _done(request, identifier, lambda by, at: staff.end(identifier, by, at), gettext("Ended. All sessions are closed."))


@may(Right.USERS)
@require_POST
def revive(request: HttpRequest, identifier: int) -> HttpResponseBase:
    """Let a person who was ended in again."""
    return _done(request, identifier, lambda by, at: staff.revive(identifier, by, at), gettext("Let in again, as before."))


@may(Right.USERS)
@require_POST
def reset_second_factor(request: HttpRequest, identifier: int) -> HttpResponseBase:
    """Forget the authenticator app and passkeys of a person who lost them."""
    told = gettext("The second factor is taken off. The password alone lets in until a new one is set up.")
    return _done(request, identifier, lambda by, _: passwords.reset_second_factor(identifier, by), told)


@may(Right.USERS)
@require_POST
def new_password(request: HttpRequest, identifier: int) -> HttpResponseBase:
    """Give a person a password for once, and show it."""
    found, chosen = _found(request, identifier), once.password()
    try:
        passwords.give(found.id, chosen, actor(request), datetime.now(UTC))
    except Refused as error:
        return _wrong(request, found, error)
    return once.shown(request, found.id, found.name, chosen, False, _here(found))


def given(over: Authority) -> tuple[Role, ...]:
    """The roles that somebody with this authority can give."""
    return tuple(Role) if over.keeps_confidentiality else roles.CUSTOMERS


def sent_details(form: Form, over: Authority, before: Person | None) -> Details:
    """The details as they were sent; the date of confidentiality only of those who keep it."""
    agreed = before.confidential_since if before else None
    if over.keeps_confidentiality:
        agreed = form.day("confidential_since")
    return Details(form.text("full_name"), form.text("email"), agreed)


def refused(form: Form, error: Refused) -> None:
    """Say a refusal where it can be mended."""
    form.refused(_FIELDS.get(error.code, "all"), error)


def _done(request: HttpRequest, identifier: int, act: Act, told: str) -> HttpResponseBase:
    found = _found(request, identifier)
    try:
        act(actor(request), datetime.now(UTC))
    except Refused as error:
        return _wrong(request, found, error)
    messages.success(request, told)
    return _after(request, found.id)


def _after(request: HttpRequest, identifier: int) -> HttpResponseBase:
    """Back to the page of the person, or to the list where he is not to be seen any more."""
    by = actor(request)
    if Right.USERS not in people.rights(by.user):
        return redirect("home")
    return redirect("user", identifier) if authority.persons(by).filter(pk=identifier).exists() else redirect("users")


def _found(request: HttpRequest, identifier: int) -> Person:
    """The person, if he is one that the reader decides something over; 404 for any other, whether he exists or not."""
    return people.value(get_object_or_404(authority.persons(actor(request)).select_related("profile"), pk=identifier))


def _wrong(request: HttpRequest, found: Person, error: Refused) -> HttpResponse:
    form = Form(_written(found))
    form.refused("all", error)
    return _page(request, found, authority.of(actor(request)), form, status=422)


def _page(request: HttpRequest, found: Person, over: Authority, form: Form, status: int = 200) -> HttpResponse:
    foreign = over.outside(found.posts)
    keeps = request.POST.getlist("keep") if "role" in request.POST else None
    own = tuple(post for post in found.posts if post not in foreign)
    shown = {
        "here": _here(found),
        "person": found,
        "state": state(found),
        "form": form,
        "is_wrong": not form.is_good,
        "held": [(each, keeps is None or each.code in keeps) for each in roles.held(own)],
        "has_others": bool(foreign),
        "is_over": over.is_over(found),
        "is_self": found.id == request.user.pk,
        "keeps_confidentiality": over.keeps_confidentiality,
        "has_factor": bool(passwords.with_second_factor(frozenset({found.id}))),
        "choices": roles.choices(given(over)),
        "places": roles.places(over),
    }
    return render(request, "desk/people/person.html", shown, status=status)


def _here(found: Person) -> str:
    return "operators" if crew().filter(user_id=found.id).exists() else "users"


def _details(found: Person) -> Details:
    return Details(found.full_name, found.email, found.confidential_since)


def _written(found: Person) -> dict[str, str]:
    since = found.confidential_since
    return {"full_name": found.full_name, "email": found.email, "confidential_since": since.isoformat() if since else ""}
