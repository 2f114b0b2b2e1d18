"""The arguments of commands: addresses and parameters, as senders write them (RFC 5321, 4.1.2)."""

from __future__ import annotations

import re

from scanstraat.mailbox import replies

NULL_SENDER = "<>"

_PATH = re.compile(
    r"""
    \s* (?: < (?: @[^:<>\s]* : )?                                 # an old source route is left out
              (?P<path> (?: "(?:[^"\\]|\\.)*" | [^<>\s"] )* ) >     # local@domain
          | (?P<bare> [^<>\s]+ ) )                                # without brackets, as some senders do
    (?P<parameters> (?:\s .*)? ) $
    """,
    re.VERBOSE,
)
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]", re.VERBOSE)
_BODIES = frozenset({"7BIT", "8BITMIME"})


def split_path(arg: str) -> tuple[str | None, str | None]:
    """The address of a MAIL or RCPT command, and its parameters; (None, None) where there is no address.

    >>> split_path("<facturen@jansen.example> SIZE=9"), split_path("<>")
    (('facturen@jansen.example', ' SIZE=9'), ('<>', ''))
    >>> split_path("<a b@c>"), split_path("<a\\udcff@c>")
    ((None, None), (None, None))
    """
    found = _PATH.match(arg)
    if not found or _UNPRINTABLE.search(arg):
        return None, None
    address = found["bare"] if found["path"] is None else found["path"]
    return address or NULL_SENDER, found["parameters"]


def after(keyword: str, arg: str) -> tuple[str | None, tuple[str, ...]]:
    """The address that follows `FROM:` or `TO:`, and the parameters after it in capitals; None where there is none.

    >>> after("FROM:", "from: <a@b.example> size=9 BODY=8BITMIME")
    ('a@b.example', ('SIZE=9', 'BODY=8BITMIME'))
    >>> after("TO:", "FROM:<a@b.example>")
    (None, ())
    """
    if arg[: len(keyword)].upper() != keyword:
        return None, ()
    address, parameters = split_path(arg[len(keyword) :])
    return address, tuple((parameters or "").upper().split())


def sender_refusal(parameters: tuple[str, ...], limit: int) -> str:
    """Why a mail announced with these parameters is not taken; "" where it is. SIZE is rule A3 (RFC 1870).

    >>> sender_refusal(("SIZE=30000001",), 30_000_000)[:9], sender_refusal(("SIZE=9", "SMTPUTF8"), 30_000_000)
    ('552 5.3.4', '')
    >>> sender_refusal(("AUTH=<>",), 9)
    '555 5.5.4 AUTH is not offered here'
    """
    for parameter in parameters:
        keyword, _, value = parameter.partition("=")
        refusal = _refusal(keyword, value, limit)
        if refusal:
            return refusal
    return ""


def _refusal(keyword: str, value: str, limit: int) -> str:
    if keyword == "SIZE":
        return _size_refusal(value, limit)
    if keyword == "BODY":
        return "" if value in _BODIES else replies.BAD_BODY
    return "" if keyword == "SMTPUTF8" else replies.BAD_PARAMETER.format(keyword=keyword[:20])


def _size_refusal(value: str, limit: int) -> str:
    if not (value.isascii() and value.isdigit()):
        return replies.BAD_SIZE
    # more digits than the limit has are more than the limit, and Python does not read thousands of them
    digits = value.lstrip("0") or "0"
    is_too_big = len(digits) > len(str(limit)) or int(digits) > limit
    return replies.TOO_BIG.format(limit=limit) if is_too_big else ""
