"""SQL for the few statements that every stage runs: composing them anew each time costs the line more than running them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection

Parameter = str | int | datetime | UUID | None


def change(sql: str, *parameters: Parameter) -> int:
    """Run an INSERT or UPDATE with `%s` for each parameter; returns how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, [_adapted(parameter) for parameter in parameters])
        return int(cursor.rowcount)


def number(sql: str, *parameters: Parameter) -> int | None:
    """The first column of the first row of a SELECT, a whole number; None where there is no row."""
    with connection.cursor() as cursor:
        cursor.execute(sql, [_adapted(parameter) for parameter in parameters])
        row = cursor.fetchone()
    return None if row is None else int(row[0])


def _adapted(parameter: Parameter) -> Parameter:
    """As Django's own fields write it, so that both ways of writing meet in the same rows."""
    if isinstance(parameter, datetime):
        adapted: str | datetime | None = connection.ops.adapt_datetimefield_value(parameter)
        return adapted
    if isinstance(parameter, UUID) and not connection.features.has_native_uuid_field:
        return parameter.hex
    return str(parameter) if isinstance(parameter, str) else parameter
