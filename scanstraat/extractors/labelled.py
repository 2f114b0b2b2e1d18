"""What the labels that point at a value say for a field: strong words, weak words, or words that mean something else."""

from __future__ import annotations

from scanstraat.extractors.labels.table import LabelKind
from scanstraat.extractors.pointing import Pointer, Relation
from scanstraat.extractors.signals import Signal

# A label farther left than this many points no longer keeps the label above from counting.
NEAR = 90.0
_SILENT = frozenset({LabelKind.PAGE, LabelKind.CONTACT, LabelKind.CURRENCY, LabelKind.TERM})


def label_signals(
    pointers: tuple[Pointer, ...], strong: frozenset[LabelKind], weak: frozenset[LabelKind] = frozenset()
) -> tuple[Signal, ...]:
    """The signals of a value's labels; `NO_LABEL` where none points at it."""
    if not pointers:
        return (Signal.NO_LABEL,)
    left = next((p for p in pointers if p.relation is not Relation.ABOVE), None)
    above = next((p for p in pointers if p.relation is Relation.ABOVE), None)
    found: list[Signal] = []
    if left is not None:
        found.extend(_of_left(left, strong, weak))
    adjacent = left is not None and left.gap < NEAR
    if above is not None and (Signal.OTHER_LABEL not in found or not adjacent):
        found.extend(_of_above(above, strong, weak))
    if len(found) > 1 and Signal.LABEL_ABOVE in found and found[0] is Signal.WEAK_LABEL_BESIDE:
        found = [Signal.LABEL_ABOVE]
    if len(found) > 1 and found[0] in {Signal.LABEL_BESIDE, Signal.LABEL_IN_SENTENCE, Signal.WEAK_LABEL_BESIDE}:
        found = found[:1]
    if Signal.OTHER_LABEL in found and {Signal.LABEL_ABOVE, Signal.WEAK_LABEL_ABOVE} & set(found):
        found.remove(Signal.OTHER_LABEL)
    return tuple(found) or (Signal.NO_LABEL,)


def _of_left(pointer: Pointer, strong: frozenset[LabelKind], weak: frozenset[LabelKind]) -> list[Signal]:
    kinds = set(pointer.kinds)
    if kinds & strong:
        if pointer.relation is Relation.LEFT_FAR:
            return [Signal.LABEL_FAR]
        return [Signal.LABEL_BESIDE] if pointer.hit.leading else [Signal.LABEL_IN_SENTENCE]
    if kinds & weak:
        return [Signal.WEAK_LABEL_BESIDE]
    return [] if kinds <= _SILENT else [Signal.OTHER_LABEL]


def _of_above(pointer: Pointer, strong: frozenset[LabelKind], weak: frozenset[LabelKind]) -> list[Signal]:
    kinds = set(pointer.kinds)
    if kinds & strong:
        return [Signal.LABEL_ABOVE]
    if kinds & weak:
        return [Signal.WEAK_LABEL_ABOVE]
    return []
