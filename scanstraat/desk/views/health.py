"""Whether the desk can work (I8); open to all, and so it says no more than that."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from scanstraat.errors import Unavailable
from scanstraat.records import connection


@login_not_required
@require_safe
def health(_request: HttpRequest) -> JsonResponse:
    """200 with `{"database": "ok"}`, or 503 where the database does not answer."""
    try:
        connection.check()
    except Unavailable:
        return JsonResponse({"database": "unavailable"}, status=503)
    return JsonResponse({"database": "ok"})
