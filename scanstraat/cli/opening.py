"""`scanstraat add-administration` and `add-user`: the little that is needed before the first mail."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Annotated

import typer

from scanstraat.model.administration import Administration, Instructions, OwnIdentity
from scanstraat.model.people import Post, Role


def add_administration(
    name: Annotated[str, typer.Argument(help="the company's name")],
    drop: Annotated[str, typer.Option(help="name of its drop folder: letters, digits, dashes")],
    address: Annotated[list[str], typer.Option(help="a mail address suppliers send to; give it several times for several")],
    office: Annotated[str, typer.Option(help="the office it belongs to; made where it is new")],
    own_vat: Annotated[list[str] | None, typer.Option(help="the company's own VAT number (C6)")] = None,
    own_iban: Annotated[list[str] | None, typer.Option(help="the company's own IBAN (C6)")] = None,
    own_name: Annotated[list[str] | None, typer.Option(help="another name the company is addressed by (C6)")] = None,
    reminder_phrase: Annotated[
        list[str] | None, typer.Option(help="said in a mail, a reminder is treated as an invoice (G3)")
    ] = None,
    currency: Annotated[str, typer.Option(help="its own currency, ISO 4217 (D9)")] = "EUR",
    country: Annotated[str, typer.Option(help="its country, ISO 3166")] = "NL",
) -> None:
    """Open an administration: from now on mail to its addresses is taken."""
    from scanstraat.records import connection

    connection.connect()
    from scanstraat.records.offices import open_administration

    own = OwnIdentity((name, *(own_name or [])), tuple(own_vat or []), tuple(own_iban or []))
    instructions = Instructions(reminder_phrases=tuple(reminder_phrase or []))
    new = Administration(0, name, own, drop, currency, country, instructions)
    opened = open_administration(office, new, tuple(address))
    typer.echo(f"administration {opened.id} {opened.name}: mail to {', '.join(address)}, drops in drops/{opened.drop}")


def add_user(
    username: Annotated[str, typer.Argument(help="the name to sign in with; one a person, never shared (I3)")],
    office: Annotated[list[str] | None, typer.Option(help="an office the role is held in (I5)")] = None,
    role: Annotated[Role, typer.Option(help="what the person is there")] = Role.OFFICE_MAIN_USER,
    everywhere: Annotated[bool, typer.Option(help="the role is held in every office: operators, leads, auditors")] = False,
    confidential_since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="the day confidentiality was agreed; operators need it (I3)")
    ] = None,
    password: Annotated[str, typer.Option(envvar="SCANSTRAAT_PASSWORD", help="default: one is made and printed")] = "",
) -> None:
    """Add a person who may sign in to the pages, or give an existing one a new password and roles."""
    from scanstraat.records import connection

    connection.connect()
    from scanstraat.records import people

    chosen = password or secrets.token_urlsafe(15)
    posts = tuple(Post(role, office=people.office(name)) for name in office or []) + ((Post(role),) if everywhere else ())
    people.ensure_user(username, chosen, posts, confidential_since.date() if confidential_since else None)
    typer.echo(f"user {username}" + ("" if password else f", password {chosen}"))
