"""Fits what each sign of a boundary is worth on bundles with known boundaries; prints the table of `pipeline/boundaries.py`.

    python -m benchmarks.boundary_weights [--bundles 400] [--seed 1]

Logistic regression with a pull towards the `PRIOR`, so that a sign that bundles show too seldom, or too regularly, keeps a
sensible worth.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator

import numpy as np

from benchmarks.splitting import read
from fixtures.testbed.bundles import Leaf as Truth
from scanstraat.extractors.pageclass import classify
from scanstraat.model.page import Page, PageRef
from scanstraat.pipeline.boundaries import Sign, signs
from scanstraat.pipeline.pagegroups import Leaf, Segment

PULL, STEPS = 8.0, 60
# What a careful person would give each sign before seeing any bundle.
PRIOR: dict[Sign, float] = {
    Sign.PAGE_ONE: 4.0,
    Sign.PAGE_ONE_MISSED: -2.5,
    Sign.PAGE_NEXT: -3.5,
    Sign.PAGE_NEXT_OF: -5.5,
    Sign.PAGE_SAME_COUNT: -1.0,
    Sign.PAGE_LATER: -1.5,
    Sign.PAGE_MISSING: 0.2,
    Sign.ENDED: 0.7,
    Sign.UNENDED: -0.7,
    Sign.NUMBER_SAME: -5.5,
    Sign.NUMBER_OTHER: 3.5,
    Sign.NAMES_NUMBER: -2.5,
    Sign.WHO_SAME: -0.7,
    Sign.WHO_OTHER: 2.5,
    Sign.WEB_OTHER: 1.0,
    Sign.RUNNING_SAME: -0.5,
    Sign.RUNNING_OTHER: 1.5,
    Sign.RUNNING_NONE: -1.0,
    Sign.GREETS: 2.0,
    Sign.BARE: -2.0,
    Sign.COMPLETE: 1.0,
    Sign.TITLE: 1.5,
    Sign.ADDRESSED: 1.0,
    Sign.DAY_SAME: -0.7,
    Sign.DAY_OTHER: 1.0,
    Sign.DAY_NEW: 0.5,
    Sign.CARRIED: -3.0,
    Sign.SUMMED: 0.3,
    Sign.UNSUMMED: -0.5,
    Sign.KIND_OTHER: 1.0,
    Sign.KIND_PLAIN: -1.0,
    Sign.KIND_BEHIND: -2.0,
    Sign.ADVERTISING: -0.5,
    Sign.COVER: -5.0,
    Sign.LETTER: -4.0,
    Sign.BLANK_BETWEEN: 0.5,
    Sign.SIZE_OTHER: 0.7,
}


def samples(stacks: Iterable[tuple[tuple[Page, ...], tuple[Truth, ...]]]) -> Iterator[tuple[tuple[Sign, ...], bool]]:
    """For every printed page behind another: what is noticed of it, and whether a document begins there in truth."""
    for pages, truth in stacks:
        before: Segment | None = None
        for page, told in zip(pages, truth, strict=True):
            leaf = Leaf(PageRef(0, page.number), page, classify(page))
            begins = told.page == 1
            if before is not None and not leaf.is_blank and not before.is_blank:
                yield signs(before, leaf), begins
            before = Segment((leaf,)) if before is None or begins else Segment((*before.leaves, leaf))


def fitted(found: list[tuple[tuple[Sign, ...], bool]]) -> tuple[float, dict[Sign, float]]:
    """Bias and weights by Newton's method."""
    names = list(Sign)
    x = np.array([[1.0, *(float(sign in noticed) for sign in names)] for noticed, _ in found])
    y = np.array([float(begins) for _, begins in found])
    prior = np.array([-1.0, *(PRIOR.get(sign, 0.0) for sign in names)])
    weights = prior.copy()
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(-x @ weights))
        slope = x.T @ (p - y) + PULL * (weights - prior)
        curve = (x.T * (p * (1 - p))) @ x + PULL * np.eye(len(weights))
        weights = weights - np.linalg.solve(curve, slope)
    return float(weights[0]), dict(zip(names, map(float, weights[1:]), strict=True))


def main() -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser(description="Fit what each sign of a boundary is worth.")
    parser.add_argument("--bundles", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.set_defaults(held_out=False, scanned=False)
    found = list(samples(read(parser.parse_args())))
    bias, weights = fitted(found)
    print(f"# {len(found)} pages\nBIAS = {bias:.1f}\nWEIGHTS: dict[Sign, float] = {{")
    for sign, weight in weights.items():
        seen = [begins for noticed, begins in found if sign in noticed]
        print(f"    Sign.{sign.name}: {weight:.1f},  # {sum(seen)} of {len(seen)} begin")
    print("}")


if __name__ == "__main__":
    main()
