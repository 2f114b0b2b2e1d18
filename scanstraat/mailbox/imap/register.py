"""What the poller of a mailbox needs from the house behind it, besides the intake: what was dealt with, and whom to tell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from scanstraat.mailbox.imap.headers import Head
from scanstraat.model.way_in import Account, Credentials, Message, Outcome


class Register(Protocol):
    """The database as the poller of one mailbox sees it. All of it raises `Unavailable` where the database does not answer."""

    def account(self) -> Account:
        """The mailbox as it is set now. Raises `Refused` where its secret cannot be read, or it has no address."""

    def keep(self, credentials: Credentials) -> None:
        """Keep credentials in place of those the account had: the token endpoint gave another refresh token."""

    def undealt(self, uidvalidity: int, uids: Sequence[int]) -> tuple[int, ...]:
        """Those of `uids` that are still to be dealt with, in their order; also what could not be fetched, after a while."""

    def unsettled(self, uidvalidity: int) -> tuple[tuple[int, Outcome], ...]:
        """What was dealt with and does not show it in the mailbox yet, by number."""

    def record(self, message: Message, outcome: Outcome, text: str = "") -> None:
        """Have a message dealt with, for good."""

    def refuse(self, message: Message, outcome: Outcome, head: Head, size: int) -> None:
        """The same for one that is not taken: it is among the refusals (A9), and of one too large the administration is told.

        Told once, also when the server counts its messages anew (A3).
        """

    def settled(self, uidvalidity: int, uids: Sequence[int]) -> None:
        """The mailbox shows it of these."""

    def seen(self) -> None:
        """The mailbox was looked through."""

    def failed(self, error: str) -> None:
        """The mailbox cannot be looked through at present, and why."""
