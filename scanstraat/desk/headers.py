"""What every response tells the browser: nothing from elsewhere, nothing kept, nothing guessed."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

# No 'unsafe-inline' anywhere: pages carry no inline script and no inline style.
PAGE_POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
# For files that came from outside: whatever is in them, it loads and runs nothing.
FILE_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"
# The browser's own PDF viewer needs styles and is an object of the page; a sandbox would keep it from starting.
PDF_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"

_HEADERS = (
    ("Content-Security-Policy", PAGE_POLICY),
    ("Permissions-Policy", "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    # pages show customers' documents: no copy stays behind after signing out
    ("Cache-Control", "no-store"),
)


class SecureHeaders:
    """Middleware; a view that set one of these headers itself is left its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The response, with the headers it lacks."""
        response = self._get_response(request)
        for name, value in _HEADERS:
            response.headers.setdefault(name, value)
        return response
