from __future__ import annotations

from pathlib import Path

import pytest

from scanstraat.errors import Inconsistent
from scanstraat.records.blobs import Blobs, sha256_of


def test_a_content_is_kept_once_an_administration_and_never_shared_between_two(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    first = blobs.put(1, b"invoice")
    assert blobs.put(1, b"invoice") == first == sha256_of(b"invoice")
    assert blobs.get(1, first) == b"invoice"
    with pytest.raises(Inconsistent, match="is gone"):
        blobs.get(2, first)
    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == [first]


def test_a_damaged_content_is_told_rather_than_handed_out(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    sha256 = blobs.put(1, b"invoice")
    blobs.path(1, sha256).write_bytes(b"invoicf")
    with pytest.raises(Inconsistent, match="damaged"):
        blobs.get(1, sha256)
    with pytest.raises(Inconsistent, match="damaged"):
        blobs.sound(1, sha256)


def test_where_a_content_lies_is_told_where_it_is_sound(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    assert blobs.sound(1, blobs.put(1, b"invoice")).read_bytes() == b"invoice"
    with pytest.raises(Inconsistent, match="is gone"):
        blobs.sound(2, sha256_of(b"invoice"))


def test_a_spooled_file_is_adopted_without_copying_and_twice_does_no_harm(tmp_path: Path) -> None:
    spooled = tmp_path / "spooled"
    spooled.write_bytes(b"mail")
    blobs = Blobs(tmp_path / "home")
    blobs.adopt(3, spooled, sha256_of(b"mail"))
    blobs.adopt(3, spooled, sha256_of(b"mail"))
    assert blobs.path(3, sha256_of(b"mail")).samefile(spooled)
    spooled.unlink()
    assert blobs.get(3, sha256_of(b"mail")) == b"mail"


@pytest.mark.rule("A7")
def test_every_folder_with_a_new_name_in_it_is_synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[Path] = []
    monkeypatch.setattr("scanstraat.durable.sync_folder", synced.append)
    spooled = tmp_path / "spooled"
    spooled.write_bytes(b"mail")
    blobs = Blobs(tmp_path / "home")
    blobs.adopt(3, spooled, sha256_of(b"mail"))
    path = blobs.path(3, sha256_of(b"mail"))
    assert {path.parent, *list(path.parents)[1:4]} <= set(synced), "the blob's, and those made for it up to the home"
    synced.clear()
    blobs.adopt(3, spooled, sha256_of(b"mail"))
    assert path.parent in synced, "whoever linked it before may have been killed before he synced"
