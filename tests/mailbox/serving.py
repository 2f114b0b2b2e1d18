"""A mail server in a process of its own, for tests that end it: `python -m tests.mailbox.serving HOME SECONDS_A_STORE`."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from uuid import uuid4

from scanstraat import failpoint
from scanstraat.mailbox.intake import RecipientState, SpooledMail, StoredAs
from scanstraat.mailbox.server import serve
from scanstraat.model.mail import Envelope, Refusal
from scanstraat.settings import Settings


class FolderIntake:
    """Keeps mails as files in a folder, slowly."""

    def __init__(self, folder: Path, seconds: float) -> None:
        self._folder = folder
        self._seconds = seconds

    def recipient(self, address: str) -> RecipientState:
        return RecipientState.ACCEPTED

    def store(self, envelopes: tuple[Envelope, ...], spooled: SpooledMail) -> tuple[StoredAs, ...]:
        time.sleep(self._seconds)
        (self._folder / spooled.sha256).write_bytes(spooled.path.read_bytes())
        return tuple(StoredAs(uuid4(), is_new=True) for _ in envelopes)

    def refused(self, turned_away: tuple[Refusal, ...]) -> None:
        pass


def main() -> None:
    home, seconds = Path(sys.argv[1]), float(sys.argv[2])
    failpoint.install_from_environment()
    (home / "kept").mkdir(parents=True, exist_ok=True)
    settings = Settings(home=str(home), smtp_listen="", lmtp_listen=str(home / "lmtp.sock"))
    serve(settings, FolderIntake(home / "kept", seconds))


if __name__ == "__main__":
    main()
