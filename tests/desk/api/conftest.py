from __future__ import annotations

from dataclasses import replace

import pytest

from scanstraat.model.administration import Administration
from scanstraat.records import offices
from tests.desk.api.program import Program


@pytest.fixture
def program(administration: Administration) -> Program:
    """A program whose key may do everything in one administration."""
    return Program(administration)


@pytest.fixture
def sister(administration: Administration) -> Administration:
    """Another administration of the same office."""
    drop = f"{administration.drop}-sister"
    office = f"Office {administration.drop}"
    return offices.open_administration(office, replace(administration, name=drop, drop=drop), (f"{drop}@x.example",))


@pytest.fixture
def foreign(administration: Administration) -> Administration:
    """An administration of another office."""
    drop = f"{administration.drop}-foreign"
    return offices.open_administration(f"Office {drop}", replace(administration, name=drop, drop=drop), (f"{drop}@x.example",))
