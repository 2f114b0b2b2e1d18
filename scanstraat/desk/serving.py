"""The desk's own web server: waitress, a few threads, until it is told to stop."""

from __future__ import annotations

import logging
import signal
import tempfile
from types import FrameType
from typing import Any, NoReturn

from django.urls import get_resolver
from waitress import create_server

from scanstraat import durable
from scanstraat.desk.refusing import Channel
from scanstraat.mailbox.spool import Spool
from scanstraat.settings import Settings, split_listen

_log = logging.getLogger(__name__)
_THREADS = 8
_BESIDE_FILES = 1_000_000  # octets of a request on top of what a mail may have: a note, and what separates the files


def server(settings: Settings) -> Any:
    """The waitress server, bound to `desk_listen` and not running yet: `run()` it, `close()` it. Port 0 takes a free one."""
    from scanstraat.desk.wsgi import application  # sets Django up, which the importing of this module should not do

    _ = get_resolver().url_patterns  # loads every page, so that the first to ask does not wait for it
    host, port = split_listen(settings.desk_listen)
    sockets: dict[int, Any] = {}
    web = create_server(
        application,
        map=sockets,
        host=host,
        port=port,
        threads=_THREADS,
        ident=None,
        url_scheme="https" if settings.desk_https else "http",
        max_request_body_size=settings.max_mail_octets + _BESIDE_FILES,
    )
    for listening in sockets.values():
        listening.channel_class = Channel
    return web


def serve(settings: Settings) -> None:
    """Serve the pages until SIGTERM or SIGINT; returns once open requests were answered. Raises `OSError` for a taken port."""
    logging.basicConfig(level=settings.log_level)
    _keep_bodies_in_spool(settings)
    Spool(settings.home_path / "spool").sweep()  # of uploads that a desk was killed over; none was answered
    web = server(settings)
    from scanstraat.desk.pictures import pictures

    signal.signal(signal.SIGTERM, _stop)
    _log.info("pages at http://%s", settings.desk_listen)
    try:
        web.run()
    finally:
        web.close()
        pictures().close()


def _keep_bodies_in_spool(settings: Settings) -> None:
    """Have the server put large requests where there is room for mails, not where the machine keeps it in memory."""
    folder = settings.home_path / "spool" / "uploads"
    durable.make_folder(folder)
    tempfile.tempdir = str(folder)


def _stop(number: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG001  the signature of a signal handler
    raise SystemExit(0)
