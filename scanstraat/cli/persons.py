"""`scanstraat add-user`, `users` and `end-user`: who may sign in to the pages, and as what (I3, I5)."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from scanstraat.codec import to_json
from scanstraat.model.people import Post, Role


def add_user(
    username: Annotated[str, typer.Argument(help="the name to sign in with; one a person, never shared (I3)")],
    office: Annotated[list[str] | None, typer.Option(help="an office the role is held in (I5)")] = None,
    administration: Annotated[list[str] | None, typer.Option(help="an administration it is held in, by name or drop")] = None,
    role: Annotated[Role, typer.Option(help="what the person is there")] = Role.OFFICE_MAIN_USER,
    everywhere: Annotated[bool, typer.Option(help="the role is held in every office: operators, leads, auditors")] = False,
    confidential_since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="the day confidentiality was agreed; operators need it (I3)")
    ] = None,
    password: Annotated[
        str, typer.Option(envvar="SCANSTRAAT_PASSWORD", help="default: one is made, printed, and has to be changed at once")
    ] = "",
) -> None:
    """Add a person who may sign in to the pages, or give an existing one a new password and roles; one who was ended is back."""
    _connect()
    from scanstraat.records import offices, people, staff

    chosen = password or secrets.token_urlsafe(15)
    posts = tuple(Post(role, office=people.office(name)) for name in office or [])
    posts += tuple(Post(role, administration=offices.named(name).id) for name in administration or [])
    posts += (Post(role),) if everywhere else ()
    agreed = confidential_since.date() if confidential_since else None
    staff.ensure(username, chosen, posts, agreed, once=not password, at=datetime.now(UTC))
    typer.echo(f"user {username}" + ("" if password else f", password {chosen}"))


def users(json: Annotated[bool, typer.Option("--json", help="one JSON object a line")] = False) -> None:
    """Show who may sign in, and as what; those who were ended too."""
    _connect()
    from scanstraat.records import staff

    table = Table("name", "full name", "roles", "confidential since", "state")
    for person in staff.everybody():
        if json:
            typer.echo(to_json(person))
        row = (person.name, person.full_name, staff.words(person.posts), f"{person.confidential_since or ''}")
        table.add_row(*map(escape, row), "active" if person.is_active else "ended")
    if not json:
        Console().print(table)


def end_user(username: Annotated[str, typer.Argument(help="the name he signs in with")]) -> None:
    """Let a person in no more, at once: his sessions end and what he was working on is handed back. `add-user` undoes it."""
    _connect()
    from scanstraat.records import staff

    staff.end(staff.named(username), None, datetime.now(UTC))
    typer.echo(f"user {username} is let in no more")


def _connect() -> None:
    from scanstraat.records import connection

    connection.connect()
