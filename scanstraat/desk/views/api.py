"""The API to upload by (A6): a service key, a mail or files, and an answer in JSON; nothing of sessions and cookies.

POST /api/mails        a mail as it is, a file, or several in a form → 201 new, 200 the same as before
GET  /api/mails/ID     what became of it
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import closing
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from scanstraat.codec import to_json
from scanstraat.desk import pace
from scanstraat.desk.incoming.streaming import body_of
from scanstraat.desk.incoming.taking import Uploader, take, take_form
from scanstraat.desk.shown.answers import Kept, Problem, told_mail
from scanstraat.errors import Refused, ScanstraatError, Unavailable
from scanstraat.mailbox.fields import file_name, value_and_parameters
from scanstraat.mailbox.intake import StoredAs
from scanstraat.mailbox.wrapping import File, looks_like_mail
from scanstraat.records import ends, keys, models
from scanstraat.records.blobs import Blobs
from scanstraat.records.keys import ServiceKey
from scanstraat.records.transaction import unavailable_without_database

_log = logging.getLogger(__name__)

_FORM, _MAIL = "multipart/form-data", "message/rfc822"
_NO_FILES = frozenset({"", "application/x-www-form-urlencoded", "application/json"})
_LONGEST_KEY = 200
# Which answer an error of ours is; what is not named here is 422 for `Refused`, 503 for `Unavailable`, 500 for the rest.
_STATUSES = {
    "malformed": 400,
    "key-wrong": 401,
    "contract-ended": 403,
    "no-address": 403,
    "unknown-id": 404,
    "not-here": 404,
    "method": 405,
    "too-large": 413,
    "media-type": 415,
    "too-fast": 429,
}
View = Callable[..., HttpResponse]


def _answered(view: Callable[..., tuple[int, object]], method: str) -> View:
    """A view from a function of the request and its key that returns status and answer, or raises."""

    @csrf_exempt
    @login_not_required
    def answered(request: HttpRequest, **arguments: object) -> HttpResponse:
        try:
            if method not in ("", request.method):
                raise Refused("method", f"{request.method} is not what is done here.", f"Use {method}.")
            status, answer = view(request, _key(request), **arguments)
        except ScanstraatError as error:
            status, answer = _status(error), Problem(error.code, error.message, error.next_step)
        except Exception:
            _log.exception("%s failed", request.path)
            status, answer = 500, Problem("unexpected", "something went wrong here.", "Try again; if it stays so, tell us when.")
        response = HttpResponse(to_json(answer), status=status, content_type="application/json")
        for name, value in _headers(status, method):
            response.headers[name] = value
        return response

    return answered


def _take(request: HttpRequest, key: ServiceKey) -> tuple[int, object]:
    if not pace.has_room(key.id):
        raise Refused("too-fast", "too many uploads with this key at once.", f"Wait {pace.WAIT_SECONDS} seconds, then go on.")
    once = request.headers.get("Idempotency-Key", "")
    if len(once) > _LONGEST_KEY:
        raise Refused("idempotency-key", f"an Idempotency-Key has at most {_LONGEST_KEY} characters.", "Send a UUID.")
    by = Uploader(f"key {key.name}", request.META.get("REMOTE_ADDR", ""))
    declared, _ = value_and_parameters(request.headers.get("Content-Type", "").encode())
    if declared == _FORM:
        stored = _from_form(request, key, by, once)
    elif declared in _NO_FILES or declared.startswith("multipart/"):
        text = f"the body is said to be {declared or 'of no type'}, which holds no files."
        raise Refused("media-type", text, f"Send {_FORM}, {_MAIL}, or one file with its own type, such as application/pdf.")
    else:
        stored = _from_body(request, key, by, once, declared)
    return (201 if stored.is_new else 200), _kept(request, stored)


def _from_form(request: HttpRequest, key: ServiceKey, by: Uploader, once: str) -> StoredAs:
    try:
        return take_form(request, key.administration, by, request.POST.get("note", "").strip(), once)
    except (MultiPartParserError, BadRequest, SuspiciousOperation) as error:
        raise Refused("malformed", f"the form cannot be read: {error}.", "Send it as RFC 7578 says.") from error


def _from_body(request: HttpRequest, key: ServiceKey, by: Uploader, once: str, declared: str) -> StoredAs:
    _, said = value_and_parameters(request.headers.get("Content-Disposition", "").encode("latin-1", "replace"))
    with closing(body_of(request, settings.SCANSTRAAT.max_mail_octets)) as body:
        if declared == _MAIL and not looks_like_mail(body):
            text = "the body is said to be a mail, but does not begin like one."
            raise Refused("not-a-mail", text, "Send it from its first header field on, or under the type that it has.")
        return take((File(file_name(said.get("filename", "")), body),), key.administration, by, key=once)


def _show(request: HttpRequest, key: ServiceKey, identifier: UUID) -> tuple[int, object]:
    with unavailable_without_database():
        if not models.Mail.objects.filter(id=identifier, administration_id=key.administration).exists():
            raise Refused("unknown-id", f"there is no mail {identifier}.", "Use an id that an upload was answered with.")
        story = ends.mail_story(identifier, Blobs(settings.SCANSTRAAT.home_path))
    return 200, told_mail(story, lambda name, of: request.build_absolute_uri(reverse(name, args=[of])))


def _elsewhere(request: HttpRequest, key: ServiceKey, rest: str) -> tuple[int, object]:  # noqa: ARG001  as views of an address are
    raise Refused("not-here", "there is nothing at this address.", "See docs/api.md for the addresses there are.")


def _key(request: HttpRequest) -> ServiceKey:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    with unavailable_without_database():
        found = keys.of_key(key.strip()) if scheme.lower() == "bearer" else None
    if found is None:
        raise Refused("key-wrong", "this is no key in force.", "Send `Authorization: Bearer KEY`, with one from `add-key`.")
    return found


def _kept(request: HttpRequest, stored: StoredAs) -> Kept:
    link = request.build_absolute_uri(reverse("mail", args=[stored.mail]))
    return Kept(stored.mail, stored.is_new, link, reverse("api-mail", args=[stored.mail]))


def _status(error: ScanstraatError) -> int:
    otherwise = 422 if isinstance(error, Refused) else 503 if isinstance(error, Unavailable) else 500
    if otherwise == 500:
        _log.error("the API answers with %s", error)
    return _STATUSES.get(error.code, otherwise)


def _headers(status: int, method: str) -> tuple[tuple[str, str], ...]:
    rows = {
        401: ("WWW-Authenticate", "Bearer"),
        405: ("Allow", method),
        429: ("Retry-After", f"{pace.WAIT_SECONDS}"),
        503: ("Retry-After", "10"),
    }
    return (rows[status],) if status in rows else ()


take_mail = _answered(_take, "POST")
show_mail = _answered(_show, "GET")
elsewhere = _answered(_elsewhere, "")
