"""Penalised regression of choices: log-odds that make the right answers likeliest, drawn towards what was believed before."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ROUNDS = 80
ENOUGH = 1e-9
LONGEST_STEP = 1.5


@dataclass(frozen=True, slots=True)
class Choices:
    """Answers to choose from: `rows` has one row an answer and one column a weight, `question` says to which it belongs.

    Beside its answers each question has one more, "none of them", whose log-odds are 0. `right` (0 or 1) marks at most one
    answer a question; where none is, "none of them" is right. `counts` says how often each question counts.
    """

    rows: Floats
    question: Ints
    right: Floats
    counts: Floats

    def likely(self, weights: Floats) -> Floats:
        """How likely each answer is chosen."""
        odds = np.exp(np.clip(self.rows @ weights, -30, 30))
        whole = 1.0 + np.bincount(self.question, odds, len(self.counts))
        return np.asarray(odds / whole[self.question], dtype=np.float64)

    def summed(self, values: Floats) -> Floats:
        """Rows of values put together by question."""
        out = np.zeros((len(self.counts), values.shape[1]))
        np.add.at(out, self.question, values)
        return out

    def surprise(self, weights: Floats) -> float:
        """Mean surprise at the right answers, in nats: 0 is certainty, 0.69 a coin."""
        likely = self.likely(weights)
        right = np.bincount(self.question, likely * self.right, len(self.counts))
        none = 1.0 - np.bincount(self.question, likely, len(self.counts))
        answered = np.bincount(self.question, self.right, len(self.counts)) > 0
        seen = np.clip(np.where(answered, right, none), 1e-9, 1.0)
        return float(-(self.counts * np.log(seen)).sum() / self.counts.sum())


def fitted(choices: Choices, prior: Floats, spread: Floats) -> Floats:
    """The weights that make the right answers likeliest under a Gaussian prior, by Newton's method.

    `spread` is how far (one standard deviation) a weight may be from `prior` without much being seen for it.

    >>> nine_in_ten = Choices(np.ones((10, 1)), np.arange(10), np.array([1.0] * 9 + [0.0]), np.ones(10))
    >>> round(float(fitted(nine_in_ten, np.zeros(1), np.full(1, 100.0))[0]), 2)
    2.2
    """
    weights, precision = prior.copy(), 1.0 / spread**2
    counts = choices.counts[choices.question]
    for _ in range(ROUNDS):
        likely = choices.likely(weights)
        slope = choices.rows.T @ (counts * (likely - choices.right)) + precision * (weights - prior)
        mean = choices.summed(choices.rows * likely[:, None])
        bend = (choices.rows.T * (counts * likely)) @ choices.rows - (mean.T * choices.counts) @ mean + np.diag(precision)
        step = np.asarray(np.linalg.solve(bend, slope), dtype=np.float64)
        length = float(np.abs(step).max())
        weights = weights - step * min(1.0, LONGEST_STEP / max(length, ENOUGH))
        if length < ENOUGH:
            break
    return weights
