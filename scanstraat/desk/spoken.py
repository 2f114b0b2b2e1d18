"""What the line wrote down, in the language of the reader: the sentence is found again, its values stay as they are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from django.utils.translation import get_language, gettext

from scanstraat.desk.sentences import ACTION_WORDS, FIELD_WORDS, JOINED, KIND_WORDS, REACH_WORDS, ROLE_WORDS, SENTENCES

_HOLE = re.compile(r"\{ (?P<name> [a-z]+ ) \}", re.VERBOSE)
# Where one sentence ends and the next begins.
_END = re.compile(r"(?<= [.!?] ) \s+ (?= [A-Z] )", re.VERBOSE)
_SAID = frozenset({"said", "also"})
_WORDS = {"field": FIELD_WORDS, "kind": KIND_WORDS, "action": ACTION_WORDS, "role": ROLE_WORDS, "reach": REACH_WORDS}
_BETWEEN = "; "  # what several reasons are joined by


@dataclass(frozen=True, slots=True)
class _Sentence:
    msgid: str
    pattern: re.Pattern[str]


def spoken(text: str) -> str:
    """`text` in the language that is active; what is none of the known sentences stays as it is.

    >>> spoken("no invoice number was found"), spoken("something else")
    ('no invoice number was found', 'something else')
    """
    language = get_language() or "en"
    return text if language.startswith("en") or not text else _spoken(text, language)


@lru_cache(maxsize=4096)
def _spoken(text: str, language: str) -> str:  # noqa: ARG001  the language is active; it only keeps the answers apart
    return " ".join(_one(sentence) for sentence in _END.split(text))


def _one(text: str) -> str:
    for sentence in _sentences():
        if found := sentence.pattern.fullmatch(text):
            said = gettext(sentence.msgid).format(**{name: _filled(name, value) for name, value in found.groupdict().items()})
            is_raised = text[:1].isupper() and sentence.msgid[:1].islower()
            return said[:1].upper() + said[1:] if is_raised else said
    return text


def _filled(name: str, value: str) -> str:
    if name in _SAID:
        return _BETWEEN.join(map(_one, value.split(_BETWEEN)))
    return gettext(value) if name in _WORDS else value


@cache
def _sentences() -> tuple[_Sentence, ...]:
    return tuple(_Sentence(msgid, _pattern(msgid)) for msgid in (JOINED, *SENTENCES))


def _pattern(msgid: str) -> re.Pattern[str]:
    """What matches the sentence, whether or not it begins with a capital."""
    pieces, at = [], 0
    for hole in _HOLE.finditer(msgid):
        name = hole["name"]
        inside = "|".join(map(re.escape, sorted(_WORDS[name], key=len, reverse=True))) if name in _WORDS else ".+?"
        pieces += [re.escape(msgid[at : hole.start()]), f"(?P<{name}>{inside})"]
        at = hole.end()
    pieces.append(re.escape(msgid[at:]))
    whole = "".join(pieces)
    first = msgid[:1]
    return re.compile(f"[{first.lower()}{first.upper()}]{whole[1:]}" if first.isalpha() else whole, re.DOTALL)
