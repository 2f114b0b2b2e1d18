"""Candidates: every value that may be a field's, with its evidence and the named signals that speak for and against it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from scanstraat.extractors.signals import Signal
from scanstraat.model.field import Evidence, FieldName


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value in canonical text that may be a field's. `doubts` are sentences for the person who looks (C7)."""

    field: FieldName
    value: str
    evidence: Evidence | None
    signals: tuple[Signal, ...] = ()
    doubts: tuple[str, ...] = ()

    def with_signals(self, *more: Signal) -> Candidate:
        """The same candidate with further signals, none twice."""
        return replace(self, signals=tuple(dict.fromkeys((*self.signals, *more))))

    def with_doubt(self, doubt: str) -> Candidate:
        """The same candidate with a further doubt."""
        return self if doubt in self.doubts else replace(self, doubts=(*self.doubts, doubt))
