"""`scanstraat add-mailbox` and what else there is to do with IMAP mailboxes. No secret is ever part of a command line."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from scanstraat.errors import Refused
from scanstraat.mailbox.imap.places import is_loopback
from scanstraat.mailbox.imap.ways import SECRET, WAYS, Way
from scanstraat.mailbox.imap.ways import way as way_named
from scanstraat.model.way_in import Account, Credentials, Security
from scanstraat.settings import Settings

if TYPE_CHECKING:  # what needs Django or imapclient is loaded by the command that uses it
    from scanstraat.records.mailboxes import MailboxLine

_PORTS = {Security.TLS: 993, Security.STARTTLS: 143, Security.NONE: 143}
_WAYS_HELP = "; ".join(f"{row.name}: {row.meaning}" for row in WAYS)


def add_mailbox(
    name: Annotated[str, typer.Argument(help="how it is called here: letters, digits, dashes")],
    user: Annotated[str, typer.Option(help="the name to sign in with, mostly the mailbox's address")],
    administration: Annotated[str, typer.Option(help="whose mails they are: its name, or that of its drop folder")] = "",
    shared: Annotated[bool, typer.Option("--shared", help="of several administrations: a header says whose a mail is")] = False,
    recipient_header: Annotated[
        str, typer.Option(help="of a shared one: the header in which its server writes the address")
    ] = "",
    recipient: Annotated[str, typer.Option(help="the administration's address the mails came to; default: its first")] = "",
    host: Annotated[str, typer.Option(help="the IMAP server; default: that of the way")] = "",
    port: Annotated[int, typer.Option(help="default: 993 with tls, else 143")] = 0,
    security: Annotated[Security, typer.Option(help="none is for servers on this machine only")] = Security.TLS,
    way: Annotated[str, typer.Option(help=_WAYS_HELP)] = "password",
    tenant: Annotated[str, typer.Option(help="microsoft365: the directory's id or domain")] = "",
    client_id: Annotated[str, typer.Option(help="OAuth2: the application's id")] = "",
    token_url: Annotated[str, typer.Option(help="OAuth2: the token endpoint, where it is not that of the way")] = "",
    scope: Annotated[str, typer.Option(help="OAuth2: the scope, where it is not that of the way")] = "",
    folder: Annotated[str, typer.Option(help="the folder mails are taken from")] = "INBOX",
    done_folder: Annotated[str, typer.Option(help="where they go then; empty: they stay, with a keyword")] = "Scanstraat done",
    failed_folder: Annotated[str, typer.Option(help="where mails for nobody here go; empty: they stay")] = "Scanstraat failed",
) -> None:
    """Take the mails of an IMAP mailbox.

    Secrets (password, client secret, refresh token) are asked for; without a terminal they are read from standard input, one a
    line, or from SCANSTRAAT_PASSWORD, SCANSTRAAT_CLIENT_SECRET and SCANSTRAAT_REFRESH_TOKEN.
    """
    settings = _connect()
    from scanstraat.records import mailboxes, offices

    if bool(administration) == shared or (shared and (recipient or not recipient_header)):
        raise Refused("mailbox-owner", "whose mails are they?", "Give --administration, or --shared with --recipient-header.")
    row = way_named(way)
    credentials = _with_secrets(row, Credentials(tenant=tenant, client_id=client_id, token_url=token_url, scope=scope))
    server, header = _host(host or row.host, security), recipient_header if shared else ""
    where = (server, port or _PORTS[security], security, user, way, credentials, folder, done_folder, failed_folder)
    new = Account(0, name, *where, recipient, header)
    mailboxes.add(settings.home_path, new, None if shared else offices.named(administration).id)
    typer.echo(f"mailbox {name} is looked after; `scanstraat check-mailbox {name}` tries it")


def mailbox_secret(name: Annotated[str, typer.Argument(help="the mailbox")]) -> None:
    """Give a mailbox another password, client secret or refresh token; asked for as by `add-mailbox`."""
    settings = _connect()
    from scanstraat.records import mailboxes

    identifier, way, known = mailboxes.way_of(settings.home_path, name)
    mailboxes.set_credentials(settings.home_path, identifier, _with_secrets(way_named(way), known))
    typer.echo(f"mailbox {name} is signed in to with what was given from now on")


def mailboxes() -> None:
    """Show the mailboxes, when each was last looked through, what hinders that, and what became of its messages."""
    _connect()
    from scanstraat.records import mailboxes as repository
    from scanstraat.workers.process import clock

    table = Table("name", "whose", "server", "looked through", "state", "messages")
    for line in repository.lines(clock()):
        seen = f"{line.seen_at:%Y-%m-%d %H:%M:%S}" if line.seen_at else ""
        counts = ", ".join(f"{count} {outcome}" for outcome, count in line.counts)
        table.add_row(line.name, line.administration, line.server, seen, _state(line), counts)
    Console().print(table)


def end_mailbox(name: Annotated[str, typer.Argument(help="the mailbox")]) -> None:
    """Take no more mails of a mailbox; its secret is forgotten, what lies in it stays."""
    _connect()
    from scanstraat.records import mailboxes

    mailboxes.end(name)
    typer.echo(f"mailbox {name} is looked after no more")


def check_mailbox(name: Annotated[str, typer.Argument(help="the mailbox")]) -> None:
    """Sign in to a mailbox and show its folders and what would be fetched; nothing is changed there."""
    settings = _connect()
    from scanstraat.mailbox.imap.checking import check
    from scanstraat.records import mailboxes
    from scanstraat.workers.process import clock

    account = mailboxes.named(settings.home_path, name)
    found = check(account, settings, lambda renewed: mailboxes.set_credentials(settings.home_path, account.id, renewed))
    uids = [uid for uid, _ in found.messages]
    dealt_with = len(uids) - len(mailboxes.undealt(account.id, found.uidvalidity, uids, clock()))
    large = sum(size > settings.max_mail_octets for _, size in found.messages)
    abilities = ", ".join(found.abilities) or "no extension of use"
    typer.echo(f"signed in to {account.host} as {account.username}; the server has {abilities}")
    typer.echo(f"folders: {', '.join(found.folders)}")
    typer.echo(
        f"{account.folder}: {len(uids)} messages, {sum(size for _, size in found.messages)} octets;"
        f" {dealt_with} dealt with before, {large} too large"
    )
    typer.echo(found.settling)


def _state(line: MailboxLine) -> str:
    if not line.is_active:
        return "ended"
    return line.error or ("looked after" if line.is_held else "nobody looks after it: is `scanstraat run` up?")


def _host(host: str, security: Security) -> str:
    if not host:
        raise Refused("mailbox-host", "which server is it?", "Give --host.")
    if security is Security.NONE and not is_loopback(host):
        raise Refused("not-encrypted", f"{host} is not this machine.", "Choose --security tls or starttls (I7).")
    return host


def _with_secrets(way: Way, given: Credentials) -> Credentials:
    wanted = [name for name in (*way.needs, *way.may_have) if name in SECRET]
    # Several lines of standard input are for several secrets, in the order of the way's row.
    found = {name: _secret(name, name in way.may_have) for name in wanted}
    credentials = replace(given, **found)
    missing = ", ".join("--" + name.replace("_", "-") for name in way.missing(credentials) if name not in SECRET)
    empty = ", ".join(name.replace("_", " ") for name in way.missing(credentials) if name in SECRET)
    if missing or empty:
        raise Refused("credentials", f"{way.name} needs {' and '.join(filter(None, (missing, empty)))}.", "Give it too.")
    return credentials


def _secret(name: str, may_lack: bool) -> str:
    variable = f"SCANSTRAAT_{name.upper()}"
    if variable in os.environ:
        return os.environ[variable]
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    shown = name.replace("_", " ").capitalize()
    text: str = typer.prompt(shown, hide_input=True, default="" if may_lack else None, show_default=False)
    return text


def _connect() -> Settings:
    from scanstraat.records import connection

    connection.connect()
    return Settings.from_environment()
