"""The API put together: its operations, its description, and its addresses for Django."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path
from ninja import NinjaAPI
from ninja.parser import Parser
from ninja.renderers import BaseRenderer

from scanstraat import __version__
from scanstraat.codec import to_json
from scanstraat.desk.api import administrations, corrections, documents, drops, mails, suppliers, webhooks
from scanstraat.desk.api.access import Key
from scanstraat.desk.api.problems import WHAT, answer_problems, answered
from scanstraat.errors import Refused

_ROOT = "api/"
_ABOUT = (
    "Mails in, documents and readings out, corrections and suppliers, drops and webhooks. Every request but for this description"
    " bears a service key as `Authorization: Bearer KEY`; what was not done is told as code, message and next_step."
)
_ROOMS = (mails, documents, corrections, suppliers, drops, webhooks, administrations)


class _Renderer(BaseRenderer):
    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:  # noqa: ARG002  as ninja calls it
        """JSON as all of this service writes it."""
        return to_json(data)


class _Parser(Parser):
    def parse_body(self, request: HttpRequest) -> Any:
        """The JSON of a body that says it is JSON."""
        if request.content_type != "application/json":
            said = request.content_type or "of no type"
            raise Refused("media-type", f"the body is said to be {said}.", "Send application/json.")
        return msgspec.json.decode(request.body)


def service() -> NinjaAPI:
    """The API with all its operations."""
    api = NinjaAPI(
        title="Scanstraat",
        version=__version__,
        description=_ABOUT,
        docs_url=None,
        openapi_url=None,
        urls_namespace="api",
        renderer=_Renderer(),
        parser=_Parser(),
        openapi_extra={"info": {"license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}}},
    )
    for room in _ROOMS:
        api.add_router("", room.router)
    answer_problems(api)
    return api


API = service()


@cache
def description() -> dict[str, Any]:
    """The API described as OpenAPI 3.1 has it."""
    found = dict(API.get_openapi_schema(path_prefix="/" + _ROOT))
    for operations in found["paths"].values():
        for one in operations.values():
            _polish(one)
    described: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(_text_keys(found)))
    return described


def _polish(one: dict[str, Any]) -> None:
    """What ninja leaves out or says otherwise: what statuses mean here, and that no query says null."""
    for status, answer in one["responses"].items():
        answer["description"] = WHAT.get(int(status), answer["description"])
    for parameter in one["parameters"]:
        choices = parameter["schema"].get("anyOf", [])
        if {"type": "null"} in choices:
            (only,) = (choice for choice in choices if choice != {"type": "null"})
            rest = {name: value for name, value in parameter["schema"].items() if name not in ("anyOf", "default")}
            parameter["schema"] = rest | only


def _text_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {f"{name}": _text_keys(inner) for name, inner in value.items()}
    return [_text_keys(inner) for inner in value] if isinstance(value, list) else value


def _describe(request: HttpRequest) -> HttpResponse:
    """The description, for anybody: it holds no data."""
    if request.method not in ("GET", "HEAD"):
        raise Refused("method", f"{request.method} is not what is done here.", "Use GET.")
    return HttpResponse(to_json(description()), content_type="application/json")


def _elsewhere(request: HttpRequest, rest: str) -> HttpResponse:  # noqa: ARG001  as views of an address are
    Key().authenticate(request, Key.token_of(request))
    raise Refused("not-here", "there is nothing at this address.", "See /api/openapi.json for the addresses there are.")


def addresses() -> list[URLPattern]:
    """Every address under /api/, for Django."""
    of_operations = [
        path(f"{_ROOT}{pattern.pattern}", answered(pattern.callback), name=pattern.name)
        for pattern in API.urls[0]
        if isinstance(pattern, URLPattern) and pattern.name != "api-root"
    ]
    return [
        path(f"{_ROOT}openapi.json", answered(_describe), name="api-description"),
        *of_operations,
        re_path(rf"^{_ROOT}(?P<rest>(?s:.*))\Z", answered(_elsewhere), name="api-elsewhere"),
    ]
