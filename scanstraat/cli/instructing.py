"""`scanstraat instruct` and `letters`: whether senders are answered, whom the service writes to, and what it wrote."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from scanstraat.codec import to_json


def instruct(
    administration: Annotated[str, typer.Argument(help="name of its drop folder")],
    answers: Annotated[
        bool | None, typer.Option("--answers/--no-answers", help="whether senders who can be trusted get a receipt")
    ] = None,
    contact: Annotated[
        list[str] | None, typer.Option(help="where messages to the administration go, in place of those before; '' for nowhere")
    ] = None,
) -> None:
    """Show what an administration asked for, or change it."""
    _connect()
    from scanstraat.pipeline import instructing
    from scanstraat.records import offices

    found = offices.named(administration)
    asked = found.instructions
    if answers is not None:
        asked = replace(asked, answers_senders=answers)
    if contact is not None:
        asked = replace(asked, contacts=instructing.contacts(contact))
    if asked != found.instructions:
        offices.instruct(found.id, asked)
    told = ", ".join(asked.contacts) or "nobody"
    typer.echo(f"{found.name}: senders are {'answered' if asked.answers_senders else 'not answered'}; messages go to {told}")


def letters(
    limit: Annotated[int, typer.Option(help="how many, newest first")] = 50,
    state: Annotated[str, typer.Option(help="only those in this state: waiting, sent, withheld, failed")] = "",
    json: Annotated[bool, typer.Option("--json", help="one JSON object a line")] = False,
) -> None:
    """Show the letters the service wrote, and why some were not sent."""
    _connect()
    from scanstraat.records.letters import lines

    if json:
        for line in lines(limit, state):
            typer.echo(to_json(line))
        return
    table = Table("written", "administration", "purpose", "to", "subject", "state", "why", "mail")
    for line in lines(limit, state):
        written, mail = f"{line.created_at:%Y-%m-%d %H:%M:%S}", str(line.mail or "")
        table.add_row(written, line.administration, line.purpose, line.recipient, line.subject, line.state, line.reason, mail)
    Console().print(table)


def _connect() -> None:
    from scanstraat.records import connection

    connection.connect()
