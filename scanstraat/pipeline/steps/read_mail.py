"""Stage `read`: every page of every part becomes words with boxes (B3); a file that cannot be read stops only itself (B9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from scanstraat.errors import Refused
from scanstraat.model.mail import Problem, StoredMail, StoredPart
from scanstraat.model.page import PartPages
from scanstraat.model.state import MailState
from scanstraat.model.task import Claim, NewTask
from scanstraat.pipeline.stage import Stage, Tools, nothing_to_file
from scanstraat.records import mails


@dataclass(frozen=True, slots=True)
class Files:
    """The PDFs of a mail, in order."""

    mail: StoredMail
    parts: tuple[tuple[StoredPart, bytes], ...]


@dataclass(frozen=True, slots=True)
class Read:
    """The pages of each part that could be read, and why the others could not."""

    pages: tuple[PartPages, ...]
    problems: tuple[tuple[int, Problem], ...]


def load(subject: UUID, tools: Tools) -> Files:
    """The parts that have pages, with their PDFs."""
    mail = mails.get(subject)
    parts = (part for part in mails.parts(subject) if part.pdf_sha256)
    return Files(mail, tuple((part, tools.blobs.get(mail.administration, part.pdf_sha256)) for part in parts))


def work(taken: Files, tools: Tools) -> Read:
    """Read each file in a bounded child; one that is refused becomes a problem of that part."""
    pages: list[PartPages] = []
    problems: list[tuple[int, Problem]] = []
    for part, pdf in taken.parts:
        try:
            pages.append(PartPages(part.index, tools.reader.read(pdf)))
        except Refused as error:
            problems.append((part.index, Problem(error.code, f"{error.message} {error.next_step}".strip())))
    return Read(tuple(pages), tuple(problems))


def keep(taken: Files, given: Read, claim: Claim, now: datetime) -> tuple[NewTask, ...]:
    """Record pages and problems; sorting comes next."""
    mails.keep_pages(taken.mail.id, given.pages, given.problems)
    mails.log(taken.mail.id, now, "read", f"{sum(len(part.pages) for part in given.pages)} pages")
    return (NewTask("sort", taken.mail.id),)


STAGE = Stage("read", MailState.OPENED, MailState.READ, load, work, nothing_to_file, keep)
