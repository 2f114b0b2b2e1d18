"""Fits the weights of the fields to labelled documents and writes them back.

    python -m fitting FOLDER … [--variant doc] [--cache var/fitting] [--show]

Folders are as `fitting.labelled` says; give the real ones first: their families count more than generated ones.
OCR is kept in the cache; empty it after a change of how pages are read.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from fitting.ballots import Ballot, ballots
from fitting.fit import Fit, Row, fit
from fitting.labelled import VARIANTS, Source, cases
from fitting.tables import CALIBRATION, WEIGHTS, priors, write_calibration, write_weights
from scanstraat.model.field import FieldName

ROOT = Path(__file__).resolve().parent.parent
# Labels give these as printed, not in canonical form, so that rightness cannot be told.
NOT_TOLD = frozenset({FieldName.PAYMENT_TERM})
# What a family of the first folder counts, and one of any other.
REAL, OTHERS = 1.0, 0.25


def main() -> None:
    """Read, fit, print, and write unless only shown."""
    arguments = _arguments()
    found = tuple(_ballots(arguments))
    fits = tuple(_fits(found))
    print(f"{'field':<18} {'seen':>6} {'by hand':>9} {'out of fold':>12} {'loss by hand':>13} {'out of fold':>12}  calibration")
    for one in fits:
        print(
            f"{one.field:<18} {one.documents:>6} {one.before:>9.1%} {one.after:>12.1%} "
            f"{one.surprise[0]:>13.3f} {one.surprise[1]:>12.3f}  {one.calibration[0]:+.2f} {one.calibration[1]:.2f}"
        )
    if not arguments.show:
        write_weights(WEIGHTS, {f.field: f.row for f in fits})
        write_calibration(CALIBRATION, {f.field: f.calibration for f in fits})
        print(f"written: {WEIGHTS.relative_to(ROOT)}, {CALIBRATION.relative_to(ROOT)}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Fits the weights of the fields to labelled documents.")
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--variant", action="append", choices=list(VARIANTS), help="may be repeated; default: all")
    parser.add_argument("--cache", type=Path, default=ROOT / "var" / "fitting", help="where OCR is kept")
    parser.add_argument("--show", action="store_true", help="only print, write nothing")
    arguments = parser.parse_args()
    arguments.variant = tuple(arguments.variant or VARIANTS)
    return arguments


def _ballots(arguments: argparse.Namespace) -> list[Ballot]:
    arguments.cache.mkdir(parents=True, exist_ok=True)
    found: list[Ballot] = []
    for i, folder in enumerate(arguments.folders):
        source = Source(folder, OTHERS if i else REAL)
        found.extend(ballots(cases(source, arguments.variant, arguments.cache)))
    return found


def _fits(found: tuple[Ballot, ...]) -> list[Fit]:
    rows: dict[FieldName, Row] = priors()
    by_field = {field: tuple(b for b in found if b.field is field) for field in rows if field not in NOT_TOLD}
    return [fit(field, rows[field], mine) for field, mine in by_field.items() if mine]


if __name__ == "__main__":
    main()
