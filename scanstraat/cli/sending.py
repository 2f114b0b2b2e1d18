"""`scanstraat send`: hands a mail file to a mail server as a sender would."""

from __future__ import annotations

import smtplib
from email.parser import BytesHeaderParser
from email.utils import getaddresses
from pathlib import Path
from typing import Annotated

import typer

from scanstraat.errors import Refused, Unavailable
from scanstraat.settings import Settings, split_listen


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


def deliver(content: bytes, sender: str, recipients: list[str], server: str) -> tuple[int, str]:
    """Hand `content` to the server as it is; returns its last reply code and text. Raises `Unavailable` where none answers."""
    host, port = split_listen(server)
    try:
        with smtplib.SMTP(host, port, timeout=120) as session:
            refused = session.sendmail(sender, recipients, content, mail_options=[f"SIZE={len(content)}"])
    except smtplib.SMTPRecipientsRefused as error:
        return _first(error.recipients)
    except smtplib.SMTPResponseException as error:
        return error.smtp_code, _text(error.smtp_error)
    except OSError as error:
        raise Unavailable(
            "no-server", f"no mail server answers at {server}: {error}.", "Start it with `scanstraat run`."
        ) from error
    return _first(refused) if refused else (250, "accepted")


def _first(refused: dict[str, tuple[int, bytes]]) -> tuple[int, str]:
    code, text = next(iter(refused.values()))
    return code, _text(text)


def _text(answer: bytes | str) -> str:
    return answer.decode(errors="replace") if isinstance(answer, bytes) else answer
