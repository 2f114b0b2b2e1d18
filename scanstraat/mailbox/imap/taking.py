"""Taking one message: fetched in pieces, stored durably, recorded, and only then moved (A3, A7); never whole in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from scanstraat import failpoint
from scanstraat.mailbox.imap.folder import Folder
from scanstraat.mailbox.imap.headers import HEAD_OCTETS, Head, head_of
from scanstraat.mailbox.imap.register import Register
from scanstraat.mailbox.imap.settling import settle
from scanstraat.mailbox.intake import Intake, RecipientState
from scanstraat.mailbox.spool import Spool, SpoolFile
from scanstraat.model.mail import Channel, Envelope
from scanstraat.model.way_in import Account, Message, Outcome

PIECE_OCTETS = 524_288


class Broken(Exception):
    """The server does not hand a message out: it is gone meanwhile, or whether it can be had later shows then."""


@dataclass(frozen=True, slots=True)
class House:
    """What a message is taken into. `limit` in octets (A3)."""

    intake: Intake
    register: Register
    spool: Spool
    limit: int
    clock: Callable[[], datetime]


class Taker:
    """Takes messages of one mailbox, one after the other, and settles those taken together."""

    def __init__(self, account: Account, house: House, folder: Folder) -> None:
        self._account, self._house, self._folder = account, house, folder
        self._dealt: list[tuple[int, Outcome]] = []

    def take(self, uid: int, size: int) -> None:
        """Deal with a message the server says has `size` octets.

        Raises `Broken` or `IMAPClientError` where it cannot be fetched, `Unavailable` where it cannot be stored for now.
        """
        message = Message(self._folder.uidvalidity, uid)
        if size > self._house.limit:
            self._refuse_large(message, size)
            return
        file = self._house.spool.create()
        try:
            self._fetch(uid, size, file)
            if file.size > self._house.limit:
                self._refuse_large(message, file.size)
            else:
                self._keep(message, file)
        finally:
            file.discard()

    def settle(self, again: bool = False) -> None:
        """Show in the mailbox what became of the messages that were dealt with, and have that recorded; `again` as in `settling`.

        One that is too large is left as it is (A3). What a crash or a broken connection leaves undone stands in the register.
        """
        dealt, self._dealt = self._dealt, []
        for outcome, wanted in _FOLDERS.items():
            settle(self._folder, tuple(uid for uid, end in dealt if end is outcome), wanted(self._account), again)
        if dealt:
            self._house.register.settled(self._folder.uidvalidity, tuple(uid for uid, _ in dealt))
            failpoint.reach("imap.settled")

    def settle_rest(self) -> None:
        """The same for what an earlier connection left undone."""
        self._dealt = list(self._house.register.unsettled(self._folder.uidvalidity))
        self.settle(again=True)

    def _fetch(self, uid: int, size: int, file: SpoolFile) -> None:
        """Write the message to `file`, up to the limit and a piece, whatever its size was said to be."""
        while file.size <= self._house.limit:
            piece = self._folder.piece(uid, file.size, PIECE_OCTETS)
            if piece is None:
                raise Broken(f"the server breaks off at octet {file.size} of {size}")
            file.write(piece)
            if not piece or (len(piece) < PIECE_OCTETS and file.size >= size):
                break
        failpoint.reach("imap.fetched")

    def _keep(self, message: Message, file: SpoolFile) -> None:
        spooled = file.seal()
        failpoint.reach("imap.spooled")
        with open(spooled.path, "rb") as content:
            head = self._head(content.read(HEAD_OCTETS))
        state = self._house.intake.recipient(head.recipient)
        if state is not RecipientState.ACCEPTED:
            self._refuse_unknown(message, head, spooled.size)
            return
        envelope = Envelope(head.sender, head.recipient, self._house.clock(), Channel.IMAP, self._account.host)
        self._house.intake.store((envelope,), spooled)
        failpoint.reach("imap.stored")
        self._house.register.record(message, Outcome.STORED)
        failpoint.reach("imap.recorded")
        self._dealt.append((message.uid, Outcome.STORED))

    def _refuse_unknown(self, message: Message, head: Head, size: int) -> None:
        self._house.register.refuse(message, Outcome.UNKNOWN_RECIPIENT, head, size)
        failpoint.reach("imap.refused")
        self._dealt.append((message.uid, Outcome.UNKNOWN_RECIPIENT))

    def _refuse_large(self, message: Message, size: int) -> None:
        piece = self._folder.piece(message.uid, 0, HEAD_OCTETS)
        if piece is None:
            raise Broken("the server does not hand out its head")
        head = self._head(piece)
        if self._house.intake.recipient(head.recipient) is not RecipientState.ACCEPTED:
            self._refuse_unknown(message, head, size)
            return
        self._house.register.refuse(message, Outcome.TOO_LARGE, head, size)
        failpoint.reach("imap.refused")
        self._dealt.append((message.uid, Outcome.TOO_LARGE))

    def _head(self, content: bytes) -> Head:
        """The envelope: of a mailbox of one administration its address, else what the server wrote (A1)."""
        head = head_of(content, self._account.recipient_header)
        return replace(head, recipient=self._account.recipient or head.recipient)


_FOLDERS: dict[Outcome, Callable[[Account], str]] = {
    Outcome.STORED: lambda account: account.done_folder,
    Outcome.UNKNOWN_RECIPIENT: lambda account: account.failed_folder,
}
