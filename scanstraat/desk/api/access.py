"""Who calls the API: a key in force, for what it calls for (I3, I5); and what such a key sees."""

from __future__ import annotations

from typing import TypeVar, cast
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from ninja.security import HttpBearer

from scanstraat.desk.api.problems import wrong_key
from scanstraat.errors import Refused
from scanstraat.model.key import Scope
from scanstraat.records import keys, models
from scanstraat.records.keys import ServiceKey
from scanstraat.records.transaction import unavailable_without_database

M = TypeVar("M", bound=Model)


class Key(HttpBearer):
    """A service key that is for one of these scopes; `takes` are the query parameters that there are."""

    def __init__(self, *scopes: Scope, takes: frozenset[str] = frozenset()) -> None:
        self.scopes, self._takes = scopes, takes
        super().__init__()

    def __call__(self, request: HttpRequest) -> ServiceKey:
        """The key that the request bears. Raises `Refused` as `authenticate` does, and for a parameter that there is not.

        A mistyped `administration` would otherwise widen what is asked for.
        """
        found = self.authenticate(request, self.token_of(request))
        if unknown := set(request.GET) - self._takes:
            known = ", ".join(sorted(self._takes)) or "none"
            raise Refused("invalid", f"there is no parameter {min(unknown)!r} here.", f"There are: {known}.")
        return found

    @staticmethod
    def token_of(request: HttpRequest) -> str:
        """What the request bears as its key, "" for nothing."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" else ""

    def authenticate(self, request: HttpRequest, token: str) -> ServiceKey:  # noqa: ARG002  as ninja calls it
        """The key that `token` is; raises `Refused` (`key-wrong`, `scope`)."""
        with unavailable_without_database():
            found = keys.of_key(token) if token else None
        if found is None:
            raise wrong_key()
        if self.scopes and not found.scopes.intersection(self.scopes):
            wanted = " or ".join(self.scopes)
            raise Refused("scope", f"this key is not for {wanted}.", f"Have one made for it: `add-key --scope {self.scopes[0]}`.")
        return found


def key_of(request: HttpRequest) -> ServiceKey:
    """The key that this request was let in by."""
    return cast(ServiceKey, request.auth)  # type: ignore[attr-defined]  # set by ninja


def administrations(request: HttpRequest, name: str = "") -> QuerySet[models.Administration]:
    """The administrations of the key, or the one of them whose drop folder is `name`; 404 where it is none of them."""
    rows = keys.administrations(key_of(request))
    if not name:
        return rows
    rows = rows.filter(drop=name)
    if not rows.exists():
        raise Http404
    return rows


def one_administration(request: HttpRequest, name: str) -> models.Administration:
    """The administration that is meant; raises `Refused` (`which-administration`) where a key has several and none is named."""
    rows = list(administrations(request, name).order_by("id")[:2])
    if not rows:
        raise Http404
    if len(rows) > 1:
        text = "this key is for a whole office, and no administration is named."
        raise Refused("which-administration", text, "Add `?administration=` and its name; GET /api/administrations lists them.")
    return rows[0]


def mail(request: HttpRequest, identifier: UUID) -> models.Mail:
    """A mail of these administrations; 404 for any other, whether it exists or not."""
    return _one(models.Mail.objects.filter(administration__in=administrations(request), id=identifier))


def document(request: HttpRequest, identifier: UUID) -> models.Document:
    """A document of these administrations; 404 for any other, whether it exists or not."""
    rows = models.Document.objects.select_related("administration", "mail", "delivery", "supplier")
    return _one(rows.filter(administration__in=administrations(request), id=identifier))


def _one(rows: QuerySet[M]) -> M:
    found = rows.first()
    if found is None:
        raise Http404
    return found
