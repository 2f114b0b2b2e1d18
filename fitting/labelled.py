"""Labelled documents of a folder, read into pages. The folder is no part of the project.

A folder has `index.json` (`{"cases": [{"id": …, "set": "pdf", "family": …}]}`) and `pdf/<id>/truth.json` beside `doc.pdf`,
`scan.pdf` and `scan_hard.pdf`. A truth of null is unknown; `absent` lists fields known not to be printed, `accept` other
values that are just as right.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scanstraat.bounded import Child
from scanstraat.errors import ScanstraatError
from scanstraat.extractors.pageclass import classify
from scanstraat.model.field import FieldName
from scanstraat.model.mail import PartRole
from scanstraat.model.page import Page
from scanstraat.pipeline.recognition import PRELOAD
from scanstraat.pipeline.splitting import SplitPart, split
from scanstraat.reading.reader import Reader
from scanstraat.settings import Settings

# The files of a case, and what a document read from each counts beside one another.
VARIANTS = {"doc": 1.0, "scan": 0.5, "scan_hard": 0.5}


@dataclass(frozen=True, slots=True)
class Case:
    """A labelled document as one of its files shows it; `weight` is what it counts for in a fit.

    `truths` are the values that are right by field, none for a field that is known not to be printed.
    """

    id: str
    variant: str
    family: str
    weight: float
    truths: dict[FieldName, tuple[str, ...]]
    pages: tuple[Page, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A folder of labelled documents; all its families together count as `weight` documents a family."""

    folder: Path
    weight: float


def cases(source: Source, variants: tuple[str, ...], cache: Path, layouts: str = "") -> Iterator[Case]:
    """The documents of a folder, one variant after another; families weigh the same however many documents they have."""
    entries = [e for e in json.loads((source.folder / "index.json").read_text())["cases"] if e["set"] == "pdf"]
    entries = [e for e in entries if not layouts or e.get("layouts", layouts) == layouts]
    sizes = Counter(_family(e) for e in entries)
    settings = Settings.from_environment()
    child = Child(PRELOAD)
    try:
        reader = Reader(child, settings, cache)
        for entry in entries:
            folder = source.folder / "pdf" / entry["id"]
            right = truths(json.loads((folder / "truth.json").read_text()))
            for variant in variants:
                pages = _first_invoice(reader, folder / f"{variant}.pdf")
                weight = source.weight * VARIANTS[variant] / sizes[_family(entry)] ** 0.5
                if pages:
                    yield Case(entry["id"], variant, _family(entry), weight, right, pages)
    finally:
        child.close()


def _family(entry: dict[str, Any]) -> str:
    return str(entry.get("layout") or entry.get("family") or entry["id"])


def truths(truth: dict[str, Any]) -> dict[FieldName, tuple[str, ...]]:
    """The values that are right by field; none for a field known not to be printed; what is unknown is left out."""
    found: dict[FieldName, tuple[str, ...]] = {}
    for field in FieldName:
        value = truth.get(field.value)
        if value is not None:
            text = str(value).lower() if isinstance(value, bool) else str(value)
            found[field] = (text, *map(str, (truth.get("accept") or {}).get(field.value, ())))
        elif field.value in (truth.get("absent") or ()):
            found[field] = ()
    return found


def _first_invoice(reader: Reader, file: Path) -> tuple[Page, ...]:
    """The pages of a file's first invoice, else of its first document; none where it cannot be read."""
    if not file.is_file():
        return ()
    try:
        pages = reader.read(file.read_bytes())
    except ScanstraatError:
        return ()
    documents = split((SplitPart(0, file.name, PartRole.DOCUMENT, pages, tuple(classify(page) for page in pages)),))
    chosen = next((d for d in documents if d.is_invoice), documents[0] if documents else None)
    by_number = {page.number: page for page in pages}
    return tuple(by_number[ref.page] for ref in chosen.pages) if chosen else ()
