"""What a person owes before anything else: a password of his own, and a second factor where one is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from scanstraat.desk.rights import rights
from scanstraat.model.people import Right
from scanstraat.records import factors

PASSWORD = "choose_password"  # noqa: S105  in the session: another gave him the one he has
FACTOR = "has_second_factor"  # in the session: he was seen to have one, so no request has to look
_FOR_A_PASSWORD = frozenset({"sign-out", "account_change_password"})
_FOR_A_FACTOR = frozenset(
    {"sign-out", "second-factor", "mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate", "mfa_reauthenticate"}
)


class Owed:
    """Middleware that leads who owes something there, from every page that asks for signing in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The response."""
        return self._get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_: Any) -> HttpResponseBase | None:
        """None, and so the page asked for, or the way to what he owes."""
        if not getattr(view, "login_required", True) or not request.user.is_authenticated:
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        if request.session.get(PASSWORD):
            return None if name in _FOR_A_PASSWORD else redirect("account_change_password")
        if owes_factor(request):
            return None if name in _FOR_A_FACTOR else redirect("second-factor")
        return None


def owes_factor(request: HttpRequest) -> bool:
    """Whether this person must have a second factor and has none."""
    asked = settings.SCANSTRAAT.second_factor
    if asked == "nobody" or request.session.get(FACTOR):
        return False
    if asked == "operators" and Right.REVIEW not in rights(request):
        return False
    if factors.has(request.user.pk):
        request.session[FACTOR] = True
        return False
    return True
