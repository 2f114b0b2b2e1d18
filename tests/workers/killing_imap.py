"""As `killing`, for mailboxes: `imap HOME FAILPOINT HOLDER`."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

from tests.workers import killing

# isort: split
# From here on Django is set up, in a home of this process's own

from scanstraat.cli import wiring
from scanstraat.mailbox.imap import folder
from scanstraat.mailbox.spool import Spool
from scanstraat.settings import Settings
from scanstraat.workers.collect import Collector
from tests.workers.victims import MOST


def _imap(home: str, holder: str) -> None:
    settings = Settings(home=home, imap_pause_seconds=0.02, imap_poll_seconds=0.1, max_mail_octets=MOST)
    folder._SLICE_SECONDS = 0.02  # waiting ends sooner when told to
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    Spool(Path(home, "spool")).sweep()
    kinds = tuple(kind for kind in wiring.sources(settings) if kind.name == "mailbox")
    Path(home, "new").write_text(f"{os.getpid()}")
    Path(home, "new").rename(Path(home, "pid"))
    Collector(kinds, holder, turn_seconds=0.05).run(stop)


def main() -> None:
    killing.KINDS |= {"imap": _imap}
    killing.main()


if __name__ == "__main__":
    main()
