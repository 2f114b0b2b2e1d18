"""Files that stand in the text of a mail itself: uuencoded ones, and what PGP encrypted there (B1, B9)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanstraat.mailbox.charsets import decoded
from scanstraat.mailbox.containers.opened import Inner
from scanstraat.mailbox.transfer import from_uu_lines

_MOST = 100
_SIGNS = (b"begin ", b"-----BEGIN PGP MESSAGE-----")  # looked for first, since that is quick
_BEGIN = re.compile(
    rb"""
    ^ begin [ ] [0-7]{3,4} [ ] (?P<name> [^\r\n]{1,200} ) \r?\n (?= [!-M] [ -`]{4,} )    # and a line of up to 45 octets
    | ^ -----BEGIN [ ] PGP [ ] (?P<pgp> MESSAGE ) -----
    """,
    re.VERBOSE | re.MULTILINE,
)
_UU_END = re.compile(rb"^ end [ \t\r]* (?: \n | \Z )", re.VERBOSE | re.MULTILINE)
_PGP_END = re.compile(rb"^ -----END [ ] PGP [ ] MESSAGE----- [ \t\r]* (?: \n | \Z )", re.VERBOSE | re.MULTILINE)


def without_files(text: bytes) -> tuple[bytes, tuple[Inner, ...]]:
    r"""The text without the files in it, and these. A file whose end is lost is left in the text, or goes to the end of it.

    >>> text, files = without_files(b"Hoi,\nbegin 644 a.txt\n#:&]I\n`\nend\nGroet")
    >>> text, [(file.name, file.content) for file in files]
    (b'Hoi,\nGroet', [('a.txt', b'hoi')])
    >>> without_files(b"begin 2026 with us\n")
    (b'begin 2026 with us\n', ())
    """
    if not any(sign in text for sign in _SIGNS):
        return text, ()
    kept, files, at = [], [], 0
    for begin, end, inner in _found(text):
        kept.append(text[at:begin])
        files.append(inner)
        at = end
    return (b"".join((*kept, text[at:])), tuple(files)) if files else (text, ())


def _found(text: bytes) -> Iterator[tuple[int, int, Inner]]:
    at = 0
    for _ in range(_MOST):
        begin = _BEGIN.search(text, at)
        if begin is None:
            return
        end = (_PGP_END if begin["pgp"] else _UU_END).search(text, begin.end())
        at = end.end() if end else len(text)
        if begin["pgp"]:
            yield begin.start(), at, Inner("message.asc", "application/pgp-encrypted", text[begin.start() : at])
        else:
            lines = text[begin.end() : end.start() if end else at]
            yield begin.start(), at, Inner(decoded(begin["name"]), "application/octet-stream", from_uu_lines(lines))
