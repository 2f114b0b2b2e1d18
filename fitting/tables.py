"""The tables a fit starts from and is written to: `weights.toml` and `calibration.toml` of `scanstraat.extractors`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import scanstraat.extractors
from fitting.fit import Row
from scanstraat.extractors.signals import Signal
from scanstraat.extractors.weights import BIAS, weights
from scanstraat.model.field import FieldName

_ROOM = Path(scanstraat.extractors.__file__).parent
WEIGHTS, CALIBRATION = _ROOM / "weights.toml", _ROOM / "calibration.toml"


def priors(path: Path = WEIGHTS) -> dict[FieldName, Row]:
    """The weights set by hand, by field."""
    return {field: Row(*row) for field, row in weights(tomllib.loads(path.read_text("utf-8")), column=0).items()}


def write_weights(path: Path, fits: dict[FieldName, Row]) -> None:
    """Put the fitted weights beside those set by hand; comments and the order of rows stay."""
    path.write_text("".join(_rewritten(path.read_text("utf-8").splitlines(keepends=True), fits)), "utf-8")


def _rewritten(lines: list[str], fits: dict[FieldName, Row]) -> Iterator[str]:
    row: Row | None = None
    for line in lines:
        if line.startswith("["):
            row = fits.get(FieldName(line.strip(" []\n")))
        name, equals, numbers = line.partition(" = ")
        if equals and not line.startswith("#"):
            by_hand = numbers.strip(" []\n").split(",")[0]
            found = None if row is None else row.bias if name == BIAS else row.worth[Signal[name]]
            line = f"{name} = [{by_hand}]\n" if found is None else f"{name} = [{by_hand}, {found:.2f}]\n"
        yield line


def write_calibration(path: Path, fits: dict[FieldName, tuple[float, float]]) -> None:
    """Put offset and slope of each field in place of what was there; the comments above stay."""
    head = path.read_text("utf-8").partition("[confidence]\n")[0]
    rows = "".join(f"{field} = [{offset:.2f}, {slope:.2f}]\n" for field, (offset, slope) in fits.items())
    path.write_text(f"{head}[confidence]\n{rows}", "utf-8")
