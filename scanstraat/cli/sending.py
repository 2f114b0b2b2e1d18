"""`scanstraat send`: hands a mail file to a mail server as a sender would."""

from __future__ import annotations

from email.parser import BytesHeaderParser
from email.utils import getaddresses
from pathlib import Path
from typing import Annotated

import typer

from scanstraat.errors import Refused
from scanstraat.mailbox.sending import deliver
from scanstraat.settings import Settings


def send(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="the mail, as an .eml file")],
    to: Annotated[list[str] | None, typer.Option(help="envelope recipient; default: the To and Cc of the mail")] = None,
    sender: Annotated[str, typer.Option(help="envelope sender; default: the From of the mail")] = "",
    server: Annotated[str, typer.Option(help="host:port; default: SCANSTRAAT_SMTP_LISTEN")] = "",
) -> None:
    """Send one mail over SMTP and print the server's answer."""
    content = file.read_bytes()
    header = BytesHeaderParser().parsebytes(content)
    recipients = to or [address for _, address in getaddresses([*header.get_all("To", []), *header.get_all("Cc", [])]) if address]
    if not recipients:
        raise Refused("no-recipient", f"{file} names no recipient.", "Give one with --to.")
    author = sender or next((address for _, address in getaddresses(header.get_all("From", []))), "")
    code, answer = deliver(content, author, recipients, server or Settings.from_environment().smtp_listen)
    typer.echo(f"{code} {answer}")
    raise typer.Exit(0 if code == 250 else 1)
