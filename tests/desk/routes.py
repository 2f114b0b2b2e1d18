"""Every address the service answers at, and what each asks for: a table, held against the resolver of Django."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any
from uuid import UUID

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from scanstraat.model.people import Right
from tests.desk.worlds import World

METHODS = ("GET", "POST")
API_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
BY_KEY, OPEN, OWN = "by key", "open", "own"  # programs; anybody; whoever is signed in, what is his own
_REST = {"index": 1, "number": 1, "provider_id": "oidc", "rest": "nowhere"}
Needs = Right | str


@dataclass(frozen=True, slots=True)
class Route:
    """An address: its name, its pieces with their kinds, and what it asks for by the table."""

    name: str
    template: str
    kinds: tuple[tuple[str, str], ...]

    def at(self, **values: object) -> str:
        """The address with these values in it."""
        found = f"/{self.template}"
        for name, kind in self.kinds:
            found = found.replace(f"<{kind}:{name}>", f"{values[name]}")
        return found.replace("^", "").replace("(?P<rest>.*)$", "nowhere")

    @property
    def identifier(self) -> str:
        """The kind of what names a row in it: "int", "uuid", or none."""
        return next((kind.removesuffix("str") for name, kind in self.kinds if name not in _REST), "")


# What each page asks for, and which of the ids of a world it takes.
TABLE: dict[str, tuple[Needs, str]] = {
    "home": (OWN, ""),
    "health": (OPEN, ""),
    # signing in and one's own account
    "sign-in": (OPEN, ""),
    "account_login": (OPEN, ""),
    "mfa_authenticate": (OPEN, ""),
    "mfa_login_webauthn": (OPEN, ""),
    "sign-on": (OPEN, ""),
    "openid_connect_callback": (OPEN, ""),
    "sign-out": (OPEN, ""),
    "account": (OWN, ""),
    "mfa_index": (OWN, ""),
    "mfa_list_webauthn": (OWN, ""),
    "end-session": (OWN, ""),
    "account_change_password": (OWN, ""),
    "second-factor": (OWN, ""),
    "account_reauthenticate": (OWN, ""),
    "mfa_reauthenticate": (OWN, ""),
    "mfa_reauthenticate_webauthn": (OWN, ""),
    "mfa_activate_totp": (OWN, ""),
    "mfa_deactivate_totp": (OWN, ""),
    "mfa_view_recovery_codes": (OWN, ""),
    "mfa_generate_recovery_codes": (OWN, ""),
    "mfa_download_recovery_codes": (OWN, ""),
    "mfa_add_webauthn": (OWN, ""),
    "mfa_edit_webauthn": (OWN, "passkey"),
    "mfa_remove_webauthn": (OWN, "passkey"),
    # what came and what became of it
    "mails": (Right.SEE, ""),
    "mail": (Right.SEE, "mail"),
    "original-mail": (Right.SEE, "mail"),
    "part": (Right.SEE, "mail"),
    "documents": (Right.SEE, ""),
    "documents-csv": (Right.SEE, ""),
    "document": (Right.SEE, "delivered"),
    "picture": (Right.SEE, "delivered"),
    "composed-pdf": (Right.SEE, "delivered"),
    "invoice-xml": (Right.SEE, "delivered"),
    "upload": (Right.UPLOAD, ""),
    "suppliers": (Right.SEE, ""),
    "supplier": (Right.SEE, "supplier"),
    # review
    "queue": (Right.REVIEW, ""),
    "queue-counts": (Right.REVIEW, ""),
    "review-next": (Right.REVIEW, ""),
    "review-done": (Right.REVIEW, ""),
    "review-undo": (Right.REVIEW, ""),
    "review": (Right.REVIEW, "review"),
    "check": (Right.REVIEW, "review"),
    "words": (Right.REVIEW, "review"),
    "review-ahead": (Right.REVIEW, "review"),
    "review-renew": (Right.REVIEW, "review"),
    "review-hand-back": (Right.REVIEW, "review"),
    "review-skip": (Right.REVIEW, "review"),
    "review-take": (Right.REVIEW, "review"),
    "review-accept": (Right.REVIEW, "review"),
    "review-archive": (Right.REVIEW, "review"),
    "review-discard": (Right.REVIEW, "review"),
    "review-reject": (Right.REVIEW, "review"),
    "review-kind": (Right.REVIEW, "review"),
    "review-split": (Right.REVIEW, "review"),
    "review-merge": (Right.REVIEW, "review"),
    "review-reorder": (Right.REVIEW, "review"),
    "review-turn": (Right.REVIEW, "review"),
    "review-note": (Right.REVIEW, "review"),
    "review-bring-back": (Right.REVIEW, "archived"),
    "review-replay": (Right.REVIEW, "review"),
    # administrations
    "administrations": (Right.INSTRUCT, ""),
    "administration": (Right.INSTRUCT, "administration"),
    "open-administration": (Right.OPEN, ""),
    "open-administration-look": (Right.OPEN, ""),
    "set-drop": (Right.OPEN, "administration"),
    "add-address": (Right.OPEN, "administration"),
    "end-address": (Right.OPEN, "administration"),
    "end-contract": (Right.OPEN, "administration"),
    "opening": (Right.OPEN, "administration"),
    "opening-instructions": (Right.OPEN, "administration"),
    "opening-trial": (Right.OPEN, "administration"),
    "opening-trial-story": (Right.OPEN, "administration"),
    "acceptance": (Right.OPEN, "administration"),
    # persons
    "users": (Right.USERS, ""),
    "user-new": (Right.USERS, ""),
    "user": (Right.USERS, "user"),
    "user-end": (Right.USERS, "user"),
    "user-revive": (Right.USERS, "user"),
    "user-password": (Right.USERS, "user"),
    "user-second-factor": (Right.USERS, "user"),
    "operators": (Right.OPERATORS, ""),
    "operator-new": (Right.OPERATORS, ""),
    "audit-log": (Right.AUDIT, ""),
    # the service
    "keys": (Right.KEYS, ""),
    "end-key": (Right.KEYS, "key"),
    "add-webhook": (Right.KEYS, ""),
    "end-webhook": (Right.KEYS, "webhook"),
    "try-webhook": (Right.KEYS, "webhook"),
    "system": (Right.HEALTH, ""),
    # programs
    "api-description": (OPEN, ""),
    "api-mails": (BY_KEY, ""),
    "api-mail": (BY_KEY, "mail"),
    "api-original-mail": (BY_KEY, "mail"),
    "api-documents": (BY_KEY, ""),
    "api-document": (BY_KEY, "delivered"),
    "api-document-pdf": (BY_KEY, "delivered"),
    "api-invoice-xml": (BY_KEY, "delivered"),
    "api-page": (BY_KEY, "delivered"),
    "api-corrections": (BY_KEY, "review"),
    "api-suppliers": (BY_KEY, ""),
    "api-supplier": (BY_KEY, "supplier"),
    "api-drops": (BY_KEY, ""),
    "api-drop": (BY_KEY, "delivered"),
    "api-drop-acknowledge": (BY_KEY, "delivered"),
    "api-drop-refuse": (BY_KEY, "delivered"),
    "api-drop-again": (BY_KEY, "delivered"),
    "api-webhooks": (BY_KEY, ""),
    "api-webhook": (BY_KEY, "webhook"),
    "api-webhook-calls": (BY_KEY, "webhook"),
    "api-webhook-test": (BY_KEY, "webhook"),
    "api-administrations": (BY_KEY, ""),
    "api-elsewhere": (BY_KEY, ""),
}


def routes() -> tuple[Route, ...]:
    """All there are, through every include."""
    return tuple({route.name: route for route in _walked(get_resolver().url_patterns, "")}.values())


def needs(route: Route) -> Needs:
    """What the table says that it asks for."""
    return TABLE[route.name][0]


def own(route: Route, world: World) -> str:
    """Its address for what it is about in this world."""
    taken = TABLE[route.name][1]
    return route.at(**_REST, **{name: world.ids.get(taken) for name, _ in route.kinds if name not in _REST})


def foreign(route: Route, world: World) -> Iterator[str]:
    """Its addresses for everything in this world that has a name of its kind."""
    values: Iterable[UUID | int] = world.uuids() if route.identifier == "uuid" else world.numbers()
    names = [name for name, _ in route.kinds if name not in _REST]
    for chosen in product(values, repeat=len(names)):
        yield route.at(**_REST, **dict(zip(names, chosen, strict=True)))


def answered(client: Client, method: str, address: str, **more: Any) -> tuple[int, str, str]:
    """Status, body as text, and where it leads, of one request; files are read whole."""
    response = client.generic(method, address, **more)
    streamed = getattr(response, "streaming_content", None)
    body = b"".join(streamed) if streamed is not None else response.content
    response.close()
    return response.status_code, body.decode("utf-8", "replace"), response.get("Location", "")


def _walked(patterns: list[Any], before: str) -> Iterator[Route]:
    for each in patterns:
        template = before + f"{each.pattern}"
        if isinstance(each, URLResolver):
            yield from _walked(each.url_patterns, template)
        elif isinstance(each, URLPattern):
            kinds = ((name, _kind(template, name)) for name in each.pattern.converters)
            yield Route(each.name or template, template, tuple(kinds))


def _kind(template: str, name: str) -> str:
    return template.split(f":{name}>")[0].rpartition("<")[2]
