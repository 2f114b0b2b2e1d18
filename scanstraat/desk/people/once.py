"""Passwords for once: made here, shown once, and to be changed at the first sign-in."""

from __future__ import annotations

import secrets

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another
_GROUPS, _LONG = 4, 5


def password() -> str:
    """A new one, of about 99 bits, in groups that can be read out."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(_LONG)) for _ in range(_GROUPS))


def shown(request: HttpRequest, user: int, name: str, given: str, is_new: bool, here: str) -> HttpResponse:
    """The answer to who gave it; it is on no page after this one."""
    told = {"here": here, "identifier": user, "name": name, "password": given, "is_new": is_new}
    return render(request, "desk/people/password.html", told)
