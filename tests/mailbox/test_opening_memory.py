"""Opening a mail of 30,000,000 octets costs little memory, in the worker and in its child."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.opening import MAILS, MOST

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize("name", ["one PDF", "forwarded three times", "HTML"])
def test_a_mail_of_thirty_million_octets_adds_no_more_than_it_may_to_any_process(name: str, tmp_path: Path) -> None:
    (tmp_path / "mail").write_bytes(MAILS[name]().encode())
    (tmp_path / "warm").write_bytes(b"From: a@b.example\r\nSubject: x\r\n\r\nHoi")
    command = [sys.executable, "-m", "benchmarks.opening", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    size, _, worker, child, _ = map(float, done.stdout.split())
    assert size > 29.5
    assert 20 < worker <= MOST  # less than its contents would mean that nothing was measured
    assert 20 < child <= MOST
