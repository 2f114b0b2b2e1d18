"""Whether a mail says that the reminder in it is to be treated as an invoice (G3): phrases by language, kept as data."""

from __future__ import annotations

import re

from scanstraat.supplier_registry.normalise import folded

_WORD = re.compile(r"(?P<word>\w+)", re.VERBOSE)
_END_OF_SENTENCE = re.compile(r"(?P<mark>[.!?;]+) | (?P<empty_line>\n\s*\n)", re.VERBOSE)

# By language. Word forms side by side, since a sentence may put the verb before or after.
PHRASES = {
    "nl": (
        "behandelen als factuur",
        "als factuur behandelen",
        "als factuur te behandelen",
        "behandel als factuur",
        "als factuur verwerken",
        "als factuur te verwerken",
        "verwerken als factuur",
        "verwerk als factuur",
        "als factuur boeken",
        "als factuur inboeken",
        "boeken als factuur",
        "als een factuur behandelen",
        "als een factuur verwerken",
    ),
    "en": (
        "treat as invoice",
        "treat as an invoice",
        "treat this as an invoice",
        "treat it as an invoice",
        "treat this reminder as an invoice",
        "treat the reminder as an invoice",
        "treated as an invoice",
        "process as invoice",
        "process as an invoice",
        "process this as an invoice",
        "process this reminder as an invoice",
        "processed as an invoice",
        "handle as invoice",
        "handle as an invoice",
    ),
    "de": (
        "als rechnung behandeln",
        "als rechnung zu behandeln",
        "als rechnung verarbeiten",
        "als rechnung zu verarbeiten",
        "als rechnung verbuchen",
        "als rechnung buchen",
        "wie eine rechnung behandeln",
    ),
    "fr": (
        "traiter comme facture",
        "traiter comme une facture",
        "traiter en tant que facture",
        "a traiter comme facture",
        "comptabiliser comme facture",
        "comptabiliser comme une facture",
    ),
    "fi": ("kasitella laskuna", "kasitelkaa laskuna", "kasitellaan laskuna", "kasittele laskuna", "kasiteltava laskuna"),
    "sv": (
        "behandla som faktura",
        "behandlas som faktura",
        "behandla som en faktura",
        "behandlas som en faktura",
        "hantera som faktura",
        "hanteras som faktura",
        "bokfor som faktura",
        "bokforas som faktura",
    ),
}

# Words that turn a phrase into its opposite when they stand, in its sentence, up to so many words in front of it.
NEGATIONS = frozenset(
    {
        *("niet", "geen", "nooit"),
        *("not", "never", "dont", "don", "cannot"),
        *("nicht", "kein", "keine", "keinesfalls"),
        *("pas", "jamais"),
        *("ei", "alkaa", "ala", "eika"),
        *("inte", "ej", "aldrig", "icke"),
    }
)
_NEGATION_REACH = 4


def phrase_said(text: str, more: tuple[str, ...] = ()) -> str:
    """The phrase of `PHRASES` or of the administration's own (`more`) that `text` says and does not deny, or nothing.

    >>> phrase_said("Nog niet betaald. Graag deze herinnering als factuur\\nverwerken, dank!")
    'als factuur verwerken'
    >>> phrase_said("Deze herinnering niet als factuur verwerken"), phrase_said("Payez SVP", ("payez svp",))
    ('', 'payez svp')
    """
    sentences = tuple(_words(text[start:end]) for start, end in _sentences(text))
    phrases = (*more, *(phrase for of_language in PHRASES.values() for phrase in of_language))
    return next((phrase for phrase in phrases if any(_said(words, _words(phrase)) for words in sentences)), "")


def _sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Begin and end of each sentence."""
    marks = tuple(_END_OF_SENTENCE.finditer(text))
    begins = (0, *(mark.end() for mark in marks))
    ends = (*(mark.start() for mark in marks), len(text))
    return tuple(zip(begins, ends, strict=True))


def _words(text: str) -> tuple[str, ...]:
    return tuple(match["word"] for match in _WORD.finditer(folded(text)))


def _said(words: tuple[str, ...], phrase: tuple[str, ...]) -> bool:
    """Whether the words hold the phrase somewhere without a negation in front of it."""
    length = len(phrase)
    places = (at for at in range(len(words) - length + 1) if words[at : at + length] == phrase) if phrase else ()
    return any(NEGATIONS.isdisjoint(words[max(0, at - _NEGATION_REACH) : at]) for at in places)
