"""What each signal is worth for each field, read from `weights.toml`, and the log-odds they add up to.

Nobody but `score` adds them up. The table is fitted on labelled documents by `python -m fitting`; nothing is learned at run time.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib import resources
from math import exp

from scanstraat.extractors.candidate import Candidate
from scanstraat.extractors.signals import Signal
from scanstraat.model.field import FieldName

# A doubtful value is never taken for certain (C7): this is the most it can have, and the least that counts as certain is 0.9.
DOUBTFUL = 0.85
BIAS = "bias"


def table(name: str) -> dict[str, dict[str, list[float]]]:
    """A table of numbers beside this module: by field, by row."""
    found: dict[str, dict[str, list[float]]] = tomllib.loads(resources.files(__package__).joinpath(name).read_text("utf-8"))
    return found


def weights(rows: dict[str, dict[str, list[float]]], column: int = -1) -> dict[FieldName, tuple[float, dict[Signal, float]]]:
    """Each field's bias and the worth of its signals, by the last column of the table; 0 is the one set by hand.

    >>> weights({"iban": {"bias": [0.5, 0.7], "CHECKS": [2.6]}})
    {<FieldName.IBAN: 'iban'>: (0.7, {<Signal.CHECKS: 'its check digits hold'>: 2.6})}
    """
    return {
        FieldName(field): (row[BIAS][column], {Signal[name]: worth[column] for name, worth in row.items() if name != BIAS})
        for field, row in rows.items()
    }


WEIGHTS = weights(table("weights.toml"))
# By field, what turns a standing into a confidence: offset and slope.
CALIBRATION = {FieldName(field): (row[0], row[1]) for field, row in table("calibration.toml")["confidence"].items()}
AS_IT_IS = (0.0, 1.0)


def score(candidate: Candidate) -> float:
    """The log-odds of a candidate: its field's bias and the worth of its signals."""
    return _log_odds(candidate.field, candidate.signals)


@lru_cache(maxsize=8192)  # the judges ask for the same few sums again and again
def _log_odds(field: FieldName, signals: tuple[Signal, ...]) -> float:
    bias, worth = WEIGHTS[field]
    return bias + sum(worth.get(signal, 0.0) for signal in signals)


def confidence(field: FieldName, standing: float) -> float:
    """How likely the value of a field with this standing is right: as many such values were, on labelled documents."""
    offset, slope = CALIBRATION.get(field, AS_IT_IS)
    return odds_to_confidence(offset + slope * standing)


def odds_to_confidence(log_odds: float) -> float:
    """A log-odds as a confidence from 0 to 1.

    >>> odds_to_confidence(0.0), round(odds_to_confidence(2.2), 2)
    (0.5, 0.9)
    """
    return 1.0 / (1.0 + exp(-max(-30.0, min(30.0, log_odds))))
