"""`scanstraat rules`: every rule of the service, where it is carried out, and the tests that prove it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table


def rules(
    tests: Annotated[Path, typer.Option(help="folder of the tests; in a checkout it is found by itself")] = Path("tests"),
    names: Annotated[bool, typer.Option("--names", help="name each test, rather than count them")] = False,
) -> None:
    """Show the table of rules; what is not built yet says so."""
    from scanstraat.pipeline.rules import RULES, tests_of

    found = dict(tests_of(tests)) if tests.is_dir() else {}
    table = Table("no.", "rule", "carried out by", "still lacks", "tests")
    for rule in RULES:
        carried = "\n".join(rule.carried_by) or "not built yet"
        table.add_row(rule.number, rule.quote, carried, rule.lacks, _shown(found.get(rule.number, ()), names))
    Console().print(table)


def _shown(tests: tuple[str, ...], names: bool) -> str:
    return "\n".join(tests) if names else str(len(tests))
