"""Open sessions of persons."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone


def end(user: int) -> int:
    """End every open session of this person, at once (I5), those not listed too; returns how many there were."""
    rows = list(UserSession.objects.filter(user_id=user))
    for row in rows:
        row.end()
    open_ones = Session.objects.filter(expire_date__gt=timezone.now())
    unlisted = [each.session_key for each in open_ones.iterator() if each.get_decoded().get(SESSION_KEY) == f"{user}"]
    Session.objects.filter(session_key__in=unlisted).delete()
    return len(rows) + len(unlisted)
