"""One mail on its way from the socket to the spool: counted, hashed, cut off when too big, never whole in memory."""

from __future__ import annotations

import logging

from scanstraat.errors import Unavailable
from scanstraat.mailbox import replies
from scanstraat.mailbox.dots import DotStream
from scanstraat.mailbox.spool import SpoolFile

# A sender that ignores the limit is listened to this many times as long, so that it hears 552 and does not come back.
DISCARD_FACTOR = 5
_log = logging.getLogger(__name__)


class Reception:
    """Takes the pieces of one mail. `failure` is the answer where it cannot be taken; the rest is then read and forgotten.

    What counts against the limit is the mail as RFC 1870 counts it: with its line ends, without the dots added for
    transport and without the final dot.
    """

    def __init__(self, file: SpoolFile, limit: int) -> None:
        self.failure = ""
        self.file = file
        self._limit = limit
        self._stream = DotStream()
        self._seen = 0

    @property
    def ended(self) -> bool:
        """Whether the final dot has come."""
        return self._stream.ended

    @property
    def rest(self) -> bytes:
        """What came after the final dot: the sender's next commands."""
        return self._stream.rest

    @property
    def is_hopeless(self) -> bool:
        """Whether so much came without an end that it is time to hang up."""
        return not self.ended and self._seen > DISCARD_FACTOR * self._limit

    def feed(self, chunk: bytes) -> None:
        """Take the next piece."""
        octets = self._stream.feed(chunk)
        self._seen += len(octets)
        if self._seen > self._limit:
            self._fail(replies.TOO_BIG.format(limit=self._limit))
        elif octets and not self.failure:
            self._keep(octets)

    def discard(self) -> None:
        """Forget what came; a second call does nothing."""
        self.file.discard()

    def _keep(self, octets: bytes) -> None:
        try:
            self.file.write(octets)
        except Unavailable as error:
            _log.error("a mail could not be spooled: %s", error)
            self._fail(replies.to_failure(error))

    def _fail(self, reply: str) -> None:
        # Too big stays too big, also when the disk was full before that was known.
        self.failure = reply
        self.discard()
