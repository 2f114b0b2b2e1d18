"""`scanstraat add-folder`, `folders` and `end-folder`: the folders that paper scanners write to (A6)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from scanstraat import durable
from scanstraat.errors import Refused
from scanstraat.settings import Settings


def add_folder(
    administration: Annotated[str, typer.Argument(help="its name, or that of its drop folder")],
    path: Annotated[str, typer.Argument(help="the folder; default: scans/DROP in the home folder")] = "",
) -> None:
    """Watch a folder: each file, or folder of files, left there becomes a mail of this administration."""
    _connect()
    from scanstraat.records import folders, offices

    home = Settings.from_environment().home_path
    owner = offices.named(administration)
    folder = Path(path).resolve() if path else home / "scans" / owner.drop
    if home.is_relative_to(folder) or (folder.is_relative_to(home) and not folder.is_relative_to(home / "scans")):
        raise Refused("folder-taken", f"{folder} holds what the service keeps itself.", "Choose a folder apart from it.")
    durable.make_folder(folder)
    folders.add(owner.id, folder)
    typer.echo(f"{folder} is watched for {owner.name}")


def folders() -> None:
    """Show the watched folders, and how it goes with each."""
    _connect()
    from scanstraat.records import folders as repository

    table = Table("administration", "folder", "looked into", "state")
    for line in repository.lines():
        seen = f"{line.seen_at:%Y-%m-%d %H:%M:%S}" if line.seen_at else ""
        state = line.error or ("watched" if line.seen_at else "not looked into yet")
        table.add_row(line.administration, line.path, seen, state if line.is_active else "ended")
    Console().print(table)


def end_folder(path: Annotated[str, typer.Argument(help="the folder, as `folders` shows it")]) -> None:
    """Watch a folder no more; what lies in it stays there."""
    _connect()
    from scanstraat.records import folders

    folders.end(Path(path).resolve())
    typer.echo(f"{Path(path).resolve()} is watched no more")


def _connect() -> None:
    from scanstraat.records import connection

    connection.connect()
