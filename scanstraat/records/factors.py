"""Second factors of persons: whether one is there, and taking them away from who lost his."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.db import transaction

from scanstraat.records import audit, sessions


def has(user: int | None) -> bool:
    """Whether this person has an authenticator app or a passkey; recovery codes alone are none."""
    rows = Authenticator.objects.filter(user_id=user).exclude(type=Authenticator.Type.RECOVERY_CODES)
    return bool(rows.exists())


def remove(user: int, actor: str) -> int:
    """Take all second factors and recovery codes of this person away, end his sessions; returns how many factors there were."""
    with transaction.atomic():
        removed: int = Authenticator.objects.filter(user_id=user).delete()[0]
        sessions.end(user)
        audit.append(None, actor, "factors-removed", f"user {User.objects.get(pk=user).username}")
    return removed
