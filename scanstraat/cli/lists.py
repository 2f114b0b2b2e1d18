"""`scanstraat mails`, `documents`, `refusals` and `replay`: what came in or did not, what became of it, and another try."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from scanstraat.cli.periods import Since, Until, begin, end
from scanstraat.codec import to_json
from scanstraat.errors import Refused

ID = Column("id", min_width=36)  # whole, so that it can be copied


def mails(
    limit: Annotated[int, typer.Option(help="how many, newest first")] = 50,
    search: Annotated[
        str, typer.Option(help="words of subject, sender, recipient, file names, supplier, or the Message-ID")
    ] = "",
    administration: Annotated[str, typer.Option(help="its name or its drop folder")] = "",
    since: Since = None,
    until: Until = None,
    state: Annotated[str, typer.Option(help="of the mail or of a document in it, such as in-review; or `again`")] = "",
    json: Annotated[bool, typer.Option("--json", help="one JSON object a line")] = False,
) -> None:
    """Show the mail log: what came in, and what became of it. `scanstraat mail ID` shows one mail whole."""
    _connect()
    from scanstraat.records.lists import mail_lines
    from scanstraat.records.search import MailFilter

    lines = mail_lines(limit, MailFilter(administration, begin(since), end(until), search, state))
    if json:
        _print_json(lines)
        return
    table = Table("received", "administration", "from", "subject", "state", "documents", ID)
    for line in lines:
        again = f" (came {line.times_received} times)" if line.times_received > 1 else ""
        table.add_row(
            f"{line.received_at:%Y-%m-%d %H:%M:%S}",
            escape(line.administration),
            escape(line.sender),
            escape(line.subject),
            escape(f"{line.state}{again} {line.error}".strip()),
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
    table = Table("administration", "kind", "supplier", "number", "total", "state", "why", "drop", ID)
    for line in document_lines(limit, state):
        total = f"{line.currency} {line.total}".strip()
        row = (line.administration, line.kind, line.supplier, line.number, total, line.state, line.why, line.stem)
        table.add_row(*map(escape, row), str(line.id))
    Console().print(table)


def refusals(
    limit: Annotated[int, typer.Option(help="how many, newest first")] = 50,
    search: Annotated[str, typer.Option(help="words of sender, recipient, administration, peer or answer")] = "",
    since: Since = None,
    json: Annotated[bool, typer.Option("--json", help="one JSON object a line")] = False,
) -> None:
    """Show what was turned away at the door, and what its sender was told."""
    _connect()
    from scanstraat.records.lists import refusal_lines

    lines = refusal_lines(limit, search, begin(since))
    if json:
        _print_json(lines)
        return
    table = Table("at", "by", "peer", "sender", "recipient", "administration", "answer")
    for line in lines:
        row = (line.channel, line.peer, line.sender, line.recipient, line.administration, line.reply)
        table.add_row(f"{line.at:%Y-%m-%d %H:%M:%S}", *map(escape, row))
    Console().print(table)


def replay(identifiers: Annotated[list[UUID], typer.Argument(metavar="ID...", help="parked mails or documents")]) -> None:
    """Put parked mails or documents back on the line, from the stage they stood at."""
    _connect()
    from scanstraat.pipeline.replay import replay_any
    from scanstraat.records.tasks import TaskTable
    from scanstraat.workers.process import clock

    failed = False
    for identifier in identifiers:
        try:
            typer.echo(f"{identifier}: goes on with {replay_any(identifier, clock(), TaskTable())}")
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
