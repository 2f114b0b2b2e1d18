"""Whose a mail is, by written statements: a mail server asks some hundred times a second."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from scanstraat.records.statements import number

_OWNER = "SELECT administration_id FROM records_address WHERE address = %s"
_LOCK = "SELECT id FROM records_administration WHERE id = %s FOR NO KEY UPDATE"


def owner(address: str) -> int | None:
    """The administration an address belongs to (A1), whether it still takes mail or not; None where it is nobody's."""
    return number(_OWNER, address.lower())


def lock(administrations: Iterable[int]) -> None:
    """Within a transaction: let nobody else decide what came before until it ends. SQLite lets one at a time write anyway."""
    if connection.features.has_select_for_update:
        for administration in sorted(administrations):
            number(_LOCK, administration)
