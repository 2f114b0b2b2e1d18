"""Calling webhooks: which addresses may be called, how calls are signed, and one call (https://www.standardwebhooks.com).

An address is a stranger's word, so a call goes to no host of the inside, whatever a name server says: names are resolved here,
each address is looked at, and the connection goes to the very address that was looked at. Redirects are not followed, and neither
long nor slow answers are waited for.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import secrets
import socket
import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

import httpcore

from scanstraat import __version__
from scanstraat.errors import Refused, Unavailable

SECONDS = 10.0  # for a whole call, but for the name server, whose own limits hold
LONGEST_URL = 1_000
_MOST_ANSWER = 1_000  # octets of an answer that are kept
_PREFIX, _SECRET_OCTETS = "whsec_", 32
_PORTS = {"http": 80, "https": 443}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_HTTPS = "Give an address that begins with https:// and can be reached from everywhere."

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address answered; `text` is the beginning of it."""

    status: int
    text: str

    @property
    def is_taken(self) -> bool:
        """Whether the call was taken."""
        return 200 <= self.status < 300


def new_secret() -> str:
    """A secret to sign with, as its receiver is given it."""
    return f"{_PREFIX}{base64.b64encode(secrets.token_bytes(_SECRET_OCTETS)).decode()}"


def signature(secret: str, identifier: str, at: int, body: bytes) -> str:
    """What stands in `webhook-signature`: over the id, the time in seconds since 1970, and the body, as they are sent.

    >>> signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
    """
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    signed = f"{identifier}.{at}.".encode() + body
    return f"v1,{base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()}"


def checked_url(url: str, is_local: bool) -> SplitResult:
    """The parts of an address that may be called; `is_local`: hosts of this machine are too, and without TLS.

    Raises `Refused` (`hook-url`). What a name stands for is looked at when it is called.

    >>> checked_url("https://example.com:8443/in?x=1", False).port
    8443
    >>> checked_url("https://127.0.0.1/in", False)
    Traceback (most recent call last):
    scanstraat.errors.Refused: hook-url: 127.0.0.1 is no address of the internet. Give an address that begins with https:// \
and can be reached from everywhere.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise Refused("hook-url", f"the address cannot be read: {error}.", _HTTPS) from None
    is_plain = url.isascii() and url.isprintable() and not set(' \\"<>^`{|}') & set(url) and len(url) <= LONGEST_URL
    if not is_plain or not host or parts.username is not None or parts.password is not None or parts.fragment or port == 0:
        raise Refused("hook-url", "the address is not one to be called, without a user and a fragment.", _HTTPS)
    literal = _literal(host)
    if literal is not None:
        _refuse_inside(literal, is_local)
    here = is_local and (host == "localhost" or (literal is not None and literal.is_loopback))
    if parts.scheme != "https" and not (parts.scheme == "http" and here):
        raise Refused("hook-url", "webhooks are called over HTTPS only.", _HTTPS)
    return parts


def call(url: str, headers: dict[str, str], body: bytes, is_local: bool, seconds: float = SECONDS) -> Answer:
    """Post `body` to `url`. Raises `Unavailable` (`hook`) where no answer came, `Refused` (`hook-url`) as `checked_url` does."""
    parts = checked_url(url, is_local)
    until = time.monotonic() + seconds
    said = {"Host": parts.netloc, "User-Agent": f"scanstraat/{__version__}", "Content-Type": "application/json", **headers}
    target = httpcore.URL(
        scheme=parts.scheme,
        host=parts.hostname or "",
        port=parts.port or _PORTS[parts.scheme],
        target=f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}",
    )
    limits = {"timeout": dict.fromkeys(("connect", "read", "write", "pool"), seconds)}
    sent = [*said.items(), ("Content-Length", f"{len(body)}")]
    try:
        with (
            httpcore.ConnectionPool(ssl.create_default_context(), network_backend=_Outside(is_local, until)) as pool,
            pool.stream("POST", target, headers=sent, content=body, extensions=limits) as response,
        ):
            return Answer(response.status, _beginning(response.iter_stream()))
    except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, OSError) as error:
        raise Unavailable("hook", f"it did not answer: {str(error) or type(error).__name__}.", "It is called again.") from error


class _Outside(httpcore.NetworkBackend):
    """Connects to hosts of the internet alone, and until a moment."""

    def __init__(self, is_local: bool, until: float) -> None:
        self._is_local, self._until = is_local, until
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002  the moment counts
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to an address that was looked at, and to no other."""
        failed: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in _addresses(host, port):
            _refuse_inside(address, self._is_local)
            try:
                stream = self._sockets.connect_tcp(f"{address}", port, _left(self._until), local_address, socket_options)
                return _Timed(stream, self._until)
            except httpcore.ConnectError as error:
                failed = error
        raise failed


class _Timed(httpcore.NetworkStream):
    """A connection that ends at a moment, however slowly the other side writes."""

    def __init__(self, stream: httpcore.NetworkStream, until: float) -> None:
        self._stream, self._until = stream, until

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002  the moment counts
        """Some octets."""
        return self._stream.read(max_bytes, _left(self._until))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002  the moment counts
        """All of these."""
        self._stream.write(buffer, _left(self._until))

    def close(self) -> None:
        """End it."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002  the moment counts
    ) -> httpcore.NetworkStream:
        """The same, encrypted, the certificate checked for the host's name."""
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, _left(self._until)), self._until)

    def get_extra_info(self, info: str) -> Any:
        """What the connection tells of itself."""
        return self._stream.get_extra_info(info)


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("it took too long")
    return left


def _beginning(chunks: Iterable[bytes]) -> str:
    found = b""
    for chunk in chunks:
        found += chunk
        if len(found) >= _MOST_ANSWER:
            break
    return found[:_MOST_ANSWER].decode("utf-8", "replace").replace("\x00", "")


def _addresses(host: str, port: int) -> list[Address]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(f"{host} is not known: {error}") from error
    return [ipaddress.ip_address(f"{place[0]}".partition("%")[0]) for *_, place in found]


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _refuse_inside(address: Address, is_local: bool) -> None:
    """Raise `Refused` for an address of this machine or network, however it is written."""
    plain = address
    if isinstance(address, ipaddress.IPv6Address):
        plain = address.ipv4_mapped or address
        if address.sixtofour or address.teredo or address in _NAT64:  # these lead to an IPv4 address, which may be any
            raise Refused("hook-url", f"{address} leads to another network.", _HTTPS)
    if is_local and plain.is_loopback:
        return
    if not plain.is_global or plain.is_multicast:
        raise Refused("hook-url", f"{address} is no address of the internet.", _HTTPS)
