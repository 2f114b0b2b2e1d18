"""The words that introduce forwarded mails and answers, in fifteen languages, read once from `forwards.toml`."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

LANGUAGES = ("nl", "en", "de", "fr", "es", "it", "pt", "da", "no", "sv", "fi", "pl", "cs", "hu", "ro")
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ð": "d", "’": "'"})
_TAGS = re.compile(r"(?: \s* \[ [^\]]* \] )+ \s*", re.VERBOSE)
_PREFIX = re.compile(r"\s* (?P<prefix> [^\W\d_]{1,20} ) \s* (?: [\[(]? \d{1,3} [\])]? )? \s* :", re.VERBOSE)


class Label(StrEnum):
    """What a line of the header above a forwarded mail tells."""

    SENDER = "sender"
    SENT = "sent"
    OTHERS = "others"
    SUBJECT = "subject"


@dataclass(frozen=True, slots=True)
class Words:
    """The tables of all languages as one, folded.

    `labels` gives what a label tells and the languages that have it; `forward` and `reply` the languages of what subjects begin
    with.
    """

    labels: Mapping[str, tuple[Label, frozenset[str]]]
    markers: frozenset[str]
    by: tuple[str, ...]
    wrote: re.Pattern[str]
    forward: Mapping[str, frozenset[str]]
    reply: Mapping[str, frozenset[str]]
    months: Mapping[str, int]


def plain(text: str) -> str:
    """`text` in lower case, without accents.

    >>> plain("Début du message TRANSFÉRÉ"), plain("Wysłano"), plain("Vedhæftede")
    ('debut du message transfere', 'wyslano', 'vedhaeftede')
    """
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).translate(_LETTERS)


@cache
def words() -> Words:
    """The tables, read once a process."""
    tables = tomllib.loads(resources.files(__package__).joinpath("forwards.toml").read_text("utf-8"))
    wrote = "|".join(sorted({re.escape(word) for _, word in _all(tables, "wrote")}, key=len, reverse=True))
    return Words(
        labels=_labels(tables),
        markers=frozenset(word for _, word in _all(tables, "markers")),
        by=tuple(sorted({word for _, word in _all(tables, "by")})),
        wrote=re.compile(rf"(?: ^ | \W ) (?P<wrote> {wrote} ) (?: \W .{{0,200}} )? : \s* $", re.VERBOSE),
        forward=_by_language(tables, "forward"),
        reply=_by_language(tables, "reply"),
        months={name: number for _, name, number in _months(tables)},
    )


def says_forwarded(subject: str, languages: frozenset[str]) -> bool:
    """Whether a subject begins as those of forwarded mails do, in front of a header with labels of these languages.

    What one language writes over forwarded mails and another over answers counts only in its own ("VS:").

    >>> danish, finnish, german = (frozenset({language}) for language in ("da", "fi", "de"))
    >>> says_forwarded("[EXTERN] FW: Factuur 5", german), says_forwarded("WG[2]: Rechnung", german)
    (True, True)
    >>> says_forwarded("VS: Lasku", finnish), says_forwarded("VS: Faktura", danish), says_forwarded("RE: FW: Factuur", german)
    (False, True, False)
    """
    prefix, tables = _prefix(subject), words()
    knowing = tables.forward.get(prefix, frozenset())
    return bool(knowing & languages) if prefix in tables.reply else bool(knowing)


def says_answered(subject: str) -> bool:
    """Whether a subject begins as those of answers do.

    >>> says_answered("Antw: Factuur 5"), says_answered("SV: Faktura"), says_answered("Factuur 5"), says_answered("FW: RE: x")
    (True, True, False, False)
    """
    return _prefix(subject) in words().reply


def _prefix(subject: str) -> str:
    """What a subject begins with in front of a colon, folded; tags in brackets that come before are passed over."""
    tags = _TAGS.match(subject)
    found = _PREFIX.match(subject, tags.end() if tags else 0)
    return plain(found["prefix"]) if found else ""


def _all(tables: Mapping[str, Mapping[str, list[str]]], name: str) -> Iterator[tuple[str, str]]:
    return ((language, plain(word)) for language in LANGUAGES for word in tables[language][name])


def _labels(tables: Mapping[str, Mapping[str, list[str]]]) -> dict[str, tuple[Label, frozenset[str]]]:
    found: dict[str, tuple[Label, frozenset[str]]] = {}
    for label in Label:
        for word, languages in _by_language(tables, label).items():
            found[word] = (label, languages)
    return found


def _by_language(tables: Mapping[str, Mapping[str, list[str]]], name: str) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for language, word in _all(tables, name):
        found[word] = found.get(word, frozenset()) | {language}
    return found


def _months(tables: Mapping[str, Mapping[str, list[str]]]) -> Iterator[tuple[str, str, int]]:
    for language in LANGUAGES:
        for number, names in enumerate(tables[language]["months"], 1):
            yield from ((language, plain(name), number) for name in names.split())
