"""Other programs that read invoices or scans, in a throw-away environment of their own; what each costs in processor time.

None is a dependency of the project. What the network or the machine does not have is absent, with the reason.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PINNED = {"invoice2data": "invoice2data==1.0.1", "ocrmypdf": "ocrmypdf==17.13.0"}
# Debian's packages that OCRmyPDF calls: by itself, and as paperless-ngx asks it to.
OCR_TOOLS, CLEANING_TOOLS = ("gs",), ("gs", "unpaper")
# What paperless-ngx 2 gives OCRmyPDF where nobody changes a setting (`paperless/settings.py`: OCR_MODE "skip", OCR_CLEAN "clean",
# OCR_DESKEW, OCR_ROTATE_PAGES with a threshold of 12, OCR_OUTPUT_TYPE "pdfa", colours to RGB; the text goes to a side file).
# "skip" leaves alone pages that have text; ours have none, and OCRmyPDF refuses the option beside Debian 12's Ghostscript.
PAPERLESS = (
    "--clean", "--deskew", "--rotate-pages", "--rotate-pages-threshold", "12", "--output-type", "pdfa",
    "--color-conversion-strategy", "RGB",
)  # fmt: skip
_ONE_THREAD = {**os.environ, "OMP_THREAD_LIMIT": "1"}
# invoice2data as a library: templates loaded once, then a file a line; answers with its processor time, called programs included.
_WARM = """
import logging, os, sys
from invoice2data import extract_data
from invoice2data.extract.loader import read_templates
logging.disable(logging.CRITICAL)
templates = read_templates()
def spent():
    return sum(os.times()[:4])
for line in sys.stdin:
    before = spent()
    extract_data(line.strip(), templates=templates)
    print(spent() - before, flush=True)
"""


@dataclass(frozen=True, slots=True)
class Absent:
    """A peer that cannot be measured here, and why."""

    why: str


@dataclass(frozen=True, slots=True)
class Command:
    """A program run once for each file; `{file}` and `{out}` stand for the file and for a place to write to."""

    words: tuple[str, ...]
    out: Path

    def cost(self, file: Path) -> float:
        """Seconds of processor time that the program and all it calls take for a file; raises where it fails."""
        before = _of_ended()
        words = [word.format(file=file, out=self.out) for word in self.words]
        subprocess.run(words, check=True, capture_output=True, env=_ONE_THREAD, cwd=self.out)
        return _of_ended() - before


@dataclass(frozen=True, slots=True)
class Warm:
    """invoice2data kept alive, asked by lines."""

    process: subprocess.Popen[str]

    def cost(self, file: Path) -> float:
        """Seconds of processor time that one file takes it."""
        if self.process.stdin is None or self.process.stdout is None:
            raise RuntimeError("invoice2data was started without pipes")
        self.process.stdin.write(f"{file}\n")
        self.process.stdin.flush()
        return float(json.loads(self.process.stdout.readline()))


def _of_ended() -> float:
    """Seconds of processor time of the programs that ended, with those they called (getrusage(2))."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def environment(folder: Path) -> Path:
    """A Python environment of its own in a folder."""
    subprocess.run((sys.executable, "-m", "venv", f"{folder}"), check=True, capture_output=True)
    return folder / "bin"


def _installed(name: str, programs: Path) -> Absent | None:
    """None where the package could be installed."""
    command = (f"{programs / 'pip'}", "install", "--quiet", "--disable-pip-version-check", PINNED[name])
    done = subprocess.run(command, capture_output=True, text=True)
    last = (done.stderr.strip().splitlines() or [""])[-1]
    return Absent(f"{PINNED[name]} could not be installed: {last}"[:120]) if done.returncode else None


def invoice2data_command(programs: Path, out: Path) -> Command | Absent:
    """The command with its own templates, a file a run."""
    return _installed("invoice2data", programs) or Command((f"{programs / 'invoice2data'}", "{file}"), out)


@contextmanager
def invoice2data_warm(programs: Path) -> Iterator[Warm | Absent]:
    """The library in a process of its own, with its own templates loaded."""
    absent = _installed("invoice2data", programs)
    if absent is not None:
        yield absent
        return
    command = (f"{programs / 'python'}", "-c", _WARM)
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True) as process:
        yield Warm(process)


def ocrmypdf(programs: Path, out: Path, languages: str, options: tuple[str, ...] = ()) -> Command | Absent:
    """The command, one job, with these options; as it is without any."""
    missing = [tool for tool in (CLEANING_TOOLS if options else OCR_TOOLS) if shutil.which(tool) is None]
    if missing:
        return Absent(f"not on this machine: {', '.join(missing)} (Debian's ghostscript and unpaper)")
    words = (f"{programs / 'ocrmypdf'}", "--jobs", "1", "-l", languages, *options, "--sidecar", "{out}/text.txt", "{file}")
    return _installed("ocrmypdf", programs) or Command((*words, "{out}/out.pdf"), out)


def tesseract(out: Path, languages: str, data: Path) -> Command:
    """The bare command on a picture."""
    return Command(("tesseract", "{file}", "stdout", "-l", languages, "--dpi", "200", "--tessdata-dir", f"{data}", "tsv"), out)
