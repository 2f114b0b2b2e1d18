"""What the receiving server wrote at the head of a mail: who it came to, and from whom; and what the mail says of itself."""

from __future__ import annotations

import re
from dataclasses import dataclass

from scanstraat.mailbox.fields import split_header

HEAD_OCTETS = 262_144  # of a mail, enough to find the header fields that servers put on top

# An address as servers write it: <a@b.example>, or bare, also as in `rfc822;a@b.example`.
_ADDRESS = re.compile(
    r"""
      < (?P<inner> [^<>\s]* ) >
    | (?P<bare> [^<>\s,;:"()]+ @ [^<>\s,;:"()]+ )
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Head:
    """The envelope as the server that received the mail wrote it down; author, subject and id as the mail says them, decoded."""

    recipient: str
    sender: str
    author: str
    subject: str
    message_id: str


def head_of(content: bytes, recipient_header: str = "") -> Head:
    """Read the beginning of a mail. `recipient` is empty where `recipient_header` is, or where the mail lacks it.

    The topmost field of a name counts, the one the last server wrote, since each adds its own on top (A1).

    >>> head = head_of(b"Delivered-To: <a@x.example>\\nReturn-Path: <>\\nDelivered-To: b@x.example\\n\\n", "Delivered-To")
    >>> head.recipient, head.sender
    ('a@x.example', '')
    """
    fields, _ = split_header(content)
    return Head(
        address(fields.text(recipient_header.lower())) if recipient_header else "",
        address(fields.text("return-path")),
        fields.text("from"),
        fields.text("subject"),
        fields.text("message-id"),
    )


def address(text: str) -> str:
    """The first address in the text of a field, without its brackets.

    >>> address("<facturen@x.example>"), address("facturen@x.example, b@x.example"), address("<>"), address("nobody")
    ('facturen@x.example', 'facturen@x.example', '', '')
    """
    found = _ADDRESS.search(text)
    return (found["inner"] or found["bare"] or "") if found else ""
