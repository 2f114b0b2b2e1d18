"""The chains of the audit log: what was written can be proved, and what was tampered with shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from scanstraat.records import audit
from scanstraat.records.models import AuditEntry, AuditHead

AT = datetime(2026, 3, 31, 9, 12, 40, 123456, tzinfo=UTC)
Tamper = Callable[[int], object]


@pytest.fixture
def chain(database: None) -> int:
    """A chain of its own with four entries."""
    number = uuid4().int % 10**15 + 10**6
    for index in range(1, 5):
        audit.append(number, "anna", "read", f"document {index}", "what 'was' \\ seen\x00", AT)
    return number


@contextmanager
def _unguarded() -> Iterator[None]:
    """The database as somebody with his hands in the file has it; the guards are back after."""
    off, on = _switches()
    with connection.cursor() as cursor:
        for statement in off:
            cursor.execute(statement)
        try:
            yield
        finally:
            for statement in on:
                cursor.execute(statement)


def _switches() -> tuple[list[str], list[str]]:
    if connection.vendor == "postgresql":
        table = "ALTER TABLE records_auditentry"
        return [f"{table} DISABLE TRIGGER USER"], [f"{table} ENABLE TRIGGER USER"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit_%%'")
        guards = dict(cursor.fetchall())
    assert set(guards) == {"audit_unchanged", "audit_undeleted"}
    return [f"DROP TRIGGER {name}" for name in guards], list(guards.values())


@pytest.mark.rule("I4")
def test_a_chain_counts_without_gaps_and_holds(chain: int) -> None:
    rows = AuditEntry.objects.filter(chain=chain).order_by("number")
    assert [row.number for row in rows] == [1, 2, 3, 4]
    assert {row.at for row in rows} == {AT}
    assert "\x00" not in rows[0].detail
    assert audit.verify(chain) == ()
    (checked,) = audit.check(chain)
    assert (checked.entries, checked.digest) == (4, rows[3].digest)
    assert len({row.digest for row in rows}) == 4


def _columns(rows: dict[str, object]) -> Tamper:
    return lambda chain: AuditEntry.objects.filter(chain=chain, number=2).update(**rows)


def _reorder(chain: int) -> None:
    for number, other in ((2, 99), (3, 2), (99, 3)):
        AuditEntry.objects.filter(chain=chain, number=number).update(number=other)


def _remove(*numbers: int) -> Tamper:
    return lambda chain: AuditEntry.objects.filter(chain=chain, number__in=numbers).delete()


def _insert(chain: int) -> None:
    AuditEntry.objects.filter(chain=chain, number=4).update(number=5)
    AuditEntry.objects.create(chain=chain, number=4, at=AT, actor="mallory", act="read", digest="0" * 64)


def _add_behind(chain: int) -> None:
    AuditEntry.objects.create(chain=chain, number=5, at=AT, actor="mallory", act="read", digest="0" * 64)


def _behead(chain: int) -> None:
    AuditHead.objects.filter(chain=chain).delete()


def _cut_with_number(chain: int) -> None:
    AuditEntry.objects.filter(chain=chain, number=4).delete()
    AuditHead.objects.filter(chain=chain).update(number=3)


TAMPERINGS: dict[str, tuple[Tamper, int]] = {
    "actor": (_columns({"actor": "bert"}), 2),
    "act": (_columns({"act": "change"}), 2),
    "subject": (_columns({"subject": "document 3"}), 2),
    "detail": (_columns({"detail": ""}), 2),
    "time": (_columns({"at": AT.replace(microsecond=123457)}), 2),
    "digest": (_columns({"digest": "0" * 64}), 2),
    "removed": (_remove(2), 2),
    "first removed": (_remove(1), 1),
    "reordered": (_reorder, 2),
    "inserted": (_insert, 4),
    "added behind": (_add_behind, 5),
    "tail cut off": (_remove(3, 4), 3),
    "all cut off": (_remove(1, 2, 3, 4), 1),
    "tail cut off and the count with it": (_cut_with_number, 3),
    "head removed": (_behead, 1),
}


@pytest.mark.rule("I4")
@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_what_was_tampered_with_shows(chain: int, tampering: str) -> None:
    tamper, first = TAMPERINGS[tampering]
    try:
        with _unguarded(), transaction.atomic():
            tamper(chain)
        (broken,) = audit.verify(chain)
        assert (broken.chain, broken.number) == (chain, first)
        assert broken in audit.verify()
        assert f"{first}" in broken.text or "end of this chain" in broken.text
    finally:
        AuditHead.objects.filter(chain=chain).delete()
        AuditEntry.objects.filter(chain=chain).delete()


@pytest.mark.rule("I4")
def test_the_database_refuses_to_change_or_delete_entries(chain: int) -> None:
    rows = AuditEntry.objects.filter(chain=chain)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        rows.update(actor="bert")
    with pytest.raises(DatabaseError, match="never deleted"), transaction.atomic():
        rows.filter(number=4).delete()
    assert audit.verify(chain) == ()


@pytest.mark.rule("I4")
def test_a_transaction_that_fails_leaves_no_entry(chain: int) -> None:
    with transaction.atomic():
        audit.append(chain, "anna", "change", "document 1")
        transaction.set_rollback(True)
    assert audit.verify(chain) == ()
    assert AuditHead.objects.get(chain=chain).number == 4


@pytest.mark.rule("I2", "I4")
def test_a_chain_is_erased_whole_and_the_installation_tells(chain: int) -> None:
    audit.erase(chain, "lena")
    assert not AuditEntry.objects.filter(chain=chain).exists()
    assert chain not in audit.chains()
    told = AuditEntry.objects.filter(chain=audit.INSTALLATION, act="erase").latest("number")
    assert (told.actor, told.subject) == ("lena", f"chain {chain}")
    assert told.detail.startswith("4 entries")
    with pytest.raises(ValueError, match="stays"):
        audit.erase(audit.INSTALLATION, "lena")
