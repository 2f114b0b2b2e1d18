"""What a field's values on one document have to say for themselves, and which of them is right: the examples of a fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fitting.comparing import is_right
from fitting.labelled import Case
from scanstraat.extractors.candidate import Candidate
from scanstraat.extractors.choose import one_a_value
from scanstraat.extractors.document_view import view
from scanstraat.extractors.recognition import judged
from scanstraat.extractors.signals import Signal
from scanstraat.model.administration import OwnIdentity
from scanstraat.model.field import FieldName


@dataclass(frozen=True, slots=True)
class Vote:
    """One value of a field: its signals, whether it is right, and whether something about it is doubted."""

    value: str
    signals: tuple[Signal, ...]
    right: bool
    doubted: bool


@dataclass(frozen=True, slots=True)
class Ballot:
    """The values of one field of one document; none of them may be right. `expected` is False where nothing is printed."""

    field: FieldName
    case: str
    family: str
    weight: float
    expected: bool
    votes: tuple[Vote, ...]


def ballots(cases: Iterable[Case]) -> Iterator[Ballot]:
    """The ballots of all fields whose truth is known, document by document."""
    for case in cases:
        found = judged(case.pages, view(case.pages, OwnIdentity()))
        for field, truths in case.truths.items():
            votes = tuple(_vote(c, truths) for c in one_a_value([c for c in found if c.field is field]))
            yield Ballot(field, f"{case.id}/{case.variant}", case.family, case.weight, bool(truths), votes)


def _vote(candidate: Candidate, truths: tuple[str, ...]) -> Vote:
    right = is_right(candidate.field, candidate.value, truths)
    return Vote(candidate.value, candidate.signals, right, bool(candidate.doubts))
