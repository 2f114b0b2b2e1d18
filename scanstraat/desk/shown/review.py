"""The fields of a document in review: what stands in each input, how sure it is, and what keeps it from going out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext

from scanstraat.codec import to_json
from scanstraat.desk import wording
from scanstraat.desk.shown import values
from scanstraat.desk.shown.readings import ORDER, Certainty, certainty
from scanstraat.model.field import Evidence, FieldName, Method, Reading, Readings, RunnerUp
from scanstraat.model.review import Entry, Objection

_KEYS = 9  # runners-up that have a key
_LIKELY = 0.05  # confidence of a runner-up that is shown beside a value that is sure
# What a phone or a reader of screens is told about what is typed.
_INPUT_MODES = {FieldName.TOTAL: "decimal", FieldName.NET_TOTAL: "decimal", FieldName.VAT_TOTAL: "decimal"}
_UUID = re.compile(r"[0-9a-f]{8} (?: -[0-9a-f]{4} ){3} -[0-9a-f]{12}", re.VERBOSE)


@dataclass(frozen=True, slots=True)
class _Pointed:
    """Evidence as it travels in the form."""

    page: int
    box: tuple[float, float, float, float]
    raw: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A runner-up: its text as people read it, how sure it is, and where it stands (JSON, or "")."""

    text: str
    percent: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Told:
    """An objection in words; `other` is the id of a document it names, `is_answered` whether a person ticked it before."""

    code: str
    text: str
    rule: str
    can_be_answered: bool
    is_answered: bool
    other: str


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A field on the review page. `text` stands in the input, `filled` where a rule supplied it: then the input is empty.

    `evidence` is where its value stands; `given` where the person pointed before, both as JSON. `is_stop`: the eye has to rest
    here. `is_objected`: it kept the document from going out. `is_seen`: a person has looked at it. `asks_again`: it has to be
    typed twice.
    """

    name: str
    label: str
    certainty: Certainty
    text: str = ""
    filled: str = ""
    percent: str = ""
    rule: str = ""
    rule_text: str = ""
    doubts: tuple[str, ...] = ()
    raw: str = ""
    page: int = 0
    by_person: bool = False
    evidence: str = ""
    given: str = ""
    others: tuple[Choice, ...] = ()
    is_stop: bool = False
    is_objected: bool = False
    is_seen: bool = False
    is_folded: bool = False
    asks_again: bool = False
    input_mode: str = "text"
    choices: tuple[tuple[str, str], ...] = ()


def field_lines(
    objections: tuple[Objection, ...],
    readings: Readings,
    threshold: float,
    entries: Mapping[FieldName, Entry],
    is_invoice: bool,
    is_tried: bool,
) -> tuple[FieldLine, ...]:
    """All fields in the fixed order; those that were not read and are not wanted are folded away.

    `entries` is what the person left in the inputs, empty for a document just opened. Only an invoice misses fields. `is_tried`:
    he accepted them all before, so that only what is objected to still wants an eye.
    """
    mending = tuple(each for each in objections if is_tried and not each.can_be_answered)
    against = {field: tuple(each for each in mending if each.field is field) for field in FieldName}
    return tuple(
        _line(_read(readings, field, is_wanted and is_invoice, threshold), against[field], entries.get(field), is_tried, field)
        for field, is_wanted in ORDER
    )


def told(objections: tuple[Objection, ...], answered: tuple[str, ...]) -> tuple[Told, ...]:
    """These objections in words; the id of a document within is shortened."""
    return tuple(_told(objection, answered) for objection in objections)


def shortened(text: str) -> str:
    """A sentence with the ids of documents in it cut to what tells them apart.

    >>> shortened("the same invoice as 8d7f2a10-1b2c-4d3e-8f90-123456789abc")
    'the same invoice as 8d7f2a10'
    """
    return _UUID.sub(lambda match: match[0][:8], text)


def box_json(evidence: Evidence | None) -> str:
    """Where something stands on the page, as the form and the viewer have it; "" for nowhere."""
    if evidence is None:
        return ""
    box = evidence.box
    sides = (round(box.x0, 1), round(box.y0, 1), round(box.x1, 1), round(box.y1, 1))
    return to_json(_Pointed(evidence.page, sides, evidence.raw)).decode()


def _line(line: FieldLine, against: tuple[Objection, ...], entry: Entry | None, is_tried: bool, field: FieldName) -> FieldLine:
    wants_an_eye = line.certainty is Certainty.DOUBTFUL or (line.certainty is Certainty.MISSING and not line.is_folded)
    if entry is not None:
        is_another = entry.text.strip() != line.text
        line = replace(line, text=entry.text, given=box_json(entry.evidence), by_person=line.by_person or is_another)
    return replace(
        line,
        is_objected=bool(against),
        is_stop=bool(against) or (wants_an_eye and not line.by_person),
        is_seen=line.by_person or is_tried,
        asks_again=any(each.asks_again for each in against) or bool(entry and entry.again),
        is_folded=line.is_folded and not against and not line.text,
        input_mode=_INPUT_MODES.get(field, "text"),
        choices=_choices(field),
    )


def _read(readings: Readings, field: FieldName, is_wanted: bool, threshold: float) -> FieldLine:
    label, reading = gettext(wording.FIELDS[field]), readings.get(field)
    if reading is None:
        covered = field is FieldName.IBAN and readings.get(FieldName.ACCOUNT) is not None  # either is the account to pay to (C5)
        return FieldLine(field.value, label, Certainty.MISSING, is_folded=not is_wanted or covered)
    evidence = reading.evidence
    text = _raw_value(reading)
    return FieldLine(
        field.value,
        label,
        certainty(reading, threshold),
        text="" if reading.rule else text,
        filled=text if reading.rule else "",
        percent="" if reading.rule else values.percent(reading.confidence),
        rule=reading.rule or "",
        rule_text=wording.rule(reading.rule or ""),
        doubts=reading.doubts,
        raw=evidence.raw if evidence and evidence.raw != text else "",
        page=evidence.page if evidence else 0,
        by_person=reading.method is Method.OPERATOR,
        evidence=box_json(evidence),
        others=tuple(_choice(reading, other) for other in _worth_showing(reading, threshold)),
    )


def _worth_showing(reading: Reading, threshold: float) -> tuple[RunnerUp, ...]:
    """The runners-up; beside a sure value only those that it might be confused with, so that the page stays calm."""
    is_sure = certainty(reading, threshold) is Certainty.CALM and reading.method is not Method.OPERATOR
    least = _LIKELY if is_sure else 0.0
    return tuple(other for other in reading.runners_up if other.confidence >= least)[:_KEYS]


def _raw_value(reading: Reading) -> str:
    """As people read it; what is chosen from a list keeps the value of the list."""
    return reading.value if reading.field is FieldName.IS_CREDIT_NOTE else values.shown(reading)


def _choice(reading: Reading, other: RunnerUp) -> Choice:
    text = values.shown(replace(reading, value=other.value, rule=None))
    return Choice(text, values.percent(other.confidence), box_json(other.evidence))


def _choices(field: FieldName) -> tuple[tuple[str, str], ...]:
    if field is not FieldName.IS_CREDIT_NOTE:
        return ()
    return (("", ""), ("false", gettext("no")), ("true", gettext("yes")))


def _told(objection: Objection, answered: tuple[str, ...]) -> Told:
    found, is_answered = _UUID.search(objection.text), objection.code in answered
    other, text = found[0] if found else "", shortened(objection.text)
    return Told(objection.code, text, objection.rule, objection.can_be_answered, is_answered, other)
