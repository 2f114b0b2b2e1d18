from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanstraat.errors import Inconsistent
from scanstraat.model.state import DOCUMENT_MOVES, MAIL_MOVES, DocumentState, MailState, State, advance, is_resting, moves

STATES: list[State] = [*MailState, *DocumentState]


def test_every_state_has_its_row() -> None:
    assert set(MAIL_MOVES) == set(MailState)
    assert set(DOCUMENT_MOVES) == set(DocumentState)


@given(st.sampled_from(STATES), st.sampled_from(STATES))
def test_only_moves_of_the_table_are_made(now: State, to: State) -> None:
    if type(now) is type(to) and to in moves(now):
        assert advance(now, to) is to
    else:
        with pytest.raises(Inconsistent):
            advance(now, to)


def test_a_mail_never_becomes_a_document() -> None:
    assert all(type(now) is type(to) for now in STATES for to in moves(now))


def test_every_state_that_does_not_rest_leads_to_one_that_does() -> None:
    def reaches(state: State, seen: frozenset[State] = frozenset()) -> bool:
        return is_resting(state) or any(reaches(n, seen | {state}) for n in moves(state) if n not in seen)

    assert all(reaches(state) for state in STATES)
