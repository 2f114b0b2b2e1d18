"""Text made comparable: case, accents and look-alike characters folded away, so that labels are met however they are printed."""

from __future__ import annotations

import unicodedata

# Letters that Unicode does not decompose, signs that stand for "number", and the confusions of OCR among i, l, 1 and o, 0.
_SPECIAL = {"ø": "o", "æ": "ae", "œ": "oe", "ł": "i", "đ": "d", "ð": "d", "þ": "th", "°": "o", "º": "o", "#": "no", "№": "no"}
_LOOKALIKES = str.maketrans({"l": "i", "1": "i", "0": "o"})
_PLAIN = {"ł": "l", "ø": "o", "đ": "d", "\u00a0": " ", "−": "-", "–": "-", "‐": "-", "’": "'", "´": "'"}


class _Folding(dict[int, str]):
    """What each character becomes when folded, found out when it is first met."""

    def __missing__(self, code: int) -> str:
        lower = chr(code).casefold()
        bare = "".join(c for c in unicodedata.normalize("NFKD", lower) if c.isalnum())
        self[code] = found = _SPECIAL.get(lower, bare.translate(_LOOKALIKES))
        return found


class _Plain(dict[int, str]):
    """What each character becomes when made plain, found out when it is first met."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        lower = letter.lower()
        bare = "".join(c for c in unicodedata.normalize("NFKD", lower) if not unicodedata.combining(c))
        found = bare if len(bare) == 1 else lower if len(lower) == 1 else letter
        self[code] = found = _PLAIN.get(lower, found)
        return found


_FOLDING, _PLAINING = _Folding(), _Plain()


def fold(text: str) -> str:
    """`text` without case, accents, blanks and punctuation, look-alikes made one; only for comparing, never for reading.

    >>> fold("Rechnungs-Nr.:") == fold("rechnungs nr"), fold("N° de facture"), fold("lnvoice") == fold("Invoice")
    (True, 'nodefacture', True)
    """
    return text.translate(_FOLDING)


def plain(text: str) -> str:
    """`text` in lower case without accents, letter for letter: positions stay those of `text`.

    >>> plain("11. März 2014")
    '11. marz 2014'
    """
    return text.translate(_PLAINING)
