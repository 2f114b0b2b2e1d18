from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from scanstraat.pipeline import rules  # not `tests_of` itself, which pytest would take for a test
from scanstraat.pipeline.rules import RULES, Rule, as_markdown

ROOT = Path(__file__).parent.parent.parent
COUNTS = {"A": 10, "B": 9, "C": 7, "D": 9, "E": 8, "F": 8, "G": 6, "H": 4, "I": 8, "J": 4, "K": 1}
TESTS = dict(rules.tests_of(ROOT / "tests"))
CARRIED = [rule for rule in RULES if rule.carried_by]


def number(rule: Rule) -> str:
    return rule.number


def test_every_rule_has_its_row_in_order() -> None:
    assert [rule.number for rule in RULES] == [f"{letter}{n}" for letter, last in COUNTS.items() for n in range(1, last + 1)]


@pytest.mark.parametrize("rule", RULES, ids=number)
def test_the_words_of_a_rule_are_few(rule: Rule) -> None:
    assert 0 < len(rule.quote.split()) <= 12


@pytest.mark.parametrize("rule", CARRIED, ids=number)
def test_what_is_said_to_carry_a_rule_exists(rule: Rule) -> None:
    for name in rule.names:
        module, _, attribute = name.partition(":")
        assert hasattr(importlib.import_module(module), attribute), name


@pytest.mark.parametrize("rule", CARRIED, ids=number)
def test_a_rule_that_is_carried_has_a_test_that_names_it(rule: Rule) -> None:
    assert TESTS.get(rule.number), f"no test is marked with {rule.number}"


def test_every_mark_names_a_rule_there_is() -> None:
    marks = {mark for path in (ROOT / "tests").rglob("test_*.py") for mark in _loose_marks(path)}
    assert marks <= {rule.number for rule in RULES}


def _loose_marks(path: Path) -> set[str]:
    """Marks found by reading the text, not the syntax tree, so that the two ways check one another."""
    lines = (line for line in path.read_text().splitlines() if "mark.rule(" in line and path.name != "test_rules.py")
    return {piece for line in lines for piece in line.partition("mark.rule(")[2].partition(")")[0].split('"')[1::2]}


def test_the_page_of_rules_is_what_the_table_says() -> None:
    assert (ROOT / "docs" / "rules.md").read_text() == as_markdown(), "run: python docs/generate.py"


def test_marks_on_functions_classes_modules_and_parameters_are_found(tmp_path: Path) -> None:
    folder = tmp_path / "tests" / "room"
    folder.mkdir(parents=True)
    (folder / "test_one.py").write_text(
        """
import pytest
pytestmark = [pytest.mark.rule("A1"), pytest.mark.slow]

@pytest.mark.rule("B1", "A1")
def test_function(): ...

@pytest.mark.rule("C1")
class TestClass:
    @pytest.mark.parametrize("x", [1, pytest.param(2, marks=pytest.mark.rule("D1"))])
    async def test_method(self, x): ...
    def not_a_test(self): ...

def helper(): ...
"""
    )
    function, method = "tests/room/test_one.py::test_function", "tests/room/test_one.py::TestClass::test_method"
    assert rules.tests_of(tmp_path / "tests") == (
        ("A1", (function, method)),
        ("B1", (function,)),
        ("C1", (method,)),
        ("D1", (method,)),
    )
