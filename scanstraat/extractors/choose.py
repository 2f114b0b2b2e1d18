"""Candidates to readings: the one place where signals become a confidence and a value is chosen."""

from __future__ import annotations

from math import exp, log1p

from scanstraat.extractors.candidate import Candidate
from scanstraat.extractors.weights import DOUBTFUL, confidence, score
from scanstraat.model.field import FieldName, Method, Reading, RunnerUp

# Least confidence at which a value is given at all, by field; a wrong value costs a person more than an empty one.
LEAST: dict[FieldName, float] = {
    FieldName.IBAN: 0.12,
    FieldName.ACCOUNT: 0.55,
    FieldName.INVOICE_DATE: 0.3,
    FieldName.INVOICE_NUMBER: 0.35,
    FieldName.TOTAL: 0.3,
}
LEAST_OTHERS = 0.3
MOST_RUNNERS_UP = 4
# Log-odds beyond this are certainty; keeps the sums finite.
HIGHEST = 30.0


def choose(candidates: tuple[Candidate, ...]) -> tuple[Reading, ...]:
    """The best value of each field with its confidence and runners-up; fields in the order of `FieldName`."""
    by_field: dict[FieldName, list[Candidate]] = {}
    for candidate in candidates:
        by_field.setdefault(candidate.field, []).append(candidate)
    readings = (_reading(field, by_field[field]) for field in FieldName if field in by_field)
    return tuple(r for r in readings if r is not None)


def _reading(field: FieldName, candidates: list[Candidate]) -> Reading | None:
    ranked = sorted(one_a_value(candidates), key=lambda c: (-score(c), _place(c)))
    best, confidences = ranked[0], [confidence(field, s) for s in standings([score(c) for c in ranked])]
    sure = confidences[0]
    if sure < LEAST.get(field, LEAST_OTHERS):
        return None
    if best.doubts:
        sure = min(sure, DOUBTFUL)
    others = tuple(RunnerUp(c.value, round(p, 4), c.evidence) for c, p in zip(ranked[1:], confidences[1:], strict=True))
    method = best.evidence.method if best.evidence else Method.DERIVED
    signals = tuple(str(s) for s in best.signals)
    return Reading(field, best.value, round(sure, 4), best.evidence, None, method, signals, others[:MOST_RUNNERS_UP], best.doubts)


def standings(scores: list[float]) -> list[float]:
    """The log-odds of each value against all the others and against none of them (whose log-odds are 0).

    A value alone keeps almost what it has; two good ones that differ take from each other (C7).

    >>> [round(s, 1) for s in standings([3.0])], [round(s, 1) for s in standings([3.0, 3.0])]
    ([3.0], [-0.0, -0.0])
    """
    weighed = [exp(min(s, HIGHEST)) for s in scores]
    return [s - log1p(sum(weighed[:i]) + sum(weighed[i + 1 :])) for i, s in enumerate(scores)]


def one_a_value(candidates: list[Candidate]) -> list[Candidate]:
    """The best candidate of each value."""
    best: dict[str, Candidate] = {}
    for candidate in candidates:
        known = best.get(candidate.value)
        if known is None or score(candidate) > score(known):
            best[candidate.value] = candidate
    return list(best.values())


def _place(candidate: Candidate) -> tuple[int, float, float]:
    evidence = candidate.evidence
    return (evidence.page, evidence.box.y0, evidence.box.x0) if evidence else (0, 0.0, 0.0)
