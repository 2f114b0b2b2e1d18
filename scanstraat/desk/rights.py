"""Who may open a page at all (I5), and what the frame of every page shows by it; in which administrations, `visibility` tells."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from scanstraat.model.people import Right
from scanstraat.records import people

View = Callable[..., HttpResponseBase]
_KEPT = "_scanstraat_rights"


def rights(request: HttpRequest) -> frozenset[Right]:
    """What the person signed in may do somewhere; asked of the database once a request."""
    held: frozenset[Right] | None = getattr(request, _KEPT, None)
    if held is None:
        held = people.rights(request.user.pk)
        setattr(request, _KEPT, held)
    return held


def may(right: Right) -> Callable[[View], View]:
    """A view for those who have this right somewhere; 403 for others."""

    def guarded(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
            if right not in rights(request):
                raise PermissionDenied
            return view(request, *arguments, **named)

        return checked

    return guarded


def shell(request: HttpRequest) -> dict[str, object]:
    """Context of every page: `may` with a flag for each right, by its name."""
    held = rights(request) if getattr(request, "user", None) is not None else frozenset()
    return {"may": {right.value: right in held for right in Right}}
