"""Mails opened: octets from anywhere to header, text and parts that can be read (B1, B2, B3, B6, B9)."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from scanstraat import bounded
from scanstraat.errors import Refused, Unavailable
from scanstraat.mailbox.filetype import MAIL, WORD_TYPES
from scanstraat.mailbox.pdfcheck import check_pdf
from scanstraat.mailbox.settling import settle, unpack_and_settle, unpack_only, unreadable
from scanstraat.mailbox.unpacking import header_of
from scanstraat.mailbox.word import word_pdf
from scanstraat.model.mail import MailHeader, OpenedMail, Part, PartRole
from scanstraat.settings import Settings

_SHARE_OF_LEASE = 0.8  # of the time a worker owns the mail, for all its parts together
_HEADER_OCTETS = 200_000
# Lacks of this machine that no waiting mends.
_LASTING = frozenset({"program-missing", "not-confined"})


class Opener:
    """Opens mails. Parsers run in child processes; whatever one part does to them, its neighbours are opened (B9)."""

    def __init__(self, child: bounded.Child, settings: Settings) -> None:
        self._child = child
        self._seconds = settings.child_seconds
        self._all_seconds = settings.lease_seconds * _SHARE_OF_LEASE
        self._memory = settings.child_memory_mb * 1_000_000

    def open(self, raw: bytes) -> OpenedMail:
        """The mail opened. A part that cannot be read is UNREADABLE and says why; nothing is left out (B3).

        So is a Word file where LibreOffice is not there: its neighbours do not wait until somebody installs it (B9).
        """
        until = time.monotonic() + self._all_seconds
        try:
            opened = self._child.call(unpack_and_settle, self._limits(until), raw).opened
        except Refused:
            opened = self._opened_part_by_part(raw, until)
        return replace(opened, parts=tuple(self._converted(part, until) for part in opened.parts))

    def _opened_part_by_part(self, raw: bytes, until: float) -> OpenedMail:
        """The mail, where one of its parts was more than a parser could bear: each gets a process of its own."""
        try:
            opened = self._child.call(unpack_only, self._limits(until), raw).opened
        except Refused as error:
            whole = Part(0, "mail.eml", MAIL, MAIL, PartRole.UNREADABLE, raw)
            return OpenedMail(self._header(raw, until), "", (unreadable(whole, error),))
        return replace(opened, parts=tuple(self._settled(part, until) for part in opened.parts))

    def _header(self, raw: bytes, until: float) -> MailHeader:
        try:
            return self._child.call(header_only, self._limits(until), raw[:_HEADER_OCTETS])
        except Refused:
            return MailHeader()

    def _settled(self, part: Part, until: float) -> Part:
        if part.role is not PartRole.DOCUMENT:
            return part
        return _tried(part, lambda: self._child.call(settle, self._limits(until), part))

    def _converted(self, part: Part, until: float) -> Part:
        if part.role is not PartRole.DOCUMENT or part.media_type not in WORD_TYPES:
            return part
        return _tried(part, lambda: self._word_converted(part, until))

    def _word_converted(self, part: Part, until: float) -> Part:
        pdf = word_pdf(part.content, part.media_type, self._limits(until).seconds)
        self._child.call(check_pdf, self._limits(until), pdf)
        return replace(part, pdf=pdf)

    def _limits(self, until: float) -> bounded.Limits:
        seconds = min(self._seconds, until - time.monotonic())
        if seconds <= 0:
            raise Refused("parser-slow", "The mail took too long to open.", "Look at it by hand.")
        return bounded.Limits(self._memory, seconds)


def header_only(raw: bytes) -> MailHeader:
    """The header, where nothing else of a mail can be had."""
    return header_of(raw)


def _tried(part: Part, step: Callable[[], Part]) -> Part:
    try:
        return step()
    except Refused as error:
        return unreadable(part, error)
    except Unavailable as error:
        if error.code not in _LASTING:
            raise
        return unreadable(part, error)
