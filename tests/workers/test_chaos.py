"""A short run of the chaos benchmark in each of its forms; `python -m benchmarks.chaos --mails 2000` is the long one."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SECONDS = 240

pytestmark = pytest.mark.xdist_group("chaos")


def _chaos(*arguments: str) -> str:
    command = [sys.executable, "-m", "benchmarks.chaos", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def _row(printed: str, name: str) -> str:
    found = re.search(rf"^{re.escape(name)}\s+(.*)$", printed, re.MULTILINE)
    assert found is not None, printed
    return found[1]


@pytest.mark.rule("A6", "A7", "A8", "F4", "F8")
@pytest.mark.parametrize(
    ("mails", "form"), [(80, ("--ways-in",)), (30, ("--redis", "--postgres"))], ids=["by every way in", "on servers"]
)
def test_nothing_is_lost_or_doubled_while_processes_are_killed(mails: int, form: tuple[str, ...]) -> None:
    printed = _chaos("--mails", f"{mails}", "--seconds-between-kills", "1.2", *form)
    assert _row(printed, "mails sent / acknowledged / stored") == f"{mails} / {mails} / {mails}"
    # every fifth mail holds two invoices
    assert _row(printed, "drops taken") == _row(printed, "invoices expected") == f"{mails * 6 // 5}"
    assert int(_row(printed, "kills").split()[0]) >= 5


@pytest.mark.rule("A7")
def test_a_full_disk_turns_senders_away_for_a_while_and_loses_nothing() -> None:
    printed = _chaos("--mails", "30", "--seconds-between-kills", "0", "--disk-full")
    assert re.search(r"452: [1-9]", _row(printed, "answers (0: connection broken)"))
    assert "in the spool 0 files" in printed
    assert _row(printed, "left in spool, drops, mailboxes, folders") == "0"
    assert _row(printed, "drops taken") == "36"
