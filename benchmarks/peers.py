"""What recognition costs beside other programs, on the same files in the same run: processor time, and ratios of it.

    python -m benchmarks.peers [PDF or folder …] [--rounds 3] [--documents 60] [--scans 3] [--born-digital | --scanned]

Born-digital pages beside bare pdfium (its text alone; and its words with boxes, which is what recognition needs of it) and
invoice2data (kept warm in a process, and by command); scanned pages beside the Tesseract command, OCRmyPDF, and OCRmyPDF as
paperless-ngx asks for it; two processes beside one. Ours is everything from the octets of a PDF to documents with fields and
lines, in one process that is warm; with the forks it is done in, and on scans the second look, in a row of its own.

Every round has files of its own (`fixtures.testbed`), so that nothing is remembered from the round before; files that are given
make one round. For each file all programs take turns. A ratio is that of one round; the table gives the median of rounds.
Peers are installed in a temporary folder and called with one thread; what cannot be installed says so in its row. OCRmyPDF wants
Debian's ghostscript and unpaper. Files with pictures of print, which take OCR, are no born-digital ones, and are left out.
"""

from __future__ import annotations

import argparse
import gc
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

import pypdfium2 as pdfium
from rich.console import Console
from rich.progress import track

from benchmarks.peer_programs import PAPERLESS, Absent, environment, invoice2data_command, invoice2data_warm, ocrmypdf, tesseract
from benchmarks.scaling import print_scaling
from fixtures.generator.scans import clean_scan
from fixtures.testbed.drawing import SPOKEN
from fixtures.testbed.split import layouts_of
from fixtures.testbed.writing import write_testbed
from scanstraat.bounded import Child, SteadyChild
from scanstraat.model.administration import OwnIdentity
from scanstraat.model.page import Page
from scanstraat.pipeline.recognition import PRELOAD, PRELOAD_LIGHT, PRELOAD_WORDS, Beside, preload, recognise_file, understand
from scanstraat.reading import sheet, texts, worker
from scanstraat.reading.engines import Recipe, data_folder, installed
from scanstraat.settings import Settings

NOBODY = OwnIdentity()
COMMANDS = 6  # a command that takes long is given every so many-th file
_TICKS = os.sysconf("SC_CLK_TCK")
Cost = Callable[[Path], float]
Work = Callable[[Path], None]


@dataclass(frozen=True, slots=True)
class Contender:
    """Who is measured: seconds of processor time for a file, on every so many-th; `aim` is what ours should be of theirs."""

    name: str
    cost: Cost | Absent
    aim: str = ""
    every: int = 1


