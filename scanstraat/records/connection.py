"""Opening the database: called once by each process before any repository is imported."""

from __future__ import annotations

import os

import django
from django.core.management import call_command
from django.db import DatabaseError, connection, connections

from scanstraat.errors import Unavailable


def connect() -> None:
    """Set Django up from this process's environment. Call before importing models or repositories; twice is harmless."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "scanstraat.records.django_settings")
    django.setup()


def migrate() -> None:
    """Bring the database to the newest schema. Several processes may call it at once on PostgreSQL; one does the work."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_advisory_lock(7351)")
        try:
            call_command("migrate", verbosity=0, interactive=False)
        finally:
            if connection.vendor == "postgresql":
                cursor.execute("SELECT pg_advisory_unlock(7351)")


def check() -> None:
    """Raise `Unavailable` where the database does not answer."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        raise Unavailable("database", f"the database does not answer: {error}.", "Start it; work goes on by itself.") from error


def disconnect() -> None:
    """Close this thread's connection; the next query opens a new one."""
    connections.close_all()
