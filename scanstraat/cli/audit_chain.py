"""`scanstraat audit chain`: the proof that nothing in the audit log was changed, removed, put in between or cut off (I4)."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from scanstraat.codec import to_json


def chain(
    administration: Annotated[str, typer.Option(help="only its chain: its name or its drop folder")] = "",
    json: Annotated[bool, typer.Option("--json", help="one JSON object a chain")] = False,
) -> None:
    """Prove that every chain of the audit log is as it was written; exit status 1 with the first broken entry of each where not.

    Who keeps the last digests elsewhere can see later that they are still in the chain.
    """
    from scanstraat.records import connection

    connection.connect()
    from scanstraat.records import audit, offices

    table, broken = Table("chain", "entries", "last digest", "state"), False
    for checked in audit.check(offices.named(administration).id if administration else None):
        broken = broken or checked.broken is not None
        if json:
            typer.echo(to_json(checked))
        state = f"BROKEN: {checked.broken.text}" if checked.broken else "holds"
        table.add_row(str(checked.chain), str(checked.entries), checked.digest[:16], state)
    if not json:
        Console().print(table)
    raise typer.Exit(1 if broken else 0)
