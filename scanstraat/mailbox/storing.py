"""From the spool into the house: sync, store, and only then an answer (A7). Runs in a few threads beside the sockets."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

from scanstraat import failpoint
from scanstraat.mailbox import replies
from scanstraat.mailbox.intake import Intake, RecipientState, SpooledMail
from scanstraat.mailbox.spool import SpoolFile
from scanstraat.model.mail import Envelope, Refusal

R = TypeVar("R")
_THREADS = 8  # mails under way at once; those that wait for a sync together are synced together
_KNOWN_SECONDS = 1.0  # so long an address that was just found is not looked up again (A10: a day is what counts there)
_KNOWN = 10_000
_log = logging.getLogger(__name__)


class Storing:
    """Calls the intake in threads, and what is to be called after that in the loop.

    A mail handed over is stored to its end, also when its sender hangs up meanwhile.
    """

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._loop = asyncio.get_running_loop()
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="mailbox")
        self._running = 0
        self._is_idle = asyncio.Event()
        self._is_idle.set()
        self._known: dict[str, float] = {}

    def known(self, address: str) -> RecipientState | None:
        """What the address is, where that was told a moment ago and is good news; None where it is to be looked up."""
        return RecipientState.ACCEPTED if self._known.get(address, 0.0) > self._loop.time() else None

    def recipient(self, address: str, then: Callable[[RecipientState | str], None]) -> None:
        """Look up what the address is to us; `then` gets that, or the answer where it cannot be told for now."""

        def told(state: RecipientState | str) -> None:
            if state is RecipientState.ACCEPTED:
                if len(self._known) >= _KNOWN:
                    self._known.clear()
                self._known[address] = self._loop.time() + _KNOWN_SECONDS
            then(state)

        self._in_thread(lambda: _looked_up(self._intake, address), told)

    def store_once(self, file: SpoolFile, envelopes: tuple[Envelope, ...], then: Callable[[str], None]) -> None:
        """Store one mail for all its envelopes in one go; `then` gets the answer. The spool file is gone by then."""
        self._in_thread(lambda: _stored(self._intake, file, envelopes), then)

    def store_each(self, file: SpoolFile, envelopes: tuple[Envelope, ...], then: Callable[[tuple[str, ...]], None]) -> None:
        """Store one mail for each envelope by itself, as LMTP wants it; `then` gets an answer for each, in order."""
        if len(envelopes) == 1:
            self.store_once(file, envelopes, lambda answer: then((answer,)))
        else:
            self._in_thread(lambda: _stored_each(self._intake, file, envelopes), then)

    def refused(self, refusals: tuple[Refusal, ...], then: Callable[[bool], None]) -> None:
        """Tell the intake what was turned away (A9); `then` gets whether it knows."""
        self._in_thread(lambda: _told(self._intake, refusals), then)

    async def finish(self, seconds: float) -> None:
        """Wait that long for what is being stored; then let the threads go."""
        try:
            await asyncio.wait_for(self._is_idle.wait(), seconds)
        except TimeoutError:
            _log.warning("%d mails were still being stored; none of them was acknowledged", self._running)
        self._pool.shutdown(wait=False)

    def _in_thread(self, call: Callable[[], R], then: Callable[[R], None]) -> None:
        self._running += 1
        self._is_idle.clear()
        self._pool.submit(self._called, call, then)

    def _called(self, call: Callable[[], R], then: Callable[[R], None]) -> None:
        result = call()
        with suppress(RuntimeError):  # the loop has ended meanwhile; nobody waits for the answer
            self._loop.call_soon_threadsafe(self._finished, then, result)

    def _finished(self, then: Callable[[R], None], result: R) -> None:
        self._running -= 1
        if not self._running:
            self._is_idle.set()
        then(result)


def _looked_up(intake: Intake, address: str) -> RecipientState | str:
    try:
        return intake.recipient(address)
    except Exception as error:
        _log.error("a recipient cannot be told for now: %s", error, exc_info=error)
        return replies.to_failure(error)


def _told(intake: Intake, refusals: tuple[Refusal, ...]) -> bool:
    try:
        intake.refused(refusals)
    except Exception as error:
        _log.warning("what was turned away cannot be written down for now: %s", error)
        return False
    return True


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
