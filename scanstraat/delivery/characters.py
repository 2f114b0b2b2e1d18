"""Text from outside, made fit for XML and PDF."""

from __future__ import annotations

import re

# Everything but the characters of XML 1.0, section 2.2 (Char): control characters, lone surrogates, U+FFFE and U+FFFF.
_ILLEGAL = re.compile(
    r"""
    (?P<illegal>
        [^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]
    )
    """,
    re.VERBOSE,
)


def legal(text: str) -> str:
    """`text` with every character that XML 1.0 forbids shown as U+FFFD, so that nothing vanishes unseen.

    >>> legal("Łódź €"), legal("a\\x00b")
    ('Łódź €', 'a�b')
    """
    return _ILLEGAL.sub("\ufffd", text)


def one_line(text: str) -> str:
    """`text` made legal, on one line, each run of white space one blank.

    >>> one_line(" Bakker\\n  BV ")
    'Bakker BV'
    """
    return legal(" ".join(text.split()))
