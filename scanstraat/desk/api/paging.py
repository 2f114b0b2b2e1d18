"""Pages of a list: a cursor says where the last one ended, so that what comes meanwhile shifts nothing."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from scanstraat.errors import Refused

M = TypeVar("M", bound=Model)


def page(
    rows: QuerySet[M],
    by: str,
    cursor: str,
    limit: int,
    identifier: Callable[[str], Any],
    is_newest_first: bool = True,
) -> tuple[list[M], str | None]:
    """The rows after `cursor`, ordered by the time in column `by`, and the cursor of the next page; None at the end.

    `identifier` reads an id from text. Raises `Refused` (`cursor`) for one that no page gave.
    """
    beyond, sign = ("lt", "-") if is_newest_first else ("gt", "")
    if cursor:
        at, last = _read(cursor, identifier)
        rows = rows.filter(Q(**{f"{by}__{beyond}": at}) | Q(**{by: at, f"pk__{beyond}": last}))
    found = list(rows.order_by(f"{sign}{by}", f"{sign}pk")[: limit + 1])
    if len(found) <= limit:
        return found, None
    return found[:limit], _written(getattr(found[limit - 1], by), found[limit - 1].pk)


def _written(at: datetime, identifier: object) -> str:
    return base64.urlsafe_b64encode(f"{at.isoformat()} {identifier}".encode()).decode()


def _read(cursor: str, identifier: Callable[[str], Any]) -> tuple[datetime, Any]:
    try:
        at, _, last = base64.urlsafe_b64decode(cursor).decode().partition(" ")
        moment = datetime.fromisoformat(at)
        if moment.utcoffset() is None:
            raise ValueError(at)
        return moment, identifier(last)
    except (ValueError, OverflowError):
        raise Refused("cursor", "this is no cursor of this list.", "Use `next` of the page before, as it is.") from None
