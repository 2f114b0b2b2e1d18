"""Persons: who may sign in (I3), and whose administrations they see (I5)."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, Q, QuerySet

from scanstraat.errors import Refused
from scanstraat.records import models


def create_user(username: str, password: str, offices: tuple[str, ...] = (), operator: bool = False) -> int:
    """Let a person in who sees the administrations of `offices` (by name), or of every office where `operator`; returns the id.

    Raises `Refused`: `user-taken`, `password-weak` (under 12 characters, or common), `office-unknown`.
    """
    with transaction.atomic():
        if User.objects.filter(username=username).exists():
            raise Refused("user-taken", f"there is a user {username} already.", "Choose another name.")
        _check_password(password, username)
        user = User.objects.create_user(username, password=password)
        _set_memberships(user.pk, offices, operator)
    return user.pk


def ensure_user(username: str, password: str, offices: tuple[str, ...], operator: bool) -> None:
    """Have this person there with this password and these rights, no more and no fewer; raises as `create_user` does.

    Called again with the same values it changes nothing, so open sessions go on.
    """
    with transaction.atomic():
        user = User.objects.filter(username=username).first()
        if user is None:
            create_user(username, password, offices, operator)
            return
        if not user.check_password(password):
            _check_password(password, username)
            user.set_password(password)
        user.is_active = True
        user.save()
        _set_memberships(user.pk, offices, operator)


def visible_administrations(user: int | None) -> QuerySet[models.Administration]:
    """The administrations this person may see; none for nobody, and none for a person who was ended (I5).

    A query, so that others can be narrowed by it in the database: every list, page and file goes through it.
    """
    if user is None:
        return models.Administration.objects.none()
    memberships = models.Membership.objects.filter(user_id=user, user__is_active=True)
    everywhere = Exists(memberships.filter(office=None))
    return models.Administration.objects.filter(everywhere | Q(office__in=memberships.exclude(office=None).values("office")))


def _check_password(password: str, username: str) -> None:
    try:
        validate_password(password, User(username=username))
    except ValidationError as error:
        raise Refused("password-weak", " ".join(error.messages), "Choose a longer one, such as four words.") from error


def _set_memberships(user: int, offices: tuple[str, ...], operator: bool) -> None:
    known = {office.name: office for office in models.Office.objects.filter(name__in=offices)}
    unknown = [name for name in offices if name not in known]
    if unknown:
        raise Refused("office-unknown", f"there is no office {', '.join(unknown)}.", "Open an administration of it first.")
    wanted: set[int | None] = {office.pk for office in known.values()} | ({None} if operator else set())
    held = models.Membership.objects.filter(user_id=user)
    for membership in held:
        if membership.office_id not in wanted:
            membership.delete()
    missing = wanted - set(held.values_list("office_id", flat=True))
    models.Membership.objects.bulk_create(models.Membership(user_id=user, office_id=office) for office in missing)
