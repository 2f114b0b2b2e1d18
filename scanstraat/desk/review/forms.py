"""The form of the review page as posted: `value.FIELD`, `again.FIELD` and `evidence.FIELD`, the kind, and what was answered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite

from django.http import QueryDict

from scanstraat.codec import from_json
from scanstraat.errors import Inconsistent, Refused
from scanstraat.model.document import Kind
from scanstraat.model.field import Evidence, FieldName, Method
from scanstraat.model.page import Box
from scanstraat.model.review import Entry

LONGEST = 1_000  # characters of a value, as of what stands on the page where it was pointed at
_CODE = re.compile(r"[a-z][a-z-]{0,39}", re.VERBOSE)
_VALUE = "value."


@dataclass(frozen=True, slots=True)
class FilledForm:
    """What a person left in the form; `answered` are the codes of objections that he ticked."""

    entries: tuple[Entry, ...]
    kind: Kind
    answered: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Pointed:
    """Where he pointed at, as it travels in the form: points from the top left of the page as displayed."""

    page: int
    box: tuple[float, float, float, float]
    raw: str = ""


def filled_in(data: QueryDict) -> FilledForm:
    """The form as posted; raises `Refused` (`form`) where it is none that our page sends."""
    try:
        kind = Kind(data.get("kind", ""))
    except ValueError:
        raise _refused("the kind of the document") from None
    answered = tuple(dict.fromkeys(data.getlist("answered")))
    if not all(_CODE.fullmatch(code) for code in answered):
        raise _refused("what was answered")
    return FilledForm(tuple(_entries(data)), kind, answered)


def _entries(data: QueryDict) -> Iterator[Entry]:
    for name in data:
        if not name.startswith(_VALUE):
            continue
        try:
            field = FieldName(name.removeprefix(_VALUE))
        except ValueError:
            raise _refused("a field") from None
        text, again = data.get(name, ""), data.get(f"again.{field}", "")
        if max(len(text), len(again)) > LONGEST:
            raise _refused("a value that is this long")
        yield Entry(field, text, again, _evidence(data.get(f"evidence.{field}", "")))


def _evidence(text: str) -> Evidence | None:
    if not text:
        return None
    try:
        pointed = from_json(text, _Pointed)
    except Inconsistent:
        raise _refused("a place on the page") from None
    if pointed.page < 1 or not all(map(isfinite, pointed.box)) or len(pointed.raw) > LONGEST:
        raise _refused("a place on the page")
    return Evidence(pointed.page, Box(*pointed.box), pointed.raw, Method.OPERATOR)


def _refused(what: str) -> Refused:
    return Refused("form", f"the form cannot be understood: {what}.", "Open the document again.")
