"""Bearer tokens from a token endpoint (RFC 6749): asked for when they are needed, kept until shortly before they expire."""

from __future__ import annotations

import ssl
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import msgspec

from scanstraat.errors import Refused, ScanstraatError, Unavailable
from scanstraat.mailbox.imap.places import is_loopback
from scanstraat.mailbox.imap.ways import Grant, Way
from scanstraat.model.way_in import Credentials

EARLY_SECONDS = 60.0  # a token is asked for anew so long before it expires
_LONGEST_ANSWER = 100_000
_LONGEST_REASON = 200
_DEFAULT_SECONDS = 300.0  # where the endpoint does not say how long a token is good


@dataclass(frozen=True, slots=True)
class Answer:
    """What a token endpoint says; `refresh_token` where it gives another in place of ours."""

    access_token: str = field(default="", repr=False)
    expires_in: float = _DEFAULT_SECONDS
    refresh_token: str = field(default="", repr=False)
    error: str = ""
    error_description: str = ""


class Tokens:
    """The token of one mailbox. `renewed` is called with the credentials whose refresh token the endpoint replaced."""

    def __init__(self, context: ssl.SSLContext, timeout: float, renewed: Callable[[Credentials], None]) -> None:
        self._context, self._timeout, self._renewed = context, timeout, renewed
        self._token, self._good_until = "", 0.0

    def token(self, way: Way, credentials: Credentials) -> tuple[str, bool]:
        """A token, and whether it was at hand already. Raises `Refused` or `Unavailable`."""
        if self._token and time.monotonic() < self._good_until:
            return self._token, True
        asked_at = time.monotonic()
        answer = asked(way, credentials, self._context, self._timeout)
        self._token, self._good_until = answer.access_token, asked_at + answer.expires_in - EARLY_SECONDS
        if answer.refresh_token and answer.refresh_token != credentials.refresh_token:
            self._renewed(replace(credentials, refresh_token=answer.refresh_token))
        return self._token, False

    def forget(self) -> None:
        """Ask anew the next time: the server refused the token."""
        self._token = ""


def asked(way: Way, credentials: Credentials, context: ssl.SSLContext, timeout: float) -> Answer:
    """Ask the token endpoint; raises `Refused` where it refuses us, `Unavailable` where it does not answer or is out of order."""
    endpoint = way.endpoint(credentials)
    place = urllib.parse.urlsplit(endpoint)
    if place.scheme != "https" and not (place.scheme == "http" and is_loopback(place.hostname or "")):
        raise Refused("token-endpoint", f"{endpoint} is not encrypted.", "Give a token endpoint that begins with https://.")
    form = urllib.parse.urlencode(_form(way, credentials)).encode()
    request = urllib.request.Request(endpoint, form, {"Accept": "application/json"})  # noqa: S310  its scheme was looked at above
    opener = urllib.request.build_opener(_NoRedirect, urllib.request.HTTPSHandler(context=context))
    try:
        with opener.open(request, timeout=timeout) as response:
            answer = _read(response.read(_LONGEST_ANSWER), endpoint)
    except urllib.error.HTTPError as error:
        with error:
            raise _failure(error.code, error.read(_LONGEST_ANSWER), endpoint) from None
    except OSError as error:
        raise Unavailable("token-endpoint", f"{endpoint} does not answer: {error}.", "It is asked again by itself.") from None
    if not answer.access_token:
        raise Unavailable("token-endpoint", f"{endpoint} gave no token.", "Look whether the token endpoint is the right one.")
    return answer


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A secret goes to the place it was meant for and to no other."""

    def redirect_request(self, *_: object) -> None:
        return None


def _form(way: Way, credentials: Credentials) -> dict[str, str]:
    """What is sent; the credentials in the body, as all endpoints in use here take them (RFC 6749, 2.3.1)."""
    form = {
        "grant_type": way.grant or "",
        "client_id": credentials.client_id,
        "client_secret": credentials.client_secret,
        "scope": credentials.scope or way.scope,
        "refresh_token": credentials.refresh_token if way.grant is Grant.REFRESH else "",
    }
    return {name: value for name, value in form.items() if value}


def _read(content: bytes, endpoint: str) -> Answer:
    try:
        return msgspec.json.decode(content, type=Answer, strict=False)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError):
        raise Unavailable(
            "token-endpoint", f"what {endpoint} answers is no token.", "Look whether the token endpoint is the right one."
        ) from None


def _failure(status: int, content: bytes, endpoint: str) -> ScanstraatError:
    try:
        said = _read(content, endpoint)
    except Unavailable:
        said = Answer()
    reason = f"{said.error} {said.error_description.splitlines()[0] if said.error_description else ''}".strip()[:_LONGEST_REASON]
    if status in (400, 401, 403):
        return Refused(
            "token-refused",
            f"{endpoint} refuses these credentials: {reason or status}.",
            "Look at tenant, client id, client secret and refresh token, and set them with `scanstraat mailbox-secret`.",
        )
    return Unavailable("token-endpoint", f"{endpoint} answers {status} {reason}.".strip(), "It is asked again by itself.")
