"""Commands that run the service: all of it, or one part."""

from __future__ import annotations

import logging
from typing import Annotated

import typer

from scanstraat import failpoint
from scanstraat.settings import Settings


def _start() -> Settings:
    settings = Settings.from_environment()
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    failpoint.install_from_environment()
    from scanstraat.records import connection

    connection.connect()
    return settings


def run() -> None:
    """Start everything and watch it: mail server, workers, sweep and pages. Ctrl-C ends it cleanly."""
    settings = _start()
    from scanstraat.records import connection
    from scanstraat.workers.supervisor import supervise

    connection.migrate()
    connection.disconnect()
    supervise(settings)


def serve_mail() -> None:
    """Serve SMTP and LMTP: mails are stored durably before they are acknowledged."""
    settings = _start()
    from scanstraat.cli.wiring import intake
    from scanstraat.mailbox.server import serve

    serve(settings, intake(settings))


def work(
    holder: Annotated[str, typer.Option(help="the name this worker holds tasks under; its supervisor gives it")] = "",
) -> None:
    """Work on the line until told to stop; start one a processor core."""
    settings = _start()
    from scanstraat.workers.worker import work as work_on

    work_on(settings, holder)


def serve_desk() -> None:
    """Serve the pages."""
    settings = _start()
    from scanstraat.desk.serving import serve

    serve(settings)


def sweep() -> None:
    """Ring for due tasks where Redis is used, and clear away what crashed workers left in staging."""
    settings = _start()
    from scanstraat.workers.sweep import sweep as sweep_on

    sweep_on(settings)


def collect(
    holder: Annotated[str, typer.Option(help="the name mailboxes and folders are held under; its supervisor gives it")] = "",
) -> None:
    """Take mails from mailboxes and watched folders until told to stop."""
    settings = _start()
    from scanstraat.cli.wiring import sources
    from scanstraat.mailbox.spool import Spool
    from scanstraat.workers.collect import collect as collect_on

    Spool(settings.home_path / "spool").sweep()
    collect_on(sources(settings), holder)


def post(
    holder: Annotated[str, typer.Option(help="the name letters are claimed under; its supervisor gives it")] = "",
) -> None:
    """Send receipts and messages by the relay until told to stop."""
    settings = _start()
    from scanstraat.workers.post import post as post_on

    post_on(settings, holder)


def call_webhooks(
    holder: Annotated[str, typer.Option(help="the name calls are claimed under; its supervisor gives it")] = "",
) -> None:
    """Call webhooks until told to stop."""
    settings = _start()
    from scanstraat.workers.hooks import call_webhooks as call_on

    call_on(settings, holder)


def migrate() -> None:
    """Bring the database to the newest schema."""
    _start()
    from scanstraat.records import connection

    connection.migrate()
