"""One SMTP or LMTP connection: aiosmtpd's command loop with our own DATA, STARTTLS, addresses and limits."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, syntax

from scanstraat.errors import Unavailable
from scanstraat.mailbox import replies
from scanstraat.mailbox.commands import NULL_SENDER, Commands, split_path
from scanstraat.mailbox.reception import Reception
from scanstraat.mailbox.spool import Spool, SpoolFile
from scanstraat.mailbox.storing import Storing
from scanstraat.model.mail import Channel, Envelope
from scanstraat.settings import Settings

_CHUNK_OCTETS = 262_144
_DATA_SECONDS = 1_800  # a sender that trickles one mail longer than this is cut off
_HANDSHAKE_SECONDS = 30
_LAST_WORD_SECONDS = 5
_COMMAND_OCTETS = 1_024  # RFC 5321 asks for 512, its extensions for more
_CALL_LIMITS = {"*": 1_000, "RCPT": 10_000}
_log = logging.getLogger(__name__)


@dataclass(eq=False, slots=True)
class House:
    """What all connections of one server share."""

    settings: Settings
    spool: Spool
    storing: Storing
    tls: ssl.SSLContext | None = None
    live: set[Session] = field(default_factory=set)
    is_stopping: bool = False


class Refusing(asyncio.Protocol):
    """Says why, and hangs up: for connections above the limit."""

    def __init__(self, transport: asyncio.Transport, reply: str) -> None:
        transport.set_protocol(self)
        transport.write(f"{reply}\r\n".encode())
        transport.close()


class Session(SMTP):
    """An SMTP connection (RFC 5321)."""

    channel = Channel.SMTP

    def __init__(self, house: House) -> None:
        self._house = house
        # aiosmtpd keeps these on the class, where every EHLO of every connection would add to them.
        self.command_size_limits = defaultdict(lambda: _COMMAND_OCTETS)
        self.command_size_limit = _COMMAND_OCTETS
        self.line_length_limit = 2 * _COMMAND_OCTETS
        self.in_transaction = False
        self._is_lost = False
        self._is_encrypted = False
        super().__init__(
            Commands(house.settings, house.storing),
            data_size_limit=None,  # ours is told and held by Commands and Reception
            enable_SMTPUTF8=True,
            hostname=house.settings.smtp_hostname,
            ident="Scanstraat",
            tls_context=house.tls,
            timeout=house.settings.mail_timeout,
            auth_exclude_mechanism=("LOGIN", "PLAIN"),
            command_call_limit=_CALL_LIMITS,
            loop=asyncio.get_running_loop(),
        )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Let the connection in, unless there are too many."""
        assert isinstance(transport, asyncio.Transport)
        if len(self._house.live) >= self._house.settings.max_connections:
            Refusing(transport, replies.TOO_MANY_CONNECTIONS)
            return
        self._house.live.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """Forget the connection; a second call does nothing."""
        if not self._is_lost:
            self._is_lost = True
            self._house.live.discard(self)
            super().connection_lost(error)

    def eof_received(self) -> bool | None:
        """The sender has hung up, so whatever it was sending is forgotten."""
        return False if self._is_lost else super().eof_received()

    def hang_up(self, reply: str) -> None:
        """Say a last word and close; a sender that does not listen is cut off a little later."""
        transport = self.transport
        if isinstance(transport, asyncio.Transport) and not transport.is_closing():
            transport.write(f"{reply}\r\n".encode())
            transport.close()
            self.loop.call_later(_LAST_WORD_SECONDS, transport.abort)

    def cut_off(self) -> None:
        """Close at once."""
        if isinstance(self.transport, asyncio.Transport):
            self.transport.abort()

    def _timeout_cb(self) -> None:
        self.hang_up(replies.TOO_SLOW)

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        return split_path(arg)

    @property
    def _unread(self) -> bytearray:
        # asyncio's reader has no public way to look ahead or to put something back; aiosmtpd reaches for the same.
        reader: Any = self._reader
        buffer: bytearray = reader._buffer
        return buffer

    async def smtp_AUTH(self, arg: str) -> None:  # noqa: ARG002
        """Refuse: no sender has an account here."""
        await self.push(replies.NO_AUTH)

    @syntax("STARTTLS", when="tls_context")
    async def smtp_STARTTLS(self, arg: str) -> None:
        """Begin TLS (RFC 3207); what was said before is forgotten, and nothing said in the clear counts as said in TLS."""
        refusal = self._no_tls_now(arg)
        if refusal:
            await self.push(refusal)
            return
        assert isinstance(self.transport, asyncio.Transport)
        self.transport.pause_reading()
        if self._unread:
            self.hang_up(replies.NOT_BEFORE_TLS)
            return
        await self.push("220 2.0.0 Ready to start TLS")
        await self._begin_tls()

    def _no_tls_now(self, arg: str) -> str:
        if arg:
            return "501 Syntax: STARTTLS"
        if self.tls_context is None:
            return replies.NO_TLS
        return replies.TLS_HAS_BEGUN if self._is_encrypted else ""

    async def _begin_tls(self) -> None:
        assert self.tls_context is not None
        try:
            await self._writer.start_tls(self.tls_context, ssl_handshake_timeout=_HANDSHAKE_SECONDS)
        except (OSError, ssl.SSLError, TimeoutError) as error:
            _log.info("TLS with %s failed: %s", self._peer_name(), error)
            self.connection_lost(None)
            return
        transport = self._writer.transport
        if transport is None or self._is_lost:
            self.connection_lost(None)
            return
        # asyncio gives the new transport to the writer only (up to Python 3.11).
        reader: Any = self._reader
        reader._transport = self.transport = transport
        self._is_encrypted = True
        self.envelope = self._create_envelope()
        self.session = self._create_session()
        self.session.peer = transport.get_extra_info("peername")
        self.session.ssl = {"cipher": transport.get_extra_info("cipher")}

    @syntax("DATA")
    async def smtp_DATA(self, arg: str) -> None:
        """Take one mail (RFC 5321, 4.1.1.4) in pieces straight into the spool, and answer once it is stored (A7)."""
        refusal = self._no_data_now(arg)
        if refusal:
            await self.push(refusal)
            return
        try:
            file = self._house.spool.create()
        except Unavailable as error:
            _log.error("no mail can be spooled: %s", error)
            await self.push(replies.to_failure(error))
            return
        self.in_transaction = True
        try:
            await self._take(file)
        finally:
            self.in_transaction = False
        if self._house.is_stopping:
            self.hang_up(replies.STOPPING)

    def _no_data_now(self, arg: str) -> str:
        assert self.session is not None
        assert self.envelope is not None
        if not self.session.host_name:
            return "503 5.5.1 Error: send HELO first"
        if not self.envelope.rcpt_tos:
            return "503 5.5.1 Error: need RCPT command"
        return "501 5.5.4 Syntax: DATA" if arg else ""

    async def _take(self, file: SpoolFile) -> None:
        envelopes = self._envelopes()
        self.envelope = self._create_envelope()
        try:
            await self.push("354 End data with <CR><LF>.<CR><LF>")
            reception = await self._received(file)
        except BaseException:
            file.discard()
            raise
        if not reception.ended:
            file.discard()
            self.hang_up(replies.WILL_NOT_END if reception.is_hopeless else replies.TOO_SLOW)
            return
        self._unread[:0] = reception.rest
        if reception.failure:
            answers: tuple[str, ...] = (reception.failure,) * self._answers_due(envelopes)
        else:
            answers = await self._store(file, envelopes)
        self._reset_timeout()
        for answer in answers:
            await self.push(answer)

    async def _received(self, file: SpoolFile) -> Reception:
        reception = Reception(file, self._house.settings.max_mail_octets)
        last = self.loop.time() + _DATA_SECONDS
        while not (reception.ended or reception.is_hopeless or self.loop.time() > last):
            chunk = await self._reader.read(_CHUNK_OCTETS)
            if not chunk:
                raise ConnectionResetError
            self._reset_timeout()
            reception.feed(chunk)
        return reception

    def _envelopes(self) -> tuple[Envelope, ...]:
        assert self.envelope is not None
        sender = (self.envelope.mail_from or "").replace(NULL_SENDER, "")
        now, peer = datetime.now(UTC), self._peer_name()
        helo = str(self.session.host_name or "") if self.session else ""
        return tuple(Envelope(sender, address, now, self.channel, peer, helo) for address in self.envelope.rcpt_tos)

    def _peer_name(self) -> str:
        peer: Any = self.session.peer if self.session else None
        return str(peer[0]) if isinstance(peer, tuple) else ""

    def _answers_due(self, envelopes: tuple[Envelope, ...]) -> int:
        return min(1, len(envelopes))

    async def _store(self, file: SpoolFile, envelopes: tuple[Envelope, ...]) -> tuple[str, ...]:
        return (await self._house.storing.store_once(file, tuple(dict.fromkeys(envelopes))),)


class LmtpSession(Session, LMTP):
    """An LMTP connection (RFC 2033): each recipient gets its own answer to DATA."""

    channel = Channel.LMTP

    def _answers_due(self, envelopes: tuple[Envelope, ...]) -> int:
        return len(envelopes)

    async def _store(self, file: SpoolFile, envelopes: tuple[Envelope, ...]) -> tuple[str, ...]:
        # Also an address named twice gets two answers, but is stored once.
        once = tuple(dict.fromkeys(envelopes))
        answer_of = dict(zip(once, await self._house.storing.store_each(file, once), strict=True))
        return tuple(answer_of[envelope] for envelope in envelopes)
