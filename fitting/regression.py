"""Penalised logistic regression: log-odds that fit what was seen, drawn towards what was believed before."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ROUNDS = 60
ENOUGH = 1e-9


def fitted(rows: Floats, right: Floats, counts: Floats, prior: Floats, spread: Floats) -> Floats:
    """The weights that make `right` (0 or 1) likeliest under a Gaussian prior, by Newton's method.

    `rows` has one row an example and one column a weight; `counts` says how often each example counts; `spread` is how far
    (one standard deviation) a weight may be from `prior` without much being seen for it.

    >>> one = np.ones((10, 1)); seen = np.array([1.0] * 9 + [0.0])
    >>> round(float(fitted(one, seen, np.ones(10), np.zeros(1), np.full(1, 100.0))[0]), 2)  # nine in ten
    2.2
    """
    weights, precision = prior.copy(), 1.0 / spread**2
    for _ in range(ROUNDS):
        likely = _likely(rows @ weights)
        slope = rows.T @ (counts * (likely - right)) + precision * (weights - prior)
        bend = (rows.T * (counts * likely * (1 - likely))) @ rows + np.diag(precision)
        step: Floats = _shortened(np.asarray(np.linalg.solve(bend, slope), dtype=np.float64), 2.0)
        weights = weights - step
        if float(np.abs(step).max()) < ENOUGH:
            break
    return weights


def loss(rows: Floats, right: Floats, counts: Floats, weights: Floats) -> float:
    """Mean surprise of an example, in nats: 0 is certainty, 0.69 a coin."""
    likely = np.clip(_likely(rows @ weights), 1e-9, 1 - 1e-9)
    surprise = -(right * np.log(likely) + (1 - right) * np.log(1 - likely))
    return float((counts * surprise).sum() / counts.sum())


def _likely(log_odds: Floats) -> Floats:
    return 1.0 / (1.0 + np.exp(-np.clip(log_odds, -30, 30)))


def _shortened(step: Floats, longest: float) -> Floats:
    length = float(np.abs(step).max())
    return step if length <= longest else step * (longest / length)
