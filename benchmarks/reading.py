"""Processor time of reading a page, beside bare pdfium and the bare Tesseract command on the same pages in the same run.

    python -m benchmarks.reading [PDF or folder …]
    python -m benchmarks.reading --memory

`--memory` prints the largest resident memory of a process that reads a scan of twenty pages, one of them a photograph.

Without arguments the invoices of `fixtures` are read. Times are of the processor, all processes together; starting up and loading
the OCR model is shown apart, since a worker does it once. The Tesseract command gets the picture as it is stored in the PDF (or
rendered at the same resolution), the same languages and one thread. Files that are refused, or are partly scanned, are left out.
"""

from __future__ import annotations

import contextlib
import io
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image
from rich.console import Console
from rich.progress import track

from fixtures.generator.scans import PAGE_DPI, Picture, degrade, pictures_pdf, rendered
from scanstraat.bounded import Child
from scanstraat.errors import Refused
from scanstraat.model.page import Page, PageSource
from scanstraat.reading import PRELOAD, pictures, sheet, worker
from scanstraat.reading.content import survey
from scanstraat.reading.engines import Recipe, data_folder, installed
from scanstraat.reading.reader import Reader
from scanstraat.settings import Settings

_FIXTURES = Path(__file__).parent.parent / "fixtures" / "invoices"
_TICKS = os.sysconf("SC_CLK_TCK")
_REPEATS = 5  # of the pages that take milliseconds
_CALLS = 100
_MANY = 20  # pages of the scan that memory is measured with


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: milliseconds of processor time a page."""

    kind: str
    pages: int
    ours: float
    bare: float

    def __str__(self) -> str:
        return f"{self.kind:<34} {self.pages:>6} {self.ours:>10.1f} {self.bare:>10.1f} {self.ours / self.bare:>8.2f}"


def _cpu() -> float:
    """Seconds of processor time of this process, its children still running, and theirs that ended."""
    own = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    total = sum(usage.ru_utime + usage.ru_stime for usage in own)
    for task in Path("/proc/self/task").iterdir():
        for child in (task / "children").read_text().split():
            stat = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
            total += sum(map(int, stat[11:15])) / _TICKS
    return total


def _timed(work: Callable[[], object], repeats: int = 1) -> float:
    """Seconds of processor time that one go takes."""
    before = _cpu()
    for _ in range(repeats):
        work()
    return (_cpu() - before) / repeats


def _bare_pdfium(pdf: bytes) -> None:
    document = pdfium.PdfDocument(pdf)
    for page in document:
        text = page.get_textpage()
        text.get_text_range()
        text.close()
        page.close()
    document.close()


def _page_pictures(pdf: bytes, pages: tuple[Page, ...], folder: Path) -> list[tuple[Path, int]]:
    """The pages read by OCR as files for the command, with their resolution."""
    files = []
    with sheet.opened(pdf) as document:
        for page in pages:
            if page.source is PageSource.OCR:
                with sheet.page(document, page.number) as at:
                    picture = pictures.of_page(at, survey(at))
                path = folder / f"{page.number}.png"
                Image.fromarray(picture.pixels).save(path, compress_level=1)
                files.append((path, round(picture.dpi)))
    return files


def _bare_tesseract(files: list[tuple[Path, int]], languages: str) -> None:
    for path, dpi in files:
        subprocess.run(
            ("tesseract", f"{path}", "stdout", "-l", languages, "--dpi", f"{dpi}", "--tessdata-dir", f"{data_folder()}", "tsv"),
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
        )


def _measure(reader: Reader, paths: list[Path], languages: str) -> list[Row]:
    text, scans = Row("text pages (bare: pdfium)", 0, 0, 0), Row("scanned pages (bare: tesseract)", 0, 0, 0)
    for path in track(paths, "reading", console=Console(stderr=True)):
        pdf = path.read_bytes()
        try:
            pages = reader.read(pdf)
        except Refused:
            continue
        if all(page.source is PageSource.TEXT_LAYER for page in pages):
            ours, bare = _timed(partial(reader.read, pdf), _REPEATS), _timed(partial(_bare_pdfium, pdf), _REPEATS)
            text = Row(text.kind, text.pages + len(pages), text.ours + ours, text.bare + bare)
        elif all(page.source is PageSource.OCR for page in pages):
            with tempfile.TemporaryDirectory() as folder:
                bare = _timed(partial(_bare_tesseract, _page_pictures(pdf, pages, Path(folder)), languages))
            ours = _timed(partial(reader.read, pdf))
            scans = Row(scans.kind, scans.pages + len(pages), scans.ours + ours, scans.bare + bare)
    return [Row(r.kind, r.pages, r.ours / r.pages * 1000, r.bare / r.pages * 1000) for r in (text, scans) if r.pages]


def _scan_of(pages: int) -> bytes:
    """Fixtures as office scans at 200 and 300 dpi, and one as a telephone's photograph."""
    pictures_made: list[Picture] = []
    for path in sorted(_FIXTURES.glob("*.pdf"))[::3]:
        with contextlib.suppress(pdfium.PdfiumError):  # the locked and the broken one
            kind = "phone" if len(pictures_made) == pages // 2 else "scan"
            pictures_made.append(degrade(rendered(path.read_bytes(), PAGE_DPI)[0], kind, random.Random(path.stem)))
    return pictures_pdf(pictures_made[:pages])


