"""As `killing`, for the ways in besides mail: `folder HOME FAILPOINT HOLDER` and `desk HOME FAILPOINT PORT`."""

from __future__ import annotations

import os
import signal
import threading
from dataclasses import replace
from pathlib import Path

from tests.workers import killing

# isort: split
# From here on Django is set up, in a home of this process's own

from django.conf import settings as django_settings

from scanstraat.cli import wiring
from scanstraat.desk import serving, wsgi
from scanstraat.desk.api import service as api
from scanstraat.mailbox.spool import Spool
from scanstraat.settings import Settings
from scanstraat.workers.collect import Collector
from tests.workers.victims import MOST


def _folder(home: str, holder: str) -> None:
    settings = Settings(home=home, folder_seconds=0.02, max_mail_octets=MOST)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    Path(home, "new").write_text(f"{os.getpid()}")
    Path(home, "new").rename(Path(home, "pid"))
    Spool(Path(home, "spool")).sweep()
    kinds = tuple(kind for kind in wiring.sources(settings) if kind.name == "folder")
    Collector(kinds, holder, turn_seconds=0.05).run(stop)


def _desk(home: str, port: str) -> None:
    settings = replace(Settings(home=home), desk_listen=f"127.0.0.1:{port}")
    django_settings.SCANSTRAAT = settings
    serving.serve(settings)


def main() -> None:
    assert wsgi.application
    assert api.API
    killing.KINDS |= {"folder": _folder, "desk": _desk}
    killing.main()


if __name__ == "__main__":
    main()
