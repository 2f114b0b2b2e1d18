"""Keys of programs that upload."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from scanstraat.errors import Refused
from scanstraat.model.administration import Administration
from scanstraat.model.key import Scope, scopes_of
from scanstraat.records import keys, models

NOW = datetime(2026, 3, 31, 10, 0, tzinfo=UTC)

pytestmark = pytest.mark.rule("A6")


def test_a_key_opens_one_administration_and_is_kept_nowhere(administration: Administration) -> None:
    key = keys.add(administration.id, "bookkeeping")
    found = keys.of_key(key)
    assert found is not None
    assert (found.name, found.administration) == ("bookkeeping", administration.id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM records_servicekey")
        assert not any(key in str(value) or key[4:] in str(value) for row in cursor.fetchall() for value in row)


@pytest.mark.parametrize("change", [lambda key: key[:-1], lambda key: key + "x", lambda key: "", lambda key: "\ud800é"])
def test_anything_else_is_no_key(administration: Administration, change: object) -> None:
    key = keys.add(administration.id, "one")
    assert keys.of_key(change(key)) is None
    digest = models.ServiceKey.objects.get(administration_id=administration.id).digest
    assert keys.of_key(digest) is None


def test_an_ended_key_opens_nothing_and_its_name_may_be_given_again(administration: Administration) -> None:
    key = keys.add(administration.id, "one")
    with pytest.raises(Refused, match="key-taken"):
        keys.add(administration.id, "one")
    keys.end(administration.id, "one", NOW)
    assert keys.of_key(key) is None
    with pytest.raises(Refused, match="key-unknown"):
        keys.end(administration.id, "one", NOW)
    assert keys.of_key(keys.add(administration.id, "one")) is not None
    assert [line.ended_at for line in keys.lines() if line.administration == administration.name] == [NOW, None]


@pytest.mark.parametrize("name", ["", "  ", "x" * 81])
def test_a_key_has_a_name_to_know_it_by(administration: Administration, name: str) -> None:
    with pytest.raises(Refused, match="key-name"):
        keys.add(administration.id, name)


@pytest.mark.rule("I5")
def test_a_key_of_an_office_is_for_all_its_administrations_and_is_ended_by_itself(administration: Administration) -> None:
    row = models.Administration.objects.select_related("office").get(id=administration.id)
    office = row.office_id
    key = keys.add_for_office(office, "ledger", frozenset({Scope.READ, Scope.DROPS}), "anna")
    keys.add(administration.id, "ledger")  # of the same name, but another owner's
    with pytest.raises(Refused, match="key-taken"):
        keys.add_for_office(office, "ledger")
    found = keys.of_key(key)
    assert found is not None
    assert (found.office, found.administration, found.scopes) == (office, None, {Scope.READ, Scope.DROPS})
    assert list(keys.administrations(found)) == [row]
    lines = keys.lines(office=office)
    assert [(line.administration, line.created_by, line.name) for line in lines] == [
        ("", "anna", "ledger"),
        (administration.name, "", "ledger"),
    ]
    assert [line.administration for line in keys.lines(administration=administration.id)] == [administration.name]
    keys.end_for_office(office, "ledger", NOW)
    assert keys.of_key(key) is None
    assert [line.ended_at for line in keys.lines(office=office)] == [NOW, None]
    with pytest.raises(Refused, match="key-unknown"):
        keys.end_for_office(office, "ledger", NOW)


def test_when_a_key_was_used_is_noted_at_most_once_a_minute(administration: Administration) -> None:
    key = keys.add(administration.id, "one")
    rows = models.ServiceKey.objects.filter(administration_id=administration.id)
    assert rows.get().used_at is None
    keys.of_key(key)
    first = rows.get().used_at
    keys.of_key(key)
    assert first is not None
    assert rows.get().used_at == first
    rows.update(used_at=first - timedelta(minutes=2))
    keys.of_key(key)
    assert rows.get().used_at >= first


@pytest.mark.parametrize("names", ["", " , ", "read,write"])
def test_a_key_is_for_something_that_there_is(names: str) -> None:
    with pytest.raises(Refused, match="scope-unknown"):
        scopes_of(names)
