"""What a person left in the fields: what of it is given, what cannot be taken, and what has to be typed a second time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from scanstraat.errors import Refused
from scanstraat.extractors.typed.text import NOTHING, cleaned
from scanstraat.extractors.typed.value import typed
from scanstraat.model.administration import Administration
from scanstraat.model.correction import Given
from scanstraat.model.field import FieldName, Reading, Readings
from scanstraat.model.review import Actor, Entry, Objection

# What money goes by: a value of these that nothing on the page bears out is typed twice.
TWICE = frozenset({FieldName.IBAN, FieldName.ACCOUNT, FieldName.TOTAL})
_AGAIN = "nothing that was read bears this out: type it a second time, from the page."
_OTHERWISE = "the second time it was typed otherwise: look at the page, and type it anew."


@dataclass(frozen=True, slots=True)
class Form:
    """What entries are held against: what was read, what stands in the form (filled, and given before), and who types when."""

    read: Readings
    shown: Readings
    administration: Administration
    by: Actor
    now: datetime

    def typed(self, entry: Entry, text: str) -> str:
        """The canonical text of `text` in this entry's field."""
        return typed(entry.field, text, self.now.date(), self.administration.country)


@dataclass(frozen=True, slots=True)
class Entered:
    """The values given, and what speaks against what was typed."""

    given: tuple[Given, ...] = ()
    objections: tuple[Objection, ...] = ()


def entered(entries: tuple[Entry, ...], form: Form) -> Entered:
    """The values of a form as given ones.

    An entry equal to what was read confirms it. What a fallback rule filled is given only where it was typed or pointed at: left
    as it was it stays a fallback (D8). An empty one says of something that was read that it is not on the document.
    """
    given, objections = [], []
    for entry in entries:
        try:
            value = _value(entry, form)
        except Refused as refused:
            objections.append(Objection(refused.code, f"{refused.message} {refused.next_step}", entry.field))
            continue
        if value is not None:
            given.append(Given(entry.field, value, form.by.name, form.now, entry.evidence))
            objections.extend(_second_typing(entry, value, form))
    return Entered(tuple(given), tuple(objections))


def _value(entry: Entry, form: Form) -> str | None:
    """The canonical text of an entry; None where it says nothing that was not there before."""
    shown, text = form.shown.get(entry.field), cleaned(entry.text)
    if text in NOTHING:
        return None if shown is None or shown.rule else ""
    if shown is not None and text == cleaned(shown.value) and (not shown.rule or entry.evidence is None):
        return None if shown.rule else shown.value
    return form.typed(entry, text)


def _second_typing(entry: Entry, value: str, form: Form) -> Iterator[Objection]:
    if not value or not _needs_a_second(entry, value, form):
        return
    if not cleaned(entry.again):
        yield Objection("type-again", _AGAIN, entry.field, asks_again=True)
    elif not _is_same(entry, value, form):
        yield Objection("typed-otherwise", _OTHERWISE, entry.field, asks_again=True)


def _needs_a_second(entry: Entry, value: str, form: Form) -> bool:
    """Whether neither print nor an earlier reading bears a value out. An IBAN pointed at is borne out by its check digits."""
    read = form.read.get(entry.field)
    if entry.field not in TWICE or not _is_weak(read, form.administration.instructions.deliver_threshold):
        return False
    if entry.field is FieldName.IBAN and entry.evidence and _points_at(entry, value, form):
        return False
    return value not in _values(read) and value not in _values(form.shown.get(entry.field))


def _is_weak(read: Reading | None, threshold: float) -> bool:
    return read is None or bool(read.rule or read.doubts) or read.confidence < threshold


def _values(reading: Reading | None) -> frozenset[str]:
    return frozenset((reading.value, *(other.value for other in reading.runners_up))) if reading else frozenset()


def _points_at(entry: Entry, value: str, form: Form) -> bool:
    try:
        return entry.evidence is not None and form.typed(entry, entry.evidence.raw) == value
    except Refused:
        return False


def _is_same(entry: Entry, value: str, form: Form) -> bool:
    try:
        return form.typed(entry, entry.again) == value
    except Refused:
        return False