def main() -> None:
    """Measure and print the tables."""
    asked = _arguments()
    with tempfile.TemporaryDirectory(prefix="scanstraat-peers-") as folder, ExitStack() as open_peers:
        home = Path(folder)
        programs, out = environment(home / "peers"), home / "out"
        out.mkdir()
        child, light = open_peers.enter_context(Child(PRELOAD)), open_peers.enter_context(Child(PRELOAD_LIGHT))
        whole = partial(_whole, child, Beside(light, open_peers.enter_context(SteadyChild(PRELOAD_WORDS))))
        _ready(whole, home / "sample.pdf")
        if not asked.scanned:
            warm = open_peers.enter_context(invoice2data_warm(programs))
            rounds = [_textual(paths) for paths in _rounds(asked.files, home, asked.rounds, asked.documents)]
            _table("born-digital", rounds, _born_digital(whole, warm if isinstance(warm, Absent) else warm.cost, programs, out))
            print_scaling(rounds)
        if not asked.born_digital:
            _table("scanned", _scans(home, asked.rounds, asked.scans), _scanned(whole, programs, out))
    print(f"\nload of the machine at the end: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


def _ready(whole: Work, sample: Path) -> None:
    """Load what is loaded once, here and in the child processes: a scan needs them all."""
    worker.preload()
    preload()
    _recognise(sheet.sample())
    sample.write_bytes(clean_scan(sheet.sample(), sample.name))
    whole(sample)
    gc.collect()
    gc.freeze()  # as the warm process of the service does


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--documents", type=int, default=60, help="born-digital invoices a round")
    parser.add_argument("--scans", type=int, default=3, help="scanned pages a round")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--born-digital", action="store_true")
    which.add_argument("--scanned", action="store_true")
    return parser.parse_args()


def _rounds(given: list[Path], home: Path, rounds: int, documents: int) -> list[list[Path]]:
    """The files of each round: those given make one, or new ones."""
    if given:
        return [sorted(p for one in given for p in (one.rglob("*.pdf") if one.is_dir() else (one,)))]
    folders = [home / f"round-{i}" for i in range(rounds)]
    for seed, folder in enumerate(folders, 1):
        write_testbed(folder, documents, seed, layouts_of("all"), list(SPOKEN), [])
    return [sorted(folder.rglob("*.pdf")) for folder in folders]


def _textual(paths: list[Path]) -> list[Path]:
    """The files whose words all come from their text layer."""
    kept = [path for path in paths if all(w.confidence == 1.0 for p in _read(path.read_bytes()) for w in p.words)]
    if len(kept) < len(paths):
        print(f"{len(paths) - len(kept)} of {len(paths)} files take OCR, and are left out")
    return kept


def _scans(home: Path, rounds: int, scans: int) -> list[list[Path]]:
    """Clean scans at 200 dpi, a page each, with the same page as a picture beside each for the Tesseract command."""
    made: list[list[Path]] = []
    for i, paths in enumerate(_rounds([], home / "scanned", rounds, 2 * scans)):
        files: list[Path] = []
        for path in paths:
            pdf = clean_scan(path.read_bytes(), path.parent.name)
            with pdfium.PdfDocument(pdf) as document:
                pages = len(document)
            if pages == 1 and len(files) < scans:
                files.append(home / f"scan-{i}-{len(files)}.pdf")
                files[-1].write_bytes(pdf)
                pdfium.PdfDocument(pdf)[0].render(scale=200 / 72, grayscale=True).to_pil().save(files[-1].with_suffix(".png"))
        made.append(files)
    return made


def _born_digital(whole: Work, warm: Cost | Absent, programs: Path, out: Path) -> tuple[Contender, ...]:
    command = invoice2data_command(programs, out)
    return (
        Contender("ours", _in_process(_recognise)),
        Contender("ours, forks too", _in_all(whole)),
        Contender("pdfium: words with boxes", _in_process(_words_with_boxes), "<= 5"),
        Contender("pdfium: text alone", _in_process(_text_alone)),
        Contender("invoice2data, kept warm", warm, "<= 1"),
        Contender("invoice2data, command", command if isinstance(command, Absent) else command.cost, "<= 0.1", COMMANDS),
    )


def _scanned(whole: Work, programs: Path, out: Path) -> tuple[Contender, ...]:
    settings = Settings.from_environment()
    languages = installed(settings.ocr_languages, data_folder())
    plain, paperless = ocrmypdf(programs, out, languages), ocrmypdf(programs, out, languages, PAPERLESS)
    bare = tesseract(out, languages, data_folder())
    return (
        Contender(f"ours ({settings.ocr_engine})", _in_process(_recognise)),
        Contender("ours, second look and forks too", _in_all(whole)),
        Contender("tesseract command", lambda path: bare.cost(path.with_suffix(".png")), "<= 1"),
        Contender("ocrmypdf", plain if isinstance(plain, Absent) else plain.cost, "<= 0.5"),
        Contender("ocrmypdf as paperless-ngx", paperless if isinstance(paperless, Absent) else paperless.cost, "<= 0.2"),
    )


def _recognise(pdf: bytes) -> None:
    """From the octets of a PDF to documents with fields and lines."""
    understand(_read(pdf), "file.pdf", NOBODY)


def _read(pdf: bytes) -> tuple[Page, ...]:
    """As the reader does: a glance at the text layer, and the whole way where that is not enough."""
    if pages := texts.glance(pdf, 3600.0):
        return pages
    settings = Settings.from_environment()
    return worker.read_batch(pdf, 1, Recipe(settings.ocr_engine, settings.ocr_languages), 3600.0).pages


def _whole(child: Child, beside: Beside, path: Path) -> None:
    recognise_file(path.read_bytes(), path.name, NOBODY, child, Settings.from_environment(), beside=beside)


def _text_alone(pdf: bytes) -> None:
    with pdfium.PdfDocument(pdf) as document:
        for page in document:
            page.get_textpage().get_text_range()


def _words_with_boxes(pdf: bytes) -> None:
    """pdfium's own pieces of print, each with its box and its text."""
    with pdfium.PdfDocument(pdf) as document:
        for page in document:
            text = page.get_textpage()
            for i in range(text.count_rects()):
                text.get_text_bounded(*text.get_rect(i))


def _in_process(work: Callable[[bytes], None]) -> Cost:
    def cost(path: Path) -> float:
        pdf, before = path.read_bytes(), time.process_time()
        work(pdf)
        return time.process_time() - before

    return cost


def _in_all(work: Work) -> Cost:
    """The cost in this process and all below it, those still running too."""

    def cost(path: Path) -> float:
        before = _of_tree(os.getpid())
        work(path)
        return _of_tree(os.getpid()) - before

    return cost


def _of_tree(process: int) -> float:
    """Seconds of processor time of a process, of those it started, and of theirs that ended (proc(5))."""
    stat = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    below = [child for task in Path(f"/proc/{process}/task").iterdir() for child in (task / "children").read_text().split()]
    return sum(map(int, stat[11:15])) / _TICKS + sum(_of_tree(int(child)) for child in below)


def _costs(paths: list[Path], contenders: tuple[Contender, ...]) -> dict[str, dict[Path, float]]:
    """What each file cost each contender that is there."""
    costs: dict[str, dict[Path, float]] = {c.name: {} for c in contenders}
    for i, path in enumerate(track(paths, "measuring", console=Console(stderr=True))):
        for contender in contenders:
            if not isinstance(contender.cost, Absent) and i % contender.every == 0:
                try:
                    costs[contender.name][path] = contender.cost(path)
                except subprocess.CalledProcessError:
                    continue  # a file that a peer refuses is left out of its row
    return costs


def _table(title: str, rounds: list[list[Path]], contenders: tuple[Contender, ...]) -> None:
    measured = [_costs(paths, contenders) for paths in rounds]
    pages = {path: _pages(path) for paths in rounds for path in paths}
    ours = contenders[0]
    print(f"\n{title + ', ms of processor time a page':<46} {'pages':>5} {'theirs':>8} {'ours':>8} {'ours/theirs':>12}  aim")
    for contender in contenders:
        if isinstance(contender.cost, Absent):
            print(f"{contender.name:<46} {contender.cost.why}")
            continue
        rows = [list(_sums(m[ours.name], m[contender.name], pages)) for m in measured if m[contender.name]]
        if not rows:
            print(f"{contender.name:<46} failed on every file")
            continue
        count, own, theirs = (sum(row[i] for row in rows) for i in range(3))
        ratio = median(row[1] / row[2] for row in rows)
        each = f"{1000 * theirs / count:8.1f} {1000 * own / count:8.1f} {ratio:12.2f}"
        print(f"{contender.name:<46} {count:>5.0f} {each}  {contender.aim}")


def _sums(ours: dict[Path, float], theirs: dict[Path, float], pages: dict[Path, int]) -> Iterator[float]:
    """Pages, our seconds and their seconds on the files that they were given."""
    yield sum(pages[path] for path in theirs)
    yield sum(ours[path] for path in theirs)
    yield sum(theirs.values())


def _pages(path: Path) -> int:
    with pdfium.PdfDocument(path) as document:
        return len(document)


if __name__ == "__main__":
    main()
