"""One transaction over several repositories, for the floors above that know no Django."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from django.db import InterfaceError, OperationalError, connection, connections, transaction

from scanstraat.errors import Unavailable


def atomic() -> AbstractContextManager[None]:
    """All that is written inside is kept, or none of it."""
    return transaction.atomic()


@contextmanager
def snapshot() -> Iterator[None]:
    """All that is read inside is as it was at one moment."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


@contextmanager
def unavailable_without_database() -> Iterator[None]:
    """Turn a lost database into `Unavailable`; the broken connection is closed, so that the next query opens a new one."""
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        connections.close_all()
        raise Unavailable("database", f"the database does not answer: {error}.", "Start it; work goes on by itself.") from error
