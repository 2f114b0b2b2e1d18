"""Watched folders: which there are, whose they are, and how it goes with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from scanstraat.errors import Inconsistent, Refused
from scanstraat.records import models, offices
from scanstraat.records.leases import Leases

LEASES = Leases(models.WatchedFolder)


@dataclass(frozen=True, slots=True)
class WatchedFolder:
    """A folder that a scanner writes to, and whose it is; `drop` is the name of that administration's drop folder."""

    id: int
    path: Path
    administration: int
    drop: str


@dataclass(frozen=True, slots=True)
class FolderLine:
    """A watched folder in a list, and how it goes with it."""

    path: str
    administration: str
    is_active: bool
    seen_at: datetime | None
    error: str


def add(administration: int, path: Path) -> None:
    """Have `path` watched for this administration; again after it was ended, where it was.

    Raises `Refused` (code `folder-taken`) where it, a folder in it or one around it is watched: a file must have one owner.
    """
    with transaction.atomic():
        offices.lock(administration)
        for other in models.WatchedFolder.objects.filter(active=True):
            if path.is_relative_to(other.path) or Path(other.path).is_relative_to(path):
                raise Refused("folder-taken", f"{other.path} is watched already.", "Choose a folder apart from it, or end that.")
        fresh = {"administration_id": administration, "active": True, "holder": "", "lease_until": None, "error": ""}
        models.WatchedFolder.objects.update_or_create(path=str(path), defaults=fresh)


def end(path: Path) -> None:
    """Watch this folder no more; what lies in it stays. Raises `Refused` (code `folder-unknown`) where it is not watched."""
    if not models.WatchedFolder.objects.filter(path=str(path), active=True).update(active=False):
        raise Refused("folder-unknown", f"{path} is not watched.", "See `scanstraat folders`.")


def get(identifier: int) -> WatchedFolder:
    """The folder; raises `Inconsistent` where there is none."""
    row = models.WatchedFolder.objects.select_related("administration").filter(id=identifier).first()
    if row is None:
        raise Inconsistent("folder-missing", f"there is no watched folder {identifier}.")
    return WatchedFolder(row.id, Path(row.path), row.administration_id, row.administration.drop)


def lines() -> tuple[FolderLine, ...]:
    """All folders there are or were, by administration."""
    rows = models.WatchedFolder.objects.select_related("administration").order_by("administration__name", "path")
    return tuple(FolderLine(row.path, row.administration.name, row.active, row.seen_at, row.error) for row in rows)
