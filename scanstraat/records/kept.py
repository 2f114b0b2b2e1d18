"""What no act on a person may leave behind (I5): an office that had a main user without one, or the service without a lead."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet

from scanstraat.errors import Refused
from scanstraat.model.people import Person, Role
from scanstraat.model.review import Actor
from scanstraat.records import models, people


@contextmanager
def kept(user: int, by: Actor | None) -> Iterator[Person]:
    """A transaction around an act on this person, handed as he was; undone with `Refused` where nobody would be left.

    Codes: `user-unknown`; `last-main-user`; `last-lead`; `own-lead`, where `by` would take himself out of his last role as lead.
    Locks, in this order and so never in a circle: the person, the offices he is main user of, the leads.
    """
    with transaction.atomic():
        before = _locked(user)
        offices = tuple(sorted(_led_by(before)))
        list(models.Office.objects.select_for_update(no_key=True).filter(id__in=offices).order_by("id").values_list("id"))
        was_lead, was_wide = _is_lead(user), _is_wide(user)
        if was_wide:
            list(_wide_leads().select_for_update().order_by("id").values_list("id"))
        yield before
        for office in offices:
            _check_main_user(office)
        if by is not None and by.user == user and was_lead and not _is_lead(user):
            raise Refused("own-lead", "nobody gives up his own last role as a lead.", "Have another lead do it.")
        if was_wide and not _there_is_a_lead():
            text = f"{before.name} is the only lead of the service."
            raise Refused("last-lead", text, "Make another person lead everywhere first.")


def _locked(user: int) -> Person:
    list(User.objects.select_for_update(no_key=True).filter(pk=user).values_list("id"))
    found = people.person(user)
    if found is None:
        raise Refused("user-unknown", f"there is no user {user}.", "See `scanstraat users` for those there are.")
    return found


def _led_by(person: Person) -> Iterator[int]:
    if person.is_active:
        yield from (post.office for post in person.posts if post.role is Role.OFFICE_MAIN_USER and post.office is not None)


def _check_main_user(office: int) -> None:
    main = models.Membership.objects.filter(role=Role.OFFICE_MAIN_USER, office_id=office, administration=None)
    if not main.filter(user__is_active=True).exists():
        name = models.Office.objects.values_list("name", flat=True).get(id=office)
        text = f"{name} would be left without a main user."
        raise Refused("last-main-user", text, "Make another person main user of it first.")


def _is_lead(user: int) -> bool:
    return people.in_force(user).filter(role=Role.LEAD).exists()


def _is_wide(user: int) -> bool:
    return people.in_force(user).filter(role=Role.LEAD, office=None, administration=None).exists()


def _wide_leads() -> QuerySet[models.Membership]:
    return models.Membership.objects.filter(role=Role.LEAD, office=None, administration=None)


def _there_is_a_lead() -> bool:
    return any(_is_wide(user) for user in _wide_leads().filter(user__is_active=True).values_list("user_id", flat=True))
