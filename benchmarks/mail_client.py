"""A light mail client for measuring servers: raw sockets and mails encoded beforehand, in a process of its own.

`python -m benchmarks.mail_client '{"port": 8025, ...}'` sends until told and prints what it saw as one line of JSON.
"""

from __future__ import annotations

import json
import resource
import selectors
import socket
import sys
import time
from dataclasses import asdict, dataclass

_RECEIVED = 4_096
_HELD = 4_194_304  # of a mail may lie in the socket, so that one call hands it over
_MARK = b"Message-ID: <"
_NUMBER = 12


@dataclass(frozen=True, slots=True)
class Load:
    """What is sent: to which port, how many mails of how many octets, over how many connections at once."""

    port: int
    mails: int
    octets: int
    connections: int
    recipient: str
    pipelining: bool = False
    mails_a_connection: int = 0  # 0: each connection is used to the end


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of it: seconds from the first connection to the last answer, and the client's own CPU time."""

    mails: int
    seconds: float
    cpu_seconds: float
    refused: int


def mail_of(octets: int) -> tuple[bytearray, int]:
    """A mail of about so many octets as it is sent, final dot included, and where its number stands.

    >>> mail, at = mail_of(1_000)
    >>> len(mail), mail[at:at + 12], mail.endswith(b"\\r\\n.\\r\\n")
    (1003, bytearray(b'000000000000'), True)
    """
    head = b"From: invoices@supplier.example\r\nTo: facturen@jansen.example\r\nSubject: factuur\r\n"
    head += b"Date: Tue, 31 Mar 2026 12:00:00 +0200\r\n" + _MARK + b"0" * _NUMBER + b"@supplier.example>\r\n"
    head += b"MIME-Version: 1.0\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    line = b"JVBERi0xLjQKMSAwIG9iago8PC9UeXBlL0NhdGFsb2c+PgplbmRvYmoKdHJhaWxlcgo8PD4+QUJD\r\n"
    body = line * ((octets - len(head)) // len(line))
    rest = octets - len(head) - len(body)
    whole = bytearray(head + body + (b"A" * (rest - 2) + b"\r\n" if rest > 2 else b"\r\n"[:rest]) + b".\r\n")
    return whole, whole.index(_MARK) + len(_MARK)


class _Connection:
    """One connection: a script of what to send, stepped on by each answer."""

    def __init__(self, load: Load, numbers: list[int]) -> None:
        self._load, self._numbers = load, numbers
        self._mail, self._at = mail_of(load.octets)
        self._envelope = (b"MAIL FROM:<invoices@supplier.example>\r\n", f"RCPT TO:<{load.recipient}>\r\n".encode(), b"DATA\r\n")
        self.accepted = self.refused = 0
        self.socket = self._connected()

    def _connected(self) -> socket.socket:
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _HELD)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.connect(("127.0.0.1", self._load.port))
        self._buffer, self._state, self._sent_here = b"", "greeting", 0
        return connection

    def step(self) -> bool:
        """Read what is there and answer it; False once the connection has ended."""
        octets = self.socket.recv(_RECEIVED)
        if not octets:
            raise ConnectionError(f"the server hung up in state {self._state}")
        self._buffer += octets
        while (end := self._buffer.find(b"\r\n")) >= 0:
            line, self._buffer = self._buffer[:end], self._buffer[end + 2 :]
            if line[3:4] != b"-" and not self._answered(line):
                return False
        return True

    def _answered(self, line: bytes) -> bool:
        state = self._state
        if state == "greeting":
            self._say("ehlo", b"EHLO client.example\r\n")
        elif state == "ehlo":
            return self._next()
        elif state in ("0", "1", "2"):
            return self._in_envelope(line, int(state))
        elif state == "stored":
            return self._stored(line)
        return True

    def _begin(self) -> None:
        self._mail[self._at : self._at + _NUMBER] = b"%012d" % self._numbers.pop()
        self._say("0", b"".join(self._envelope) if self._load.pipelining else self._envelope[0])

    def _in_envelope(self, line: bytes, at: int) -> bool:
        if line[:1] not in b"23":
            raise ConnectionError(line.decode(errors="replace"))
        if at == 2:
            self._say("stored", self._mail)
        elif self._load.pipelining:
            self._state = f"{at + 1}"
        else:
            self._say(f"{at + 1}", self._envelope[at + 1])
        return True

    def _stored(self, line: bytes) -> bool:
        self.accepted += line.startswith(b"250")
        self.refused += not line.startswith(b"250")
        self._sent_here += 1
        if self._numbers and self._sent_here == self._load.mails_a_connection:
            self.socket.close()
            self.socket = self._connected()
            return True
        return self._next()

    def _next(self) -> bool:
        if self._numbers:
            self._begin()
            return True
        self.socket.close()
        return False

    def _say(self, state: str, octets: bytes | bytearray) -> None:
        self._state = state
        self.socket.sendall(octets)


def send(load: Load) -> Sent:
    """Send the whole load; raises `ConnectionError` where the server hangs up or refuses a command."""
    numbers = list(range(load.mails))
    began = time.perf_counter()
    connections = [_Connection(load, numbers) for _ in range(min(load.connections, load.mails))]
    with selectors.DefaultSelector() as selector:
        for connection in connections:
            selector.register(connection.socket, selectors.EVENT_READ, connection)
        while selector.get_map():
            for key, _ in selector.select():
                _stepped(selector, key.data)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    accepted = sum(connection.accepted for connection in connections)
    refused = sum(connection.refused for connection in connections)
    return Sent(accepted, time.perf_counter() - began, usage.ru_utime + usage.ru_stime, refused)


def _stepped(selector: selectors.BaseSelector, connection: _Connection) -> None:
    before = connection.socket
    goes_on = connection.step()
    if not goes_on or connection.socket is not before:
        selector.unregister(before)
    if goes_on and connection.socket is not before:
        selector.register(connection.socket, selectors.EVENT_READ, connection)


if __name__ == "__main__":
    print(json.dumps(asdict(send(Load(**json.loads(sys.argv[1]))))))
