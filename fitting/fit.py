"""A field's weights fitted to ballots, judged on families that had no part in it, and its confidences calibrated on those."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fitting.ballots import Ballot
from fitting.regression import Choices, Floats, fitted
from scanstraat.extractors.choose import standings
from scanstraat.extractors.signals import Signal
from scanstraat.model.field import FieldName

# How far a weight may go from the one set by hand without much being seen for it; the bias likewise.
SPREAD, BIAS_SPREAD = 0.5, 0.5
# Whose a value is and whether its check holds is a rule (C6, C7), not a statistic: these stay as set by hand.
RULES = frozenset(
    {
        Signal.BUYERS,
        Signal.IN_WINDOW,
        Signal.BUYER_LABEL,
        Signal.DEBIT,
        Signal.CHECKS,
        Signal.FAILS_CHECK,
        Signal.AGAINST_QR,
        Signal.REPAIRED,
    }
)
FIXED = 0.001
# The calibration starts from offset 0 and slope 1.
OFFSET_SPREAD, SLOPE_SPREAD = 0.5, 0.3
FOLDS = 6


@dataclass(frozen=True, slots=True)
class Row:
    """A field's bias and the worth of its signals."""

    bias: float
    worth: dict[Signal, float]

    def score(self, signals: tuple[Signal, ...]) -> float:
        """The log-odds they give."""
        return self.bias + sum(self.worth.get(s, 0.0) for s in signals)


@dataclass(frozen=True, slots=True)
class Winner:
    """The best value of a ballot by weights its family had no part in: its standing, and whether it is right."""

    family: str
    weight: float
    standing: float
    right: bool
    doubted: bool


@dataclass(frozen=True, slots=True)
class Fit:
    """What was found for a field. `before` and `after` are the shares of expected values that are chosen rightly, by hand-set
    weights and out of fold; `surprise` the mean loss of a document by both."""

    field: FieldName
    row: Row
    calibration: tuple[float, float]
    winners: tuple[Winner, ...]
    documents: int
    before: float
    after: float
    surprise: tuple[float, float]


def fit(field: FieldName, prior: Row, ballots: tuple[Ballot, ...]) -> Fit:
    """Everything about one field; deterministic. Weights that choose worse out of fold than those set by hand are not adopted."""
    families = sorted({b.family for b in ballots})
    home = {family: i % FOLDS for i, family in enumerate(families)}
    winners: list[Winner] = []
    by_hand: list[Winner] = []
    before = after = wanted = 0.0
    losses: list[tuple[float, float, float]] = []
    for fold in range(min(FOLDS, len(families))):
        kept, seen = [b for b in ballots if home[b.family] == fold], [b for b in ballots if home[b.family] != fold]
        if not kept:
            continue
        row = _row(prior, seen)
        winners.extend(w for b in kept if (w := _winner(b, row)))
        by_hand.extend(w for b in kept if (w := _winner(b, prior)))
        expected = [b for b in kept if b.expected]
        wanted += sum(b.weight for b in expected)
        before += sum(b.weight for b in expected if (w := _winner(b, prior)) and w.right)
        after += sum(b.weight for b in expected if (w := _winner(b, row)) and w.right)
        choices = _choices(prior, kept)
        losses.append((choices.surprise(_numbers(prior)), choices.surprise(_numbers(row)), float(choices.counts.sum())))
    total = sum(count for *_, count in losses) or 1.0
    surprise = tuple(sum(x[i] * x[2] for x in losses) / total for i in (0, 1))
    adopted = after >= before
    whole, winners = (_row(prior, list(ballots)), winners) if adopted else (prior, by_hand)
    shares = (before / wanted, after / wanted) if wanted else (0.0, 0.0)
    return Fit(field, whole, _calibration(winners), tuple(winners), len(ballots), *shares, (surprise[0], surprise[1]))


def _row(prior: Row, ballots: list[Ballot]) -> Row:
    """The weights fitted to some ballots, two decimals."""
    choices = _choices(prior, ballots)
    if not len(choices.rows):
        return prior
    spread = np.array([BIAS_SPREAD, *(FIXED if signal in RULES else SPREAD for signal in prior.worth)])
    found = [round(float(w), 2) for w in fitted(choices, _numbers(prior), spread)]
    return Row(found[0], dict(zip(prior.worth, found[1:], strict=True)))


def _numbers(row: Row) -> Floats:
    return np.array([row.bias, *row.worth.values()])


def _choices(prior: Row, ballots: list[Ballot]) -> Choices:
    """The ballots as questions; of several right values the one with the best signals is the answer, the others are left out."""
    places = {name: i + 1 for i, name in enumerate(prior.worth)}
    rows, question, right = [], [], []
    for number, ballot in enumerate(ballots):
        ranked = sorted(ballot.votes, key=lambda v: -prior.score(v.signals))
        answer = next((v for v in ranked if v.right), None)
        for vote in ranked:
            if vote is answer or not vote.right:
                row = np.zeros(len(places) + 1)
                row[[0, *(places[s] for s in vote.signals if s in places)]] = 1.0
                rows.append(row)
                question.append(number)
                right.append(float(vote is answer))
    table = np.array(rows) if rows else np.zeros((0, len(places) + 1))
    return Choices(table, np.array(question, dtype=np.int64), np.array(right), np.array([b.weight for b in ballots]))


def _winner(ballot: Ballot, row: Row) -> Winner | None:
    if not ballot.votes:
        return None
    ranked = sorted(((row.score(v.signals), v) for v in ballot.votes), key=lambda pair: -pair[0])
    standing = standings([score for score, _ in ranked])[0]
    best = ranked[0][1]
    return Winner(ballot.family, ballot.weight, standing, best.right, best.doubted)


def _calibration(winners: list[Winner]) -> tuple[float, float]:
    """Offset and slope that make confidences honest on winners chosen out of fold."""
    if not winners:
        return 0.0, 1.0
    rows = np.array([[1.0, w.standing] for w in winners])
    right, counts = np.array([float(w.right) for w in winners]), np.array([w.weight for w in winners])
    choices = Choices(rows, np.arange(len(winners)), right, counts)
    found = fitted(choices, np.array([0.0, 1.0]), np.array([OFFSET_SPREAD, SLOPE_SPREAD]))
    return round(float(found[0]), 2), round(float(found[1]), 2)
