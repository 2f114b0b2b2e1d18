"""What one connection has done so far, and when that is enough (`limits`). Knows no sockets; times come from the caller."""

from __future__ import annotations

from dataclasses import dataclass

from scanstraat.mailbox import replies
from scanstraat.mailbox.commands import NULL_SENDER
from scanstraat.mailbox.limits import MANNERS, Door, key_of


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply, how long to keep the peer waiting for it, and whether it is the last."""

    reply: str
    seconds: float = 0.0
    is_last: bool = False


class Guard:
    """Counts for one connection, and asks the door about the peer, the sender and the address."""

    def __init__(self, door: Door, peer: str, now: float) -> None:
        self.is_trusted = door.trusts(peer)
        self._door, self._peer, self._key = door, peer, key_of(peer)
        self._commands = self._errors = self._unknown = 0
        self._last_mail_at = now

    def command(self) -> bool:
        """Count a command; False where there were too many without a mail among them."""
        self._commands += 1
        return self._commands <= MANNERS.commands

    def error(self, reply: str) -> Answer:
        """The answer to a command that is none."""
        self._errors += 1
        if self._errors > MANNERS.bad_commands:
            return Answer(replies.TOO_MANY_ERRORS, is_last=True)
        return Answer(reply)

    def sender(self, address: str, now: float) -> str:
        """Why no mail is taken from this peer or sender for now; "" where it is. Bounces have no sender: they count by peer."""
        if not self.is_trusted and not self._door.peers.take(self._key, now):
            return replies.TOO_OFTEN.format(what=f"from {self._peer}")
        sender = f"{NULL_SENDER} {self._key}" if address == NULL_SENDER else address.lower()
        return "" if self._door.senders.take(sender, now) else replies.TOO_OFTEN.format(what="from this sender")

    def recipient(self, address: str, now: float) -> str:
        """Why no mail is taken for this address of ours for now; "" where it is."""
        return "" if self._door.recipients.take(address.lower(), now) else replies.TOO_OFTEN.format(what=f"to {address}")

    def unknown(self, reply: str, now: float) -> Answer:
        """Who asks for many addresses that are not there collects those that are: slower and slower, then not at all."""
        if self.is_trusted:
            return Answer(reply)
        self._unknown += 1
        if not self._door.unknown.take(self._key, now) or self._unknown > MANNERS.unknown:
            return Answer(replies.TOO_MANY_UNKNOWN, is_last=True)
        return Answer(reply, MANNERS.slow_seconds if self._unknown > MANNERS.slowed_from_unknown else 0.0)

    def mail_came(self, now: float) -> None:
        """A mail was answered with 250, so what came before it is forgiven."""
        self._commands = self._errors = 0
        self._last_mail_at = now

    def is_idle(self, now: float) -> bool:
        """Whether it is time to end a connection that brings no mail."""
        return not self.is_trusted and now - self._last_mail_at > MANNERS.seconds_without_mail
