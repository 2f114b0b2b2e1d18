"""How well the fields are read: runs `recognise` over a folder of labelled invoices and prints its scorer's tables.

    python -m benchmarks.accuracy [--corpus ../shared/corpus] [--variant doc] [--jobs 2] [--keep FOLDER]
        [--errors] [--reliability]

The corpus is no part of the project: a folder with `index.json`, `pdf/<id>/{doc,scan,scan_hard}.pdf`, `sroie/<id>/image.jpg`
and, if it likes, its own `score.py` (without one, `benchmarks.verdicts` counts). Where it is not there, this says so and ends
well. What a fallback filled is left out. `--reliability` shows how often values of each confidence were right.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.verdicts import errors_table, fields_table, reliability_table, verdicts
from scanstraat.cli.recognising import Recogniser, Result
from scanstraat.model.administration import OwnIdentity
from scanstraat.model.field import FieldName, Reading
from scanstraat.model.mail import Problem
from scanstraat.pipeline.recognition import RecognisedDocument
from scanstraat.settings import Settings

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Variant:
    """One way the labelled documents are given: the scorer's set, and the file in each case's folder."""

    name: str
    cases: str
    file: str


VARIANTS = (
    Variant("doc", "pdf", "doc.pdf"),
    Variant("scan", "pdf", "scan.pdf"),
    Variant("scan_hard", "pdf", "scan_hard.pdf"),
    Variant("sroie", "sroie", "image.jpg"),
)


def main() -> None:
    """Score each variant asked for."""
    arguments = _arguments()
    if not (arguments.corpus / "index.json").is_file():
        print(f"no labelled invoices in {arguments.corpus}: nothing measured (give --corpus)")
        return
    chosen = [v for v in VARIANTS if v.name in arguments.variant]
    with tempfile.TemporaryDirectory(prefix="scanstraat-accuracy-") as folder:
        for variant in chosen:
            predictions = (arguments.keep or Path(folder)) / f"{variant.name}.jsonl"
            count, problems = predict(arguments.corpus, variant, predictions, arguments.jobs)
            print(f"\n=== {variant.name}: {count} files read, {len(problems)} not read", flush=True)
            for problem in problems:
                print(f"    {problem.code}: {problem.text}")
            score(arguments.corpus, variant, predictions, arguments.errors)
            if arguments.reliability:
                print("\n" + "\n".join(reliability_table(verdicts(arguments.corpus, variant.cases, predictions))))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="How well the fields are read.")
    parser.add_argument("--corpus", type=Path, default=ROOT.parent / "shared" / "corpus", help="folder of labelled invoices")
    parser.add_argument(
        "--variant", action="append", choices=[v.name for v in VARIANTS], help="may be repeated; default: all PDFs"
    )
    parser.add_argument("--jobs", type=int, default=1, help="files read at the same time")
    parser.add_argument("--keep", type=Path, help="existing folder to leave the predictions in")
    parser.add_argument("--errors", action="store_true", help="also list what was read wrongly")
    parser.add_argument("--reliability", action="store_true", help="also show how honest the confidences are")
    arguments = parser.parse_args()
    arguments.variant = arguments.variant or ["doc", "scan", "scan_hard"]
    return arguments


def predict(corpus: Path, variant: Variant, out: Path, jobs: int) -> tuple[int, tuple[Problem, ...]]:
    """Read every file of a variant and write its predictions; how many were read, and why others were not."""
    files = sorted((corpus / variant.cases).glob(f"*/{variant.file}"))
    recogniser = Recogniser(OwnIdentity(), jobs, Settings.from_environment())
    problems, count = [], 0
    with out.open("w") as lines:
        for result in recogniser.results(files):
            if result.error is not None:
                problems.append(Problem(result.error.code, f"{result.file.parent.name}: {result.error.message}"))
                continue
            count += 1
            lines.write(json.dumps(prediction(result)) + "\n")
    return count, tuple(problems)


def prediction(result: Result) -> dict[str, object]:
    """A file's fields as the scorer takes them: those of its first invoice, else of its first document."""
    chosen = _chosen(result.documents)
    out: dict[str, object] = {"id": result.file.parent.name, "seconds": result.seconds}
    if chosen is None:
        return out
    for reading in chosen.readings.readings:
        if reading.rule is None:
            out[str(reading.field)] = {"value": _value(reading), "confidence": reading.confidence}
    out["lines"] = [
        {"description": line.description, "line_total": None if line.line_total is None else str(line.line_total)}
        for line in chosen.readings.lines
    ]
    return out


def _chosen(documents: tuple[RecognisedDocument, ...]) -> RecognisedDocument | None:
    return next((d for d in documents if d.document.is_invoice), next(_any(documents), None))


def _any(documents: tuple[RecognisedDocument, ...]) -> Iterator[RecognisedDocument]:
    yield from (d for d in documents if d.readings.readings)


def _value(reading: Reading) -> object:
    return reading.value == "true" if reading.field is FieldName.IS_CREDIT_NOTE else reading.value


def score(corpus: Path, variant: Variant, predictions: Path, errors: bool) -> None:
    """The corpus's own scorer on the predictions; ours where it has none."""
    if not (corpus / "score.py").is_file():
        found = verdicts(corpus, variant.cases, predictions)
        print("\n".join((*fields_table(found), *(errors_table(found) if errors else ()))))
        return
    command = [sys.executable, str(corpus / "score.py"), str(predictions), "--set", variant.cases]
    subprocess.run([*command, *(["--errors"] if errors else [])], check=True)


if __name__ == "__main__":
    main()
