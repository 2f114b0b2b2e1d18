"""Service keys: with which a program uploads for one administration. Of a key only the digest is kept."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from scanstraat.errors import Refused
from scanstraat.records import models, offices

_PREFIX = "ssk_"  # so that who finds one in a log or a repository knows what it is
_OCTETS = 32
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class ServiceKey:
    """A key that is in force: its name, and the administration it uploads for."""

    id: int
    name: str
    administration: int


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A key in a list."""

    name: str
    administration: str
    created_at: datetime
    ended_at: datetime | None


def add(administration: int, name: str) -> str:
    """A new key for this administration, by this name; the key itself is returned and kept nowhere.

    Raises `Refused`: `key-name` (empty, or over 80 characters), `key-taken` (a key of that name is in force there).
    """
    if not name.strip() or len(name) > _LONGEST_NAME:
        raise Refused("key-name", f"a key's name has 1 to {_LONGEST_NAME} characters.", "Name the program that will use it.")
    key = f"{_PREFIX}{secrets.token_urlsafe(_OCTETS)}"
    with transaction.atomic():
        offices.lock(administration)
        if models.ServiceKey.objects.filter(administration_id=administration, name=name, ended_at=None).exists():
            raise Refused("key-taken", f"there is a key {name} already.", "End it first, or choose another name.")
        models.ServiceKey.objects.create(administration_id=administration, name=name, digest=_digest(key))
    return key


def of_key(key: str) -> ServiceKey | None:
    """The key in force that this is; None for any other. It takes the same time for both."""
    digest = _digest(key)
    row = models.ServiceKey.objects.filter(digest=digest, ended_at=None).first()
    found = row.digest if row else _digest("")
    if not hmac.compare_digest(found, digest) or row is None:
        return None
    return ServiceKey(row.id, row.name, row.administration_id or 0)


def end(administration: int, name: str, at: datetime) -> None:
    """Take this key out of force; raises `Refused` (code `key-unknown`) where there is none of that name."""
    rows = models.ServiceKey.objects.filter(administration_id=administration, name=name, ended_at=None)
    if not rows.update(ended_at=at):
        raise Refused("key-unknown", f"there is no key {name} in force.", "See `scanstraat keys`.")


def lines() -> tuple[KeyLine, ...]:
    """All keys there are or were, by administration."""
    rows = models.ServiceKey.objects.select_related("administration").order_by("administration__name", "created_at", "id")
    return tuple(
        KeyLine(row.name, row.administration.name if row.administration else "", row.created_at, row.ended_at) for row in rows
    )


def _digest(key: str) -> str:
    # A key has 256 random bits, so a plain digest cannot be turned around; a slow one would only make each upload slow.
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
