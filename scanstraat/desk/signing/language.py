"""In which language a page speaks: the person's own, else as his browser asks."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation

CHOSEN = "language"  # in the session, so that no request has to look the person up; set at signing in


class Language:
    """Middleware, behind sessions."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The response, which names its language."""
        translation.activate(_of(request))
        request.LANGUAGE_CODE = translation.get_language()  # as Django's own middleware does
        response = self._get_response(request)
        response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        return response


def _of(request: HttpRequest) -> str:
    known = dict(settings.LANGUAGES)
    chosen = request.session.get(CHOSEN, "") if settings.SESSION_COOKIE_NAME in request.COOKIES else ""
    return chosen if chosen in known else translation.get_language_from_request(request)
