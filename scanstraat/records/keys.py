"""Service keys: with which a program works for one administration or a whole office. Of a key only the digest is kept."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from scanstraat.errors import Refused
from scanstraat.model.key import Scope, scopes_of
from scanstraat.records import models, offices

_PREFIX = "ssk_"  # so that who finds one in a log or a repository knows what it is
_OCTETS = 32
_LONGEST_NAME = 80
_NOTED = timedelta(minutes=1)  # how exactly it is known when a key was used last
_UPLOAD = frozenset({Scope.UPLOAD})


@dataclass(frozen=True, slots=True)
class ServiceKey:
    """A key that is in force: its name, what it is for, and the administration or the office that it is of."""

    id: int
    name: str
    administration: int | None
    office: int | None = None
    scopes: frozenset[Scope] = _UPLOAD

    @property
    def actor(self) -> str:
        """How logs name it."""
        return f"key {self.name}"


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A key in a list; `administration` is "" for one of a whole office."""

    id: int
    name: str
    office: str
    administration: str
    scopes: frozenset[Scope]
    created_at: datetime
    created_by: str
    used_at: datetime | None
    ended_at: datetime | None


def add(administration: int, name: str, scopes: frozenset[Scope] = _UPLOAD, created_by: str = "") -> str:
    """A new key for this administration, by this name; the key itself is returned and kept nowhere.

    Raises `Refused`: `key-name` (empty, or over 80 characters), `key-taken` (a key of that name is in force there).
    """
    with transaction.atomic():
        offices.lock(administration)
        return _added(models.ServiceKey(administration_id=administration, name=name), scopes, created_by)


def add_for_office(office: int, name: str, scopes: frozenset[Scope] = _UPLOAD, created_by: str = "") -> str:
    """As `add`, for all administrations that the office has and will have."""
    with transaction.atomic():
        models.Office.objects.select_for_update(no_key=True).values_list("id").get(id=office)
        return _added(models.ServiceKey(office_id=office, name=name), scopes, created_by)


def of_key(key: str) -> ServiceKey | None:
    """The key in force that this is, which is then noted as used; None for any other. It takes the same time for both."""
    digest = _digest(key)
    row = models.ServiceKey.objects.filter(digest=digest, ended_at=None).first()
    found = row.digest if row else _digest("")
    if not hmac.compare_digest(found, digest) or row is None:
        return None
    _note_used(row)
    return ServiceKey(row.id, row.name, row.administration_id, row.office_id, scopes_of(row.scopes))


def administrations(key: ServiceKey) -> QuerySet[models.Administration]:
    """The administrations that a key works for, as they are now (I5)."""
    if key.office is not None:
        return models.Administration.objects.filter(office_id=key.office)
    return models.Administration.objects.filter(id=key.administration or 0)


def end(administration: int, name: str, at: datetime) -> None:
    """Take this key out of force; raises `Refused` (code `key-unknown`) where there is none of that name."""
    _ended(models.ServiceKey.objects.filter(administration_id=administration, name=name), name, at)


def end_for_office(office: int, name: str, at: datetime) -> None:
    """As `end`, for a key of a whole office."""
    _ended(models.ServiceKey.objects.filter(office_id=office, name=name), name, at)


def lines(office: int | None = None, administration: int | None = None) -> tuple[KeyLine, ...]:
    """Keys there are or were, of all, of an office with its administrations, or of one administration."""
    rows = models.ServiceKey.objects.select_related("office", "administration__office")
    if office is not None:
        rows = rows.filter(Q(office_id=office) | Q(administration__office_id=office))
    if administration is not None:
        rows = rows.filter(administration_id=administration)
    return tuple(sorted(map(_line, rows.order_by("created_at", "id")), key=lambda line: (line.office, line.administration)))


def _added(row: models.ServiceKey, scopes: frozenset[Scope], created_by: str) -> str:
    if not row.name.strip() or len(row.name) > _LONGEST_NAME:
        raise Refused("key-name", f"a key's name has 1 to {_LONGEST_NAME} characters.", "Name the program that will use it.")
    same = models.ServiceKey.objects.filter(administration=row.administration_id, office=row.office_id, name=row.name)
    if same.filter(ended_at=None).exists():
        raise Refused("key-taken", f"there is a key {row.name} already.", "End it first, or choose another name.")
    key = f"{_PREFIX}{secrets.token_urlsafe(_OCTETS)}"
    row.digest, row.scopes, row.created_by = _digest(key), ",".join(sorted(scopes)), created_by[:150]
    row.save(force_insert=True)
    return key


def _ended(rows: QuerySet[models.ServiceKey], name: str, at: datetime) -> None:
    if not rows.filter(ended_at=None).update(ended_at=at):
        raise Refused("key-unknown", f"there is no key {name} in force.", "See `scanstraat keys`.")


def _note_used(row: models.ServiceKey) -> None:
    now = datetime.now(UTC)
    if row.used_at is None or now - row.used_at >= _NOTED:
        models.ServiceKey.objects.filter(id=row.id).update(used_at=now)


def _line(row: models.ServiceKey) -> KeyLine:
    owner = row.office or (row.administration.office if row.administration else None)
    return KeyLine(
        id=row.id,
        name=row.name,
        office=owner.name if owner else "",
        administration=row.administration.name if row.administration else "",
        scopes=scopes_of(row.scopes),
        created_at=row.created_at,
        created_by=row.created_by,
        used_at=row.used_at,
        ended_at=row.ended_at,
    )


def _digest(key: str) -> str:
    # A key has 256 random bits, so a plain digest cannot be turned around; a slow one would only make each upload slow.
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
