from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _nothing_tried_yet(database: None) -> Iterator[None]:
    """Limits hold by network address too, which all tests share."""
    cache.clear()
    yield
    cache.clear()
