"""What is done to persons (I3, I5): added, changed, ended, let in again. Each act is one transaction, keeps every office its main
user (`kept`), and is an entry in the audit log of the installation (I4).

`by` is who acts, None at the command line; every act raises `Refused` with `not-yours` where he has no say over it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.models import User
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from scanstraat.errors import Refused
from scanstraat.model.people import Person, Post, Reach
from scanstraat.model.review import Actor
from scanstraat.records import audit, authority, models, passwords, people, sessions
from scanstraat.records.authority import Authority
from scanstraat.records.kept import kept

_LONGEST_NAME = 150  # as Django has it
_LONGEST_FULL_NAME = 200


@dataclass(frozen=True, slots=True)
class Details:
    """What is known of a person besides his name and roles; `confidential_since`: from then on an operator is active (I3)."""

    full_name: str = ""
    email: str = ""
    confidential_since: date | None = None


def add(name: str, password: str, details: Details, posts: tuple[Post, ...], by: Actor | None, at: datetime) -> int:
    """Let a new person in, who has to choose a password of his own at once. Returns his id.

    Raises `Refused`: `name-form`, `email-form`, `name-long`, `role-missing`, and what `people.create_user` raises.
    """
    _check_name(name)
    _check_details(details)
    with transaction.atomic():
        over = authority.of(by)
        _require_role(posts)
        over.require(posts)
        _check_date(over, None, details.confidential_since)
        user = people.create_user(name, password, posts, details.confidential_since)
        _write(user, details)
        models.Profile.objects.filter(user_id=user).update(must_change_password=True)
        audit.append(None, audit.name_of(by), "add-user", f"user {name}", words(posts), at)
    return user


def change(user: int, details: Details, posts: tuple[Post, ...], by: Actor | None, at: datetime) -> None:
    """Give a person these details, and these roles in the place of those that `by` has a say over; others he keeps.

    Raises `Refused` as `add` and `kept` do.
    """
    _check_details(details)
    with kept(user, by) as before:
        over = authority.of(by)
        others = over.outside(before.posts)
        wanted = (*others, *(post for post in posts if post not in others))
        _require_role(wanted)
        over.require(post for post in wanted if post not in before.posts)
        if details != _details(before):
            over.require_all_of(before)
            _check_date(over, before.confidential_since, details.confidential_since)
            _write(user, details)
        people.set_posts(user, wanted)
        if told := _difference(before, details, wanted):
            audit.append(None, audit.name_of(by), "change-user", f"user {before.name}", told, at)


def end(user: int, by: Actor | None, at: datetime) -> None:
    """Let a person in no more: his sessions end at once, documents he holds are handed back; his name stays in the logs."""
    with kept(user, by) as before:
        authority.of(by).require_all_of(before)
        if by is not None and by.user == user:
            raise Refused("own-end", "nobody ends himself.", "Have another person do it.")
        User.objects.filter(pk=user).update(is_active=False)
        sessions.end(user)
        models.Document.objects.filter(held_by=user).update(held_by=None, held_until=None)
        if before.is_active:
            audit.append(None, audit.name_of(by), "end-user", f"user {before.name}", words(before.posts), at)


def revive(user: int, by: Actor | None, at: datetime) -> None:
    """Let a person who was ended in again, with the roles he had; an operator only with his date of confidentiality (I3)."""
    with kept(user, by) as before:
        authority.of(by).require_all_of(before)
        people.set_posts(user, before.posts)  # they are looked at as if they were given anew
        User.objects.filter(pk=user).update(is_active=True)
        if not before.is_active:
            audit.append(None, audit.name_of(by), "revive-user", f"user {before.name}", words(before.posts), at)


def ensure(name: str, password: str, posts: tuple[Post, ...], confidential_since: date | None, once: bool, at: datetime) -> None:
    """Have this person there with this password and these roles, no more and no fewer; raises as `add` and `change` do.

    `once`: with the password he has to choose his own. Called again with the same values it changes nothing; sessions go on.
    """
    with transaction.atomic():
        row = User.objects.filter(username=name).first()
        if row is None:
            user = add(name, password, Details(confidential_since=confidential_since), posts, None, at)
            models.Profile.objects.filter(user_id=user).update(must_change_password=once)
            return
        before = people.value(row)
        change(row.pk, Details(before.full_name, before.email, confidential_since), posts, None, at)
        if not row.is_active:
            revive(row.pk, None, at)
        if not row.check_password(password):
            passwords.give(row.pk, password, None, at, once)


def everybody() -> tuple[Person, ...]:
    """All persons there are, those who were ended too, by name."""
    rows = User.objects.select_related("profile").prefetch_related("memberships").order_by("username")
    return tuple(map(people.value, rows))


def named(name: str) -> int:
    """The id of the person who signs in with this name; raises `Refused` (`user-unknown`)."""
    found = User.objects.filter(username=name).values_list("id", flat=True).first()
    if found is None:
        raise Refused("user-unknown", f"there is no user {name}.", "See `scanstraat users` for those there are.")
    return found


def words(posts: tuple[Post, ...]) -> str:
    """Roles as the log and the commands tell them: "office-user in Kantoor Noord, lead everywhere"."""
    named = {post.office for post in posts if post.office is not None}
    offices = dict(models.Office.objects.filter(id__in=named).values_list("id", "name"))
    wanted = {post.administration for post in posts if post.administration is not None}
    companies = dict(models.Administration.objects.filter(id__in=wanted).values_list("id", "name"))
    return ", ".join(f"{post.role} {_place(post, offices, companies)}" for post in posts)


def _place(post: Post, offices: dict[int, str], companies: dict[int, str]) -> str:
    if post.reach is Reach.EVERYWHERE:
        return "everywhere"
    return f"in {companies[post.administration] if post.administration is not None else offices[post.office or 0]}"


def _write(user: int, details: Details) -> None:
    User.objects.filter(pk=user).update(email=details.email)
    kept_too = {"full_name": details.full_name, "confidential_since": details.confidential_since}
    models.Profile.objects.update_or_create(user_id=user, defaults=kept_too)


def _details(person: Person) -> Details:
    return Details(person.full_name, person.email, person.confidential_since)


def _check_name(name: str) -> None:
    try:
        UnicodeUsernameValidator()(name)
    except ValidationError as error:
        text = "a name to sign in with has letters, digits and @ . + - _ only."
        raise Refused("name-form", text, "Choose another name.") from error
    if len(name) > _LONGEST_NAME:
        raise Refused("name-form", f"a name has at most {_LONGEST_NAME} characters.", "Choose a shorter one.")


def _check_details(details: Details) -> None:
    if len(details.full_name) > _LONGEST_FULL_NAME:
        raise Refused("name-long", f"a full name has at most {_LONGEST_FULL_NAME} characters.", "Choose a shorter one.")
    try:
        if details.email:
            validate_email(details.email)
    except ValidationError as error:
        raise Refused("email-form", f"{details.email} is no mail address.", "Correct it, or leave it empty.") from error


def _check_date(over: Authority, before: date | None, after: date | None) -> None:
    if before != after and not over.keeps_confidentiality:
        raise Refused("not-yours", "the date of confidentiality is kept by the service.", "Ask a lead.")


def _require_role(posts: tuple[Post, ...]) -> None:
    if not posts:
        raise Refused("role-missing", "a person has at least one role.", "Choose one, or end the person.")


def _difference(before: Person, details: Details, posts: tuple[Post, ...]) -> str:
    """What a change changed, as the log keeps it."""
    was = _details(before)
    changed = [name for name in ("full_name", "email") if getattr(was, name) != getattr(details, name)]
    if was.confidential_since != details.confidential_since:
        changed.append(f"confidential since {details.confidential_since or 'never'}")
    if set(before.posts) != set(posts):
        taken, given = (
            tuple(post for post in one if post not in other) for one, other in ((before.posts, posts), (posts, before.posts))
        )
        changed += [f"{sign} {words(some)}" for sign, some in (("without", taken), ("now", given)) if some]
    return "; ".join(changed).replace("full_name", "full name")
