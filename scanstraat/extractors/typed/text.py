"""Texts as typed or copied from a page: blanks of all kinds made one kind, marks that nobody sees left out."""

from __future__ import annotations

import unicodedata

from scanstraat.errors import Refused

# What says that a field is not on the document, beside nothing at all.
NOTHING = frozenset({"", "-", "–", "—"})
LONGEST, LONGEST_NAME = 100, 300
_UNSEEN = frozenset({"Cf"})  # soft hyphens, joiners, marks of direction: they come along when a PDF is copied from
_NO_TEXT = frozenset({"Cc", "Cs", "Co", "Cn"})


def cleaned(text: str) -> str:
    """`text` without what nobody sees, every blank a plain one, none at its ends.

    >>> cleaned("\\u00a0F\\u00ad 2026\\t 17 ")
    'F 2026  17'
    """
    seen = (c for c in text if unicodedata.category(c) not in _UNSEEN)
    return "".join(" " if c.isspace() else c for c in seen).strip()


def short(text: str) -> str:
    """`text` as a sentence can name it: its first characters, quoted.

    >>> short("31 foo"), short("x" * 50)
    ('“31 foo”', '“xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…”')
    """
    return f"“{text if len(text) <= 40 else text[:40] + '…'}”"


def as_printed(text: str, code: str, longest: int = LONGEST) -> str:
    """A cleaned text that is kept as it is: with a letter or digit in it, of characters that are text, and not too long.

    >>> as_printed("F 2026/17", "typed-number")
    'F 2026/17'
    >>> as_printed("///", "typed-number")
    Traceback (most recent call last):
    scanstraat.errors.Refused: typed-number: “///” has no letter or digit. Type it as it is printed.
    """
    if any(unicodedata.category(c) in _NO_TEXT for c in text):
        raise Refused(code, "this holds characters that are no text.", "Type it as it is printed.")
    if not any(c.isalnum() for c in text):
        raise Refused(code, f"{short(text)} has no letter or digit.", "Type it as it is printed.")
    if len(text) > longest:
        raise Refused(code, f"this has {len(text)} characters; at most {longest} are kept.", "Type it as it is printed.")
    return text


def name(text: str) -> str:
    """A company's name as printed, with one blank between its words.

    >>> name("Bakker  &  Zn. B.V.")
    'Bakker & Zn. B.V.'
    """
    return as_printed(" ".join(text.split()), "typed-name", LONGEST_NAME)


def number(text: str) -> str:
    """The number of an invoice or an order as printed; blanks in it are kept.

    >>> number("FT 2026/354")
    'FT 2026/354'
    """
    return as_printed(text, "typed-number")
