"""`scanstraat mail ID`: one mail whole, from the envelope to where each of its parts ended (A9)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from scanstraat.codec import to_json
from scanstraat.model.mail import Origin
from scanstraat.model.story import DocumentStory, MailStory, PartStory
from scanstraat.settings import Settings


def mail(
    identifier: Annotated[UUID, typer.Argument(metavar="ID", help="of the mail, as `scanstraat mails` shows it")],
    json: Annotated[bool, typer.Option("--json", help="one JSON object")] = False,
) -> None:
    """Show one mail: how it came, what was in it, what became of each part and why."""
    from scanstraat.records import connection

    connection.connect()
    from scanstraat.records.blobs import Blobs
    from scanstraat.records.ends import mail_story

    story = mail_story(identifier, Blobs(Settings.from_environment().home_path))
    if json:
        typer.echo(to_json(story))
        return
    console = Console()
    for table in _tables(story):
        if table.row_count:
            console.print(table)


def _tables(story: MailStory) -> Iterator[Table]:
    about = Table("mail", str(story.id), title=escape(story.header.subject or "(no subject)"), title_justify="left")
    for name, value in _about(story):
        about.add_row(name, escape(value))
    yield about
    yield _table("Parts", ("no.", "name", "is", "pages", "size", "role", "ended", "why"), map(_part_row, story.parts))
    columns = ("no.", "kind", "supplier", "number", "total", "pages", "ended", "why", "drop", "id")
    yield _table("Documents", columns, map(_document_row, story.documents))
    yield _table("What happened", ("at", "event", ""), ((f"{e.at:%Y-%m-%d %H:%M:%S}", e.event, e.text) for e in story.events))
    letters = ((f"{x.created_at:%Y-%m-%d %H:%M}", x.purpose, x.recipient, x.subject, x.state, x.reason) for x in story.letters)
    yield _table("Letters", ("at", "purpose", "to", "subject", "state", "why"), letters)
    refusals = ((f"{x.at:%Y-%m-%d %H:%M:%S}", x.channel, x.peer, x.recipient, x.reply) for x in story.refusals)
    yield _table("Turned away of the same sender", ("at", "by", "from", "to", "answer"), refusals)


def _table(title: str, columns: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> Table:
    table = Table(*columns, title=title, title_justify="left")
    for row in rows:
        table.add_row(*map(escape, row))
    return table


def _about(story: MailStory) -> Iterator[tuple[str, str]]:
    envelope, header = story.envelope, story.header
    yield "administration", story.administration
    yield "from", header.sender or envelope.sender
    yield "envelope", f"{envelope.sender or '<>'} to {envelope.recipient}"
    yield "came by", " ".join(filter(None, (envelope.channel.value, envelope.peer, envelope.helo)))
    again = f", {story.times_received} times" if story.times_received > 1 else ""
    yield "received", f"{envelope.received_at:%Y-%m-%d %H:%M:%S} UTC{again}, {story.size} octets"
    yield "sent", header.sent_at.isoformat(" ") if header.sent_at else "–"
    yield "Message-ID", header.message_id or "–"
    for origin in story.origins:
        yield "forwarded from", _origin(origin)
    yield "state", f"{story.state} {story.error}".strip()


def _origin(origin: Origin) -> str:
    sent = origin.sent.replace("T", " ")
    return ", ".join(filter(None, (origin.sender, f"sent {sent}" if sent else "", origin.subject)))


def _part_row(part: PartStory) -> tuple[str, ...]:
    name = "  " * part.depth + (part.name or "(no name)")
    pages = str(part.pages) if part.pages else ""
    return str(part.index + 1), name, part.media_type, pages, str(part.octets), part.role.value, part.end.value, part.reason


def _document_row(document: DocumentStory) -> tuple[str, ...]:
    total = f"{document.currency} {document.total}".strip()
    read = (document.kind, document.supplier, document.number, total, str(document.pages))
    return str(document.ordinal + 1), *read, document.end.value, document.reason, document.drop, str(document.id)
