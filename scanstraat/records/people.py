"""Persons: who may sign in (I3), what each may do, and in whose administrations (I5, I6)."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, Q, QuerySet

from scanstraat.errors import Refused
from scanstraat.model.people import CONFIDENTIAL, ROLES, Person, Post, Right, Role, roles_with
from scanstraat.records import models


def create_user(name: str, password: str, posts: tuple[Post, ...] = (), confidential_since: date | None = None) -> int:
    """Let a person in who has these roles; returns the id.

    Raises `Refused`: `user-taken`, `password-weak` (under 12 characters, or common), `role-place` (a role where it cannot be
    held), `no-confidentiality` (an operator without a date, I3).
    """
    with transaction.atomic():
        if User.objects.filter(username__iexact=name).exists():
            raise Refused("user-taken", f"there is a user {name} already.", "Choose another name.")
        check_password(password, name)
        user = User.objects.create_user(name, password=password)
        models.Profile.objects.create(user=user, confidential_since=confidential_since)
        set_posts(user.pk, posts)
    return user.pk


def office(name: str) -> int:
    """The id of the office of this name; raises `Refused` (`office-unknown`)."""
    found = models.Office.objects.filter(name=name).values_list("id", flat=True).first()
    if found is None:
        raise Refused("office-unknown", f"there is no office {name}.", "Open an administration of it first.")
    return found


def check_password(password: str, name: str) -> None:
    """Raise `Refused` (`password-weak`) for one that is short or common."""
    try:
        validate_password(password, User(username=name))
    except ValidationError as error:
        raise Refused("password-weak", " ".join(error.messages), "Choose a longer one, such as four words.") from error


def set_posts(user: int, posts: tuple[Post, ...]) -> None:
    """Give a person these roles in the place of those he has.

    Raises `Refused`: `role-place`, `no-confidentiality`, `role-twice` (two roles in one place).
    """
    for post in posts:
        _check(user, post)
    places = {(post.office, post.administration) for post in posts}
    if len(places) < len(set(posts)):
        raise Refused("role-twice", "a person has one role in an office, and one in an administration.", "Choose one of them.")
    held = {
        Post(Role(row.role), row.office_id, row.administration_id): row for row in models.Membership.objects.filter(user_id=user)
    }
    models.Membership.objects.filter(id__in=[row.pk for post, row in held.items() if post not in posts]).delete()
    models.Membership.objects.bulk_create(
        models.Membership(user_id=user, role=post.role, office_id=post.office, administration_id=post.administration)
        for post in dict.fromkeys(posts)
        if post not in held
    )


def person(user: int) -> Person | None:
    """The person with this id, None for none."""
    row = User.objects.select_related("profile").prefetch_related("memberships").filter(pk=user).first()
    return value(row) if row else None


def value(row: User) -> Person:
    """The frozen value of a row."""
    profile = getattr(row, "profile", None) or models.Profile()
    posts = (Post(Role(each.role), each.office_id, each.administration_id) for each in row.memberships.all())
    return Person(
        id=row.pk,
        name=row.username,
        full_name=profile.full_name,
        email=row.email,
        language=profile.language,
        confidential_since=profile.confidential_since,
        is_active=row.is_active,
        posts=tuple(sorted(posts, key=lambda post: (post.reach, post.office or 0, post.administration or 0))),
    )


def in_force(user: int | None) -> QuerySet[models.Membership]:
    """The roles a person has now: none for one who was ended; those of operators from their confidentiality date on (I3)."""
    if user is None:
        return models.Membership.objects.none()
    rows = models.Membership.objects.filter(user_id=user, user__is_active=True)
    today = datetime.now(UTC).date()
    return rows.filter(~Q(role__in=CONFIDENTIAL) | Q(user__profile__confidential_since__lte=today))


def rights(user: int | None) -> frozenset[Right]:
    """What a person may do somewhere; where, `visible_administrations` tells."""
    held = in_force(user).values_list("role", flat=True)
    return frozenset(right for role in held for right in ROLES[Role(role)].rights)


def visible_administrations(user: int | None, right: Right = Right.SEE) -> QuerySet[models.Administration]:
    """The administrations in which this person has this right; none for nobody, and none for a person who was ended (I5).

    A query, so that others can be narrowed by it in the database: every list, page and file goes through it.
    """
    if user is None:
        return models.Administration.objects.none()
    held = in_force(user).filter(role__in=roles_with(right))
    everywhere = Exists(held.filter(office=None, administration=None))
    in_offices = Q(office__in=held.exclude(office=None).values("office"))
    named = Q(id__in=held.exclude(administration=None).values("administration"))
    return models.Administration.objects.filter(everywhere | in_offices | named)


def has_everywhere(user: int | None, right: Right) -> bool:
    """Whether this person has this right in every office there is or will be."""
    return in_force(user).filter(role__in=roles_with(right), office=None, administration=None).exists()


def visible_offices(user: int | None, right: Right) -> QuerySet[models.Office]:
    """The offices that this person has this right for as a whole."""
    if user is None:
        return models.Office.objects.none()
    held = in_force(user).filter(role__in=roles_with(right), administration=None)
    return models.Office.objects.filter(Exists(held.filter(office=None)) | Q(id__in=held.exclude(office=None).values("office")))


def _check(user: int, post: Post) -> None:
    row = ROLES[post.role]
    is_both = post.office is not None and post.administration is not None
    if is_both or post.reach not in row.reaches:
        raise Refused("role-place", f"{post.role} cannot be held for {post.reach}.", "Choose another role, or another place.")
    if row.is_confidential and not models.Profile.objects.exclude(confidential_since=None).filter(user_id=user).exists():
        text = f"{post.role} needs the date from which confidentiality was agreed (I3)."
        raise Refused("no-confidentiality", text, "Give the date on which it was signed.")
