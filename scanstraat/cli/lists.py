"""`scanstraat mails`, `documents` and `replay`: what came in, what became of it, and another try for what was parked."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table

from scanstraat.codec import to_json
from scanstraat.errors import Refused


def mails(
    limit: Annotated[int, typer.Option(help="how many, newest first")] = 50,
    search: Annotated[str, typer.Option(help="part of subject, sender or Message-ID")] = "",
    json: Annotated[bool, typer.Option("--json", help="one JSON object a line")] = False,
) -> None:
    """Show the mail log."""
    _connect()
    from scanstraat.records.lists import mail_lines

    if json:
        _print_json(mail_lines(limit, search))
        return
    table = Table("received", "administration", "from", "subject", "state", "documents", "id")
    for line in mail_lines(limit, search):
        again = f" (came {line.times_received} times)" if line.times_received > 1 else ""
        table.add_row(
            f"{line.received_at:%Y-%m-%d %H:%M:%S}",
            line.administration,
            line.sender,
            line.subject,
            f"{line.state}{again} {line.error}".strip(),
            "\n".join(line.documents),
            str(line.id),
        )
    Console().print(table)


def documents(
    limit: Annotated[int, typer.Option(help="how many, newest first")] = 50,
    state: Annotated[str, typer.Option(help="only those in this state, such as in-review")] = "",
    json: Annotated[bool, typer.Option("--json", help="one JSON object a line")] = False,
) -> None:
    """Show documents, where they ended and why."""
    _connect()
    from scanstraat.records.lists import document_lines

    if json:
        _print_json(document_lines(limit, state))
        return
    table = Table("administration", "kind", "supplier", "number", "total", "state", "why", "drop", "id")
    for line in document_lines(limit, state):
        total = f"{line.currency} {line.total}".strip()
        table.add_row(
            line.administration, line.kind, line.supplier, line.number, total, line.state, line.why, line.stem, str(line.id)
        )
    Console().print(table)


def replay(identifiers: Annotated[list[UUID], typer.Argument(metavar="ID...", help="parked mails or documents")]) -> None:
    """Put parked mails or documents back on the line, from the stage they stood at."""
    _connect()
    from scanstraat.cli.wiring import now
    from scanstraat.pipeline.replay import replay_any
    from scanstraat.records.tasks import TaskTable

    failed = False
    for identifier in identifiers:
        try:
            typer.echo(f"{identifier}: goes on with {replay_any(identifier, now(), TaskTable())}")
        except Refused as error:
            typer.echo(f"{identifier}: {error}", err=True)
            failed = True
    raise typer.Exit(1 if failed else 0)


def _print_json(lines: tuple[object, ...]) -> None:
    for line in lines:
        typer.echo(to_json(line))


def _connect() -> None:
    from scanstraat.records import connection

    connection.connect()
