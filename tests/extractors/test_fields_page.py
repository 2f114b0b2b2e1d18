"""The page on fields tells of every field that is read, and a field has all that the page asks of a new one."""

from __future__ import annotations

import importlib.util
import inspect
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from scanstraat.extractors.recognition import FIELDS
from scanstraat.extractors.values.payment_term import parse_term
from scanstraat.extractors.weights import WEIGHTS
from scanstraat.model.field import BUSINESS_TERMS, CANONICAL_FORMS, FieldName
from tests.extractors.test_golden import CASES

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "fields.md").read_text("utf-8")
STEPS = PAGE.partition("## Adding a field")[2].partition("## Adding a language")[0]
NAMED = re.compile(r"`(?P<path>[\w/.]+\.(?:py|toml)|tests/[\w/]+)`", re.VERBOSE)
MODULES = {field: sys.modules[candidates.__module__] for field, candidates in FIELDS}


def _generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    generate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate)
    return generate


def test_the_table_of_fields_is_that_of_the_code() -> None:
    assert _generate().with_fields(PAGE) == PAGE, "run: python docs/generate.py"


@pytest.mark.rule("C1", "C2")
@pytest.mark.parametrize("field", list(FieldName))
def test_a_field_has_all_that_the_page_asks_for(field: FieldName) -> None:
    """The steps of "Adding a field", one by one: name, module, row, weights, golden case, row of the page."""
    assert field in BUSINESS_TERMS
    assert field in CANONICAL_FORMS
    assert field in MODULES, "no row in FIELDS"
    assert MODULES[field].__name__.endswith(f".fields.{field.value}")
    assert inspect.getdoc(MODULES[field])
    assert field in WEIGHTS
    assert any(field.value in case.expected for case in CASES), "no golden case"
    assert f"| `{field.value}` |" in PAGE


def test_what_the_steps_name_exists() -> None:
    places = (ROOT, ROOT / "scanstraat", ROOT / "scanstraat" / "extractors")
    named = {match["path"] for match in NAMED.finditer(STEPS)}
    assert len(named) >= 7
    assert [path for path in sorted(named) if not any((place / path).exists() for place in places)] == []


def test_the_terms_on_the_page_are_canonical() -> None:
    terms = [line.split("`")[1] for line in PAGE.splitlines() if line.startswith("| `") and ("days" in line or "month" in line)]
    canonical = [term for term in terms if not term.isidentifier()]
    assert len(canonical) == 5
    assert [str(parse_term(term)) for term in canonical] == canonical
