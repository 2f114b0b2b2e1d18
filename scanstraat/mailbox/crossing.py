"""An opened mail on its way out of the child process: its contents go by a file, so that they are copied once."""

from __future__ import annotations

import errno
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from scanstraat.durable import disk_error
from scanstraat.errors import Refused
from scanstraat.mailbox.containers.openers import OPENERS
from scanstraat.mailbox.octets import Octets
from scanstraat.mailbox.settling import settle
from scanstraat.mailbox.unpacking import header_of, unpack
from scanstraat.mailbox.walking import Walk
from scanstraat.model.mail import MailHeader, OpenedMail, Part, Problem

_NONE = -1


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The mail without contents, and how long each part's content and PDF are in the file (-1: it has no PDF).

    `sent_at` travels as text (ISO 8601, empty: none), since the codec between processes keeps the moment but not the zone.
    """

    mail: OpenedMail
    sent_at: str
    lengths: tuple[tuple[int, int], ...]

    def opened(self, source: BinaryIO) -> OpenedMail:
        """The mail with the contents out of the file, and the sender's own zone in its header."""
        sent_at = datetime.fromisoformat(self.sent_at) if self.sent_at else None
        parts = tuple(_received(part, found, source) for part, found in zip(self.mail.parts, self.lengths, strict=True))
        return replace(self.mail, header=replace(self.mail.header, sent_at=sent_at), parts=parts)


def _received(part: Part, lengths: tuple[int, int], source: BinaryIO) -> Part:
    content, pdf = lengths
    return replace(part, content=source.read(content), pdf=None if pdf == _NONE else source.read(pdf))


def preload() -> None:
    """Unpack a small mail, so that what is read once, such as the words of forwards, is there before a process is forked off."""
    unpack(b"Subject: Fw: Factuur\r\n\r\nZie de bijlage.\r\n")


def unpack_and_settle(raw: str, target: str) -> Unpacked:
    """The mail in the file `raw` unpacked, and what needs no program outside made ready; contents go into the file `target`."""
    return crossing(unpack(Octets.of_file(Path(raw))), target, settle)


def unpack_only(raw: str, target: str, skipped: dict[str, Problem]) -> Unpacked:
    """The mail unpacked, for when one of its parts is more than a parser can bear; `skipped` as in `unpack`."""
    return crossing(unpack(Octets.of_file(Path(raw)), skipped), target)


def containers(raw: str) -> tuple[str, ...]:
    """The sha256 of each content in the mail itself that an opener would open."""
    found = Walk(openers={}).leaves(Octets.of_file(Path(raw)))
    return tuple(dict.fromkeys(sha256(leaf.content).hexdigest() for leaf in found if leaf.told in OPENERS))


def header_only(raw: str) -> MailHeader:
    """The header, where nothing else of a mail can be had."""
    return header_of(Octets.of_file(Path(raw)))


def _as_it_is(part: Part) -> Part:
    return part


def crossing(mail: OpenedMail, target: str, step: Callable[[Part], Part] = _as_it_is) -> Unpacked:
    """The mail ready to travel, each part as `step` makes it, contents in the file `target`.

    Raises `Refused` (`parser-output`) where they are too many, `Unavailable` where the disk is full.
    """
    sent, lengths = [], []
    try:
        with open(target, "wb") as file:
            for part in map(step, mail.parts):
                file.write(part.content)
                file.write(part.pdf or b"")
                lengths.append((len(part.content), _NONE if part.pdf is None else len(part.pdf)))
                sent.append(replace(part, content=b"", pdf=None))
    except OSError as error:
        if error.errno == errno.EFBIG:
            raise Refused("parser-output", "what is in this mail is too large.", "Ask the sender for it in pieces.") from None
        raise disk_error(error, Path(target)) from None
    sent_at = mail.header.sent_at
    header = replace(mail.header, sent_at=None)
    return Unpacked(replace(mail, header=header, parts=tuple(sent)), sent_at.isoformat() if sent_at else "", tuple(lengths))
