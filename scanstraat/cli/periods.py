"""Periods as people type them: days, taken whole, or moments; in UTC, as all lists show times."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Annotated

import typer

_FORMATS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]

Since = Annotated[datetime | None, typer.Option(formats=_FORMATS, help="received from this day or moment on (UTC)")]
Until = Annotated[
    datetime | None, typer.Option(formats=_FORMATS, help="received up to this day, itself included, or this moment")
]


def begin(since: datetime | None) -> datetime | None:
    """The moment a period begins; None: there is no beginning."""
    return since.replace(tzinfo=UTC) if since else None


def end(until: datetime | None) -> datetime | None:
    """The first moment behind a period; a day is part of it.

    >>> end(datetime(2026, 3, 31)).isoformat(), end(datetime(2026, 3, 31, 9, 12)).isoformat()
    ('2026-04-01T00:00:00+00:00', '2026-03-31T09:12:00+00:00')
    """
    if until is None:
        return None
    whole_day = timedelta(days=1) if until.time() == time() else timedelta()
    return until.replace(tzinfo=UTC) + whole_day
