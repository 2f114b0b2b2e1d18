"""Whether what a mail claims of its sender is proved: SPF and DKIM as pure functions of what is known of the domain name system.

They run in child processes without a network, so a mail that is made to keep a verifier busy cannot keep us busy. SPF does not
know beforehand what it has to ask; it tells what it lacks, and is begun anew with one answer more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import dkim
import spf

from scanstraat.mailbox.lookups import Answer, Kind, Question

_SMALLEST_KEY = 1024  # bits (RFC 8301)


@dataclass(frozen=True, slots=True)
class SpfStep:
    """SPF's result, or the question it needs answered first."""

    result: str = ""
    asks: Question | None = None


class _Lacking(Exception):
    def __init__(self, question: Question) -> None:
        super().__init__(question)
        self.question = question


def spf_step(peer: str, sender: str, helo: str, known: tuple[Answer, ...]) -> SpfStep:
    """Whether the machine `peer` may send for the domain of `sender` (RFC 7208): `pass` is what counts."""
    answers = {answer.question: answer.values for answer in known}

    def look_up(name: str, kind: str, *_: object) -> list[tuple[tuple[str, str], object]]:
        return [((name, kind), _as_pyspf(kind, value)) for value in _known(answers, name, kind)]

    spf.DNSLookup = look_up  # the library's own way to put another in its place; this process does nothing else
    try:
        result, _, _ = spf.query(peer, sender, helo or "unknown").check()
    except _Lacking as lacking:
        return SpfStep(asks=lacking.question)
    return SpfStep(result)


def is_signed(raw: bytes, place: int, key: bytes) -> bool:
    """Whether the signature at `place` among those of the mail holds (RFC 6376), signed From and all, by this key record."""
    try:
        verifier = dkim.DKIM(raw, minkey=_SMALLEST_KEY)
        authors = [value for name, value in verifier.headers if name.lower() == b"from"]
        return len(authors) == 1 and bool(verifier.verify(place, dnsfunc=lambda *_, **__: key))
    except (dkim.DKIMException, ValueError, TypeError, LookupError, ArithmeticError):  # what it raises on odd signatures
        return False


def _known(answers: Mapping[Question, tuple[bytes, ...]], name: str, kind: str) -> tuple[bytes, ...]:
    if kind not in tuple(Kind):
        return ()
    question = Question(name.lower().rstrip("."), Kind(kind))
    if question not in answers:
        raise _Lacking(question)
    return answers[question]


def _as_pyspf(kind: str, value: bytes) -> object:
    if kind == Kind.TXT:
        return (value,)
    text = value.decode("ascii", "replace")
    if kind == Kind.MX:
        preference, _, host = text.partition(" ")
        return int(preference), host
    return text
