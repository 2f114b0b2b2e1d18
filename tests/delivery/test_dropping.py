from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scanstraat import failpoint
from scanstraat.delivery.dropping import Outbox, staged_drop
from scanstraat.errors import Inconsistent, Unavailable
from scanstraat.model.delivery import Drop
from tests.delivery.watching import Watch

DROP = Drop("20261121-17", b"%PDF-1.7 whole" * 1000, b"<Invoice/>" * 100)
PDF, XML = "20261121-17.pdf", "20261121-17.xml"
PUBLISH_POINTS = ("delivery.pdf-rename", "delivery.xml-rename")
STAGE_POINTS = ("durable.sync:1", "durable.rename:1", "durable.sync:2", "durable.rename:2")

# Stages or publishes in a process of its own, so that a fail-point can kill it.
_PROGRAM = """
import sys
from pathlib import Path
from scanstraat import failpoint
from scanstraat.delivery.dropping import Outbox, staged_drop
from tests.delivery.test_dropping import DROP
home = Path(sys.argv[2])
outbox = Outbox(home / "staging", home / "drops")
failpoint.install_from_environment()
if sys.argv[1] == "stage":
    outbox.stage("bakker", DROP, "t1")
else:
    outbox.publish(staged_drop("bakker", DROP.stem, "t1"))
"""


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    return Outbox(tmp_path / "staging", tmp_path / "drops")


@pytest.fixture
def reached() -> Iterator[list[str]]:
    names: list[str] = []
    failpoint.set_hook(names.append)
    yield names
    failpoint.set_hook(None)


def _in_drop(home: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (home / "drops" / "bakker").iterdir()}


def _in_staging(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "staging").iterdir())


def _killed(action: str, home: Path, point: str) -> None:
    """Run `action` in a process that a fail-point kills."""
    environment = {**os.environ, "SCANSTRAAT_FAILPOINT": point, "PYTHONPATH": str(Path(__file__).parents[2])}
    ended = subprocess.run([sys.executable, "-c", _PROGRAM, action, str(home)], env=environment, check=False, timeout=60)
    assert ended.returncode == -9


@pytest.mark.rule("F4")
def test_a_drop_appears_pdf_first_and_xml_last_and_is_never_written_in_place(outbox: Outbox, tmp_path: Path) -> None:
    staged = outbox.stage("bakker", DROP, "t1")
    with Watch(tmp_path / "drops" / "bakker") as watch:
        outbox.publish(staged)
        assert watch.seen() == [("moved in", PDF), ("moved in", XML)]
    assert _in_drop(tmp_path) == {PDF: DROP.pdf, XML: DROP.xml}
    assert _in_staging(tmp_path) == []


@pytest.mark.rule("F4")
def test_whenever_an_xml_is_there_its_whole_pdf_is(outbox: Outbox, tmp_path: Path) -> None:
    staged = outbox.stage("bakker", DROP, "t1")
    looks: list[dict[str, bytes]] = []
    failpoint.set_hook(lambda _: looks.append(_in_drop(tmp_path)))
    try:
        outbox.publish(staged)
    finally:
        failpoint.set_hook(None)
    assert looks == [{}, {PDF: DROP.pdf}]


@pytest.mark.rule("F4")
def test_staging_shows_nothing_in_the_drop_folder(outbox: Outbox, tmp_path: Path) -> None:
    outbox.stage("bakker", DROP, "t1")
    assert _in_drop(tmp_path) == {}
    assert _in_staging(tmp_path) == ["t1.20261121-17.pdf", "t1.20261121-17.xml"]


def test_the_fail_points_tested_here_are_all_there_are(outbox: Outbox, reached: list[str]) -> None:
    staged = outbox.stage("bakker", DROP, "t1")
    assert reached == [point.partition(":")[0] for point in STAGE_POINTS]
    reached.clear()
    outbox.publish(staged)
    assert tuple(reached) == PUBLISH_POINTS


@pytest.mark.rule("F8", "F4")
@pytest.mark.parametrize("point", PUBLISH_POINTS)
def test_a_publication_killed_halfway_is_finished_by_the_next(outbox: Outbox, tmp_path: Path, point: str) -> None:
    staged = outbox.stage("bakker", DROP, "t1")
    _killed("publish", tmp_path, f"{point}:1")
    assert XML not in _in_drop(tmp_path)
    outbox.publish(staged)
    assert _in_drop(tmp_path) == {PDF: DROP.pdf, XML: DROP.xml}
    assert _in_staging(tmp_path) == []


