"""The post: sends our own letters by the relay, each at least once, and withholds those that nobody should get.

A letter is claimed, judged, handed to the relay, and marked as sent. Who is killed between the relay's answer and the mark sends
it once more, with the same Message-ID. Import after the database is connected.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from scanstraat import failpoint
from scanstraat.bounded import Child
from scanstraat.delivery.posting import checked_address, mail_of
from scanstraat.delivery.relay import Relay
from scanstraat.errors import Refused, Unavailable
from scanstraat.mailbox import authentication
from scanstraat.mailbox.authentication import Authenticator
from scanstraat.model.letter import StoredLetter
from scanstraat.pipeline.correspondence import Censor, Expired, Withheld
from scanstraat.records import connection, letters, offices
from scanstraat.records.blobs import Blobs
from scanstraat.records.transaction import unavailable_without_database
from scanstraat.settings import Settings
from scanstraat.workers.process import clock, holder_name, told_to_stop

log = logging.getLogger(__name__)

_LEASE = timedelta(minutes=8)  # longer than all waiting for the relay and for name servers together
_PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60))
_TURN_SECONDS, _REST_SECONDS = 1.0, 5.0
_MINUTE = timedelta(minutes=1)
_AT_ONCE = 20


def post(settings: Settings, holder: str = "") -> None:
    """Send letters until SIGTERM or SIGINT; the one at hand is finished first. `holder` is the name letters are claimed under.

    Up to its last colon the name is that of this post's place; claims of earlier holders there are ended at the start.
    """
    connection.connect()
    failpoint.install_from_environment()
    stop = told_to_stop()
    with Child(authentication.PRELOAD) as child:
        office = Post(settings, holder or holder_name(), child)
        office.run(stop)
    connection.disconnect()


class Post:
    """Sends what is due. Raises `Refused` (code `setting` or `address`) where the settings cannot be used."""

    def __init__(self, settings: Settings, holder: str, child: Child, now: Callable[[], datetime] = clock) -> None:
        self._settings, self._holder, self._now = settings, holder, now
        self._relay = Relay(settings)
        if settings.mail_from:
            checked_address(settings.mail_from)
        self._censor = Censor(settings, Authenticator(child, settings), Blobs(settings.home_path))

    def run(self, stop: threading.Event) -> None:
        """Send until told to stop; a database that is away is waited for."""
        released = False
        while not stop.is_set():
            try:
                released = released or self._released()
                pause = 0.0 if self.turn(stop) else _TURN_SECONDS
            except Exception as error:
                log.warning("the post goes on later: %s", error)
                connection.disconnect()
                pause = _REST_SECONDS
            stop.wait(pause)

    def turn(self, stop: threading.Event | None = None) -> int:
        """Deal with what is due, as far as a minute has room; how many letters that were."""
        done = 0
        with unavailable_without_database():
            for letter in letters.due(self._now(), _AT_ONCE):
                if (stop and stop.is_set()) or letters.sent_since(self._now() - _MINUTE) >= self._settings.letters_a_minute:
                    break
                done += self._dealt_with(letter)
        return done

    def _dealt_with(self, letter: UUID) -> bool:
        now = self._now()
        claimed = letters.claim(letter, self._holder, now, now + _LEASE)
        if claimed is None:
            return False
        failpoint.reach("post.claimed")
        try:
            self._censor.examine(claimed, now)
            failpoint.reach("post.examined")
            self._relay.send(claimed.recipient, self._written(claimed))
        except Withheld as why:
            log.info("letter %s is withheld: %s", claimed.id, why)
            letters.withheld(claimed, str(why), self._now())
        except (Expired, Refused) as error:
            log.warning("letter %s is given up: %s", claimed.id, error)
            letters.failed(claimed, str(error), self._now())
        except Unavailable as error:
            self._postpone(claimed, error)
        else:
            letters.sent(claimed, self._now())
        return True

    def _postpone(self, claimed: StoredLetter, error: Unavailable) -> None:
        log.warning("letter %s waits: %s", claimed.id, error)
        pause = _PAUSES[min(claimed.attempts, len(_PAUSES)) - 1]
        letters.postponed(claimed, str(error), self._now() + pause)

    def _written(self, claimed: StoredLetter) -> bytes:
        administration = offices.administration(claimed.administration)
        sender = self._settings.mail_from or offices.first_address(claimed.administration)
        return mail_of(claimed, sender, administration.name)

    def _released(self) -> bool:
        place, _, _ = self._holder.rpartition(":")
        count = letters.release(f"{place}:", self._now(), but=self._holder)
        if count:
            log.warning("%d letters of a post that died are free again", count)
        return True
