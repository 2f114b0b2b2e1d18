"""`scanstraat`: the commands, and the one place where everything is wired."""

from __future__ import annotations

import sys

import typer

from scanstraat.cli import (
    audit,
    audit_chain,
    folders,
    instructing,
    keys,
    lists,
    mailboxes,
    opening,
    persons,
    rules,
    sending,
    serving,
    signing,
)
from scanstraat.cli.mail import mail
from scanstraat.cli.recognise import recognise
from scanstraat.errors import ScanstraatError

app = typer.Typer(
    name="scanstraat",
    help="Turns the mail suppliers send into booked-ready invoices: XML and PDF for the workflow, the rest to the archive.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (
    serving.run,
    serving.serve_mail,
    serving.work,
    serving.serve_desk,
    serving.sweep,
    serving.collect,
    serving.post,
    serving.call_webhooks,
    serving.migrate,
    sending.send,
    lists.mails,
    mail,
    lists.documents,
    lists.refusals,
    lists.replay,
    opening.add_administration,
    persons.add_user,
    persons.users,
    persons.end_user,
    signing.remove_second_factor,
    instructing.instruct,
    instructing.letters,
    mailboxes.add_mailbox,
    mailboxes.mailboxes,
    mailboxes.check_mailbox,
    mailboxes.mailbox_secret,
    mailboxes.end_mailbox,
    folders.add_folder,
    folders.folders,
    folders.end_folder,
    keys.add_key,
    keys.keys,
    keys.end_key,
    rules.rules,
    recognise,
):
    app.command()(command)
audit.app.command()(audit_chain.chain)
app.add_typer(audit.app, name="audit")


def main() -> None:
    """Run a command; an error of ours, or of the database, is one line that says what to do next, and exit status 1."""
    try:
        app()
    except ScanstraatError as error:
        _end(f"{error}")
    except Exception as error:
        if not type(error).__module__.startswith("django.db"):  # told by its name: most commands never load Django
            raise
        _end(f"database: {error}. Start it, or bring it up to date with `scanstraat migrate`.")


def _end(why: str) -> None:
    print(f"scanstraat: {why}", file=sys.stderr)
    sys.exit(1)


if __name__ == "__main__":
    main()
