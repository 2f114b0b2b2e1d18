"""What a person gave at the review desk: values of fields, and objections that he has looked at and answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from scanstraat.model.field import Evidence, FieldName, Method, Reading, Readings, RunnerUp


@dataclass(frozen=True, slots=True)
class Given:
    """A value that a person gave or confirmed, canonical as in `Reading`; "" says that it is not on the document.

    `evidence` is where he pointed at, None for typed ones. `by` is the name he signs in with.
    """

    field: FieldName
    value: str
    by: str
    at: datetime
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """An objection (a reason's code) that a person has looked at and holds for no obstacle."""

    code: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Correction:
    """All that persons gave on one document; the newest of a field or code is the one that counts."""

    given: tuple[Given, ...] = ()
    answered: tuple[Answered, ...] = ()


NOTHING_GIVEN = Correction()


def applied(readings: Readings, correction: Correction) -> Readings:
    """`readings` with what was given in the place of what was read; what was read before stays as a runner-up.

    >>> from datetime import UTC
    >>> given = Given(FieldName.TOTAL, "9.00", "anna", datetime(2026, 3, 31, tzinfo=UTC))
    >>> read = Readings((Reading(FieldName.TOTAL, "8.00", 0.4),))
    >>> now = applied(read, Correction((given,))).get(FieldName.TOTAL)
    >>> now.value, now.method.value, now.runners_up[0].value
    ('9.00', 'operator', '8.00')
    """
    for given in correction.given:
        readings = _with(readings, given)
    return readings


def _with(readings: Readings, given: Given) -> Readings:
    before = readings.get(given.field)
    if not given.value:
        return readings.without(given.field)
    others = before.runners_up if before else ()
    if before and not before.rule and before.value != given.value:
        others = (RunnerUp(before.value, before.confidence, before.evidence), *others)
    evidence = given.evidence or (before.evidence if before and before.value == given.value else None)
    signals = (f"given by {given.by}",)
    new = Reading(given.field, given.value, 1.0, evidence, method=Method.OPERATOR, signals=signals, runners_up=others)
    return readings.with_reading(new)
