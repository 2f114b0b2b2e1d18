"""Who looks after a mailbox or a folder: one process at a time, by a lease in its row that is taken by compare-and-set."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from django.db.models import Q

from scanstraat.model.way_in import Standing
from scanstraat.records.models.way_in import Poller

_ERROR_LENGTH = 2_000
_OF_POLLING = frozenset(("holder", "lease_until", "seen_at", "error"))


class Leases:
    """The leases of one kind of source: the rows of `model`. A change of the columns `own` is no reason to begin anew."""

    def __init__(self, model: type[Poller], own: frozenset[str] = frozenset()) -> None:
        self._rows: Any = model._default_manager
        self._set = tuple(field.attname for field in model._meta.concrete_fields if field.name not in _OF_POLLING | own)

    def standing(self) -> tuple[Standing, ...]:
        """All that are to be looked after, in order of their ids."""
        rows = self._rows.filter(active=True).order_by("id").values_list("id", *self._set)
        return tuple(Standing(row[0], hashlib.sha256(repr(row).encode()).hexdigest()[:16]) for row in rows)

    def claim(self, identifier: int, holder: str, now: datetime, until: datetime) -> bool:
        """Take the lease until then; False where another has it."""
        free = Q(lease_until=None) | Q(lease_until__lte=now) | Q(holder=holder)
        return bool(self._rows.filter(free, id=identifier, active=True).update(holder=holder, lease_until=until))

    def renew(self, identifier: int, holder: str, until: datetime) -> bool:
        """Keep the lease; False where it was lost, or the source was ended."""
        return bool(self._rows.filter(id=identifier, active=True, holder=holder).update(lease_until=until))

    def release(self, identifier: int, holder: str) -> None:
        """Let another have it at once."""
        self._rows.filter(id=identifier, holder=holder).update(holder="", lease_until=None)

    def release_dead(self, holders: str, but: str) -> int:
        """End the leases of dead processes, whose names begin with `holders`; `but` is one that is alive. Returns how many."""
        return int(self._rows.filter(holder__startswith=holders).exclude(holder=but).update(holder="", lease_until=None))

    def seen(self, identifier: int, now: datetime) -> None:
        """It was looked into just now, without an error."""
        self._rows.filter(id=identifier).update(seen_at=now, error="")

    def failed(self, identifier: int, error: str) -> None:
        """It cannot be looked into at present, and why."""
        self._rows.filter(id=identifier).update(error=error[:_ERROR_LENGTH])
