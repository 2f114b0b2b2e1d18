"""Errors of our tree as pages: the sentence, whose move it is, and the next step."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from scanstraat.errors import Refused, ScanstraatError, Unavailable

_log = logging.getLogger(__name__)


class Failures:
    """Middleware that answers a `ScanstraatError` of a view: 422 refused, 503 unavailable, 500 inconsistent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The view's response."""
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page for an error of our tree; None, and so Django's own way, for any other."""
        if not isinstance(error, ScanstraatError):
            return None
        _log.warning("%s answered with %s", request.path, error)
        return render(request, "desk/failure.html", {"error": error}, status=_status(error))


def _status(error: ScanstraatError) -> int:
    if isinstance(error, Refused):
        return 422
    return 503 if isinstance(error, Unavailable) else 500
