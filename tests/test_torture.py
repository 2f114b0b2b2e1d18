"""The torture suite: its table, its judge, and the fast part of its mails through the whole line."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.processes import Seen, Watch
from fixtures.torture.__main__ import README, with_table
from fixtures.torture.judging import complaints, repeated
from fixtures.torture.outcomes import Outcome, PaperEnd, PartEnd
from fixtures.torture.row import BODY, DELIVERED, GOOD, IN_REVIEW, KEPT, LOOK, Paper, Row, Wanted
from fixtures.torture.run import Finding, report
from fixtures.torture.table import MAILS, ROWS, file_of
from scanstraat.pipeline.rules import RULES

ROOT = Path(__file__).parent.parent
KEPT_ROWS = [(file_of(place, row), row) for place, row in enumerate(ROWS, 1) if row.kept]
SECONDS = 300


def test_the_table_is_large_and_its_names_are_one_each() -> None:
    assert len(ROWS) >= 80
    assert len({row.name for row in ROWS}) == len(ROWS)
    assert sum(row.fast for row in ROWS) >= 40


def test_a_row_names_rules_there_are_and_repeats_only_what_came_before() -> None:
    known = {rule.number for rule in RULES}
    names = [row.name for row in ROWS]
    for place, row in enumerate(ROWS):
        assert set(row.rules) <= known, row.name
        assert not row.again or row.again in names[:place]
        assert row.parts is None or row.again or row.parts or not row.state


@pytest.mark.parametrize(("file", "row"), KEPT_ROWS, ids=[row.name for _, row in KEPT_ROWS])
def test_a_mail_made_again_is_the_one_checked_in(file: str, row: Row) -> None:
    made = row.make()
    assert made == (MAILS / file).read_bytes()
    assert len(made) < 200_000


def test_nothing_else_is_checked_in_and_all_of_it_stays_small() -> None:
    files = list(MAILS.iterdir())
    assert {path.name for path in files} == {file for file, _ in KEPT_ROWS}
    assert sum(path.stat().st_size for path in files) < 6_000_000


def test_the_readme_holds_the_table() -> None:
    assert with_table(README.read_text()) == README.read_text(), "run: python -m fixtures.torture"


SOUND = Outcome(
    "pdf-plain",
    ROWS[0].recipients[0],
    "dispatched",
    "",
    1.0,
    1,
    (PartEnd("body", KEPT), PartEnd("document", DELIVERED)),
    (PaperEnd(DELIVERED, "7", 1, (), ""),),
)
PLAIN = replace(ROWS[0], parts=(BODY, GOOD), papers=(Paper(DELIVERED, "7", 1),))


def test_the_judge_has_nothing_to_say_where_all_is_well() -> None:
    assert list(complaints(PLAIN, 250, (SOUND,))) == []
    assert list(complaints(replace(PLAIN, papers=None, among=PLAIN.papers or ()), 250, (SOUND,))) == []


@pytest.mark.parametrize(
    ("row", "answer", "outcome"),
    [
        (PLAIN, 550, SOUND),
        (PLAIN, 250, replace(SOUND, state="parked", error="oh")),
        (PLAIN, 250, replace(SOUND, state="opened")),
        (PLAIN, 250, replace(SOUND, seconds=61.0)),
        (PLAIN, 250, replace(SOUND, parts=SOUND.parts[:1])),
        (PLAIN, 250, replace(SOUND, parts=(SOUND.parts[0], replace(SOUND.parts[1], end="lost")))),
        (PLAIN, 250, replace(SOUND, papers=())),
        (PLAIN, 250, replace(SOUND, papers=(replace(SOUND.papers[0], number="8"),))),
        (PLAIN, 250, replace(SOUND, papers=(replace(SOUND.papers[0], pages=2),))),
        (PLAIN, 250, replace(SOUND, papers=(replace(SOUND.papers[0], end="sorted"),))),
        (replace(PLAIN, parts=(BODY, Wanted("unreadable", IN_REVIEW))), 250, SOUND),
        (replace(PLAIN, parts=(BODY, Wanted("document", DELIVERED, "pdf-broken"))), 250, SOUND),
        (replace(PLAIN, papers=(Paper(DELIVERED, code="doubt"),)), 250, SOUND),
        (replace(PLAIN, papers=None, among=(LOOK,)), 250, SOUND),
        (replace(PLAIN, state=""), 250, SOUND),
        (replace(PLAIN, intact=lambda: b"another"), 250, SOUND),
    ],
)
def test_the_judge_says_what_is_not_as_the_row_says(row: Row, answer: int, outcome: Outcome) -> None:
    assert list(complaints(row, answer, (outcome,)))


@pytest.mark.rule("A8")
def test_the_judge_wants_a_repeated_mail_logged_twice_and_kept_once() -> None:
    row = replace(PLAIN, name="again", again="pdf-plain")
    assert list(repeated(row, {"pdf-plain": (replace(SOUND, times=2),)})) == []
    assert list(repeated(row, {"pdf-plain": (SOUND,)}))
    assert list(repeated(row, {"pdf-plain": (replace(SOUND, times=2),), "again": (SOUND,)}))


WELL = Seen("worker", 2, 2, 150.0, 9.0)


@pytest.mark.parametrize(
    ("findings", "seen", "balance", "is_good"),
    [
        ((Finding(PLAIN, 250, (SOUND,), ()),), (WELL,), "", True),
        ((Finding(PLAIN, 250, (SOUND,), ("it is gone",)),), (WELL,), "", False),
        ((), (replace(WELL, peak_mb=601.0),), "", False),
        ((), (replace(WELL, count=3),), "", False),
        ((), (WELL,), "a page is in no document", False),
    ],
)
def test_a_run_is_good_only_where_nothing_is_wrong(
    findings: tuple[Finding, ...], seen: tuple[Seen, ...], balance: str, is_good: bool
) -> None:
    assert report(findings, seen, balance) is is_good


def test_a_process_below_another_is_seen_with_its_peak_memory() -> None:
    hungry = [
        sys.executable,
        "-c",
        "import time; held = bytearray(120_000_000); del held; print('full', flush=True); time.sleep(30)",
    ]
    outer = [sys.executable, "-c", f"import subprocess; subprocess.run({hungry!r})"]
    with subprocess.Popen(outer, stdout=subprocess.PIPE, start_new_session=True) as process, Watch(process.pid) as watch:
        assert process.stdout is not None
        assert process.stdout.readline() == b"full\n"
        time.sleep(0.3)
        seen = watch.seen()
        os.killpg(process.pid, signal.SIGKILL)
    assert 115 < max(one.peak_mb for one in seen) < 200


@pytest.mark.rule("A2", "A8", "A9", "B1", "B2", "B3", "B6", "B9")
@pytest.mark.xdist_group("torture")
def test_each_mail_ends_where_the_table_says_and_a_row_that_is_wrong_on_purpose_is_reported() -> None:
    command = [sys.executable, "-m", "fixtures.torture.run", "--fast", "--control"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=False)
    said = re.findall(r"^✗ (.*)$", done.stdout, re.MULTILINE)
    assert [text for text in said if not text.startswith("control: ")] == [], f"{done.stdout}\n{done.stderr}"
    assert len(said) == 2, done.stdout
    assert done.returncode == 1
    assert re.search(r"^neighbours delivered +(\d+) of \1$", done.stdout, re.MULTILINE)
