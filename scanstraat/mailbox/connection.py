"""A connection: octets in, lines or data out to whoever makes sense of them, replies back, TLS, a clock, an orderly end."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Callable

from scanstraat.mailbox import replies

_HANDSHAKE_SECONDS = 30
_LAST_WORD_SECONDS = 5
_LINE_OCTETS = 2_048  # RFC 5321 asks for 512, its extensions for more
_AHEAD_OCTETS = 262_144  # so much may lie unread while something is waited for; then the socket is left alone
_log = logging.getLogger(__name__)


class Connection(asyncio.Protocol):
    """One peer. What it sends is taken in order, as `take_line` or, while `is_in_data`, as `take_data`.

    While `wait` holds, nothing is taken: commands are answered one after the other, however they come in.
    """

    def __init__(self, silent_seconds: float) -> None:
        self.is_in_data = False
        self.is_encrypted = False
        self.is_ended = False
        self.peer = ""
        self.began_at = self.heard_at = 0.0
        self._silent_seconds = silent_seconds
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._unread = bytearray()
        self._is_waiting = self._is_choked = self._is_at_end = self._is_lost = False
        self._clock: asyncio.TimerHandle | None = None
        self._handshake: asyncio.Task[None] | None = None

    # What a subclass makes of it.

    def take_line(self, line: bytes) -> None:
        """A command, without its line end."""
        raise NotImplementedError

    def take_data(self, octets: bytes) -> bytes:
        """Octets of a mail; returns what came after its end."""
        raise NotImplementedError

    def tick(self, now: float) -> None:
        """Called now and then, so that what takes too long can be ended."""

    def forget(self) -> None:
        """The connection is gone."""

    # What a subclass does.

    def say(self, reply: str) -> None:
        """Send a reply; nothing where the peer has gone."""
        if self._transport is not None and not self.is_ended:
            self._transport.write(f"{reply}\r\n".encode())

    def hang_up(self, reply: str) -> None:
        """Say a last word and close; a peer that does not listen is cut off a little later."""
        if self._transport is None or self.is_ended:
            return
        self.say(reply)
        self.is_ended = True
        self._transport.close()
        self._loop.call_later(_LAST_WORD_SECONDS, self._transport.abort)

    def cut_off(self) -> None:
        """Close at once."""
        self.is_ended = True
        if self._transport is not None:
            self._transport.abort()

    def wait(self) -> None:
        """Take nothing until `go_on`."""
        self._is_waiting = True

    def go_on(self, with_answer: Callable[[], None] | None = None) -> None:
        """What was waited for has happened; `with_answer` may begin to wait anew."""
        self._is_waiting = False
        self.heard_at = self._loop.time()
        if with_answer is not None:
            with_answer()
        self._take()

    def say_later(self, seconds: float, reply: str) -> None:
        """Send a reply after a while, and take nothing until then."""
        self.wait()
        self._loop.call_later(seconds, self.go_on, lambda: self.say(reply))

    def begin_tls(self, tls: ssl.SSLContext) -> None:
        """Begin TLS, unless something was sent that nobody could tell from what will be said in it (RFC 3207, CVE-2011-0411)."""
        if self._unread:
            self.hang_up(replies.NOT_BEFORE_TLS)
            return
        self.wait()
        self.say("220 2.0.0 Ready to start TLS")
        self._handshake = self._loop.create_task(self._shake_hands(tls))

    async def _shake_hands(self, tls: ssl.SSLContext) -> None:
        assert self._transport is not None
        try:
            transport = await self._loop.start_tls(
                self._transport, self, tls, server_side=True, ssl_handshake_timeout=_HANDSHAKE_SECONDS
            )
        except (OSError, ssl.SSLError, TimeoutError) as error:
            _log.info("TLS with %s failed: %s", self.peer, error)
            self.connection_lost(None)
            return
        if transport is None or self._is_lost:
            self.connection_lost(None)
            return
        self._transport = transport
        self.is_encrypted = True
        self.go_on()

    # What the loop calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody is there."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        peer = transport.get_extra_info("peername")
        self.peer = str(peer[0]) if isinstance(peer, tuple) else ""
        self.began_at = self.heard_at = self._loop.time()
        self._wind_clock()

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002
        """Forget the connection; a second call does nothing."""
        if self._is_lost:
            return
        self._is_lost = self.is_ended = True
        if self._clock is not None:
            self._clock.cancel()
        if self._transport is not None:
            self._transport.abort()
        self.forget()

    def eof_received(self) -> bool:
        """The peer will send no more; what it sent before is still answered."""
        self._is_at_end = True
        return not self.is_encrypted and self._is_waiting and not self.is_ended

    def data_received(self, data: bytes) -> None:
        """Take what can be taken now."""
        if self.is_ended:
            return
        self.heard_at = self._loop.time()
        if self.is_in_data and not self._unread and not self._is_busy:
            data = self.take_data(data)
            if not data:
                return
        self._unread += data
        self._take()

    def pause_writing(self) -> None:
        """The peer does not read our replies, so it need not be asked for more."""
        self._is_choked = True

    def resume_writing(self) -> None:
        """It reads again."""
        self._is_choked = False
        self._take()

    @property
    def _is_busy(self) -> bool:
        return self._is_waiting or self._is_choked or self.is_ended

    def _take(self) -> None:
        while self._unread and not self._is_busy:
            if self.is_in_data:
                octets = bytes(self._unread)
                self._unread.clear()
                self._unread += self.take_data(octets)
            elif not self._take_one_line():
                break
        self._hold_back()

    def _take_one_line(self) -> bool:
        end = self._unread.find(b"\n", 0, _LINE_OCTETS)
        if end < 0:
            if len(self._unread) >= _LINE_OCTETS:
                self.hang_up(replies.LINE_TOO_LONG)
            return False
        line = bytes(self._unread[:end])
        del self._unread[: end + 1]
        self.take_line(line)
        return True

    def _hold_back(self) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        if self._is_at_end and not self._is_waiting:
            self._transport.close()
        elif self._is_busy and len(self._unread) >= _AHEAD_OCTETS:
            self._transport.pause_reading()
        elif not self._is_busy:
            self._transport.resume_reading()

    def _wind_clock(self) -> None:
        self._clock = self._loop.call_later(min(1.0, self._silent_seconds / 4), self._look_at_clock)

    def _look_at_clock(self) -> None:
        self._wind_clock()
        now = self._loop.time()
        if not self._is_waiting and now - self.heard_at > self._silent_seconds:
            self.hang_up(replies.TOO_SLOW)
        else:
            self.tick(now)
