"""Memory and time of opening mails of 30,000,000 octets, as the stage `open` does it: unpacked, checked, stored as blobs.

    python -m benchmarks.opening

Prints for each kind of mail by how much the memory of the worker and of its bounded child peaks above what they hold when warm
(`VmHWM`, which counts private memory and files that are mapped), and the processor time of both for each MB of the mail. Each
kind is opened in processes of its own. Ends with status 1 where one grows by more than 60 MB; a photo may, since it is decoded.
"""

from __future__ import annotations

import io
import random
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from base64 import encodebytes
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pikepdf
from PIL import Image

from scanstraat import bounded, mailbox
from scanstraat.mailbox import crossing, opening
from scanstraat.mailbox.crossing import Unpacked
from scanstraat.model.mail import OpenedMail
from scanstraat.records.blobs import Blobs
from scanstraat.settings import Settings

SIZE = 30_000_000
MOST = 60.0  # MB that any process may grow by
_STATUS = re.compile(r"^ (?P<name> VmHWM | VmRSS ) : \s+ (?P<kilobytes> \d+ ) [ ] kB $", re.VERBOSE | re.MULTILINE)
_HEAD = "From: a@supplier.example\r\nTo: b@jansen.example\r\nSubject: Factuur\r\nMIME-Version: 1.0\r\n"


def _pdf(size: int) -> bytes:
    """A PDF of about that size: a page, and a stream that cannot be packed smaller."""
    target = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.Root.Filler = document.make_stream(
            bytes(number * 2_654_435_761 >> 13 & 255 for number in range(4096)) * (size // 4096)
        )
        document.save(target, compress_streams=False)
    return target.getvalue()


def _photo(size: int) -> bytes:
    """A photo of about that size."""
    side, target = int((size / 0.98) ** 0.5), io.BytesIO()
    Image.frombytes("RGB", (side, side), random.Random(1).randbytes(side * side * 3)).save(target, "JPEG", quality=92)
    return target.getvalue()


def _zip(size: int) -> bytes:
    """Ten PDFs in a ZIP, of about that size."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for number in range(10):
            archive.writestr(f"factuur-{number}.pdf", _pdf(size // 10))
    return target.getvalue()


def _with_pdfs(count: int, size: int = SIZE) -> str:
    return _with(_pdf, "factuur.pdf", count, size)


def _with(made: Callable[[int], bytes], name: str, count: int = 1, size: int = SIZE) -> str:
    octets = size * 57 // 78 // count - 2_000  # of a line of base64, 57 octets in 78
    encoded = encodebytes(made(octets)).decode().replace("\n", "\r\n")
    head = f"Content-Type: application/octet-stream; name={name}\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    parts = "".join(f"--b\r\n{head}{encoded}" for _ in range(count))
    return f"{_HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHierbij.\r\n{parts}--b--\r\n"


def _forwarded(depth: int = 3) -> str:
    """A mail within a mail within a mail, with a PDF in the innermost."""
    mail = _with_pdfs(1, SIZE - 10_000)
    for number in range(depth):
        head = f"{_HEAD}Content-Type: multipart/mixed; boundary=f{number}\r\n\r\n--f{number}\r\n\r\nZie onder.\r\n"
        mail = f"{head}--f{number}\r\nContent-Type: message/rfc822\r\n\r\n{mail}\r\n--f{number}--\r\n"
    return mail


def _text(kind: str, line: str) -> str:
    head = f"{_HEAD}Content-Type: {kind}; charset=utf-8\r\n\r\n"
    return head + line * ((SIZE - len(head)) // len(line))


MAILS: dict[str, Callable[[], str]] = {
    "one PDF": lambda: _with_pdfs(1),
    "ten PDFs": lambda: _with_pdfs(10),
    "forwarded three times": _forwarded,
    "one photo": lambda: _with(_photo, "foto.jpg"),
    "ten PDFs in a ZIP": lambda: _with(_zip, "facturen.zip"),
    "text": lambda: _text("text/plain", "Regel van een lange factuur: 1 x 12,50 = 12,50\r\n"),
    "HTML": lambda: _text("text/html", "<p>Regel van een lange factuur: <b>1 x 12,50</b></p>\r\n"),
}

CONVERTED = frozenset({"one photo"})  # shown, and not held to the limit: it is decoded and made into a PDF


def main() -> int:
    """Open each kind of mail in processes of its own, and print the table."""
    print(f"{'mail of 30 MB':<24} {'MB':>6} {'parts':>6} {'worker +MB':>11} {'child +MB':>10} {'ms/MB':>7}")
    worst = 0.0
    for name, made in MAILS.items():
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "mail").write_bytes(made().encode())
            (Path(folder) / "warm").write_bytes(_with_pdfs(1, 100_000).encode())
            command = [sys.executable, "-m", "benchmarks.opening", folder]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
        size, parts, worker, child, milliseconds = done.stdout.split()
        if name not in CONVERTED:
            worst = max(worst, float(worker), float(child))
        print(f"{name:<24} {size:>6} {parts:>6} {worker:>11} {child:>10} {milliseconds:>7}", flush=True)
    print(f"largest growth {worst:.1f} MB, allowed {MOST:.0f} MB")
    return 0 if worst <= MOST else 1


def measure(folder: Path) -> None:
    """Open the mail in the folder and print what it took."""
    raw, own = folder / "mail", import_module("benchmarks.opening")
    with bounded.Child((*mailbox.PRELOAD, "benchmarks.opening")) as child:
        setattr(opening, "unpack_and_settle", own.measured)  # noqa: B010  not that of `__main__`, which no child finds
        opener, blobs = opening.Opener(child, Settings()), Blobs(folder / "home")
        _open(opener, blobs, folder / "warm")
        before, began = _status("VmRSS"), time.process_time()
        opened = _open(opener, blobs, raw)
        grown, seconds = _status("VmHWM") - before, time.process_time() - began
    child_grown, child_seconds = map(float, Path(f"{raw}.peak").read_text().split())
    size = raw.stat().st_size / 1e6
    print(f"{size:.1f}", len(opened.parts), f"{grown:.1f} {child_grown:.1f} {(seconds + child_seconds) * 1000 / size:.1f}")


def measured(raw: str, target: str) -> Unpacked:
    """What the child does, with its growth and its processor time left in a file beside the mail."""
    before, began = _status("VmRSS"), time.process_time()
    given = crossing.unpack_and_settle(raw, target)
    Path(f"{raw}.peak").write_text(f"{_status('VmHWM') - before} {time.process_time() - began}")
    return given


def _open(opener: opening.Opener, blobs: Blobs, raw: Path) -> OpenedMail:
    opened = opener.open_file(raw)
    for part in opened.parts:
        blobs.put(1, part.content)
        if part.pdf is not None:
            blobs.put(1, part.pdf)
    return opened


def _status(name: str) -> float:
    """A figure of this process's memory, in MB."""
    found = {row["name"]: int(row["kilobytes"]) for row in _STATUS.finditer(Path("/proc/self/status").read_text())}
    return found[name] * 1024 / 1e6


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measure(Path(sys.argv[1]))
    else:
        sys.exit(main())
