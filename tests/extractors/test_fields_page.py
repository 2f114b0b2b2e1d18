"""The page on fields tells of every field that is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanstraat.extractors.recognition import FIELDS
from scanstraat.extractors.values.payment_term import parse_term
from scanstraat.model.field import FieldName

PAGE = (Path(__file__).parents[2] / "docs" / "fields.md").read_text("utf-8")


@pytest.mark.parametrize("field", [field for field, _ in FIELDS])
def test_the_page_tells_of_the_field(field: FieldName) -> None:
    assert f"`{field.value}`" in PAGE


def test_the_terms_on_the_page_are_canonical() -> None:
    terms = [line.split("`")[1] for line in PAGE.splitlines() if line.startswith("| `") and ("days" in line or "month" in line)]
    canonical = [term for term in terms if not term.isidentifier()]
    assert len(canonical) == 5
    assert [str(parse_term(term)) for term in canonical] == canonical
