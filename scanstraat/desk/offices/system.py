"""How the service is, on one page that looks again by itself (I8)."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from scanstraat import __version__
from scanstraat.desk.offices.signs import signs
from scanstraat.desk.rights import may
from scanstraat.desk.wording import Tone
from scanstraat.model.people import Right


@may(Right.HEALTH)
@require_safe
def system(request: HttpRequest) -> HttpResponse:
    """The signs, troubles named on top."""
    now = datetime.now(UTC)
    found = signs(request.user.pk or 0, now)
    troubles = [sign for sign in found if sign.tone in (Tone.BAD, Tone.ASKING)]
    shown = {"here": "system", "signs": found, "troubles": troubles, "now": now, "version": __version__}
    return render(request, "desk/offices/system.html", shown)
