"""How much one peer, one sender and one address may ask of the mail servers, as tables; none of it costs an honest sender a mail.

A rate that is exceeded is answered with 450, so that the sender keeps the mail and comes back.
"""

from __future__ import annotations

import ipaddress
from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache

from scanstraat.errors import Refused
from scanstraat.settings import Settings

IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network

_BURST_MINUTES = 5  # so many minutes' worth may come at once
_KEYS = 10_000  # senders, peers or addresses remembered at once; the one not heard of longest is forgotten


@dataclass(frozen=True, slots=True)
class Manners:
    """What one connection may do before it is slowed down, and before it is ended (421)."""

    bad_commands: int = 10  # commands that are none, or come in the wrong order
    commands: int = 1_000  # without a mail among them
    slowed_from_unknown: int = 3  # addresses not known here, before each further one is answered late
    unknown: int = 20
    slow_seconds: float = 2.0
    seconds_without_mail: float = 900.0
    seconds_a_mail: float = 1_800.0  # from DATA to the final dot
    recipients: int = 100  # in one mail (RFC 5321 asks for 100)


MANNERS = Manners()
# Browsers and scripts that were talked into speaking to a mail server.
NOT_MAIL = frozenset({"GET", "POST", "PUT", "HEAD", "OPTIONS", "CONNECT", "DELETE", "PATCH", "TRACE"})


@dataclass(frozen=True, slots=True)
class Rate:
    """So many a minute, and `burst` at once."""

    a_minute: float
    burst: float


UNKNOWN = Rate(20.0, 200.0)


@dataclass(frozen=True, slots=True)
class Rates:
    """The rates of an installation, one row each."""

    peer: Rate
    sender: Rate
    recipient: Rate
    unknown: Rate  # addresses not known here that one peer asks for, over all its connections

    @classmethod
    def of(cls, settings: Settings) -> Rates:
        """As set."""
        wanted = (settings.peer_mails_a_minute, settings.sender_mails_a_minute, settings.address_mails_a_minute)
        peer, sender, recipient = (Rate(rate, rate * _BURST_MINUTES) for rate in wanted)
        return cls(peer, sender, recipient, UNKNOWN)


class Buckets:
    """Token buckets by key, at most `keys` of them. Times are seconds of any clock that runs forward.

    >>> buckets = Buckets(Rate(60.0, 2.0))
    >>> [buckets.take("a", 0.0) for _ in range(3)], buckets.take("a", 1.0), buckets.take("b", 1.0)
    ([True, True, False], True, True)
    """

    def __init__(self, rate: Rate, keys: int = _KEYS) -> None:
        self._rate, self._keys = rate, keys
        self._filled: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._filled)

    def take(self, key: str, now: float) -> bool:
        """Take one, and say whether there was one."""
        left = self._left(key, now)
        is_there = left >= 1.0
        self._filled[key] = (left - 1.0 if is_there else left, now)
        self._filled.move_to_end(key)
        if len(self._filled) > self._keys:
            self._filled.popitem(last=False)
        return is_there

    def has(self, key: str, now: float) -> bool:
        """Whether one could be taken."""
        return self._left(key, now) >= 1.0

    def _left(self, key: str, now: float) -> float:
        left, at = self._filled.get(key, (self._rate.burst, now))
        return min(self._rate.burst, left + (now - at) * self._rate.a_minute / 60)


class Door:
    """Who may come in and how often, over all connections of a server."""

    def __init__(self, settings: Settings) -> None:
        rates = Rates.of(settings)
        self.peers, self.senders = Buckets(rates.peer), Buckets(rates.sender)
        self.recipients, self.unknown = Buckets(rates.recipient), Buckets(rates.unknown)
        self._most_a_peer = settings.max_connections_a_peer
        self._trusted = trusted_networks(settings.trusted_peers)
        self._inside: dict[str, int] = {}

    def trusts(self, peer: str) -> bool:
        """Whether the peer is one of our own: named in the settings, or on a socket file of this machine (no address)."""
        address = _address(peer)
        return not peer or (address is not None and any(address in network for network in self._trusted))

    def enter(self, peer: str) -> bool:
        """Count a connection in, unless this peer has too many; then it is not to `leave`."""
        key = key_of(peer)
        if not self.trusts(peer) and self._inside.get(key, 0) >= self._most_a_peer:
            return False
        self._inside[key] = self._inside.get(key, 0) + 1
        return True

    def leave(self, peer: str) -> None:
        """Count it out."""
        key = key_of(peer)
        left = self._inside.get(key, 0) - 1
        if left > 0:
            self._inside[key] = left
        else:
            self._inside.pop(key, None)


def trusted_networks(setting: str) -> tuple[IPNetwork, ...]:
    """The addresses and networks named in a setting; raises `Refused` for what is neither.

    >>> trusted_networks("192.0.2.7, 10.0.0.0/8")
    (IPv4Network('192.0.2.7/32'), IPv4Network('10.0.0.0/8'))
    """
    try:
        return tuple(ipaddress.ip_network(word.strip(), strict=False) for word in setting.split(",") if word.strip())
    except ValueError as error:
        raise Refused("setting", f"SCANSTRAAT_TRUSTED_PEERS: {error}.", "Correct it and start again.") from None


@lru_cache(maxsize=4_096)
def key_of(peer: str) -> str:
    """What a peer is counted under: its IPv4 address, or the /64 network that one IPv6 customer has to himself.

    >>> key_of("192.0.2.7"), key_of("::ffff:192.0.2.7"), key_of("2001:db8::7"), key_of("fe80::1%eth0"), key_of("")
    ('192.0.2.7', '192.0.2.7', '2001:db8::/64', 'fe80::/64', '')
    >>> key_of("::1")
    '::1'
    """
    address = _address(peer)
    if address is None:
        return peer
    if isinstance(address, ipaddress.IPv4Address) or address.is_loopback:
        return str(address)
    return str(ipaddress.ip_network((address, 64), strict=False))


@lru_cache(maxsize=4_096)
def _address(peer: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(peer.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address