def _peak() -> float:
    """The largest resident memory this process ever had, in megabytes; the kernel's own count (proc(5), VmHWM)."""
    (line,) = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) / 1000


def _largest(scan: Path) -> None:
    """Read every page in this process, and print its largest resident memory before and after."""
    settings = Settings.from_environment()
    worker.preload()
    loaded = _peak()
    batch = worker.read_batch(scan.read_bytes(), 1, Recipe(settings.ocr_engine, settings.ocr_languages), 3600.0)
    largest = _peak()
    print(f"a scan of {len(batch.pages)} pages: at most {largest:.0f} MB resident, {loaded:.0f} MB once the engine is loaded")


def _memory() -> None:
    with tempfile.TemporaryDirectory() as folder:
        scan = Path(folder) / "scan.pdf"
        scan.write_bytes(_scan_of(_MANY))
        subprocess.run((sys.executable, "-m", "benchmarks.reading", "--largest", f"{scan}"), check=True)


def _empty() -> bytes:
    document, content = pdfium.PdfDocument.new(), io.BytesIO()
    document.new_page(595, 842)
    document.save(content)
    document.close()
    return content.getvalue()


def main(arguments: list[str]) -> None:
    """Measure and print the table."""
    match arguments:
        case ["--memory"]:
            _memory()
        case ["--largest", scan]:
            _largest(Path(scan))
        case _:
            _times(arguments)


def _times(arguments: list[str]) -> None:
    given = [Path(argument) for argument in arguments] or [_FIXTURES]
    paths = sorted(path for one in given for path in (one.rglob("*.pdf") if one.is_dir() else (one,)))
    settings = Settings.from_environment()
    with Child(PRELOAD) as child:
        reader = Reader(child, settings)
        began = time.perf_counter()
        reader.read(_empty())
        print(f"started, with the OCR model loaded, in {time.perf_counter() - began:.2f} s")
        call = _timed(partial(reader.read, _empty()), _CALLS)
        print(f"an empty page, which is what a process costs: {call * 1000:.1f} ms")
        rows = _measure(reader, paths, installed(settings.ocr_languages, data_folder()))
    print(f"{'ms of processor time a page':<34} {'pages':>6} {'ours':>10} {'bare':>10} {'ratio':>8}")
    for row in rows:
        print(row)


if __name__ == "__main__":
    main(sys.argv[1:])
