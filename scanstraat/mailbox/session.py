"""The session on one connection, as SMTP and LMTP share it (RFC 5321, RFC 2033): who from, who to, and the taking of mails."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import ClassVar

from scanstraat.errors import Unavailable
from scanstraat.mailbox import replies
from scanstraat.mailbox.commands import NULL_SENDER, after, sender_refusal
from scanstraat.mailbox.connection import Connection
from scanstraat.mailbox.guard import Answer, Guard
from scanstraat.mailbox.intake import RecipientState
from scanstraat.mailbox.limits import MANNERS, NOT_MAIL, Door
from scanstraat.mailbox.reception import Reception
from scanstraat.mailbox.spool import Spool
from scanstraat.mailbox.storing import Storing
from scanstraat.mailbox.turning_away import TurnedAway
from scanstraat.model.mail import Channel, Envelope, Refusal
from scanstraat.settings import Settings

_log = logging.getLogger(__name__)


@dataclass(eq=False, slots=True)
class House:
    """What all connections of one server share."""

    settings: Settings
    spool: Spool
    storing: Storing
    door: Door
    turned_away: TurnedAway
    tls: ssl.SSLContext | None = None
    live: set[Session] = field(default_factory=set)
    is_stopping: bool = False


class Session(Connection):
    """What SMTP and LMTP have in common; `protocols` says in what they differ."""

    channel: ClassVar[Channel]
    hello: ClassVar[str]
    commands: ClassVar[Mapping[str, Callable[[Session, str], None]]]

    def __init__(self, house: House) -> None:
        super().__init__(house.settings.mail_timeout)
        self.in_transaction = False
        self._house = house
        self._guard = Guard(house.door, "", 0.0)
        self._helo = ""
        self._sender: str | None = None
        self._recipients: list[str] = []
        self._reception: Reception | None = None
        self._data_began_at = 0.0
        self._is_inside = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Let the connection in, unless there are too many."""
        super().connection_made(transport)
        self._guard = Guard(self._house.door, self.peer, self.began_at)
        if len(self._house.live) >= self._house.settings.max_connections:
            self.hang_up(replies.TOO_MANY_CONNECTIONS)
        elif not self._house.door.enter(self.peer):
            self.hang_up(replies.TOO_MANY_FROM_PEER.format(peer=self.peer))
        else:
            self._is_inside = True
            self._house.live.add(self)
            self.say(f"220 {self._house.settings.smtp_hostname} Scanstraat")

    def forget(self) -> None:
        """The peer is gone, and with it the mail that it had not sent whole."""
        if self._is_inside:
            self._is_inside = False
            self._house.live.discard(self)
            self._house.door.leave(self.peer)
        if self._reception is not None:
            self._reception.discard()

    def tick(self, now: float) -> None:
        """End what takes too long."""
        if self.is_in_data:
            if now - self._data_began_at > MANNERS.seconds_a_mail:
                self.hang_up(replies.TOO_SLOW)
        elif not self.in_transaction and self._guard.is_idle(now):
            self.hang_up(replies.NO_MAIL_CAME)

    def take_line(self, line: bytes) -> None:
        """Do what a command asks."""
        if not self._guard.command():
            self.hang_up(replies.TOO_MANY_COMMANDS)
            return
        verb, _, argument = line.rstrip().decode("utf-8", "surrogateescape").partition(" ")
        name = verb.upper()
        command = self.commands.get(name)
        if not line.endswith(b"\r"):
            self.hang_up(replies.BARE_LINE_END)  # what follows may have been smuggled in an address
        elif command is not None:
            command(self, argument.strip())
        elif name in NOT_MAIL:
            self.hang_up(replies.NOT_MAIL)
        else:
            self.bad(replies.UNKNOWN_COMMAND)

    def bad(self, reply: str) -> None:
        """Answer a command that is none."""
        self._give(self._guard.error(reply))

    def misspelt(self, syntax: str) -> None:
        """Answer a command whose arguments are none."""
        self.bad(replies.BAD_SYNTAX.format(syntax=syntax))

    def _give(self, answer: Answer) -> None:
        if answer.is_last:
            self.hang_up(answer.reply)
        elif answer.seconds:
            self.say_later(answer.seconds, answer.reply)
        else:
            self.say(answer.reply)

    # Who from, who to.

    def greet(self, name: str, features: tuple[str, ...]) -> None:
        """Answer a greeting; a mail that had begun is forgotten."""
        if not name:
            self.misspelt(f"{self.hello} hostname")
            return
        self._helo = name.encode("utf-8", "replace").decode()
        self.forget_mail()
        lines = (self._house.settings.smtp_hostname, *features)
        self.say("\r\n".join((*(f"250-{line}" for line in lines[:-1]), f"250 {lines[-1]}")))

    def features(self) -> tuple[str, ...]:
        """What is announced; SIZE is rule A3 (RFC 1870)."""
        tls = ("STARTTLS",) if self._house.tls is not None and not self.is_encrypted else ()
        return (f"SIZE {self._house.settings.max_mail_octets}", "8BITMIME", "SMTPUTF8", *tls, "PIPELINING")

    def forget_mail(self) -> None:
        """Begin a new mail."""
        self._sender, self._recipients = None, []

    def starttls(self) -> None:
        """Begin TLS (I7); what was said before is forgotten (RFC 3207)."""
        if self._house.tls is None:
            self.bad(replies.NO_TLS)
        elif self.is_encrypted:
            self.bad(replies.TLS_HAS_BEGUN)
        else:
            self._helo = ""
            self.forget_mail()
            self.begin_tls(self._house.tls)

    def mail(self, argument: str) -> None:
        """MAIL FROM: a mail begins (A3)."""
        address, parameters = after("FROM:", argument)
        if not self._helo:
            self.bad(replies.HELLO_FIRST.format(hello=self.hello))
        elif self._sender is not None:
            self.bad(replies.NESTED_MAIL)
        elif address is None:
            self.misspelt("MAIL FROM:<address>")
        else:
            self._mail_from(address, sender_refusal(parameters, self._house.settings.max_mail_octets))

    def _mail_from(self, address: str, refusal: str) -> None:
        refusal = refusal or self._guard.sender(address, self._loop.time())
        if refusal:
            self._turn_away(address, "", refusal)
            self.say(refusal)
            return
        self._sender = address
        self.say(replies.SENDER_OK)

    def rcpt(self, argument: str) -> None:
        """RCPT TO: for one of ours (A4)."""
        address, parameters = after("TO:", argument)
        if self._sender is None:
            self.bad(replies.MAIL_FIRST)
        elif address is None or address == NULL_SENDER:
            self.misspelt("RCPT TO:<address>")
        elif parameters:
            self.bad(replies.BAD_PARAMETER.format(keyword=parameters[0].partition("=")[0][:20]))
        elif len(self._recipients) >= MANNERS.recipients:
            self.say(replies.TOO_MANY_RECIPIENTS)
        else:
            self._look_up(address)

    def _look_up(self, address: str) -> None:
        known = self.storing.known(address)
        if known is not None:
            self._found(address, known)
            return
        self.wait()
        self.storing.recipient(address, lambda told: self.go_on(lambda: self._found(address, told)))

    def _found(self, address: str, told: RecipientState | str) -> None:
        """Answer RCPT (A1, A4, A10); `told` is the answer itself where it cannot be told for now whose address it is."""
        reply = replies.RECIPIENT[told].format(address=address) if isinstance(told, RecipientState) else told
        now = self._loop.time()
        if told is RecipientState.ACCEPTED:
            too_often = self._guard.recipient(address, now)
            if not too_often:
                self._recipients.append(address)
                self.say(reply)
                return
            reply = too_often
        self._turn_away(self._sender or "", address, reply)
        self._give(self._guard.unknown(reply, now) if told is RecipientState.UNKNOWN else Answer(reply))

    def _turn_away(self, sender: str, recipient: str, reply: str) -> None:
        sender = sender.replace(NULL_SENDER, "")
        self._house.turned_away.add(Refusal(datetime.now(UTC), self.channel, self.peer, sender, recipient, reply))

    # The mail itself.

    def data(self, argument: str) -> None:
        """DATA: the mail itself."""
        if not self._recipients:
            self.bad(replies.RECIPIENT_FIRST)
        elif argument:
            self.misspelt("DATA")
        else:
            self._begin_data()

    def _begin_data(self) -> None:
        try:
            file = self._house.spool.create()
        except Unavailable as error:
            _log.error("no mail can be spooled: %s", error)
            self._answer(self._envelopes(), (replies.to_failure(error),))
            return
        self._reception = Reception(file, self._house.settings.max_mail_octets)
        self._data_began_at = self._loop.time()
        self.in_transaction = self.is_in_data = True
        self.say(replies.GO_AHEAD)

    def take_data(self, octets: bytes) -> bytes:
        """Octets of the mail; after its end it is stored, and answered then (A7)."""
        reception = self._reception
        assert reception is not None
        reception.feed(octets)
        if reception.is_hopeless:
            self.hang_up(replies.WILL_NOT_END)
        elif reception.ended:
            self.is_in_data, self._reception = False, None
            self._end_data(reception, self._envelopes())
        return reception.rest

    def _end_data(self, reception: Reception, envelopes: tuple[Envelope, ...]) -> None:
        self.forget_mail()
        if reception.failure:
            self._answer(envelopes, self.each(envelopes, reception.failure))
            return
        self.wait()
        self.store(reception, tuple(dict.fromkeys(envelopes)), envelopes)

    def _envelopes(self) -> tuple[Envelope, ...]:
        sender, now = (self._sender or "").replace(NULL_SENDER, ""), datetime.now(UTC)
        return tuple(Envelope(sender, address, now, self.channel, self.peer, self._helo) for address in self._recipients)

    def each(self, envelopes: tuple[Envelope, ...], reply: str) -> tuple[str, ...]:
        """The answers to DATA where all envelopes fared alike."""
        raise NotImplementedError

    def store(self, reception: Reception, once: tuple[Envelope, ...], envelopes: tuple[Envelope, ...]) -> None:
        """Have the mail stored for the envelopes `once`, then call `stored`."""
        raise NotImplementedError

    @property
    def storing(self) -> Storing:
        """Where mails are stored."""
        return self._house.storing

    def stored(self, envelopes: tuple[Envelope, ...], answers: tuple[str, ...]) -> None:
        """The mail is stored, or could not be."""
        self.go_on(lambda: self._answer(envelopes, answers))

    def _answer(self, envelopes: tuple[Envelope, ...], answers: tuple[str, ...]) -> None:
        self.in_transaction = False
        of_each = answers if len(answers) == len(envelopes) else answers[:1] * len(envelopes)
        for envelope, answer in zip(envelopes, of_each, strict=True):
            if answer == replies.OK:
                self._guard.mail_came(self._loop.time())
            else:
                self._turn_away(envelope.sender, envelope.recipient, answer)
        for answer in answers:
            self.say(answer)
        if self._house.is_stopping:
            self.hang_up(replies.STOPPING)
