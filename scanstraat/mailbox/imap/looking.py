"""Looking after one mailbox: connect, look through, wait for more, and begin again where the connection breaks (A6)."""

from __future__ import annotations

import logging
import random
import ssl
import time
from collections import Counter
from threading import Event

from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from scanstraat.errors import Refused, ScanstraatError, Unavailable
from scanstraat.mailbox.imap.connecting import connected, context, lost
from scanstraat.mailbox.imap.folder import Folder
from scanstraat.mailbox.imap.taking import Broken, House, Taker
from scanstraat.mailbox.imap.tokens import Tokens
from scanstraat.model.way_in import Account, Credentials, Message, Outcome
from scanstraat.settings import Settings

TRIES = 3  # of fetching one message, before its neighbours alone go on
BATCH = 100  # messages whose sizes are asked for at once, and that are moved at once when they are taken
LONGEST_PAUSE = 300  # times the first pause
_SECRET_SECONDS = 2.0  # how often it is looked up whether a refused secret was replaced
_SHORT_IDLE_SECONDS = 30.0  # a connection that breaks within this time of IDLE may do so because of it
_IDLE_BREAKS = 3
_WITHOUT_IDLE_SECONDS = 3_600.0  # then it is tried again

_log = logging.getLogger(__name__)


class Pauses:
    """How long to wait before the next try: twice as long each time, up to a bound, and never all mailboxes at once."""

    def __init__(self, first: float) -> None:
        self._first, self._tries = first, 0

    def next(self, at_once_longest: bool = False) -> float:
        """The next pause in seconds; the longest where only a person can help."""
        longest = self._first * LONGEST_PAUSE
        pause = longest if at_once_longest else min(longest, self._first * 2**self._tries)
        self._tries = min(self._tries + 1, 30)
        return pause * random.uniform(0.5, 1.0)  # noqa: S311  no secret

    def reset(self) -> None:
        """It works again."""
        self._tries = 0


class MailboxLooking:
    """Looks after one mailbox in a thread of its own."""

    def __init__(self, settings: Settings, house: House) -> None:
        self._settings, self._house = settings, house
        self._pauses = Pauses(settings.imap_pause_seconds)
        self._tls: ssl.SSLContext = context(settings)
        self._tokens = Tokens(self._tls, settings.imap_timeout, house.register.keep)
        self._failures: Counter[Message] = Counter()
        self._trouble = ""
        self._idle_breaks, self._no_idle_until = 0, 0.0

    def look(self, stop: Event) -> None:
        """Look after the mailbox until `stop` is set; whatever goes wrong is recorded, logged once, and tried again."""
        while not stop.is_set():
            try:
                self._attend(stop)
            except ScanstraatError as error:
                self._troubled(error)
                self._pause(isinstance(error, Refused), stop)

    def _pause(self, is_refused: bool, stop: Event) -> None:
        """Wait before the next try; not any longer once somebody set another secret."""
        until = time.monotonic() + self._pauses.next(is_refused)
        known = self._credentials() if is_refused else None
        while (left := until - time.monotonic()) > 0 and not stop.wait(min(left, _SECRET_SECONDS)):
            if is_refused and self._credentials() != known:
                self._tokens.forget()
                return

    def _credentials(self) -> Credentials | None:
        """What one would sign in with now; None where that cannot be told."""
        try:
            return self._house.register.account().credentials
        except ScanstraatError:
            return None

    def _attend(self, stop: Event) -> None:
        """One connection, for as long as it lasts."""
        account = self._house.register.account()
        with connected(account, self._tokens, self._tls, self._settings.imap_timeout) as client:
            folder = Folder(client, account.folder)
            taker = Taker(account, self._house, folder)
            try:
                while not stop.is_set():
                    self._open(folder, account)
                    complete = self._look_through(folder, taker, stop)
                    self._works(account)
                    if not stop.is_set():
                        self._wait(folder, stop, complete)
            except (IMAPClientError, OSError) as error:
                raise lost(account, error) from error

    def _open(self, folder: Folder, account: Account) -> None:
        try:
            folder.open()
        except IMAPClientAbortError:
            raise
        except IMAPClientError as error:
            raise Unavailable(
                "imap-folder", f"{account.host} does not open {account.folder}: {error}.", "Look at the folder's name and rights."
            ) from error

    def _look_through(self, folder: Folder, taker: Taker, stop: Event) -> bool:
        """Deal with all there is; False where something is to be tried again soon. One that failed comes after its neighbours."""
        taker.settle_rest()
        found = self._house.register.undealt(folder.uidvalidity, folder.uids())
        uids = sorted(found, key=lambda uid: (self._failures[Message(folder.uidvalidity, uid)], uid))
        complete = True
        for start in range(0, len(uids), BATCH):
            if stop.is_set():
                break
            batch = uids[start : start + BATCH]
            sizes = dict(folder.sizes(batch))
            for uid in batch:
                if not stop.is_set():
                    complete = self._taken(folder, taker, uid, sizes.get(uid)) and complete
            taker.settle()
        return complete

    def _taken(self, folder: Folder, taker: Taker, uid: int, size: int | None) -> bool:
        """Whether that worked. What others took away meanwhile fails once, and is not among what is asked for the next time."""
        message = Message(folder.uidvalidity, uid)
        try:
            if size is None:
                raise Broken("the server counts it and does not know it")
            taker.take(uid, size)
        except Unavailable:  # the house's move, whichever message it is
            raise
        except Exception as error:
            self._failed(message, error)
            if isinstance(error, IMAPClientAbortError | OSError):
                raise
            return False
        self._failures.pop(message, None)
        return True

    def _failed(self, message: Message, error: Exception) -> None:
        """Count it; after a few times it is left where it is, and its neighbours go on."""
        self._failures[message] += 1
        if self._failures[message] >= TRIES:
            _log.error("message %d cannot be taken and is left: %s", message.uid, error, exc_info=error)
            self._house.register.record(message, Outcome.UNFETCHABLE, f"{error}")
            del self._failures[message]

    def _wait(self, folder: Folder, stop: Event, complete: bool) -> None:
        """Until something happens: by IDLE, or by asking again after a while where the server has none or breaks off at it."""
        poll, began = self._settings.imap_poll_seconds, time.monotonic()
        if not folder.can("IDLE") or began < self._no_idle_until:
            stop.wait(poll)
            return
        try:
            self._idle_breaks = 0 if folder.wait(self._settings.imap_idle_seconds if complete else poll, stop) else _IDLE_BREAKS
        except (IMAPClientError, OSError):
            self._idle_breaks += time.monotonic() - began < _SHORT_IDLE_SECONDS
            raise
        finally:
            if self._idle_breaks >= _IDLE_BREAKS:
                self._no_idle_until, self._idle_breaks = time.monotonic() + _WITHOUT_IDLE_SECONDS, 0

    def _troubled(self, error: ScanstraatError) -> None:
        """Record an error and log it, each time it is another one."""
        if f"{error}" == self._trouble:
            return
        _log.warning("the mailbox cannot be looked through: %s", error)
        try:
            self._house.register.failed(f"{error}")
            self._trouble = f"{error}"
        except ScanstraatError as failure:
            _log.warning("that could not be recorded: %s", failure)

    def _works(self, account: Account) -> None:
        self._house.register.seen()
        self._pauses.reset()
        if self._trouble:
            _log.info("mailbox %s works again", account.name)
            self._trouble = ""
