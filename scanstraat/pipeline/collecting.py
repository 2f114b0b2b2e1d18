"""A mailbox as the part that collects looks after it: what its poller needs of the database (A6, A9)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from scanstraat.mailbox.imap.headers import Head
from scanstraat.mailbox.imap.looking import MailboxLooking
from scanstraat.mailbox.imap.taking import House
from scanstraat.mailbox.intake import Intake
from scanstraat.mailbox.spool import Spool
from scanstraat.model.way_in import Account, Credentials, Message, Outcome
from scanstraat.pipeline.telling import tell_too_large
from scanstraat.records import mailboxes, offices
from scanstraat.records.transaction import atomic, unavailable_without_database
from scanstraat.settings import Settings

_log = logging.getLogger(__name__)

# What a sender by SMTP would have been told.
_REPLIES = {
    Outcome.TOO_LARGE: "too large: {size} octets, at most {limit} are taken (A3); left in {mailbox}",
    Outcome.UNKNOWN_RECIPIENT: "{recipient} is not known here, or its contract has ended; laid aside in {mailbox}",
}


@dataclass(frozen=True, slots=True)
class MailboxRegister:
    """The database as the poller of one mailbox sees it (`mailbox.imap.register.Register`). `limit` in octets (A3)."""

    home: Path
    mailbox: int
    limit: int
    clock: Callable[[], datetime]

    def account(self) -> Account:
        """The mailbox as it is set now."""
        with unavailable_without_database():
            return mailboxes.account(self.home, self.mailbox)

    def keep(self, credentials: Credentials) -> None:
        """Sign in with these from now on."""
        with unavailable_without_database():
            mailboxes.set_credentials(self.home, self.mailbox, credentials)

    def undealt(self, uidvalidity: int, uids: Sequence[int]) -> tuple[int, ...]:
        """Those still to be dealt with."""
        with unavailable_without_database():
            return mailboxes.undealt(self.mailbox, uidvalidity, uids, self.clock())

    def unsettled(self, uidvalidity: int) -> tuple[tuple[int, Outcome], ...]:
        """What does not show in the mailbox yet."""
        with unavailable_without_database():
            return mailboxes.unsettled(self.mailbox, uidvalidity)

    def record(self, message: Message, outcome: Outcome, text: str = "") -> None:
        """Have a message dealt with."""
        with unavailable_without_database():
            mailboxes.record(self.mailbox, message, outcome, self.clock(), text)

    def refuse(self, message: Message, outcome: Outcome, head: Head, size: int) -> None:
        """Have it dealt with, noted among the refusals and told to the administration, all or nothing."""
        now = self.clock()
        with unavailable_without_database(), atomic():
            account = mailboxes.account(self.home, self.mailbox)
            reply = _REPLIES[outcome].format(
                size=size, limit=self.limit, mailbox=account.name, recipient=head.recipient or "nobody"
            )
            owner, _ = offices.of_address(head.recipient, now)
            mailboxes.record(self.mailbox, message, outcome, now, f"{head.message_id} {reply}".strip())
            mailboxes.refuse(account.host, head.sender or head.author, head.recipient, owner.id if owner else None, reply, now)
            if outcome is Outcome.TOO_LARGE and owner is not None:
                tell_too_large(owner, account.username, head.author, head.subject, size, now, self.limit)
        _log.warning("message %d of mailbox %s: %s", message.uid, account.name, reply)

    def settled(self, uidvalidity: int, uids: Sequence[int]) -> None:
        """The mailbox shows it of these."""
        with unavailable_without_database():
            mailboxes.settled(self.mailbox, uidvalidity, uids)

    def seen(self) -> None:
        """It was looked through just now."""
        with unavailable_without_database():
            mailboxes.LEASES.seen(self.mailbox, self.clock())

    def failed(self, error: str) -> None:
        """It cannot be looked through at present."""
        with unavailable_without_database():
            mailboxes.LEASES.failed(self.mailbox, error)


def mailbox_looking(settings: Settings, intake: Intake, clock: Callable[[], datetime], mailbox: int) -> MailboxLooking:
    """What looks after the mailbox with this id."""
    register = MailboxRegister(settings.home_path, mailbox, settings.max_mail_octets, clock)
    spool = Spool(settings.home_path / "spool")
    return MailboxLooking(settings, House(intake, register, spool, settings.max_mail_octets, clock))
