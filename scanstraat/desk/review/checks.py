"""The live check: the form as it stands, looked at as accepting it would, told field by field while a person types."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_POST

from scanstraat.desk import visibility
from scanstraat.desk.review import asking
from scanstraat.desk.review.forms import FilledForm, filled_in
from scanstraat.desk.rights import may
from scanstraat.desk.shown import values
from scanstraat.desk.shown.readings import ORDER
from scanstraat.desk.shown.review import Told, told
from scanstraat.desk.wording import Tone
from scanstraat.model.field import FieldName, Reading, Readings
from scanstraat.model.people import Right
from scanstraat.model.review import Looked, Remark
from scanstraat.model.verdict import Action
from scanstraat.pipeline.review.checking import case_of, looked

_WAYS = {
    Action.DELIVER: (_("Goes to the workflow."), Tone.GOOD),
    Action.ARCHIVE: (_("Goes to the archive."), Tone.QUIET),
    Action.DISCARD: (_("Is discarded."), Tone.QUIET),
    Action.REVIEW: (_("Stays here: something has to be mended or answered."), Tone.ASKING),
    Action.REJECT: (_("Is rejected."), Tone.BAD),
}
_DAYS = frozenset({FieldName.INVOICE_DATE, FieldName.DUE_DATE})
_AMOUNTS = frozenset({FieldName.TOTAL, FieldName.NET_TOTAL, FieldName.VAT_TOTAL})


@dataclass(frozen=True, slots=True)
class Checked:
    """What is told of one field: what stands against it, what was found out, and how what was typed was understood.

    `asks_again`: it has to be typed a second time. `is_right`: something speaks for it, and nothing against it.
    """

    name: str
    objections: tuple[Told, ...] = ()
    remarks: tuple[Remark, ...] = ()
    understood: str = ""
    asks_again: bool = False

    @property
    def is_right(self) -> bool:
        """Whether all is well."""
        return not self.objections and any(remark.is_good for remark in self.remarks)


@may(Right.REVIEW)
@require_POST
def check(request: HttpRequest, identifier: UUID) -> HttpResponse:
    """The fragment that htmx puts into the page: each `check-FIELD`, what is no field's, and where the document would go.

    Nothing is written, so it need not be held. 422 for a form that our page does not send.
    """
    row = visibility.document(request, identifier, Right.REVIEW)
    form = filled_in(request.POST)
    case, at, by = case_of(row.id), asking.now(), asking.actor(request)
    # all that can be answered stays on the page, ticked or not; only what is not answered stands in the way
    every = looked(case, form.entries, form.kind, (), at, by)
    found = looked(case, form.entries, form.kind, form.answered, at, by) if form.answered else every
    text, tone = way_of(found)
    shown = {
        "fields": checked(found, form, case.shown),
        "general": told(tuple(each for each in found.objections if each.field is None and not each.can_be_answered), ()),
        "answers": told(tuple(each for each in every.objections if each.can_be_answered), form.answered),
        "may_change": True,
        "way": text,
        "tone": tone,
    }
    return render(request, "desk/review/_checks.html", shown)


def way_of(found: Looked) -> tuple[str, Tone]:
    """Where accepting would send it, in words."""
    text, tone = _WAYS[found.verdict.action]
    return gettext(text), tone


def checked(found: Looked, form: FilledForm, before: Readings) -> tuple[Checked, ...]:
    """Every field of the page, in its order; `before` is what the page was opened with."""
    texts = {entry.field: entry.text for entry in form.entries}
    return tuple(_checked(found, field, texts.get(field), form.answered, before.value(field)) for field, _ in ORDER)


def _checked(found: Looked, field: FieldName, text: str | None, answered: tuple[str, ...], before: str | None) -> Checked:
    against = tuple(each for each in found.objections if each.field is field)
    is_refused = any(each.code.startswith("typed-") for each in against)
    return Checked(
        name=field.value,
        objections=told(against, answered),
        remarks=tuple(each for each in found.remarks if each.field is field and not is_refused),
        understood="" if is_refused or text is None else _understood(found.readings, field, text.strip(), before),
        asks_again=any(each.asks_again for each in against),
    )


def _understood(readings: Readings, field: FieldName, text: str, before: str | None) -> str:
    """The value in words, where that is not what stands in the field already: as typed, or as a rule fills it by now."""
    reading = readings.get(field)
    if reading is None or (reading.value == before if reading.rule else not text):
        return ""
    said = _IN_WORDS.get(field, _plain)(reading, readings)
    return "" if said in (text, "") or reading.value == text else said


def _day(reading: Reading, _: Readings) -> str:
    return date_format(reading.day, "D j F Y")


def _money(reading: Reading, readings: Readings) -> str:
    return values.money(reading.value, readings.value(FieldName.CURRENCY) or "")


def _plain(reading: Reading, _: Readings) -> str:
    return values.shown(reading)


_IN_WORDS: dict[FieldName, Callable[[Reading, Readings], str]] = dict.fromkeys(_DAYS, _day) | dict.fromkeys(_AMOUNTS, _money)
