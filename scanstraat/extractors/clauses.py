"""Clauses of a printed sentence, so that what is said of one day or term is not taken for another's."""

from __future__ import annotations

import re

_BREAK = re.compile(
    r"""
    ;\s? | ,\s | (?<=[^\W\d_]{3})\.\s | \t
    | \b(?:oder|or|ou|tai|eller|bzw\.|alternativ|sonst|danach)\b | \bof\b(?=\ (?:binnen|voor|uiterlijk|netto|betaling))
    """,
    re.VERBOSE | re.IGNORECASE,
)


def clause(text: str, position: int) -> tuple[int, int]:
    """Start and end of the clause around a position.

    >>> text = "30 Tage netto bis 04.04.2026, 3% Skonto bis 15.03.2026"
    >>> start, end = clause(text, text.index("15.03"))
    >>> text[start:end]
    '3% Skonto bis 15.03.2026'
    >>> clause("zahlbar sofort", 3)
    (0, 14)
    """
    start, end = 0, len(text)
    for match in _BREAK.finditer(text):
        if match.end() <= position:
            start = match.end()
        elif match.start() >= position:
            end = match.start()
            break
    return start, end
