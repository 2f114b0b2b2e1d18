"""Signals to confidence: one table, read by one module."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import scanstraat.extractors
from scanstraat.extractors.candidate import Candidate
from scanstraat.extractors.choose import choose
from scanstraat.extractors.document_view import view
from scanstraat.extractors.recognition import FIELDS, judged
from scanstraat.extractors.signals import Signal
from scanstraat.extractors.weights import CALIBRATION, DOUBTFUL, WEIGHTS, confidence, odds_to_confidence, score, table
from scanstraat.model.administration import OwnIdentity
from scanstraat.model.field import FieldName
from scanstraat.model.page import PageSource
from tests.extractors.golden import dutch, english, french, german, nordic, services, southern
from tests.extractors.printed import printed

FIELD = FieldName.INVOICE_NUMBER
CASES = [case for language in (dutch, english, french, german, nordic, services, southern) for case in language.CASES]
ROOM = Path(scanstraat.extractors.__file__).parent


def candidate(value: str, *signals: Signal, doubts: tuple[str, ...] = ()) -> Candidate:
    """A candidate without evidence."""
    return Candidate(FIELD, value, None, signals, doubts)


def test_the_value_with_the_better_signals_is_chosen_and_the_others_are_kept() -> None:
    chosen = choose((candidate("A1", Signal.TITLE_BESIDE), candidate("B2", Signal.LABEL_BESIDE)))
    assert [reading.value for reading in chosen] == ["B2"]
    assert [other.value for other in chosen[0].runners_up] == ["A1"]


@pytest.mark.rule("C7")
def test_a_doubt_keeps_a_value_from_being_certain() -> None:
    sure = choose((candidate("A1", Signal.LABEL_BESIDE, Signal.REPEATED),))[0]
    doubted = choose((candidate("A1", Signal.LABEL_BESIDE, Signal.REPEATED, doubts=("odd",)),))[0]
    assert sure.confidence > 0.9
    assert doubted.confidence <= DOUBTFUL < 0.9


@pytest.mark.rule("C7")
def test_a_rival_takes_from_the_winners_confidence() -> None:
    alone = choose((candidate("A1", Signal.LABEL_BESIDE),))[0]
    rivalled = choose((candidate("A1", Signal.LABEL_BESIDE), candidate("B2", Signal.LABEL_ABOVE)))[0]
    assert rivalled.value == alone.value
    assert rivalled.confidence < alone.confidence


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.lists(st.sampled_from(list(Signal)), max_size=6)), max_size=6))
def test_a_confidence_is_a_probability_whatever_the_signals(drawn: list[tuple[str, list[Signal]]]) -> None:
    for reading in choose(tuple(candidate(value, *signals) for value, signals in drawn)):
        assert 0.0 <= reading.confidence <= 1.0
        assert all(0.0 <= other.confidence <= 1.0 for other in reading.runners_up)


def test_every_field_that_is_read_has_a_row_of_weights_and_none_else() -> None:
    assert {field for field, _ in FIELDS} == set(WEIGHTS)


def test_every_signal_is_worth_something_somewhere() -> None:
    used = {signal for _, row in WEIGHTS.values() for signal in row}
    assert set(Signal) - used == set()


# Signals that a field's candidates carry and that are knowingly worth nothing for it.
_PRINT = frozenset({Signal.SCANNED, Signal.FAINT_PRINT, Signal.POOR_PRINT})
NOTHING = {
    FieldName.IS_CREDIT_NOTE: _PRINT,
    FieldName.PAYMENT_TERM: _PRINT,
    FieldName.PAYMENT_REFERENCE: _PRINT,
    FieldName.PURCHASE_ORDER: _PRINT,
    FieldName.REGISTER_NUMBER: _PRINT,
    FieldName.PRECEDING_INVOICE: _PRINT,
}


@pytest.mark.parametrize("source", list(PageSource)[:2], ids=str)
def test_every_signal_that_a_field_gives_has_a_row_or_is_knowingly_nothing(source: PageSource) -> None:
    without = set()
    for case in CASES:
        pages = (printed(case.text, source=source, codes=case.codes),)
        for found in judged(pages, view(pages, OwnIdentity())):
            known = WEIGHTS[found.field][1].keys() | NOTHING.get(found.field, frozenset())
            without.update((found.field.value, signal.name) for signal in set(found.signals) - known)
    assert without == set()


def test_the_table_says_by_hand_and_fitted_for_the_eight_fields_and_fitting_turned_no_sign() -> None:
    rows = table("weights.toml")
    for field in ("iban", "supplier_name", "vat_number", "invoice_number", "invoice_date", "due_date", "total", "currency"):
        for name, numbers in rows[field].items():
            by_hand, worth = numbers[0], numbers[-1]
            assert by_hand * worth >= 0 or abs(by_hand) < 0.5 or name == "bias", (field, name)
        assert any(len(numbers) == 2 for numbers in rows[field].values())


def test_confidences_rise_with_the_standing() -> None:
    for field, (_, slope) in CALIBRATION.items():
        assert slope > 0
        assert confidence(field, 3.0) > confidence(field, 0.0)


def test_more_speaking_for_a_value_never_lowers_it() -> None:
    assert score(candidate("A", Signal.LABEL_BESIDE)) > score(candidate("A"))
    assert odds_to_confidence(2.0) > odds_to_confidence(1.0)


def test_nobody_but_choose_turns_signals_into_a_confidence() -> None:
    users = set()
    for path in ROOM.rglob("*.py"):
        names = {node.id for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Name)}
        if "Reading" in names and path.stem not in {"choose", "recognition"}:
            users.add(path.stem)
    assert users == set()
