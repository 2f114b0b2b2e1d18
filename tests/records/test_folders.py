"""Watched folders and their owners."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scanstraat.errors import Refused
from scanstraat.model.administration import Administration
from scanstraat.records import folders, models, offices

NOW = datetime(2026, 3, 31, 10, 0, tzinfo=UTC)

pytestmark = pytest.mark.rule("A6")


def _line(path: Path) -> folders.FolderLine:
    return next(line for line in folders.lines() if line.path == str(path))


def test_a_folder_is_watched_until_it_is_ended_and_may_come_back(administration: Administration, tmp_path: Path) -> None:
    folders.add(administration.id, tmp_path)
    assert _line(tmp_path) == folders.FolderLine(str(tmp_path), administration.name, True, None, "")
    folders.end(tmp_path)
    assert not _line(tmp_path).is_active
    with pytest.raises(Refused, match="folder-unknown"):
        folders.end(tmp_path)
    folders.add(administration.id, tmp_path)
    assert _line(tmp_path).is_active


@pytest.mark.parametrize("other", [".", "inner", "..", "../.."])
def test_a_folder_has_one_owner_with_all_that_is_in_it(administration: Administration, tmp_path: Path, other: str) -> None:
    path = tmp_path / "scans"
    folders.add(administration.id, path)
    with pytest.raises(Refused, match=r"folder-taken: .* is watched already"):
        folders.add(administration.id, (path / other).resolve())
    folders.add(administration.id, path.with_name("scans-2"))
    folders.end(path)
    folders.end(path.with_name("scans-2"))


def test_the_oldest_address_in_use_is_the_one(administration: Administration) -> None:
    first = f"{administration.drop}@invoices.example"
    models.Address.objects.create(administration_id=administration.id, address=f"second-{first}")
    assert offices.first_address(administration.id) == first
    models.Address.objects.filter(address=first).update(ended_at=NOW)
    assert offices.first_address(administration.id) == f"second-{first}"
    models.Address.objects.filter(administration_id=administration.id).update(ended_at=NOW)
    assert offices.first_address(administration.id) == first
    models.Address.objects.filter(administration_id=administration.id).delete()
    assert offices.first_address(administration.id) == ""


def test_an_administration_is_named_by_its_drop_folder_or_by_a_name_of_its_own(administration: Administration) -> None:
    assert offices.named(administration.drop) == offices.named(administration.name) == administration
    twin = replace(administration, drop=f"{administration.drop}-2")
    offices.open_administration("Another office", twin, (f"{twin.drop}@x.example",))
    with pytest.raises(Refused, match="several administrations are named"):
        offices.named(administration.name)
    with pytest.raises(Refused, match="there is no administration nobody"):
        offices.named("nobody")
