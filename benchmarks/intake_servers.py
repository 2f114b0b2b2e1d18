"""The mail servers that `benchmarks.intake` compares, each in a process of its own.

`python -m benchmarks.intake_servers KIND HOME` prints its port once it listens, and ends on SIGTERM.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import uuid
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP

from scanstraat import durable
from scanstraat.mailbox.intake import Intake, RecipientState, SpooledMail, StoredAs
from scanstraat.mailbox.server import Listeners
from scanstraat.model.mail import Envelope, Refusal
from scanstraat.settings import Settings
from scanstraat.together import Together

ADDRESS = "facturen@jansen.example"
_LIMIT = 30_000_000
_NO_LIMIT = 1_000_000  # mails a minute from the one sender of these mails


class StoringNothing:
    """The least that aiosmtpd can be asked."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: ARG002
        """Say that all is well."""
        return "250 OK"


class StoringFiles:
    """Writes each mail to a file of its own and syncs file and folder, as the documentation's handlers would."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: ARG002
        """Write, sync, and say that all is well."""
        with open(self._folder / uuid.uuid4().hex, "xb") as file:
            file.write(envelope.content)
            file.flush()
            os.fsync(file.fileno())
        durable.sync_folder(self._folder)
        return "250 OK"


class SpoolOnly:
    """The house behind our servers, where a mail is safe once it lies synced in the spool, with its name."""

    def __init__(self) -> None:
        self._sync: Together[Path, None] = Together(_sync_names)

    def recipient(self, address: str) -> RecipientState:  # noqa: ARG002
        """Everybody is known."""
        return RecipientState.ACCEPTED

    def store(self, envelopes: tuple[Envelope, ...], spooled: SpooledMail) -> tuple[StoredAs, ...]:  # noqa: ARG002
        """Sync the name; of mails that come together, once for all, as the whole house does it."""
        self._sync(spooled.path.parent)
        return ()

    def refused(self, turned_away: tuple[Refusal, ...]) -> None:
        """Nobody is."""


def _sync_names(folders: tuple[Path, ...]) -> list[None]:
    durable.sync_folders(set(folders))
    return [None for _ in folders]


async def _plain(handler: object) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(handler, data_size_limit=_LIMIT, loop=loop), "127.0.0.1", 0)
    await _until_told(server.sockets[0].getsockname()[1])


async def _ours(settings: Settings, intake: Intake) -> None:
    listeners = Listeners(settings, intake)
    await listeners.open()
    await _until_told(listeners.smtp_port)
    await listeners.close()


async def _until_told(port: int) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    print(port, flush=True)
    await stop.wait()


def _whole(settings: Settings) -> Intake:
    os.environ["SCANSTRAAT_HOME"] = settings.home
    from scanstraat.records import connection

    connection.connect()
    connection.migrate()
    from scanstraat.cli.wiring import intake
    from scanstraat.model.administration import Administration, OwnIdentity
    from scanstraat.records import offices

    new = Administration(0, "Jansen", OwnIdentity(("Jansen",)), "jansen")
    offices.open_administration("Kantoor", new, (ADDRESS,))
    return intake(settings)


def main() -> None:
    """Run one of the servers."""
    kind, home = sys.argv[1], sys.argv[2]
    settings = Settings(home=home, smtp_listen="127.0.0.1:0", sender_mails_a_minute=_NO_LIMIT, address_mails_a_minute=_NO_LIMIT)
    if kind == "nothing":
        asyncio.run(_plain(StoringNothing()))
    elif kind == "files":
        asyncio.run(_plain(StoringFiles(Path(home))))
    elif kind == "spool":
        asyncio.run(_ours(settings, SpoolOnly()))
    else:
        asyncio.run(_ours(settings, _whole(settings)))


if __name__ == "__main__":
    main()
