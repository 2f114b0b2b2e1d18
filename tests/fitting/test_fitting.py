"""The fit: what it learns from a few ballots is known beforehand, and what it writes is the table it read."""

from __future__ import annotations

import doctest
import tomllib
from pathlib import Path

import pytest

from fitting import comparing, regression
from fitting.ballots import Ballot, Vote, ballots
from fitting.fit import Row, fit
from fitting.labelled import Case, truths
from fitting.tables import CALIBRATION, WEIGHTS, priors, write_calibration, write_weights
from scanstraat.extractors.signals import Signal
from scanstraat.model.field import FieldName
from tests.extractors.printed import printed

FIELD = FieldName.INVOICE_NUMBER
PRIOR = Row(0.0, {Signal.LABEL_BESIDE: 1.0, Signal.REPEATED: 0.0})


def ballot(family: str, *votes: tuple[bool, tuple[Signal, ...]]) -> Ballot:
    """A document whose number has these values: whether each is right, and its signals."""
    return Ballot(FIELD, family, family, 1.0, True, tuple(Vote(str(i), s, right, False) for i, (right, s) in enumerate(votes)))


LABELLED = tuple(
    ballot(f"family {i}", (True, (Signal.LABEL_BESIDE,)), (False, (Signal.REPEATED,)), (False, ())) for i in range(40)
)


def test_a_known_fit_comes_out_again() -> None:
    found = fit(FIELD, PRIOR, LABELLED)
    assert found.row == Row(0.43, {Signal.LABEL_BESIDE: 2.54, Signal.REPEATED: -0.43})
    assert found.after == found.before == 1.0
    assert found.surprise[1] < found.surprise[0]
    assert fit(FIELD, PRIOR, LABELLED) == found


def test_a_signal_never_seen_keeps_the_worth_set_by_hand() -> None:
    prior = Row(0.0, {**PRIOR.worth, Signal.TITLE_BESIDE: 1.8})
    assert fit(FIELD, prior, LABELLED).row.worth[Signal.TITLE_BESIDE] == 1.8


def test_confidences_are_lowered_where_sure_values_were_wrong() -> None:
    half = tuple(ballot(f"family {i}", (i % 2 == 0, (Signal.LABEL_BESIDE,))) for i in range(40))
    sure = Row(2.0, {Signal.LABEL_BESIDE: 3.0})
    offset, slope = fit(FIELD, sure, half).calibration
    assert offset + slope * 5.0 < 5.0
    assert slope > 0


def test_folds_keep_families_together() -> None:
    found = fit(FIELD, PRIOR, LABELLED)
    assert sorted(w.family for w in found.winners) == sorted(b.family for b in LABELLED)


def test_the_values_of_a_document_are_told_right_or_wrong_by_its_truth() -> None:
    page = printed("Factuurnummer  2026-0117\nFactuurdatum   03-02-2026\n")
    truth = truths({"invoice_number": "2026-0117", "invoice_date": "2026-02-04", "due_date": None, "absent": ["iban"]})
    assert truth == {FieldName.IBAN: (), FieldName.INVOICE_NUMBER: ("2026-0117",), FieldName.INVOICE_DATE: ("2026-02-04",)}
    by_field = {b.field: b for b in ballots([Case("a", "doc", "a", 1.0, truth, (page,))])}
    assert [v.right for v in by_field[FieldName.INVOICE_NUMBER].votes] == [True]
    assert [v.right for v in by_field[FieldName.INVOICE_DATE].votes] == [False]
    assert not by_field[FieldName.IBAN].expected


def test_what_is_written_keeps_comments_order_and_the_worth_set_by_hand(tmp_path: Path) -> None:
    path = tmp_path / "weights.toml"
    path.write_text(WEIGHTS.read_text())
    before = tomllib.loads(path.read_text())
    row = priors(path)[FieldName.IBAN]
    write_weights(path, {FieldName.IBAN: Row(9.0, dict.fromkeys(row.worth, 9.25))})
    after = tomllib.loads(path.read_text())
    assert [list(section) for section in after.values()] == [list(section) for section in before.values()]
    assert after["iban"]["CHECKS"] == [before["iban"]["CHECKS"][0], 9.25]
    assert {field: section for field, section in after.items() if field != "iban"} == {
        field: {name: numbers[:1] for name, numbers in section.items()} for field, section in before.items() if field != "iban"
    }
    assert path.read_text().splitlines()[0] == WEIGHTS.read_text().splitlines()[0]


def test_calibrations_are_written_one_row_a_field(tmp_path: Path) -> None:
    path = tmp_path / "calibration.toml"
    path.write_text(CALIBRATION.read_text())
    write_calibration(path, {FieldName.IBAN: (0.1, 1.2)})
    assert path.read_text().endswith("[confidence]\niban = [0.10, 1.20]\n")
    assert path.read_text().startswith("# How a field's standing")


@pytest.mark.parametrize("module", [comparing, regression], ids=lambda m: m.__name__)
def test_the_examples_in_the_texts_hold(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]
