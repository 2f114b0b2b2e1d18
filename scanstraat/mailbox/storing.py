"""From the spool into the house: sync, store, and only then an answer (A7). Runs in a few threads beside the sockets."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from scanstraat import failpoint
from scanstraat.mailbox import replies
from scanstraat.mailbox.intake import Intake, RecipientState, SpooledMail
from scanstraat.mailbox.spool import SpoolFile
from scanstraat.model.mail import Envelope

R = TypeVar("R")
_THREADS = 4
_log = logging.getLogger(__name__)


class Storing:
    """Calls the intake in threads. A mail handed over is stored to its end, also when its sender hangs up meanwhile."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="mailbox")
        self._running: set[asyncio.Task[object]] = set()

    async def recipient(self, address: str) -> RecipientState:
        """What the address is to us; raises what the intake raises."""
        return await self._in_thread(lambda: self._intake.recipient(address))

    async def store_once(self, file: SpoolFile, envelopes: tuple[Envelope, ...]) -> str:
        """Store one mail for all its envelopes in one go; the answer for the sender. The spool file is gone afterwards."""
        return await self._in_thread(lambda: _stored(self._intake, file, envelopes))

    async def store_each(self, file: SpoolFile, envelopes: tuple[Envelope, ...]) -> tuple[str, ...]:
        """Store one mail for each envelope by itself, as LMTP wants it; an answer for each, in order."""
        if len(envelopes) == 1:
            return (await self.store_once(file, envelopes),)
        return await self._in_thread(lambda: _stored_each(self._intake, file, envelopes))

    async def finish(self, seconds: float) -> None:
        """Wait that long for what is being stored; then let the threads go."""
        if self._running:
            await asyncio.wait(self._running, timeout=seconds)
        self._pool.shutdown(wait=False)

    async def _in_thread(self, call: Callable[[], R]) -> R:
        task: asyncio.Task[R] = asyncio.create_task(self._called(call))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return await asyncio.shield(task)

    async def _called(self, call: Callable[[], R]) -> R:
        return await asyncio.get_running_loop().run_in_executor(self._pool, call)


def _stored(intake: Intake, file: SpoolFile, envelopes: tuple[Envelope, ...]) -> str:
    try:
        return _answer(intake, envelopes, _sealed(file))
    except Exception as error:
        return _failure(error)
    finally:
        file.discard()


def _stored_each(intake: Intake, file: SpoolFile, envelopes: tuple[Envelope, ...]) -> tuple[str, ...]:
    try:
        spooled = _sealed(file)
        return tuple(_stored_twin(intake, file, spooled, envelope) for envelope in envelopes)
    except Exception as error:
        return tuple(_failure(error) for _ in envelopes)
    finally:
        file.discard()


def _stored_twin(intake: Intake, file: SpoolFile, spooled: SpooledMail, envelope: Envelope) -> str:
    try:
        twin = file.twin(spooled)
    except Exception as error:
        return _failure(error)
    try:
        return _answer(intake, (envelope,), twin)
    finally:
        twin.path.unlink(missing_ok=True)


def _sealed(file: SpoolFile) -> SpooledMail:
    failpoint.reach("mailbox.received")
    spooled = file.seal()
    failpoint.reach("mailbox.spooled")
    return spooled


def _answer(intake: Intake, envelopes: tuple[Envelope, ...], spooled: SpooledMail) -> str:
    try:
        intake.store(envelopes, spooled)
    except Exception as error:
        return _failure(error)
    failpoint.reach("mailbox.stored")
    return replies.OK


def _failure(error: Exception) -> str:
    # Whatever went wrong here is our fault: it is logged in full, and the sender keeps the mail and tries again.
    _log.error("a mail could not be stored: %s", error, exc_info=error)
    return replies.to_failure(error)
