"""Letters as people mean them: ligatures apart, odd spaces and hyphens made plain, digits and currency signs kept."""

from __future__ import annotations

import re
import unicodedata

# marks that nobody sees: zero-width spaces and joiners, byte order mark, direction marks, variation selectors, object replacement
_UNSEEN = dict.fromkeys(
    [*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), *range(0xFE00, 0xFE10), 0xFEFF, 0xFFFC]
)
# soft hyphen, hyphen, non-breaking hyphen, minus; pdfium's own mark for a hyphen at the end of a line, and its old one
_HYPHENS = dict.fromkeys([0x00AD, 0x2010, 0x2011, 0x2212, 0x0002, 0xFFFE], "-")
_LIGATURES = {code: unicodedata.normalize("NFKC", chr(code)) for code in [0x132, 0x133, *range(0xFB00, 0xFB07)]}
_FULL_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
# fonts without a mapping leave Windows' own codes (euro sign, curly quotes, dashes) where Unicode has control characters
_WINDOWS = {code: bytes([code]).decode("cp1252", "replace") for code in range(0x80, 0xA0)}
_TABLE = {**_WINDOWS, **_UNSEEN, **_HYPHENS, **_LIGATURES, **_FULL_WIDTH}

# what separates words: any space of Unicode, control characters but the hyphen mark
WORD = re.compile(
    r"""
    (?P<word> [^\s\x00\x01\x03-\x1f\x7f]+? (?: [\x02\ufffe] | (?= [\s\x00\x01\x03-\x1f\x7f] | \Z ) ) )
    """,
    re.VERBOSE,
)
"""One word of a text layer; a hyphen at the end of a line ends it, since what follows stands on the next line.

>>> WORD.findall("Zahlungs\\x02ziel 14\\xa0Tage\\r\\n")
['Zahlungs\\x02', 'ziel', '14', 'Tage']
>>> WORD.search(" \\r\\n\\t") is None
True
"""


def plain(text: str) -> str:
    """The word as people mean it; superscripts and fractions stay, since "m²" is not "m2" and "½" is not "1/2".

    >>> plain("Ofﬁce"), plain("Zahlungs\\xad"), plain("−１２,５０"), plain("\\x80"), plain("e\\u0301tage"), plain("ĳ")
    ('Office', 'Zahlungs-', '-12,50', '€', 'étage', 'ij')
    """
    if text.isascii() and "\x02" not in text:
        return text
    return unicodedata.normalize("NFC", text.translate(_TABLE))
