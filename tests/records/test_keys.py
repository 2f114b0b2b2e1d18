"""Keys of programs that upload."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection

from scanstraat.errors import Refused
from scanstraat.model.administration import Administration
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
