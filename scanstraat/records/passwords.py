"""What somebody else gives a person to prove himself by (I3): a password for once, and a way in where his telephone was lost."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.contrib.auth.models import User

from scanstraat.errors import Refused
from scanstraat.model.people import Person
from scanstraat.model.review import Actor
from scanstraat.records import audit, authority, factors, models, people, sessions
from scanstraat.records.kept import kept


def give(user: int, password: str, by: Actor | None, at: datetime, once: bool = True) -> None:
    """Give a person a new password; `once`: with it he has to choose his own. His sessions end, and his name is open again.

    Raises `Refused`: `not-yours`, `own-account`, `user-unknown`, `password-weak`.
    """
    with kept(user, by) as before:
        _require_other(user, before, by)
        people.check_password(password, before.name)
        row = User.objects.get(pk=user)
        row.set_password(password)
        row.save(update_fields=["password"])
        models.Profile.objects.update_or_create(user=row, defaults={"must_change_password": once})
        sessions.end(user)
        AccessAttempt.objects.filter(username=before.name).delete()
        audit.append(None, audit.name_of(by), "give-password", f"user {before.name}", "", at)


def reset_second_factor(user: int, by: Actor | None) -> None:
    """Have a person sign in by his password alone until he sets up a second factor again, since his telephone was lost, say.

    Raises `Refused`: `not-yours`, `own-account`, `user-unknown`.
    """
    with kept(user, by) as before:
        _require_other(user, before, by)
        factors.remove(user, audit.name_of(by))


def with_second_factor(users: frozenset[int]) -> frozenset[int]:
    """Those of these persons who have an authenticator app or a passkey."""
    rows = Authenticator.objects.filter(user_id__in=users).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return frozenset(rows.values_list("user_id", flat=True))


def _require_other(user: int, person: Person, by: Actor | None) -> None:
    if by is not None and by.user == user:
        text = "your own password and second factor are not changed here."
        raise Refused("own-account", text, "Change them on the page of your own account.")
    authority.of(by).require_all_of(person)
