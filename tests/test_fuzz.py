"""A short run of the fuzzer; `python -m benchmarks.fuzz` is the long one."""

from __future__ import annotations

import random
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.fuzz import complaints
from benchmarks.fuzz_cases import FILES, MAILS, case, cases
from benchmarks.mutations import OF_FILES, OF_MAILS
from fixtures.torture.good import good, mail
from fixtures.torture.outcomes import Outcome, PaperEnd, PartEnd
from fixtures.torture.row import ARCHIVED, DELIVERED, IN_REVIEW, KEPT

ROOT = Path(__file__).parent.parent
SECONDS = 300
SOUND = Outcome(
    "mail-1-0",
    "",
    "dispatched",
    "",
    1.0,
    1,
    (PartEnd("body", KEPT), PartEnd("document", DELIVERED)),
    (PaperEnd(DELIVERED, "7", 1, (), ""),),
)


def test_the_same_seed_gives_the_same_cases_and_another_gives_others() -> None:
    first = [one.content for one in cases(1, 20, 10)]
    assert first == [one.content for one in cases(1, 20, 10)]
    assert first != [one.content for one in cases(2, 20, 10)]
    assert case(1, MAILS, 3).content in first
    assert case(1, FILES, 3).content in first


@pytest.mark.parametrize("change", sorted({*OF_MAILS, *OF_FILES}, key=lambda change: change.__name__))
def test_every_mutation_changes_something_and_takes_anything(change: object) -> None:
    assert callable(change)
    sound = mail("fuzz", good("fuzz"))
    made = {change(sound, random.Random(seed), [sound]) for seed in range(8)}
    assert made != {sound}
    for odd in (b"", b"x", b"\xff" * 40, b"boundary=b\r\n--b\r\n"):
        assert isinstance(change(odd, random.Random(1), [b"", sound]), bytes)


def test_nothing_is_said_of_a_mail_that_ended_as_any_may() -> None:
    assert list(complaints(SOUND)) == []


@pytest.mark.parametrize(
    "outcome",
    [
        replace(SOUND, state="opened"),
        replace(SOUND, papers=()),
        replace(SOUND, papers=(replace(SOUND.papers[0], end="sorted"),)),
        replace(SOUND, papers=(replace(SOUND.papers[0], end=ARCHIVED),)),
        replace(SOUND, parts=(PartEnd("document", "lost"),)),
        replace(SOUND, parts=(PartEnd("unreadable", IN_REVIEW, "parser-failed"),)),
        replace(SOUND, state="parked", error="crash: the worker ended without a word."),
        replace(SOUND, state="parked", error="UnicodeEncodeError: surrogates not allowed"),
        replace(SOUND, papers=(replace(SOUND.papers[0], end="parked", why="DataError: value too long"),)),
    ],
)
def test_what_may_be_said_of_no_mail_is_reported(outcome: Outcome) -> None:
    assert list(complaints(outcome))


@pytest.mark.rule("A9", "B3", "B9")
@pytest.mark.xdist_group("fuzz")
def test_damaged_mails_and_files_all_end_somewhere_and_the_service_stays_up() -> None:
    command = [sys.executable, "-m", "benchmarks.fuzz", "--mails", "60", "--files", "20", "--seed", "20261127"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert re.search(r"^answers +250: 80$", done.stdout, re.MULTILINE), done.stdout
