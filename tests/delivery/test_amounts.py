from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanstraat.delivery.amounts import Basis, LinesBasis, lines_of, totals_of
from scanstraat.model.field import FieldName
from tests.delivery.samples import NET_AND_VAT, invoice, line


def test_net_is_total_less_vat_where_only_the_vat_was_read() -> None:
    totals = totals_of(invoice({FieldName.VAT_TOTAL: "21.00"}))
    assert (totals.net, totals.net_basis, totals.vat_basis) == (Decimal("100.00"), Basis.COMPUTED, Basis.READ)


def test_the_vat_is_not_guessed_from_the_net() -> None:
    totals = totals_of(invoice({FieldName.NET_TOTAL: "100.00"}))
    assert (totals.net, totals.vat, totals.vat_basis) == (Decimal("100.00"), None, Basis.UNKNOWN)


@pytest.mark.rule("C7")
@pytest.mark.parametrize(
    "changes", [{FieldName.NET_TOTAL: "200.00"}, {FieldName.VAT_TOTAL: "200.00"}, {**NET_AND_VAT, FieldName.VAT_TOTAL: "6.00"}]
)
def test_what_contradicts_the_total_is_left_out(changes: dict[FieldName, str]) -> None:
    totals = totals_of(invoice({**changes}))
    assert (totals.net, totals.vat) == (None, None)
    assert Basis.CONTRADICTORY in (totals.net_basis, totals.vat_basis)


@given(st.decimals(0, 10**6, places=2), st.decimals(0, 10**6, places=2), st.sampled_from([1, -1]))
def test_totals_given_add_up_whatever_the_sign(net: Decimal, vat: Decimal, sign: int) -> None:
    changes = {FieldName.NET_TOTAL: net, FieldName.VAT_TOTAL: vat, FieldName.TOTAL: net + vat}
    totals = totals_of(invoice({field: str(number * sign) for field, number in changes.items()}))
    assert totals.net is not None
    assert totals.vat is not None
    assert totals.net + totals.vat == totals.total == net + vat


def test_lines_need_amounts_that_make_up_the_net() -> None:
    cases = {
        LinesBasis.READ: (line("60.00"), line("40.00")),
        LinesBasis.NONE_READ: (),
        LinesBasis.DO_NOT_ADD_UP: (line("60.00"), line("-40.00")),
    }
    for basis, lines in cases.items():
        read = invoice({**NET_AND_VAT}, lines)
        assert lines_of(read, totals_of(read)).basis is basis


@pytest.mark.rule("C3")
@pytest.mark.parametrize(
    ("printed", "delivered"),
    [
        (line("-100.00", "-2", "50.00"), line("100.00", "2", "50.00")),
        (line("-100.00", "2", "-50.00"), line("100.00", "2", "50.00")),
        (line("100.00", "2", "50.00"), line("100.00", "2", "50.00")),
    ],
)
def test_lines_of_a_credit_note_are_turned_positive(printed: object, delivered: object) -> None:
    credit = invoice({**NET_AND_VAT}, (printed,), is_credit_note=True)  # type: ignore[arg-type]
    assert lines_of(credit, totals_of(credit)).lines == (delivered,)
