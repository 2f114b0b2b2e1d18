"""`scanstraat add-key`, `keys` and `end-key`: with which programs work for an administration or an office (A6)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

_OWNER = "the administration, by its name or that of its drop folder; with --office, the office by its name"
_OFFICE = "it is for all administrations of an office, those that come later too"
_SCOPES = "what the program may do: upload, read, correct, suppliers, drops, webhooks; by comma"
Office = Annotated[bool, typer.Option("--office", help=_OFFICE)]


def add_key(
    owner: Annotated[str, typer.Argument(help=_OWNER, metavar="ADMINISTRATION")],
    name: Annotated[str, typer.Argument(help="which program it is for; shown in the mail log")],
    office: Office = False,
    scope: Annotated[str, typer.Option(help=_SCOPES)] = "upload",
) -> None:
    """Make a key with which a program works for an administration or an office. It is shown once and kept nowhere."""
    _connect()
    from scanstraat.model.key import scopes_of
    from scanstraat.records import keys, offices, people

    scopes = scopes_of(scope)
    if office:
        typer.echo(keys.add_for_office(people.office(owner), name, scopes, "command line"))
    else:
        typer.echo(keys.add(offices.named(owner).id, name, scopes, "command line"))


def keys() -> None:
    """Show which keys there are or were."""
    _connect()
    from scanstraat.records import keys as repository

    table = Table("office", "administration", "name", "may", "made", "used", "state")
    for line in repository.lines():
        state = f"ended {line.ended_at:%Y-%m-%d %H:%M}" if line.ended_at else "in force"
        used = f"{line.used_at:%Y-%m-%d %H:%M}" if line.used_at else "never"
        may = ", ".join(sorted(line.scopes))
        made = f"{line.created_at:%Y-%m-%d %H:%M}"
        table.add_row(line.office, line.administration or "all", line.name, may, made, used, state)
    Console().print(table)


def end_key(
    owner: Annotated[str, typer.Argument(help=_OWNER, metavar="ADMINISTRATION")],
    name: Annotated[str, typer.Argument(help="the key's name")],
    office: Office = False,
) -> None:
    """Take a key out of force, at once."""
    _connect()
    from scanstraat.records import keys, offices, people

    if office:
        keys.end_for_office(people.office(owner), name, datetime.now(UTC))
    else:
        keys.end(offices.named(owner).id, name, datetime.now(UTC))
    typer.echo(f"key {name} is in force no more")


def _connect() -> None:
    from scanstraat.records import connection

    connection.connect()
