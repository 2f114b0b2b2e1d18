"""`scanstraat audit conservation`: the proof that nothing was lost, for any period."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from scanstraat.cli.periods import Since, Until, begin, end
from scanstraat.codec import to_json
from scanstraat.model.conservation import CHECKS, Balance, Counts
from scanstraat.model.ends import End
from scanstraat.settings import Settings

if TYPE_CHECKING:
    from scanstraat.pipeline.conserving import Audited
    from scanstraat.records.search import MailFilter

app = typer.Typer(help="Proofs over what is recorded.", no_args_is_help=True)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The last line of the outcome: the balance of the period, with the ends its counts are of, and how much is wrong."""

    balance: Balance
    ends: tuple[End, ...]
    is_even: bool
    violations: int


@app.callback()
def audit() -> None:
    """Proofs over what is recorded."""


@app.command()
def conservation(
    since: Since = None,
    until: Until = None,
    administration: Annotated[str, typer.Option(help="its name or its drop folder")] = "",
    json: Annotated[bool, typer.Option("--json", help="a JSON object a violation, one with the balance at the end")] = False,
) -> None:
    """Prove that of every mail of a period every part and page is where it should be, once; exit status 1 where not."""
    from scanstraat.records import connection

    connection.connect()
    from scanstraat.records.search import MailFilter

    balance, wrong = Balance(), 0
    for audited in _audited(MailFilter(administration, begin(since), end(until))):
        balance += audited.balance
        wrong += len(audited.violations)
        for violation in audited.violations:
            typer.echo(to_json(violation) if json else f"{violation.mail or 'no mail'}  {violation.check}: {violation.text}")
    if json:
        typer.echo(to_json(Outcome(balance, tuple(End), balance.is_even, wrong)))
    else:
        Console().print(_table(balance))
        typer.echo(_verdict(balance, wrong))
    raise typer.Exit(0 if balance.is_even and not wrong else 1)


def _audited(wanted: MailFilter) -> Iterator[Audited]:
    """Each mail looked at, and at the end what belongs to no mail."""
    from scanstraat.bounded import Child, Limits
    from scanstraat.pipeline.conserving import PRELOAD, Auditor
    from scanstraat.records.blobs import Blobs
    from scanstraat.records.conservation import mails_of, orphans

    settings, child = Settings.from_environment(), Child(PRELOAD)
    limits = Limits(settings.child_memory_mb * 1_000_000, settings.child_seconds)
    try:
        yield from Auditor(Blobs(settings.home_path), child, limits).audited(chain(mails_of(wanted), orphans()))
    finally:
        child.close()


def _table(balance: Balance) -> Table:
    table = Table("", "parts", "pages", "documents", title=f"{balance.mails} mails, {_times(balance)}", title_justify="left")
    table.add_row("in", *_row(balance.taken), end_section=True)
    for ended in End:
        table.add_row(ended.value, *_row(balance.at(ended)))
    table.add_section()
    table.add_row("out", *_row(sum(balance.ended, Counts())))
    return table


def _row(counts: Counts) -> tuple[str, str, str]:
    return str(counts.parts), str(counts.pages), str(counts.documents)


def _times(balance: Balance) -> str:
    return f"received {balance.times_received} times"


def _verdict(balance: Balance, wrong: int) -> str:
    if wrong or not balance.is_even:
        return f"NOT BALANCED: {wrong} violations" if wrong else "NOT BALANCED"
    return f"balanced: nothing lost, nothing twice ({len(CHECKS)} checks a mail)"
