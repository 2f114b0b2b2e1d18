"""SQL for the few statements that every stage runs: composing them anew each time costs the line more than running them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Model

Parameter = str | int | datetime | UUID | None
M = TypeVar("M", bound=Model)

_AS_THEY_ARE = frozenset({int, str, type(None)})


def change(sql: str, *parameters: Parameter) -> int:
    """Run an INSERT or UPDATE with `%s` for each parameter; returns how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, [_adapted(parameter) for parameter in parameters])
        return int(cursor.rowcount)


def rows(sql: str, *parameters: Parameter) -> list[tuple[Any, ...]]:
    """The rows of a SELECT, as the database gives them."""
    with connection.cursor() as cursor:
        cursor.execute(sql, [_adapted(parameter) for parameter in parameters])
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def number(sql: str, *parameters: Parameter) -> int | None:
    """The first column of the first row of a SELECT, a whole number; None where there is no row."""
    found = rows(sql, *parameters)
    return int(found[0][0]) if found else None


def first_id(sql: str, *parameters: Parameter) -> str:
    """The id in the first row of a SELECT; "" where there is no row."""
    found = rows(sql, *parameters)
    return str(UUID(str(found[0][0]))) if found else ""


def one(model: type[M], identifier: UUID | int) -> M | None:
    """The row of `model` with this id, or None."""
    sql = f"SELECT * FROM {model._meta.db_table} WHERE id = %s"
    return next(iter(model._default_manager.raw(sql, [_adapted(identifier)])), None)


def _adapted(parameter: Parameter) -> Parameter:
    """As Django's own fields write it, so that both ways of writing meet in the same rows."""
    if type(parameter) in _AS_THEY_ARE:
        return parameter
    if isinstance(parameter, datetime):
        adapted: str | datetime | None = connection.ops.adapt_datetimefield_value(parameter)
        return adapted
    if isinstance(parameter, UUID) and not connection.features.has_native_uuid_field:
        return parameter.hex
    return str(parameter) if isinstance(parameter, str) else parameter
