"""Names of files and folders of drops: safe characters only, no personal data, no way out of the folder."""

from __future__ import annotations

import re
from datetime import date

from scanstraat.errors import Inconsistent

_SAFE_NAME = re.compile(
    r"""
    (?P<first> [A-Za-z0-9])        # never a dot: no hidden names, no ".."
    (?P<rest>  [A-Za-z0-9._-]{0,99})
    """,
    re.VERBOSE,
)
_SAFE_TOKEN = re.compile(
    r"""
    (?P<token> [A-Za-z0-9_-]{1,64})  # no dot: the first dot ends the token in a staged name
    """,
    re.VERBOSE,
)
_NOT_PLAIN = re.compile(r"(?P<other> [^0-9a-z]+)", re.VERBOSE)
_SHORT = 12


def make_stem(day: date, document_id: str, number: int = 1) -> str:
    """The common name of a document's two files: the day and the end of its id; nothing that tells of a person (F1).

    The end of an id, since time-ordered UUIDs begin alike. `number` counts the drops of the document: a later one, after its
    consumer refused the one before, has a name of its own (F8). Raises `Inconsistent` where the id has no letter or digit.

    >>> make_stem(date(2026, 11, 21), "3FA85F64-5717-4562-b3fc-2c963f66afa6")
    '20261121-2c963f66afa6'
    >>> make_stem(date(2026, 3, 1), "17")
    '20260301-17'
    >>> make_stem(date(2026, 3, 1), "17", 2)
    '20260301-17-2'
    """
    plain = _NOT_PLAIN.sub("", document_id.lower())
    if not plain:
        raise Inconsistent("drop-name", f"the document id {document_id!r} has no letter or digit.", "Give it an id.")
    stem = f"{day.isoformat().replace('-', '')}-{plain[-_SHORT:]}"
    return stem if number == 1 else f"{stem}-{number}"


def checked_name(name: str) -> str:
    """`name`, if it is safe as one part of a path; raises `Inconsistent` otherwise.

    >>> checked_name("20261121-2c963f66afa6")
    '20261121-2c963f66afa6'
    >>> checked_name("../other")
    Traceback (most recent call last):
    scanstraat.errors.Inconsistent: drop-name: '../other' cannot be part of a path. Use letters, digits, '.', '_' and '-'.
    """
    if not _SAFE_NAME.fullmatch(name):
        raise Inconsistent("drop-name", f"{name!r} cannot be part of a path.", "Use letters, digits, '.', '_' and '-'.")
    return name


def checked_token(token: str) -> str:
    """`token`, if it can stand in a staged name; raises `Inconsistent` otherwise.

    >>> checked_token("task-17_3")
    'task-17_3'
    >>> checked_token("17.3")
    Traceback (most recent call last):
    scanstraat.errors.Inconsistent: drop-name: '17.3' cannot be a token. Use letters, digits, '_' and '-'.
    """
    if not _SAFE_TOKEN.fullmatch(token):
        raise Inconsistent("drop-name", f"{token!r} cannot be a token.", "Use letters, digits, '_' and '-'.")
    return token
