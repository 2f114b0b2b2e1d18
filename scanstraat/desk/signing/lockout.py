"""Wrong passwords: after some for one name from one address both wait, and after more from anywhere the name does."""

from __future__ import annotations

import math
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone


class Tries(AxesDatabaseHandler):  # type: ignore[misc]  # axes has no types
    """Counts in the database, so that it holds over all processes; a name from anywhere has a limit of its own."""

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """Failures of the name from this address; those of the name from anywhere once they have reached their own limit."""
        pair, name = (
            attempts.aggregate(total=Sum("failures_since_start"))["total"] or 0
            for attempts in self.get_user_attempts(request, credentials)
        )
        return max(pair, name) if name >= settings.SCANSTRAAT.sign_in_tries_a_name else pair


def address(request: HttpRequest) -> str | None:
    """Who connects: behind a proxy, the proxy. No forwarded header is believed."""
    return request.META.get("REMOTE_ADDR")


def closed(request: HttpRequest, original: HttpResponse | None, credentials: dict[str, Any] | None) -> HttpResponse:  # noqa: ARG001
    """The page that says for how long; the signature is that of axes."""
    name = (credentials or {}).get("username") or ""
    return render(request, "account/closed.html", {"minutes": _minutes_left(name)}, status=429)


def _minutes_left(name: str) -> int:
    last = AccessAttempt.objects.filter(username=name).aggregate(last=Max("attempt_time"))["last"]
    pause = settings.AXES_COOLOFF_TIME
    left = last + pause - timezone.now() if last else pause
    return max(1, math.ceil(left.total_seconds() / 60))
