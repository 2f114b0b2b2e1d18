"""The words of our own letters, a table a language, and which language a letter is written in."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

ENGLISH = "en"
_LETTERS_OF_TEXT = 20_000  # enough to tell a language by; more would only take time
_FEWEST, _LEAD = 4, 1.25  # words that tell, and how far ahead of the next language
_WORD = re.compile(r"(?P<word> [^\W\d_]+ )", re.VERBOSE)


@dataclass(frozen=True, slots=True)
class Wording:
    """The sentences of one language by name, with the words for why a file was not read and for kinds of documents."""

    language: str
    decimal: str
    sentences: Mapping[str, str]
    reasons: Mapping[str, str]
    kinds: Mapping[str, str]

    def say(self, name: str, **values: str) -> str:
        """A sentence with its values put in.

        >>> wording("nl").say("documents", count="2")
        'Daarin gevonden documenten: 2.'
        """
        return self.sentences[name].format(**values)

    def megabytes(self, octets: int) -> str:
        """Octets as MB of 1,000,000, with one decimal, rounded up so that what is over a limit never looks like it.

        >>> wording("nl").megabytes(30_000_001), wording("en").megabytes(30_000_000)
        ('30,1', '30.0')
        """
        tenths = -(-octets // 100_000)
        return f"{tenths // 10}{self.decimal}{tenths % 10}"


def _of_table(language: str, table: Mapping[str, object]) -> Wording:
    sentences = {name: text for name, text in table.items() if isinstance(text, str)}
    reasons, kinds = table["reasons"], table["kinds"]
    assert isinstance(reasons, dict)
    assert isinstance(kinds, dict)
    return Wording(language, sentences["decimal"], sentences, reasons, kinds)


_TABLES = tomllib.loads(resources.files("scanstraat.delivery.wording").joinpath("letters.toml").read_text("utf-8"))
WORDINGS = {language: _of_table(language, table) for language, table in _TABLES.items()}
_COUNTRIES = {country: language for language, table in _TABLES.items() for country in table["countries"]}
_TELLING = {
    word: tuple(language for language, own in _TABLES.items() if word in own["words"])
    for table in _TABLES.values()
    for word in table["words"]
}


def wording(language: str) -> Wording:
    """The words of a language; English for one we do not write."""
    return WORDINGS.get(language, WORDINGS[ENGLISH])


def language_of(country: str) -> str:
    """The language we write to an administration in, by its country (ISO 3166).

    >>> language_of("BE"), language_of("ES")
    ('nl', 'en')
    """
    return _COUNTRIES.get(country, ENGLISH)


def language_told(text: str, otherwise: str) -> str:
    """The language a text is written in, by its small words; `otherwise` where they do not tell.

    >>> language_told("Hierbij de factuur voor uw administratie, met vriendelijke groet", "en")
    'nl'
    >>> language_told("Veuillez trouver ci-joint la facture. Cordialement", "en"), language_told("INV-2026-17", "fi")
    ('fr', 'fi')
    """
    words = (found["word"] for found in _WORD.finditer(text[:_LETTERS_OF_TEXT].lower()))
    counts = Counter(language for word in words for language in _TELLING.get(word, ()))
    (first, most), (_, next_most) = (*counts.most_common(2), ("", 0), ("", 0))[:2]
    return first if most >= max(_FEWEST, _LEAD * next_most) else otherwise
