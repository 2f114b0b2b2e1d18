"""`scanstraat add-key`, `keys` and `end-key`: with which programs upload for an administration (A6)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

_OWNER = "the administration, by its name or that of its drop folder"


def add_key(
    administration: Annotated[str, typer.Argument(help=_OWNER)],
    name: Annotated[str, typer.Argument(help="which program it is for; shown in the mail log")],
) -> None:
    """Make a key with which a program uploads for this administration. It is shown once and kept nowhere."""
    _connect()
    from scanstraat.records import keys, offices

    typer.echo(keys.add(offices.named(administration).id, name))


def keys() -> None:
    """Show which keys there are or were."""
    _connect()
    from scanstraat.records import keys as repository

    table = Table("administration", "name", "made", "state")
    for line in repository.lines():
        state = f"ended {line.ended_at:%Y-%m-%d %H:%M}" if line.ended_at else "in force"
        table.add_row(line.administration, line.name, f"{line.created_at:%Y-%m-%d %H:%M}", state)
    Console().print(table)


def end_key(
    administration: Annotated[str, typer.Argument(help=_OWNER)],
    name: Annotated[str, typer.Argument(help="the key's name")],
) -> None:
    """Take a key out of force, at once."""
    _connect()
    from scanstraat.records import keys, offices

    keys.end(offices.named(administration).id, name, datetime.now(UTC))
    typer.echo(f"key {name} is in force no more")


def _connect() -> None:
    from scanstraat.records import connection

    connection.connect()
