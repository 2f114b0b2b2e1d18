"""Octets to text, whatever the sender says of them. Never raises, and what comes out can always be stored."""

from __future__ import annotations

import codecs
import re

# What senders mean when they name these (as browsers read them): Windows' supersets.
_MEANT = {
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "iso-8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "shift_jis": "cp932",
}
# Python knows these as codecs; no mail is written in them, and some take very long over long texts.
_NO_CHARSETS = frozenset({"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"})
_UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]", re.VERBOSE)
_BLANKS = re.compile(r"\s+", re.VERBOSE)


def decoded(octets: bytes, charset: str = "") -> str:
    """The text of `octets`: as `charset` says, else UTF-8, else Windows-1252.

    >>> decoded(b"caf\\xe9", "utf-8"), decoded("café".encode(), "no-such-charset"), decoded(b"\\x80 5", "iso-8859-1")
    ('café', 'café', '€ 5')
    """
    wanted = charset.strip().lower()
    for name in (_MEANT.get(wanted, wanted), "utf-8"):
        try:
            if codecs.lookup(name).name not in _NO_CHARSETS:
                return storable(octets.decode(name))
        except (LookupError, ValueError):
            continue
    return storable(octets.decode("cp1252", errors="replace"))


def storable(text: str) -> str:
    """`text` without control characters (but tabs and line ends) and without half characters.

    >>> storable("a\\x00b\\tc")
    'ab\\tc'
    """
    return _UNSTORABLE.sub("", text)


def one_line(text: str, longest: int) -> str:
    """`text` on one line of at most `longest` characters.

    >>> one_line(" a\\r\\n\\tb ", 10)
    'a b'
    """
    return _BLANKS.sub(" ", storable(text)).strip()[:longest]
