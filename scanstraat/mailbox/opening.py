"""Mails opened: octets from anywhere to header, text and parts that can be read (B1, B2, B3, B6, B9)."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVarTuple

from scanstraat import bounded
from scanstraat.errors import Refused, Unavailable
from scanstraat.mailbox.crossing import Unpacked, containers, header_only, unpack_and_settle, unpack_only
from scanstraat.mailbox.filetype import MAIL, WORD_TYPES
from scanstraat.mailbox.pdfcheck import check_pdf
from scanstraat.mailbox.settling import settle, unreadable
from scanstraat.mailbox.virus import scanner, without_viruses
from scanstraat.mailbox.word import word_pdf
from scanstraat.model.mail import MailHeader, OpenedMail, Part, PartRole, Problem
from scanstraat.settings import Settings

Ts = TypeVarTuple("Ts")

_SHARE_OF_LEASE = 0.8  # of the time a worker owns the mail, for all its parts together
_MOST_TRIED = 20  # containers of a mail that are tried one by one
# Lacks of this machine that no waiting mends.
_LASTING = frozenset({"program-missing", "not-confined"})


class Opener:
    """Opens mails. Parsers run in child processes; whatever one part does to them, its neighbours are opened (B9)."""

    def __init__(self, child: bounded.Child, settings: Settings) -> None:
        self._child = child
        self._seconds = settings.child_seconds
        self._all_seconds = settings.lease_seconds * _SHARE_OF_LEASE
        self._memory = settings.child_memory_mb * 1_000_000
        self._clamav = scanner(settings)

    def open(self, raw: bytes) -> OpenedMail:
        """The mail opened; see `open_file`."""
        with tempfile.NamedTemporaryFile(prefix="scanstraat-mail-") as file:
            file.write(raw)
            file.flush()
            return self.open_file(Path(file.name))

    def open_file(self, raw: Path) -> OpenedMail:
        """The mail in a file opened. A part that cannot be read is UNREADABLE and says why; nothing is left out (B3).

        So is a Word file where LibreOffice is not there: its neighbours do not wait until somebody installs it (B9).
        """
        until = time.monotonic() + self._all_seconds
        try:
            # Where mails are looked through for viruses, no part is read before that is done.
            opened = self._crossed(unpack_and_settle, until, f"{raw}") if self._clamav is None else None
        except Refused:
            opened = None
        if opened is None:
            opened = self._opened_part_by_part(raw, until)
        return replace(opened, parts=tuple(self._converted(part, until) for part in opened.parts))

    def _crossed(self, unpacking: Callable[[str, str, *Ts], Unpacked], until: float, raw: str, *more: *Ts) -> OpenedMail:
        """The mail, unpacked in a child that writes its contents into a file without a name."""
        with tempfile.TemporaryFile() as file:
            target = f"/proc/{os.getpid()}/fd/{file.fileno()}"
            return self._child.call(unpacking, self._limits(until), raw, target, *more).opened(file)

    def _opened_part_by_part(self, raw: Path, until: float) -> OpenedMail:
        """The mail, where one of its parts was more than a parser could bear: each gets a process of its own."""
        try:
            opened = self._opened_but_some(raw, until)
        except Refused as error:
            whole = Part(0, "mail.eml", MAIL, MAIL, PartRole.UNREADABLE, raw.read_bytes())
            return OpenedMail(self._header(raw, until), "", (unreadable(whole, error),))
        if self._clamav is not None:
            opened = without_viruses(self._clamav, raw, opened)
        return replace(opened, parts=tuple(self._settled(part, until) for part in opened.parts))

    def _opened_but_some(self, raw: Path, until: float) -> OpenedMail:
        """The mail unpacked, without those of its containers that no opener can bear."""
        try:
            return self._crossed(unpack_only, until, f"{raw}", {})
        except Refused as error:
            found = self._child.call(containers, self._limits(until), f"{raw}")
            refused = {sha256: _problem(error) for sha256 in found}
        if 1 < len(refused) <= _MOST_TRIED:
            refused = {sha256: problem for sha256 in found if (problem := self._unbearable(raw, refused, sha256, until))}
        return self._crossed(unpack_only, until, f"{raw}", refused)

    def _unbearable(self, raw: Path, all_of_them: dict[str, Problem], sha256: str, until: float) -> Problem | None:
        """Why one container cannot be opened, all others being left closed."""
        others = {other: problem for other, problem in all_of_them.items() if other != sha256}
        try:
            self._crossed(unpack_only, until, f"{raw}", others)
        except Refused as error:
            return _problem(error)
        return None

    def _header(self, raw: Path, until: float) -> MailHeader:
        try:
            return self._child.call(header_only, self._limits(until), f"{raw}")
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


def _tried(part: Part, step: Callable[[], Part]) -> Part:
    try:
        return step()
    except Refused as error:
        return unreadable(part, error)
    except Unavailable as error:
        if error.code not in _LASTING:
            raise
        return unreadable(part, error)


def _problem(error: Refused) -> Problem:
    return Problem(error.code, f"{error.message} {error.next_step}".rstrip())
