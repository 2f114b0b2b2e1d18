"""`scanstraat remove-second-factor`: for who lost his telephone and whom nobody else can help on the pages."""

from __future__ import annotations

from typing import Annotated

import typer


def remove_second_factor(username: Annotated[str, typer.Argument(help="the name he signs in with")]) -> None:
    """Have a person sign in by his password alone until he sets up a second factor again; his sessions end."""
    from scanstraat.records import connection

    connection.connect()
    from scanstraat.records import passwords, staff

    passwords.reset_second_factor(staff.named(username), None)
    typer.echo(f"user {username} signs in by password alone")
