"""The SMTP and LMTP servers: sockets, the loop they run in, and an orderly end."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from scanstraat.errors import Refused, Unavailable
from scanstraat.mailbox import replies
from scanstraat.mailbox.certificate import Certificate
from scanstraat.mailbox.intake import Intake
from scanstraat.mailbox.limits import Door
from scanstraat.mailbox.protocols import LmtpSession, SmtpSession
from scanstraat.mailbox.session import House, Session
from scanstraat.mailbox.spool import Spool
from scanstraat.mailbox.storing import Storing
from scanstraat.mailbox.turning_away import TurnedAway
from scanstraat.model.mail import Refusal
from scanstraat.settings import Settings, split_listen

GRACE_SECONDS = 8.0  # for mails that are coming in or being stored when the server is told to stop
_POLL_SECONDS = 0.05
_START_SECONDS = 10.0
_BACKLOG = 200
_REFUSALS_SECONDS = 0.5  # how often what was turned away is written down
_CERTIFICATE_SECONDS = 60.0  # how often the certificate's file is looked at
_log = logging.getLogger(__name__)


def serve(settings: Settings, intake: Intake) -> None:
    """Serve SMTP and LMTP until SIGTERM or SIGINT.

    Raises `Refused` (code `setting` or `tls-certificate`) where the settings cannot be used, `Unavailable` (code `listen`)
    where an address is taken.
    """
    asyncio.run(_serve_until_told(settings, intake))


async def _serve_until_told(settings: Settings, intake: Intake) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    listeners = Listeners(settings, intake)
    await listeners.open()
    await stop.wait()
    await listeners.close()


class Listeners:
    """The listening sockets and the connections behind them, in the running loop."""

    def __init__(self, settings: Settings, intake: Intake) -> None:
        self._settings = settings
        self._certificate = Certificate(settings)
        spool, storing = Spool(settings.home_path / "spool"), Storing(intake)
        self._house = House(settings, spool, storing, Door(settings), TurnedAway(), self._certificate.context)
        self._turns: dict[Callable[[], object], asyncio.TimerHandle] = {}
        self._servers: list[asyncio.Server] = []
        self._paths: list[Path] = []
        self.smtp_port = 0
        self.lmtp_port = 0

    async def open(self) -> None:
        """Sweep the spool, then listen where the settings say."""
        swept = self._house.spool.sweep()
        if swept:
            _log.warning("%d unfinished mails of an earlier process swept from the spool; none was acknowledged", swept)
        try:
            self.smtp_port = await self._listen(self._settings.smtp_listen, SmtpSession)
            self.lmtp_port = await self._listen(self._settings.lmtp_listen, LmtpSession)
        except BaseException:
            await self.close()
            raise
        self._every(_REFUSALS_SECONDS, lambda: self._hand_over(self._house.turned_away.take(datetime.now(UTC))))
        self._every(_CERTIFICATE_SECONDS, self._certificate.look)

    def _every(self, seconds: float, do: Callable[[], object]) -> None:
        def turn() -> None:
            self._turns[do] = asyncio.get_running_loop().call_later(seconds, turn)
            do()

        turn()

    def _hand_over(self, refusals: tuple[Refusal, ...]) -> None:
        away = self._house.turned_away
        if refusals:
            self._house.storing.refused(refusals, lambda is_known: None if is_known else away.give_back(refusals))

    async def _listen(self, where: str, kind: type[Session]) -> int:
        if not where:
            return 0
        loop = asyncio.get_running_loop()
        try:
            if "/" in where:
                server = await loop.create_unix_server(lambda: kind(self._house), where, backlog=_BACKLOG)
                os.chmod(where, 0o660)
                self._paths.append(Path(where))
            else:
                host, port = split_listen(where)
                server = await loop.create_server(lambda: kind(self._house), host or None, port, backlog=_BACKLOG)
        except ValueError:
            raise Refused("setting", f"{where!r} is no address to listen on.", "Write host:port or a socket path.") from None
        except OSError as error:
            raise Unavailable(
                "listen", f"{where} cannot be listened on: {error}.", "Stop what uses it, then start again."
            ) from error
        self._servers.append(server)
        port = 0 if "/" in where else int(server.sockets[0].getsockname()[1])
        _log.info("%s on %s", kind.channel.name, where if port == 0 else f"{where} (port {port})")
        return port

    async def close(self) -> None:
        """Take no new connections, let mails under way finish for a few seconds, then hang up."""
        self._house.is_stopping = True
        for server in self._servers:
            server.close()
        for path in self._paths:
            path.unlink(missing_ok=True)
        for session in tuple(self._house.live):
            if not session.in_transaction:
                session.hang_up(replies.STOPPING)
        last = asyncio.get_running_loop().time() + GRACE_SECONDS
        while self._house.live and asyncio.get_running_loop().time() < last:
            await asyncio.sleep(_POLL_SECONDS)
        for session in tuple(self._house.live):
            session.cut_off()
        await asyncio.sleep(0)
        for turn in self._turns.values():
            turn.cancel()
        self._hand_over(self._house.turned_away.take(None))
        await self._house.storing.finish(GRACE_SECONDS)


class MailServer:
    """The servers in a thread of their own, for tests and for programs that do something else meanwhile."""

    def __init__(self, settings: Settings, intake: Intake) -> None:
        self.smtp_port = 0
        self.lmtp_port = 0
        self._settings = settings
        self._intake = intake
        self._ready = threading.Event()
        self._failure: BaseException | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._run, name="mail-server", daemon=True)

    def start(self) -> None:
        """Return once the sockets listen; raises what kept them from it."""
        self._thread.start()
        self._ready.wait(_START_SECONDS)
        if self._failure is not None:
            raise self._failure

    def stop(self) -> None:
        """End in order, as on SIGTERM; returns when all is closed."""
        if self._loop is not None and self._stop is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def __enter__(self) -> MailServer:
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:
            self._failure = error
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        listeners = Listeners(self._settings, self._intake)
        await listeners.open()
        self.smtp_port, self.lmtp_port = listeners.smtp_port, listeners.lmtp_port
        self._ready.set()
        await self._stop.wait()
        await listeners.close()
