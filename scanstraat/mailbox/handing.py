"""Files handed in by a folder or an upload: wrapped into a mail, synced in the spool, stored, and only then answered (A7)."""

from __future__ import annotations

from scanstraat import failpoint
from scanstraat.errors import Inconsistent, Refused
from scanstraat.mailbox.intake import Intake, RecipientState, StoredAs
from scanstraat.mailbox.spool import Spool
from scanstraat.mailbox.wrapping import Cover, File, wrap
from scanstraat.model.mail import Envelope

_REFUSALS = {
    RecipientState.ENDED: (
        "contract-ended",
        "the contract of this administration has ended, so nothing is taken for it any more.",
        "Ask its office.",
    ),
    RecipientState.UNKNOWN: (
        "no-address",
        "this administration has no address that mail is taken for.",
        "Give it one, then send the files again.",
    ),
}


class HandingIn:
    """Where files are handed in. Any number of threads may call it at once."""

    def __init__(self, intake: Intake, spool: Spool, most: int) -> None:
        self._intake, self._spool, self._most = intake, spool, most

    def take(self, files: tuple[File, ...], cover: Cover, envelope: Envelope) -> StoredAs:
        """Keep the files as one mail and say as which; when this returns, they are stored durably.

        Raises `Refused` where they cannot be taken (none, empty, too large, contract ended) and `Unavailable` where that may
        be otherwise later (disk full, database away, a file that is still changing). The same files once more are the same mail.
        """
        state = self._intake.recipient(envelope.recipient)
        if state in _REFUSALS:
            raise Refused(*_REFUSALS[state])
        file = self._spool.create()
        try:
            wrap(files, cover, file.write, self._most)
            failpoint.reach(f"{envelope.channel}.wrapped")
            spooled = file.seal()
            failpoint.reach(f"{envelope.channel}.spooled")
            stored = self._intake.store((envelope,), spooled)
            failpoint.reach(f"{envelope.channel}.stored")
        finally:
            file.discard()
        if len(stored) != 1:
            raise Inconsistent("stored-otherwise", f"one mail was stored as {len(stored)}.")
        return stored[0]
