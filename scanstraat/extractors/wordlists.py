"""Words that tell what a line of print is not: no company's name but a bank, a country, a street, a caption.

The words are in `labels/words.toml`; the patterns here are for text as `folding.plain` gives it.
"""

from __future__ import annotations

import re
import tomllib
from importlib import resources

_WORDS: dict[str, list[str]] = tomllib.loads(
    resources.files("scanstraat.extractors.labels").joinpath("words.toml").read_text("utf-8")
)


def _any_of(key: str) -> str:
    return "|".join(sorted((re.escape(word) for word in _WORDS[key]), key=len, reverse=True))


FUNCTION_WORDS = frozenset(_WORDS["function_words"])
BUYERS_WORDS = frozenset(_WORDS["buyers_words"])
MAIL_PROVIDERS = frozenset(_WORDS["mail_providers"])
SHORT_LEGAL_FORMS = frozenset(_WORDS["short_legal_forms"])
LEGAL_FORMS = frozenset(_WORDS["legal_forms"]) | SHORT_LEGAL_FORMS
BANK = re.compile(rf"\b(?:{_any_of('banks')})\b|\w+(?:bank|sparkasse)\b", re.VERBOSE)
COUNTRY = re.compile(rf"(?:{_any_of('countries')})", re.VERBOSE)
CAPTION = re.compile(rf"^(?:{_any_of('captions')})\b|@|www\.|https?:", re.VERBOSE)
STREET = re.compile(
    rf"""\b\d{{1,4}}\ ?[a-z]?$ | ^\d{{1,4}}[,\ ]+[^\W\d] | \w+(?:str\.?|strasse|straat)\b
      | \b(?:\w*(?:weg|laan|plein|gracht|platz|allee|gasse|katu|gatan|vagen))\b\ \d
      | \b(?:{_any_of("streets")})\b""",
    re.VERBOSE,
)
CONTACT = re.compile(r"@|www\.|https?:|\btel(?:\b|efo)|\bfax\b|\bphone\b|\bpuh\b|\+\d{2}[\d\ ()-]{6}", re.VERBOSE)
