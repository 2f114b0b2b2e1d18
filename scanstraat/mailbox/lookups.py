"""Questions to the domain name system that the proofs of a sender need: few for one mail, and not for long."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import dns.exception
import dns.resolver
from dns.rdtypes.ANY.MX import MX
from dns.rdtypes.ANY.TXT import TXT

from scanstraat.errors import Refused, Unavailable
from scanstraat.settings import Settings, split_listen

MOST_QUESTIONS, ALL_SECONDS = 50, 30.0  # for one mail
_SECONDS, _CACHED = 5.0, 5_000
_MOST_ANSWERS = 100
# Also what no host is called: names with an underscore, where keys and policies stand.
_NAME = re.compile(r"(?= .{1,253} \Z ) [a-z0-9_-]{1,63} (?: \. [a-z0-9_-]{1,63} )*", re.VERBOSE)


class Kind(StrEnum):
    """What is asked of a name."""

    A = "A"
    AAAA = "AAAA"
    MX = "MX"
    PTR = "PTR"
    TXT = "TXT"


@dataclass(frozen=True, slots=True)
class Question:
    """A name in lower case without its last dot, and what is asked of it."""

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known of a name; no values where there is no such name or nothing of that kind.

    A value of MX is preference and host with a blank between; of TXT all strings of one record as one.
    """

    question: Question
    values: tuple[bytes, ...]


class Asking:
    """The questions for one mail, counted and timed."""

    def __init__(self, resolver: dns.resolver.Resolver) -> None:
        self._resolver = resolver
        self._left = MOST_QUESTIONS
        self._until = time.monotonic() + ALL_SECONDS

    def ask(self, question: Question) -> Answer:
        """The answer; raises `Unavailable` where the system does not tell for now, `Refused` after too many questions."""
        seconds = min(_SECONDS, self._until - time.monotonic())
        self._left -= 1
        if self._left < 0 or seconds <= 0:
            raise Refused("dns-too-much", "to prove who sent it takes too many questions to the domain name system.")
        if not _NAME.fullmatch(question.name):
            return Answer(question, ())
        try:
            found = self._resolver.resolve(question.name, question.kind, lifetime=seconds, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer, dns.resolver.YXDOMAIN):
            return Answer(question, ())
        except dns.exception.DNSException as error:
            raise _unavailable(error) from error
        return Answer(question, tuple(_values(found))[:_MOST_ANSWERS])

    def texts(self, name: str) -> tuple[bytes, ...]:
        """The texts of a name."""
        return self.ask(Question(name.lower().rstrip("."), Kind.TXT)).values


class Lookups:
    """The name servers that are asked: those of the settings, else the system's. What they say is kept as long as they allow."""

    def __init__(self, settings: Settings) -> None:
        self._setting = settings.dns
        self._resolver: dns.resolver.Resolver | None = None

    def for_mail(self) -> Asking:
        """What to ask with for one mail. Raises `Unavailable` where no name server is known, `Refused` for a bad setting."""
        if self._resolver is None:
            self._resolver = self._opened()
            self._resolver.cache = dns.resolver.LRUCache(_CACHED)
        return Asking(self._resolver)

    def _opened(self) -> dns.resolver.Resolver:
        if not self._setting:
            try:
                return dns.resolver.Resolver()
            except dns.exception.DNSException as error:
                raise _unavailable(error) from error
        resolver = dns.resolver.Resolver(configure=False)
        try:
            address, resolver.port = split_listen(self._setting)
            resolver.nameservers = [address]
        except ValueError:
            raise Refused(
                "setting", f"SCANSTRAAT_DNS cannot be {self._setting!r}.", "Write address:port, such as 127.0.0.1:53."
            ) from None
        return resolver


def _values(found: dns.resolver.Answer) -> Iterator[bytes]:
    for record in found:
        if isinstance(record, TXT):
            yield b"".join(record.strings)
        elif isinstance(record, MX):
            yield f"{record.preference} {record.exchange.to_text(omit_final_dot=True)}".encode()
        else:
            yield record.to_text().rstrip(".").encode()


def _unavailable(error: dns.exception.DNSException) -> Unavailable:
    return Unavailable(
        "dns",
        f"the domain name system does not answer: {error or type(error).__name__}.",
        "Look at SCANSTRAAT_DNS; work goes on.",
    )
