from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from scanstraat.errors import Refused
from scanstraat.model.administration import Administration
from scanstraat.records import models, offices

ENDED = date(2026, 3, 31)


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


@pytest.mark.rule("A1")
def test_an_address_leads_to_its_administration_whatever_its_case(administration: Administration) -> None:
    address = f"{administration.drop.upper()}@Invoices.Example"
    assert offices.of_address(address, _at(ENDED)) == (administration, True)
    assert offices.of_address("nobody@invoices.example", _at(ENDED)) == (None, False)


@pytest.mark.rule("A1")
def test_an_ended_address_is_no_longer_taken_while_the_administration_goes_on(administration: Administration) -> None:
    address = f"{administration.drop}@invoices.example"
    models.Address.objects.filter(address=address).update(ended_at=_at(ENDED))
    assert offices.of_address(address, _at(ENDED) - timedelta(seconds=1))[1]
    assert not offices.of_address(address, _at(ENDED))[1]


@pytest.mark.rule("A10")
@pytest.mark.parametrize(("days", "taken"), [(-1, True), (0, True), (14, True), (15, False)])
def test_mail_is_taken_for_fourteen_days_after_the_contract(administration: Administration, days: int, taken: bool) -> None:
    offices.end_contract(administration.id, ENDED)
    found, still = offices.of_address(f"{administration.drop}@invoices.example", _at(ENDED + timedelta(days=days)))
    assert found is not None
    assert still is taken


def test_a_taken_address_or_drop_folder_is_refused(administration: Administration) -> None:
    new = Administration(0, "Another", administration.own, "another-drop")
    with pytest.raises(Refused, match="address-taken"):
        offices.open_administration("Office X", new, (f"{administration.drop}@invoices.example",))
    with pytest.raises(Refused, match="drop-taken"):
        offices.open_administration("Office X", administration, ("new@invoices.example",))
