"""Putting the rooms together: which database, which bell, which folders. Import only after the database is connected."""

from __future__ import annotations

from datetime import UTC, datetime

from scanstraat.pipeline.intake import StoredIntake
from scanstraat.records.blobs import Blobs
from scanstraat.records.tasks import TaskTable
from scanstraat.settings import Settings
from scanstraat.workers.bell import bell


def now() -> datetime:
    """The clock of the service."""
    return datetime.now(UTC)


def intake(settings: Settings) -> StoredIntake:
    """The house as the mail servers see it."""
    return StoredIntake(Blobs(settings.home_path), TaskTable(), now, bell(settings))
