"""Roles on a page: in words, and as the choices of a form, each with the places where it may be given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from scanstraat.desk.offices.form import Form
from scanstraat.model.people import CONFIDENTIAL, Person, Post, Role
from scanstraat.records.authority import Authority
from scanstraat.records.models import Administration, Office

WORDS = {
    Role.OPERATOR: _("Operator"),
    Role.LEAD: _("Lead"),
    Role.OFFICE_MAIN_USER: _("Main user"),
    Role.OFFICE_USER: _("User"),
    Role.ADMINISTRATION_USER: _("Reader"),
    Role.AUDITOR: _("Auditor"),
}
# What a role is for, beside its choice.
MEANINGS = {
    Role.OPERATOR: _("Handles documents in review."),
    Role.LEAD: _("Handles documents, opens administrations and looks after persons."),
    Role.OFFICE_MAIN_USER: _(
        "Sees and uploads in all administrations of the office; instructs, and looks after its users and keys."
    ),
    Role.OFFICE_USER: _("Sees and uploads in all administrations of the office."),
    Role.ADMINISTRATION_USER: _("Sees one administration."),
    Role.AUDITOR: _("Sees, and reads the audit log."),
}
CUSTOMERS = tuple(role for role in Role if role not in CONFIDENTIAL)
CREW = (Role.OPERATOR, Role.LEAD, Role.AUDITOR)
_EVERYWHERE = "everywhere"


@dataclass(frozen=True, slots=True)
class Held:
    """A role a person holds: its code in forms, and in words with its place."""

    code: str
    role: str
    place: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a role can be held: its code in forms and its name; `inside`, the administrations of an office."""

    code: str
    name: str
    inside: tuple[Place, ...] = ()


def held(posts: Iterable[Post]) -> tuple[Held, ...]:
    """These roles in words; only of those whose places may be named to the reader."""
    asked = tuple(posts)
    offices = dict(Office.objects.filter(id__in={post.office for post in asked if post.office}).values_list("id", "name"))
    wanted = {post.administration for post in asked if post.administration}
    companies = dict(Administration.objects.filter(id__in=wanted).values_list("id", "name"))
    return tuple(Held(code(post), gettext(WORDS[post.role]), _place(post, offices, companies)) for post in asked)


def code(post: Post) -> str:
    """A role as a form sends it.

    >>> code(Post(Role.LEAD)), code(Post(Role.AUDITOR, administration=7))
    ('lead:everywhere', 'auditor:administration-7')
    """
    return f"{post.role}:{_code(post.office, post.administration)}"


def places(authority: Authority) -> tuple[Place, ...]:
    """Where he may give roles: everywhere, offices with their administrations."""
    rows = Office.objects.order_by("name", "id").prefetch_related("administrations")
    if not authority.is_everywhere:
        rows = rows.filter(id__in=authority.offices | authority.crews)
    return ((Place(_EVERYWHERE, gettext("Everywhere")),) if authority.is_everywhere else ()) + tuple(map(_of_office, rows))


def sent(
    form: Form, ticked: Iterable[str], person: Person | None, authority: Authority, given: tuple[Role, ...]
) -> tuple[Post, ...]:
    """The roles that a form leaves a person: those he has and that stayed ticked, and the one chosen new, if any.

    What is wrong with the new one is said at `role` or `place`.
    """
    codes = frozenset(ticked)
    stays = tuple(post for post in (person.posts if person else ()) if code(post) in codes)
    role, place = form.text("role"), form.text("place")
    if not role and person is not None:
        return stays
    known = {each.value: each for each in given}
    if role not in known:
        form.wrong("role", gettext("Choose a role."))
        return stays
    where = {one.code for each in places(authority) for one in (each, *each.inside)}
    if place not in where:
        form.wrong("place", gettext("Choose where."))
        return stays
    kind, _dash, number = place.partition("-")
    new = Post(known[role], int(number) if kind == "office" else None, int(number) if kind == "administration" else None)
    return (*(post for post in stays if _code(post.office, post.administration) != place), new)


def choices(given: tuple[Role, ...]) -> tuple[tuple[str, str, str], ...]:
    """Roles to choose from: code, word, and what it is for."""
    return tuple((role.value, gettext(WORDS[role]), gettext(MEANINGS[role])) for role in given)


def _of_office(row: Office) -> Place:
    companies = sorted(row.administrations.all(), key=lambda each: (each.name, each.pk))
    return Place(_code(row.pk, None), row.name, tuple(Place(_code(None, each.pk), each.name) for each in companies))


def _code(office: int | None, administration: int | None) -> str:
    if administration is not None:
        return f"administration-{administration}"
    return _EVERYWHERE if office is None else f"office-{office}"


def _place(post: Post, offices: dict[int, str], companies: dict[int, str]) -> str:
    if post.administration is not None:
        return companies[post.administration]
    return gettext("everywhere") if post.office is None else offices[post.office]
