"""What became of each value: read rightly, wrongly, not at all, or where none is printed; and how honest the confidences are."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from fitting.comparing import is_right
from fitting.labelled import truths
from scanstraat.model.field import FieldName

# The fields of C1; a document is read without a hand on it when every one that is printed is at this confidence or above.
MAIN = (
    FieldName.IBAN, FieldName.SUPPLIER_NAME, FieldName.VAT_NUMBER, FieldName.INVOICE_NUMBER, FieldName.INVOICE_DATE,
    FieldName.DUE_DATE, FieldName.TOTAL, FieldName.CURRENCY,
)  # fmt: skip
SURE = 0.9
BINS = (0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 1.01)


@dataclass(frozen=True, slots=True)
class Verdict:
    """One field of one document. `what` is "right", "wrong", "missing", "spurious" (none is printed) or "empty" (rightly so)."""

    case: str
    family: str
    field: FieldName
    what: str
    truth: str
    value: str
    confidence: float


def verdicts(corpus: Path, cases: str, predictions: Path) -> tuple[Verdict, ...]:
    """Every field whose truth is known of every document of a set."""
    given = {p["id"]: p for p in map(json.loads, predictions.read_text().splitlines())}
    entries = json.loads((corpus / "index.json").read_text())["cases"]
    found: list[Verdict] = []
    for entry in entries:
        if entry["set"] == cases and entry["id"] in given:
            truth = truths(json.loads((corpus / cases / entry["id"] / "truth.json").read_text()))
            family = str(entry.get("layout") or entry.get("family") or "")
            found.extend(_verdict(entry["id"], family, f, right, given[entry["id"]]) for f, right in truth.items())
    return tuple(found)


def _verdict(case: str, family: str, field: FieldName, right: tuple[str, ...], prediction: dict[str, object]) -> Verdict:
    read = prediction.get(field.value)
    truth = right[0] if right else ""
    if not isinstance(read, dict):
        return Verdict(case, family, field, "missing" if right else "empty", truth, "", 0.0)
    value = str(read["value"]).lower() if isinstance(read["value"], bool) else str(read["value"])
    what = ("right" if is_right(field, value, right) else "wrong") if right else "spurious"
    return Verdict(case, family, field, what, truth, value, float(read["confidence"]))


def fields_table(found: tuple[Verdict, ...]) -> Iterator[str]:
    """By field: how many were printed, right, wrong, missing, spurious, and the share that is as it should be."""
    yield f"{'field':<18} printed  right  wrong missing spurious   exact"
    shares = []
    for field in FieldName:
        n = Counter(v.what for v in found if v.field is field)
        if not n:
            continue
        exact = (n["right"] + n["empty"]) / n.total()
        shares.extend([exact] if field in MAIN else [])
        printed = n["right"] + n["wrong"] + n["missing"]
        yield f"{field:<18} {printed:>7} {n['right']:>6} {n['wrong']:>6} {n['missing']:>7} {n['spurious']:>8} {exact:>7.1%}"
    whole = _documents(found)
    right = sum(all(v.what in {"right", "empty"} for v in doc) for doc in whole)
    macro, all_right = sum(shares) / max(1, len(shares)), right / max(1, len(whole))
    yield f"macro of the eight {macro:.1%}; all eight right {all_right:.1%} of {len(whole)}"


def _documents(found: tuple[Verdict, ...]) -> list[list[Verdict]]:
    by_case: dict[str, list[Verdict]] = {}
    for verdict in found:
        if verdict.field in MAIN:
            by_case.setdefault(verdict.case, []).append(verdict)
    return list(by_case.values())


def reliability_table(found: tuple[Verdict, ...]) -> Iterator[str]:
    """How many values have a confidence in each bin, and the share of them that is right; then what is sure, and how honestly."""
    given = [v for v in found if v.what in {"right", "wrong", "spurious"}]
    yield f"{'values (right share)':<18}" + "".join(f"{f'{low:.2f}-':>14}" for low in BINS[:-1])
    for field in (*MAIN, None):
        mine = [v for v in given if (v.field is field if field else v.field in MAIN)]
        cells = [_cell([v for v in mine if low <= v.confidence < high]) for low, high in pairwise(BINS)]
        yield f"{field or 'all eight':<20}" + "".join(f"{cell:>14}" for cell in cells)
    main = [v for v in given if v.field in MAIN]
    sure = [v for v in main if v.confidence >= SURE]
    wrong = sum(v.what != "right" for v in sure)
    printed = sum(v.what in {"right", "wrong", "missing"} for v in found if v.field in MAIN)
    share = len(sure) / max(1, printed)
    yield f"at {SURE} or above: {len(sure)} of {printed} printed values ({share:.1%}), {wrong} of them wrong"
    documents = _documents(found)
    touchless = [d for d in documents if all(v.confidence >= SURE or v.what == "empty" for v in d)]
    failed = sum(any(v.what not in {"right", "empty"} for v in d) for d in touchless)
    yield f"touchless documents (every printed field sure): {len(touchless)} of {len(documents)}, {failed} with a wrong value"


def _cell(verdicts_in: list[Verdict]) -> str:
    if not verdicts_in:
        return "-"
    return f"{len(verdicts_in)} ({sum(v.what == 'right' for v in verdicts_in) / len(verdicts_in):.0%})"


def errors_table(found: tuple[Verdict, ...]) -> Iterator[str]:
    """Every value that is not as it should be, by family."""
    for v in sorted(found, key=lambda v: (v.family, v.field, v.case)):
        if v.what in {"wrong", "missing", "spurious"}:
            yield f"{v.what:<8} {v.family:<22} {v.case:<30} {v.field:<16} {v.truth!r} read {v.value!r} ({v.confidence:.2f})"
