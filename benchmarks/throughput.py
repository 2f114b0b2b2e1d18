"""Throughput and CPU of the whole line, beside bare pdfium and bare Tesseract on the same files in the same run.

    python -m benchmarks.throughput [--mails 200] [--scans 20]

Every mail holds one invoice of one page, each with a number of its own. CPU is that of all processes of the service together,
from the first mail sent until the line is empty, after a warm-up.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2

from benchmarks.service import Service, prepare, running
from fixtures.demo import DEMO_OFFICE
from fixtures.generator.catalogue import plain
from fixtures.generator.languages import LANGUAGES
from fixtures.generator.layouts import LAYOUTS, invoice_pdf
from fixtures.generator.scans import clean_scan
from fixtures.show import open_demo
from scanstraat.mailbox.sending import deliver
from scanstraat.reading.engines import data_folder, installed
from scanstraat.records import connection

ADDRESS = DEMO_OFFICE.administrations[0].addresses[0]
WARM_UP = 10
TEXT_GOAL_MS = 60
SCAN_GOAL_RATIO = 1.15


@dataclass(frozen=True, slots=True)
class Measured:
    """What one batch took: seconds of wall clock and of CPU, for so many documents."""

    documents: int
    wall: float
    cpu: float


def main() -> None:
    """Measure and print the table."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--mails", type=int, default=200)
    arguments.add_argument("--scans", type=int, default=20)
    wanted = arguments.parse_args()
    texts = [_invoice(i) for i in range(wanted.mails + WARM_UP)]
    scans = [clean_scan(_invoice(10_000 + i), f"scan-{i}") for i in range(wanted.scans + 2)]
    with tempfile.TemporaryDirectory(prefix="scanstraat-bench-") as folder:
        home = Path(folder)
        prepare(home)
        connection.connect()
        connection.migrate()
        open_demo()
        with running(home) as service:
            _batch(service, texts[:WARM_UP] + scans[:2], "warm")
            text = _batch(service, texts[WARM_UP:], "text")
            scan = _batch(service, scans[2:], "scan")
    _print(text, scan, _pdfium(texts[WARM_UP:]), _tesseract(scans[2:]))


def _invoice(index: int) -> bytes:
    languages, layouts = sorted(LANGUAGES), sorted(LAYOUTS)
    spec = plain(languages[index % len(languages)], layouts[index // len(languages) % len(layouts)], 0)
    return invoice_pdf(replace(spec, number=f"{2026_000_000 + index}", name=f"bench-{index}"))


def _mail(pdf: bytes, name: str) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "supplier@supplier.example", ADDRESS, f"Invoice {name}"
    mail["Message-ID"], mail["Date"] = f"<{name}@supplier.example>", "Tue, 31 Mar 2026 10:00:00 +0200"
    mail.set_content("Please find our invoice attached.\n")
    mail.add_attachment(pdf, maintype="application", subtype="pdf", filename=f"{name}.pdf")
    return mail.as_bytes().replace(b"\n", b"\r\n")


def _batch(service: Service, pdfs: Sequence[bytes], name: str) -> Measured:
    from scanstraat.records.tasks import TaskTable

    mails = [_mail(pdf, f"{name}-{i}") for i, pdf in enumerate(pdfs)]
    before, started = service.cpu_seconds(), time.monotonic()
    for mail in mails:
        deliver(mail, "supplier@supplier.example", [ADDRESS], service.smtp)
    while TaskTable().open_count():
        time.sleep(0.05)
    return Measured(len(pdfs), time.monotonic() - started, service.cpu_seconds() - before)


def _pdfium(pdfs: Sequence[bytes]) -> Measured:
    started, before = time.monotonic(), time.process_time()
    for pdf in pdfs:
        document = pypdfium2.PdfDocument(pdf)
        for page in document:
            page.get_textpage().get_text_bounded()
        document.close()
    return Measured(len(pdfs), time.monotonic() - started, time.process_time() - before)


def _tesseract(pdfs: Sequence[bytes]) -> Measured:
    languages = installed("script/Latin", data_folder())
    started, before = time.monotonic(), _children_cpu()
    with tempfile.TemporaryDirectory() as folder:
        for index, pdf in enumerate(pdfs):
            picture = Path(folder, f"{index}.png")
            with pikepdf.open(BytesIO(pdf)) as document:
                image = next(iter(document.pages[0].get_images().values()))
                pikepdf.PdfImage(pikepdf.Stream(document, image.read_raw_bytes(), image.stream_dict)).as_pil_image().save(picture)
            command = ["tesseract", str(picture), "-", "--dpi", "200", "-l", languages]
            subprocess.run(command, check=True, capture_output=True, env={**os.environ, "OMP_THREAD_LIMIT": "1"})
    return Measured(len(pdfs), time.monotonic() - started, _children_cpu() - before)


def _children_cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _print(text: Measured, scan: Measured, pdfium: Measured, tesseract: Measured) -> None:
    print(f"{'':34} documents  a second  CPU ms a document")
    for name, measured in (
        ("born-digital, the whole line", text),
        ("born-digital, bare pdfium text", pdfium),
        ("scan, the whole line", scan),
        ("scan, bare tesseract command", tesseract),
    ):
        each = 1000 * measured.cpu / measured.documents
        print(f"{name:34} {measured.documents:9} {measured.documents / measured.wall:9.1f} {each:18.1f}")
    ratio = (scan.cpu / scan.documents) / (tesseract.cpu / tesseract.documents)
    print(f"\ngoals: born-digital at most {TEXT_GOAL_MS} ms; scan at most {SCAN_GOAL_RATIO} x Tesseract: here {ratio:.2f} x")


if __name__ == "__main__":
    main()
