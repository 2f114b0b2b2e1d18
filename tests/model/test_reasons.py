from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

import scanstraat
from scanstraat.desk import wording
from scanstraat.model.reasons import HOLDING, TELLING, WEIGHTS, first_reason
from scanstraat.model.verdict import Action, Reason, Verdict
from scanstraat.records.models import Document

PACKAGE = Path(scanstraat.__file__).parent


def codes_used() -> Iterator[tuple[str, str]]:
    """The first argument of every `Reason(…)` in the package that is written out, and where it stands."""
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            is_reason = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Reason"
            if is_reason and node.args and isinstance(node.args[0], ast.Constant):
                yield str(node.args[0].value), f"{path.relative_to(PACKAGE)}:{node.lineno}"


def test_every_code_that_the_package_gives_stands_in_the_table() -> None:
    used = list(codes_used())
    assert len(used) > 20
    assert [(code, where) for code, where in used if code not in WEIGHTS] == []


def test_a_code_stands_once_and_has_a_weight_of_its_own() -> None:
    weights = [WEIGHTS[code] for code in HOLDING]
    assert len(set(HOLDING) | set(TELLING)) == len(HOLDING) + len(TELLING)
    assert weights == sorted(set(weights), reverse=True)
    assert min(weights) > 0


def test_every_queue_has_its_words_and_its_column_holds_it() -> None:
    assert set(wording.REASONS) == set(HOLDING)
    longest = Document._meta.get_field("reason").max_length
    assert all(len(code) <= longest for code in WEIGHTS)


@given(st.lists(st.sampled_from(sorted(WEIGHTS)), min_size=1), st.sampled_from(Action))
def test_a_document_waits_in_the_queue_of_its_heaviest_reason(codes: list[str], action: Action) -> None:
    waits_in = first_reason(Verdict(action, tuple(Reason(code, code) for code in codes)))
    assert waits_in == (max(codes, key=WEIGHTS.__getitem__) if action is Action.REVIEW else "")


def test_a_code_nobody_knows_gives_way_to_every_other() -> None:
    verdict = Verdict(Action.REVIEW, (Reason("of-tomorrow", "x"), Reason("doubt", "y")))
    assert first_reason(verdict) == "doubt"
    assert wording.reason("of-tomorrow") == "of-tomorrow"
