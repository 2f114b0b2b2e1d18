"""The commands for watched folders and service keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from typer.testing import CliRunner

from scanstraat.cli.main import app
from scanstraat.errors import Refused
from scanstraat.model.administration import Administration
from scanstraat.records import keys

pytestmark = pytest.mark.rule("A6")


def _scanstraat(*arguments: str) -> str:
    """What a command prints; raises what it raises."""
    result = CliRunner(env={"COLUMNS": "400"}).invoke(app, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def test_a_folder_is_made_watched_shown_and_ended(administration: Administration) -> None:
    scans = settings.SCANSTRAAT.home_path / "scans" / administration.drop
    assert _scanstraat("add-folder", administration.name) == f"{scans} is watched for {administration.name}\n"
    assert scans.is_dir()
    with pytest.raises(Refused, match="folder-taken"):
        _scanstraat("add-folder", administration.drop, str(scans / "inner"))
    (line,) = [line for line in _scanstraat("folders").splitlines() if str(scans) in line]
    assert "not looked into yet" in line
    _scanstraat("end-folder", str(scans))
    (line,) = [line for line in _scanstraat("folders").splitlines() if str(scans) in line]
    assert "ended" in line


@pytest.mark.parametrize("place", ["", "spool", "blobs/1", ".."])
def test_what_the_service_keeps_itself_is_no_folder_to_watch(administration: Administration, place: str) -> None:
    path: Path = settings.SCANSTRAAT.home_path / place
    with pytest.raises(Refused, match="holds what the service keeps itself"):
        _scanstraat("add-folder", administration.drop, str(path))


def test_a_key_is_shown_once_and_ended(administration: Administration) -> None:
    key = _scanstraat("add-key", administration.drop, "bookkeeping").strip()
    assert key.startswith("ssk_")
    assert keys.of_key(key) is not None
    shown = _scanstraat("keys")
    (line,) = [line for line in shown.splitlines() if administration.name in line]
    assert "bookkeeping" in line
    assert "in force" in line
    assert key not in shown
    with pytest.raises(Refused, match="key-taken"):
        _scanstraat("add-key", administration.drop, "bookkeeping")
    _scanstraat("end-key", administration.drop, "bookkeeping")
    assert keys.of_key(key) is None
    (line,) = [line for line in _scanstraat("keys").splitlines() if administration.name in line]
    assert "ended" in line
    with pytest.raises(Refused, match="administration-unknown"):
        _scanstraat("add-key", "nobody", "x")


@pytest.mark.rule("I5")
def test_a_key_of_an_office_is_made_for_what_it_is_to_do(administration: Administration) -> None:
    office = f"Office {administration.drop}"
    key = _scanstraat("add-key", office, "ledger", "--office", "--scope", "read,drops").strip()
    found = keys.of_key(key)
    assert found is not None
    assert sorted(found.scopes) == ["drops", "read"]
    (line,) = [line for line in _scanstraat("keys").splitlines() if office in line]
    assert "drops, read" in line
    with pytest.raises(Refused, match="scope-unknown"):
        _scanstraat("add-key", office, "other", "--office", "--scope", "everything")
    with pytest.raises(Refused, match="office-unknown"):
        _scanstraat("add-key", "nobody", "other", "--office")
    _scanstraat("end-key", office, "ledger", "--office")
    assert keys.of_key(key) is None
