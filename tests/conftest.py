"""What all tests share: a home folder of this process's own, one migrated database in it, and a fresh administration a test."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

# Before anything imports Django: its settings are read from the environment once. Each process of xdist makes its own.
_HOME = tempfile.mkdtemp(prefix="scanstraat-test-")
os.environ["SCANSTRAAT_HOME"] = _HOME

from scanstraat.model.administration import Administration, OwnIdentity  # noqa: E402
from scanstraat.records import connection  # noqa: E402

connection.connect()  # so that test modules may import models and repositories at their top; no query runs yet

from django.contrib.auth.hashers import Argon2PasswordHasher  # noqa: E402

# Thousands of persons are made here, each for one test; what Argon2 is for, taking long, would be a minute of them.
Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 64, 1


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Keep `--doctest-modules` from importing what tests run as programs: those set up a process of their own."""
    return True if collection_path.suffix == ".py" and not collection_path.name.startswith("test_") else None


def pytest_unconfigure() -> None:
    shutil.rmtree(_HOME, ignore_errors=True)


@pytest.fixture(scope="session")
def database() -> Iterator[None]:
    """The database of this process, with its tables. Tests share it: what they make has names of its own."""
    connection.migrate()
    yield
    connection.disconnect()


@pytest.fixture
def administration(database: None) -> Administration:
    """A new administration of a new office, with one address: `<its drop>@invoices.example`."""
    from scanstraat.records.offices import open_administration

    drop = f"drop-{uuid4().hex[:12]}"
    own = OwnIdentity(names=(f"Customer {drop} BV",))
    new = Administration(id=0, name=f"Administration {drop}", own=own, drop=drop)
    return open_administration(f"Office {drop}", new, (f"{drop}@invoices.example",))
