"""What the API answers where something was not done: one form for all of it, and which status it has."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, UnreadablePostError
from django.http.response import HttpResponseBase
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from scanstraat.codec import to_json
from scanstraat.desk import pace
from scanstraat.desk.shown.answers import Problem
from scanstraat.errors import Inconsistent, Refused, ScanstraatError, Unavailable

_log = logging.getLogger(__name__)
View = Callable[..., HttpResponseBase]

# Which answer an error of ours is; what is not named here is 422 for `Refused`, 503 for `Unavailable`, 500 for the rest.
STATUSES = {
    "malformed": 400,
    "key-wrong": 401,
    "scope": 403,
    "contract-ended": 403,
    "no-address": 403,
    "virus": 403,
    "unknown-id": 404,
    "not-here": 404,
    "method": 405,
    "state": 409,
    "not-in-review": 409,
    "not-held": 409,
    "not-delivered": 409,
    "was-refused": 409,
    "was-acknowledged": 409,
    "name-taken": 409,
    "account-taken": 409,
    "webhook-taken": 409,
    "webhook-ended": 409,
    "webhooks-many": 409,
    "too-large": 413,
    "media-type": 415,
    "too-fast": 429,
}
WHAT = {
    400: "the request cannot be read",
    401: "no key, or none in force",
    403: "the key is not for this, or the administration takes nothing any more",
    404: "it is not there, or another administration's",
    405: "see `Allow`",
    409: "it is in a state in which this cannot be done",
    413: "it is too large",
    415: "the body is of a type that is not taken here",
    422: "what was sent cannot be taken as it is",
    429: "too many at once; wait as `Retry-After` says",
    503: "something is away for now; try again as `Retry-After` says",
}
_LONGEST_SAID = 400


def answer_problems(api: NinjaAPI) -> None:
    """Have `api` answer every error in the one form."""
    for kind, _ in _PROBLEMS:
        api.add_exception_handler(kind, response_to)


def answered(view: View) -> View:
    """A view of the API as Django calls it: for programs alone, and in the one form also where the method is another."""

    @wraps(view)
    def called(request: HttpRequest, **arguments: object) -> HttpResponseBase:
        try:
            response = view(request, **arguments)
        except Exception as error:
            return response_to(request, error)
        if isinstance(response, HttpResponseNotAllowed):
            allow = ", ".join(sorted(response["Allow"].split(", ")))
            return _response(405, Problem("method", f"{request.method} is not what is done here.", f"Use {allow}."), Allow=allow)
        return response

    called.csrf_exempt = True  # type: ignore[attr-defined]  # a key is in no cookie, so no other site can use it
    called.login_required = False  # type: ignore[attr-defined]  # read by Django's middleware: programs do not sign in
    return called


def response_to(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    """The answer to an error, whatever it is."""
    assert isinstance(error, Exception)
    ours = next((of(error) for kind, of in _PROBLEMS if isinstance(error, kind)), None) or _unexpected(error)
    status = _status(ours)
    if status == 500:
        _log.error("%s failed", request.path, exc_info=error)
    return _response(status, Problem(ours.code, ours.message, ours.next_step))


def _response(status: int, problem: Problem, **headers: str) -> HttpResponse:
    response = HttpResponse(to_json(problem), status=status, content_type="application/json")
    for name, value in {**_HEADERS.get(status, {}), **headers}.items():
        response.headers[name] = value
    return response


_HEADERS = {
    401: {"WWW-Authenticate": "Bearer"},
    429: {"Retry-After": f"{pace.WAIT_SECONDS}"},
    503: {"Retry-After": "10"},
}


def _status(error: ScanstraatError) -> int:
    otherwise = 422 if isinstance(error, Refused) else 503 if isinstance(error, Unavailable) else 500
    return STATUSES.get(error.code, otherwise)


def _own(error: Exception) -> ScanstraatError:
    assert isinstance(error, ScanstraatError)
    return error


def _unreadable(error: Exception) -> ScanstraatError:
    """Ninja wraps what kept a body from being read."""
    cause = error.__cause__
    if isinstance(cause, ScanstraatError):
        return cause
    if isinstance(cause, RequestDataTooBig) or isinstance(error, RequestDataTooBig):
        return Refused("too-large", "the body is larger than is taken here.", "Send less at a time.")
    if isinstance(error, HttpError) and error.status_code == 401:
        return wrong_key()
    return Refused("malformed", "the body cannot be read as JSON.", "Send it as RFC 8259 says.")


def wrong_key() -> Refused:
    """The answer to a request without a key in force."""
    return Refused("key-wrong", "this is no key in force.", "Send `Authorization: Bearer KEY`, with one from `add-key`.")


def _invalid(error: Exception) -> ScanstraatError:
    assert isinstance(error, ValidationError)
    said = "; ".join(_said(one) for one in error.errors)
    return Refused("invalid", f"{said[:_LONGEST_SAID]}.", "See /api/openapi.json for what is taken.")


def _said(one: dict[str, object]) -> str:
    place = one.get("loc", ())
    words = [f"{step}" for step in place] if isinstance(place, list | tuple) else []
    return f"{'.'.join(words)}: {one.get('msg', '')}"


def _missing(error: Exception) -> ScanstraatError:  # noqa: ARG001  as the others are
    return Refused("unknown-id", "there is no such thing, or it is not this key's.", "Use an id that the API answered with.")


def _away(error: Exception) -> ScanstraatError:
    return Unavailable("database", f"the database does not answer: {error}.", "Try again.")


def _unexpected(error: Exception) -> ScanstraatError:  # noqa: ARG001  what it is stands in our log alone
    return Inconsistent("unexpected", "something went wrong here.", "Try again; if it stays so, tell us when.")


_PROBLEMS: tuple[tuple[type[Exception], Callable[[Exception], ScanstraatError]], ...] = (
    (ScanstraatError, _own),
    (ValidationError, _invalid),
    (HttpError, _unreadable),
    (Http404, _missing),
    (OperationalError, _away),
    (InterfaceError, _away),
    (SuspiciousOperation, _unreadable),
    (UnreadablePostError, _unreadable),
    (Exception, _unexpected),
)
