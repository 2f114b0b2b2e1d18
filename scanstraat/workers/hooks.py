"""Calls webhooks: each call at least once, tried again for three days.

A call is claimed, signed, made, and marked as sent. Who is killed between the answer and the mark calls once more, under the
same `webhook-id`. Only one thread talks to the database; calls wait in others, few at once for one address, so that
a slow one holds up none but its own. Import after the database is connected.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from datetime import datetime, timedelta

from scanstraat import failpoint
from scanstraat.delivery.hooks import SECONDS, Answer, call, signature
from scanstraat.errors import Refused, Unavailable
from scanstraat.model.hook import StoredCall
from scanstraat.records import connection, hooks
from scanstraat.records.sealing import WEBHOOKS, unseal
from scanstraat.records.transaction import unavailable_without_database
from scanstraat.settings import Settings
from scanstraat.workers.process import clock, holder_name, told_to_stop

log = logging.getLogger(__name__)

_LEASE = timedelta(minutes=5)  # longer than a call and all waiting for name servers
_PAUSES = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400))
_GIVEN_UP = timedelta(days=3)
_KEPT = timedelta(days=30)  # how long it can be seen how a call went
_AT_ONCE, _AT_ONCE_A_HOOK = 16, 4
_TURN_SECONDS, _REST_SECONDS = 1.0, 5.0
_FORGET_EVERY = timedelta(hours=1)


def call_webhooks(settings: Settings, holder: str = "") -> None:
    """Call until SIGTERM or SIGINT; what is at hand is finished first. `holder` is the name calls are claimed under.

    Up to its last colon the name is that of this process's place; claims of earlier holders there are ended at the start.
    """
    connection.connect()
    failpoint.install_from_environment()
    stop = told_to_stop()
    Hooks(settings, holder or holder_name()).run(stop)
    connection.disconnect()


class Hooks:
    """Makes the calls that are due."""

    def __init__(self, settings: Settings, holder: str, now: Callable[[], datetime] = clock) -> None:
        self._settings, self._holder, self._now = settings, holder, now
        self._under_way: dict[Future[Answer], StoredCall] = {}
        self._forgotten_at: datetime | None = None

    def run(self, stop: threading.Event) -> None:
        """Call until told to stop; a database that is away is waited for."""
        released = False
        with ThreadPoolExecutor(_AT_ONCE, "hook") as threads:
            while not stop.is_set():
                try:
                    released = released or self._released()
                    self._forget()
                    pause = 0.0 if self.turn(threads) else _TURN_SECONDS
                except Exception as error:
                    log.warning("webhooks are called later: %s", error)
                    connection.disconnect()
                    pause = _REST_SECONDS
                stop.wait(pause)
            with suppress(Unavailable):
                self.finish()

    def turn(self, threads: ThreadPoolExecutor) -> bool:
        """Begin what is due and has room, and record what has ended; whether anything is under way."""
        with unavailable_without_database():
            self._begin(threads)
            if self._under_way:
                wait(self._under_way, _TURN_SECONDS, FIRST_COMPLETED)
            self._record()
        return bool(self._under_way)

    def finish(self) -> None:
        """Wait for all that is under way, and record it."""
        wait(self._under_way, SECONDS * 2)
        with unavailable_without_database():
            self._record()

    def _begin(self, threads: ThreadPoolExecutor) -> None:
        room = _AT_ONCE - len(self._under_way)
        busy = Counter(claimed.webhook for claimed in self._under_way.values())
        full = frozenset(webhook for webhook, count in busy.items() if count >= _AT_ONCE_A_HOOK)
        for identifier, webhook in hooks.due(self._now(), room, full) if room else ():
            now = self._now()
            has_room = busy[webhook] < _AT_ONCE_A_HOOK
            claimed = hooks.claim(identifier, self._holder, now, now + _LEASE) if has_room else None
            if claimed is not None:
                failpoint.reach("hooks.claimed")
                self._under_way[threads.submit(self._called, claimed)] = claimed
                busy[webhook] += 1

    def _called(self, claimed: StoredCall) -> Answer:
        secret = unseal(self._settings.home_path, claimed.secret, WEBHOOKS).decode()
        body, at = claimed.body.encode(), int(self._now().timestamp())
        signed = signature(secret, f"{claimed.id}", at, body)
        headers = {"webhook-id": f"{claimed.id}", "webhook-timestamp": f"{at}", "webhook-signature": signed}
        return call(claimed.url, headers, body, self._settings.hooks_local)

    def _record(self) -> None:
        for future in [future for future in self._under_way if future.done()]:
            claimed = self._under_way.pop(future)
            try:
                answer = future.result()
            except (Refused, Unavailable) as error:
                self._again(claimed, f"{error.message}")
            except Exception as error:
                log.exception("call %s failed", claimed.id)
                self._again(claimed, f"{type(error).__name__}: {error}")
            else:
                self._answered(claimed, answer)

    def _answered(self, claimed: StoredCall, answer: Answer) -> None:
        said = f"{answer.status} {answer.text}".strip()
        if answer.is_taken:
            hooks.sent(claimed, said, self._now())
        else:
            self._again(claimed, said)

    def _again(self, claimed: StoredCall, why: str) -> None:
        now = self._now()
        pause = _PAUSES[min(claimed.attempts, len(_PAUSES)) - 1]
        if now + pause > claimed.created_at + _GIVEN_UP:
            log.warning("call %s is given up: %s", claimed.id, why)
            hooks.failed(claimed, why, now)
        else:
            log.info("call %s waits: %s", claimed.id, why)
            hooks.postponed(claimed, why, now + pause)

    def _released(self) -> bool:
        place, _, _ = self._holder.rpartition(":")
        count = hooks.release(f"{place}:", self._now(), but=self._holder)
        if count:
            log.warning("%d calls of a process that died are free again", count)
        return True

    def _forget(self) -> None:
        now = self._now()
        if self._forgotten_at is None or now - self._forgotten_at > _FORGET_EVERY:
            hooks.forget_before(now - _KEPT)
            self._forgotten_at = now
