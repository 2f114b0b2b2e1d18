"""One warm child process for all tests of this room."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from scanstraat.bounded import Child
from scanstraat.reading import PRELOAD
from scanstraat.reading.reader import Reader
from scanstraat.settings import Settings


@pytest.fixture(scope="session")
def child() -> Iterator[Child]:
    with Child(PRELOAD) as running:
        yield running


@pytest.fixture(scope="session")
def reader(child: Child) -> Reader:
    return Reader(child, Settings())
