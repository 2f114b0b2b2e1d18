"""Text made comparable: case, accents and look-alike characters folded away, so that labels are met however they are printed."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

# Letters that Unicode does not decompose, signs that stand for "number", and the confusions of OCR among i, l, 1 and o, 0.
_SPECIAL = {"ø": "o", "æ": "ae", "œ": "oe", "ł": "i", "đ": "d", "ð": "d", "þ": "th", "°": "o", "º": "o", "#": "no", "№": "no"}
_LOOKALIKES = str.maketrans({"l": "i", "1": "i", "0": "o"})
_PLAIN = {"ł": "l", "ø": "o", "đ": "d", "\u00a0": " ", "−": "-", "–": "-", "‐": "-", "’": "'", "´": "'"}


@lru_cache(maxsize=4096)
def fold_letter(letter: str) -> str:
    """One character folded; empty where it is neither letter, digit nor a sign for "number"."""
    lower = letter.casefold()
    if lower in _SPECIAL:
        return _SPECIAL[lower]
    bare = "".join(c for c in unicodedata.normalize("NFKD", lower) if c.isalnum())
    return bare.translate(_LOOKALIKES)


def fold(text: str) -> str:
    """`text` without case, accents, blanks and punctuation, look-alikes made one; only for comparing, never for reading.

    >>> fold("Rechnungs-Nr.:") == fold("rechnungs nr"), fold("N° de facture"), fold("lnvoice") == fold("Invoice")
    (True, 'nodefacture', True)
    """
    return "".join(map(fold_letter, text))


@lru_cache(maxsize=4096)
def _plain_letter(letter: str) -> str:
    lower = letter.lower()
    if lower in _PLAIN:
        return _PLAIN[lower]
    bare = "".join(c for c in unicodedata.normalize("NFKD", lower) if not unicodedata.combining(c))
    return bare if len(bare) == 1 else lower if len(lower) == 1 else letter


def plain(text: str) -> str:
    """`text` in lower case without accents, letter for letter: positions stay those of `text`.

    >>> plain("11. März 2014")
    '11. marz 2014'
    """
    return "".join(map(_plain_letter, text))
