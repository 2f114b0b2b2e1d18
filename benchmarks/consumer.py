"""The outside consumer: takes whole drops away and writes down what it took.

    python -m benchmarks.consumer DROPS LEDGER

One line of the ledger a drop: the invoice number, the name of the drop, and what was wrong with it, by tabs. An XML that shows
must have its PDF beside it, with the very content that the XML names (F4).
"""

from __future__ import annotations

import hashlib
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

_NUMBER = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}ID"
_PAUSE_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Taken:
    """A drop that was taken away. `wrong` is empty for a whole one."""

    number: str
    stem: str
    wrong: str


def ledger(path: Path) -> list[Taken]:
    """All that was taken so far."""
    return [Taken(*line.split("\t")) for line in path.read_text().splitlines()] if path.exists() else []


def main() -> None:
    """Take drops away until told to stop."""
    drops, book = Path(sys.argv[1]), Path(sys.argv[2])
    going = [True]
    signal.signal(signal.SIGTERM, lambda *_: going.clear())
    with open(book, "a") as file:
        while going:
            for xml in sorted(drops.glob("*/*.xml")):
                taken = _take(xml)
                print(taken.number, taken.stem, taken.wrong, sep="\t", file=file, flush=True)
            time.sleep(_PAUSE_SECONDS)


def _take(xml: Path) -> Taken:
    """The XML goes last, as the PDF came first."""
    pdf = xml.with_suffix(".pdf")
    content = xml.read_bytes()
    try:
        number = etree.fromstring(content).findtext(_NUMBER) or ""
    except etree.XMLSyntaxError:
        number = ""
    wrong = _wrong(number, content, pdf)
    pdf.unlink(missing_ok=True)
    xml.unlink()
    return Taken(number, xml.stem, wrong)


def _wrong(number: str, xml: bytes, pdf: Path) -> str:
    if not number:
        return "the XML is broken"
    if not pdf.exists():
        return "there is no PDF"
    return "" if hashlib.sha256(pdf.read_bytes()).hexdigest().encode() in xml else "the PDF is not the one the XML names"


if __name__ == "__main__":
    main()
