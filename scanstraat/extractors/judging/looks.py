"""Two readings of one place judged together: agreement, disagreement, and which of them a check bears out (C7)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from scanstraat.extractors.candidate import Candidate
from scanstraat.extractors.doubtful_places import LOOKED_AT
from scanstraat.extractors.signals import Signal
from scanstraat.model.look import Look

_FIELDS = frozenset(field for field, _ in LOOKED_AT)
# A check that holds settles which of two readings is right.
_BORNE_OUT = frozenset({Signal.CHECKS, Signal.ADDS_UP, Signal.IN_QR})
_WIDER = 1.3
_APART = frozenset({Signal.SECOND_LOOK_DIFFERS, Signal.ONLY_SECOND_LOOK})
# What agreement makes good: it says that the letters are right, not that they are those of this field.
_PRINT = frozenset({Signal.POOR_PRINT, Signal.FAINT_PRINT, Signal.SCANNED})


def compared(first: tuple[Candidate, ...], second: tuple[Candidate, ...], looks: tuple[Look, ...]) -> tuple[Candidate, ...]:
    """The candidates of both readings, those from a place that was looked at twice marked by what the other one says."""
    return (
        *(_marked(c, second, looks, Signal.SECOND_LOOK_DIFFERS) for c in first),
        *(_marked(c, first, looks, Signal.ONLY_SECOND_LOOK) for c in second),
    )


def _marked(candidate: Candidate, others: tuple[Candidate, ...], looks: tuple[Look, ...], apart: Signal) -> Candidate:
    if candidate.field not in _FIELDS:
        return candidate
    rivals = {c.value for look in _at(candidate, looks) for c in others if c.field is candidate.field and _is_at(c, look)}
    if not rivals:
        return candidate
    if candidate.value not in rivals:
        return candidate.with_signals(apart)
    legible = tuple(s for s in candidate.signals if s not in _PRINT)
    return replace(candidate, signals=(*legible, Signal.SECOND_LOOK_AGREES))


def settled(found: tuple[Candidate, ...], looks: tuple[Look, ...]) -> tuple[Candidate, ...]:
    """After all other judging: disagreement is no matter where a check holds, and a doubt where none does."""
    return tuple(_settled(c, found, looks) for c in found)


def _settled(candidate: Candidate, found: tuple[Candidate, ...], looks: tuple[Look, ...]) -> Candidate:
    if not _APART & set(candidate.signals):
        return candidate
    if _BORNE_OUT & set(candidate.signals):
        return replace(candidate, signals=tuple(s for s in candidate.signals if s not in _APART))
    rivals = sorted({c.value for look in _at(candidate, looks) for c in found if c.field is candidate.field and _is_at(c, look)})
    others = ", ".join(value for value in rivals if value != candidate.value)
    return candidate.with_doubt(f"read twice, the second time otherwise: {candidate.value} or {others}")


def _at(candidate: Candidate, looks: tuple[Look, ...]) -> Iterator[Look]:
    return (look for look in looks if look.words and _is_at(candidate, look))


def _is_at(candidate: Candidate, look: Look) -> bool:
    if candidate.evidence is None or candidate.evidence.page != look.place.page:
        return False
    x, y = candidate.evidence.box.middle
    box = look.place.box
    if candidate.evidence.box.width > _WIDER * box.width:  # the place is but a part of it
        return False
    return box.x0 <= x <= box.x1 and abs(y - box.middle[1] - look.place.slope * (x - box.middle[0])) <= box.height / 2