@pytest.mark.rule("F8", "F4")
@pytest.mark.parametrize("point", STAGE_POINTS)
def test_staging_killed_halfway_is_done_again_under_another_token(outbox: Outbox, tmp_path: Path, point: str) -> None:
    _killed("stage", tmp_path, point)
    assert _in_drop(tmp_path) == {}
    left_behind = _in_staging(tmp_path)
    staged = outbox.stage("bakker", DROP, "t2")
    assert outbox.sweep(frozenset({"t2"}), minimum_age=0) == len(left_behind) > 0
    outbox.publish(staged)
    assert _in_drop(tmp_path) == {PDF: DROP.pdf, XML: DROP.xml}
    assert _in_staging(tmp_path) == []


@pytest.mark.rule("F8")
def test_what_a_consumer_took_does_not_come_again(outbox: Outbox, tmp_path: Path) -> None:
    staged = outbox.stage("bakker", DROP, "t1")
    outbox.publish(staged)
    for name in (PDF, XML):
        (tmp_path / "drops" / "bakker" / name).unlink()
    outbox.publish(staged)
    assert _in_drop(tmp_path) == {}


@pytest.mark.rule("F8")
def test_staging_twice_under_one_token_leaves_one_pair(outbox: Outbox, tmp_path: Path) -> None:
    assert outbox.stage("bakker", DROP, "t1") == outbox.stage("bakker", DROP, "t1") == staged_drop("bakker", DROP.stem, "t1")
    assert len(_in_staging(tmp_path)) == 2


@pytest.mark.rule("F4")
@pytest.mark.parametrize("name", [PDF, XML])
def test_a_foreign_file_is_never_overwritten(outbox: Outbox, tmp_path: Path, name: str) -> None:
    staged = outbox.stage("bakker", DROP, "t1")
    foreign = tmp_path / "drops" / "bakker" / name
    foreign.write_bytes(b"foreign")
    with pytest.raises(Inconsistent) as raised:
        outbox.publish(staged)
    assert raised.value.code == "name-taken"
    assert _in_drop(tmp_path) == {name: b"foreign"}
    foreign.unlink()
    outbox.publish(staged)
    assert _in_drop(tmp_path) == {PDF: DROP.pdf, XML: DROP.xml}


@pytest.mark.rule("F4")
def test_two_file_systems_are_refused_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(Inconsistent) as raised:
        Outbox(tmp_path / "staging", Path("/proc"))
    assert raised.value.code == "drop-file-system"


def test_a_drop_folder_mounted_from_elsewhere_is_refused(outbox: Outbox, tmp_path: Path) -> None:
    (tmp_path / "drops" / "elsewhere").symlink_to("/proc")
    with pytest.raises(Inconsistent, match="drop-file-system"):
        outbox.stage("elsewhere", DROP, "t1")


@pytest.mark.parametrize("folder", ["../staging", "..", "/etc", "a/b", ""])
def test_no_folder_name_leads_out_of_the_drops(outbox: Outbox, folder: str) -> None:
    with pytest.raises(Inconsistent, match="drop-name"):
        outbox.stage(folder, DROP, "t1")


def test_the_sweep_spares_what_is_kept_and_what_is_young(outbox: Outbox, tmp_path: Path) -> None:
    outbox.stage("bakker", DROP, "kept")
    outbox.stage("bakker", DROP, "orphan")
    assert outbox.sweep(frozenset({"kept"})) == 0
    past = time.time() - 7200
    for path in (tmp_path / "staging").iterdir():
        os.utime(path, (past, past))
    assert outbox.sweep(frozenset({"kept"})) == 2
    assert {name.split(".")[0] for name in _in_staging(tmp_path)} == {"kept"}


def test_a_drop_folder_taken_away_is_made_again(outbox: Outbox, tmp_path: Path) -> None:
    staged = outbox.stage("bakker", DROP, "t1")
    (tmp_path / "drops" / "bakker").rmdir()
    outbox.publish(staged)
    assert set(_in_drop(tmp_path)) == {PDF, XML}


def test_a_folder_that_cannot_be_made_is_worth_another_try(outbox: Outbox, tmp_path: Path) -> None:
    (tmp_path / "drops" / "bakker").write_bytes(b"a file in the way")
    with pytest.raises(Unavailable):
        outbox.stage("bakker", DROP, "t1")
