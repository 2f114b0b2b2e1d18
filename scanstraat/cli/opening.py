"""`scanstraat add-administration`: the little that is needed before the first mail."""

from __future__ import annotations

from typing import Annotated

import typer

from scanstraat.model.administration import Administration, Instructions, OwnIdentity


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
