"""Open sessions of persons, and what is left of those that ran out."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef
from django.utils import timezone

_TRIES_KEPT = timedelta(days=1)  # longer than a name ever waits


def end(user: int) -> int:
    """End every open session of this person, at once (I5), those not listed too; returns how many there were."""
    rows = list(UserSession.objects.filter(user_id=user))
    for row in rows:
        row.end()
    open_ones = Session.objects.filter(expire_date__gt=timezone.now())
    unlisted = [each.session_key for each in open_ones.iterator() if each.get_decoded().get(SESSION_KEY) == f"{user}"]
    Session.objects.filter(session_key__in=unlisted).delete()
    return len(rows) + len(unlisted)


def forget_expired(now: datetime) -> int:
    """Delete sessions that ran out, with the addresses and browsers they came from, and wrong tries of yesterday; how many."""
    expired, _ = Session.objects.filter(expire_date__lt=now).delete()
    listed, _ = UserSession.objects.exclude(Exists(Session.objects.filter(session_key=OuterRef("session_key")))).delete()
    tries, _ = AccessAttempt.objects.filter(attempt_time__lt=now - _TRIES_KEPT).delete()
    return int(expired + listed + tries)
