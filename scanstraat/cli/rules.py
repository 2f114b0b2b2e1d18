"""`scanstraat rules`: every rule of the service, where it is carried out, and the tests that prove it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table


def rules(
    tests: Annotated[Path, typer.Option(help="folder of the tests; in a checkout it is found by itself")] = Path("tests"),
) -> None:
    """Show the table of rules; what is not built yet says so."""
    from scanstraat.pipeline.rules import RULES, tests_of

    found = dict(tests_of(tests)) if tests.is_dir() else {}
    table = Table("no.", "rule", "carried out by", "tests", show_lines=False)
    for rule in RULES:
        table.add_row(
            rule.number, rule.quote, "\n".join(rule.carried_by) or "not built yet", str(len(found.get(rule.number, ())))
        )
    Console().print(table)
