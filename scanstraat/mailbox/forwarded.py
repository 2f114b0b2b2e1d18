"""Where a forwarded file came from: sender, subject and date of the mail it came in first (A5, D2, F2).

A mail within the mail says so in its own header; one that was forwarded as text, in the lines above its words. Nobody vouches for
either: they serve the date of an invoice that bears none, and what people are shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC
from itertools import islice

from scanstraat.mailbox.charsets import one_line
from scanstraat.mailbox.fields import split_header
from scanstraat.mailbox.filetype import HTML
from scanstraat.mailbox.forwardtext import forwarded
from scanstraat.mailbox.header import mail_header
from scanstraat.mailbox.senttime import sent_text
from scanstraat.model.mail import MailHeader, Origin, Part, PartRole

_HEADER_OCTETS = 200_000
_LONGEST = 500
_MOST_BODIES = 60
_NO_ORIGIN = Origin()


def with_origins(header: MailHeader, parts: tuple[Part, ...], text_of: Callable[[int], str]) -> tuple[Part, ...]:
    """The parts, those that came in a forwarded mail with its origin: the innermost mail a part came in counts.

    `text_of` gives the text of the part with this place among `parts`, a body. Of a mail with very many only the first are read.
    """
    by_index = {part.index: part for part in parts}
    mails: dict[int | None, MailHeader] = {None: header}
    for part in parts:
        if part.role is PartRole.CONTAINER and (within := _header_of(part)) is not None:
            mails[part.index] = within
    homes = tuple(_home(part, by_index, mails) for part in parts)
    bodies: dict[int | None, list[int]] = {home: [] for home in homes}
    for at in islice((at for at, part in enumerate(parts) if part.role is PartRole.BODY), _MOST_BODIES):
        bodies[homes[at]].append(at)
    origins: dict[int | None, Origin | None] = {}
    for home, places in bodies.items():
        inline = _inline(parts, places, text_of, mails[home])
        origins[home] = inline or (None if home is None else _of_header(mails[home]))
    return tuple(replace(part, origin=origins[home]) for part, home in zip(parts, homes, strict=True))


def _inline(parts: tuple[Part, ...], places: list[int], text_of: Callable[[int], str], header: MailHeader) -> Origin | None:
    """What the bodies of one mail tell; HTML is looked at only where no plain text stands beside it, which says the same."""
    plain = [text for at in places if parts[at].media_type != HTML and (text := text_of(at))]
    texts = plain or (text_of(at) for at in places if parts[at].media_type == HTML)
    return next(filter(None, (_told_in(text, header) for text in texts)), None)


def _header_of(container: Part) -> MailHeader | None:
    """The header of the mail a container is; None where it is another kind of container, such as a ZIP."""
    header = mail_header(split_header(container.content[:_HEADER_OCTETS])[0])
    return header if header.sender or header.subject or header.sent_at else None


def _home(part: Part, by_index: dict[int, Part], mails: dict[int | None, MailHeader]) -> int | None:
    """The container of the innermost mail a part came in; None: the mail itself."""
    for container in _containers(part, by_index):
        if container in mails:
            return container
    return None


def _containers(part: Part, by_index: dict[int, Part]) -> Iterator[int]:
    """The containers a part came out of, innermost first."""
    seen = {part.index}
    while (container := part.container) is not None and container in by_index and container not in seen:
        seen.add(container)
        yield container
        part = by_index[container]


def _of_header(header: MailHeader) -> Origin | None:
    origin = Origin(header.sender[:_LONGEST], header.subject[:_LONGEST], header.sent_at.isoformat() if header.sent_at else "")
    return None if origin == _NO_ORIGIN else origin


def _told_in(text: str, header: MailHeader) -> Origin | None:
    """The origin that a body tells of, as forwarded by the mail with this header."""
    found = forwarded(text, header.subject)
    if found is None:
        return None
    zone = (header.sent_at.tzinfo if header.sent_at else None) or UTC
    sent = sent_text(found.sent, zone, header.sent_at)
    return Origin(one_line(found.sender, _LONGEST), one_line(found.subject, _LONGEST), sent)
