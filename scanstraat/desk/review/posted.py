"""The form of the review page as it comes back: what stands in each input, where it was pointed at, and what was answered."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict

from scanstraat.codec import from_json
from scanstraat.errors import Inconsistent, Refused
from scanstraat.model.document import Kind
from scanstraat.model.field import Evidence, FieldName, Method
from scanstraat.model.page import Box
from scanstraat.model.review import Entry

_LONGEST = 2_000  # characters of one input


@dataclass(frozen=True, slots=True)
class Pointed:
    """Where a person pointed: page of the document, left, top, right and bottom in points, and the print there."""

    page: int
    box: tuple[float, float, float, float]
    raw: str


@dataclass(frozen=True, slots=True)
class Posted:
    """All that the form says."""

    entries: tuple[Entry, ...]
    kind: Kind
    answered: tuple[str, ...]


def posted(form: QueryDict) -> Posted:
    """The form read; raises `Refused` (`malformed`) for what our own page never sends."""
    try:
        kind = Kind(form.get("kind", ""))
    except ValueError:
        raise _malformed("kind") from None
    entries = tuple(_entry(form, field) for field in FieldName if f"value.{field}" in form)
    return Posted(entries, kind, tuple(form.getlist("answered")))


def _entry(form: QueryDict, field: FieldName) -> Entry:
    texts = (form.get(f"value.{field}", ""), form.get(f"again.{field}", ""))
    if any(len(text) > _LONGEST for text in texts):
        raise _malformed(field)
    return Entry(field, *texts, _evidence(form.get(f"evidence.{field}", "")))


def _evidence(text: str) -> Evidence | None:
    if not text:
        return None
    try:
        found = from_json(text, Pointed)
    except (Inconsistent, ValueError):
        raise _malformed("evidence") from None
    return Evidence(found.page, Box(*found.box), found.raw[:_LONGEST], Method.OPERATOR)


def _malformed(name: str) -> Refused:
    return Refused("malformed", f"{name} cannot be understood.", "Open the document again.")
