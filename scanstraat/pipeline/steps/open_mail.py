"""Stage `open`: the bytes of a mail become header, text and parts (B1, B2, B6, B9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from scanstraat.model.mail import OpenedMail, Part, StoredMail, StoredPart
from scanstraat.model.state import MailState
from scanstraat.model.task import Claim, NewTask
from scanstraat.pipeline.stage import Stage, Tools
from scanstraat.records import mails
from scanstraat.records.blobs import sha256_of


@dataclass(frozen=True, slots=True)
class Closed:
    """A stored mail and where its bytes lie."""

    mail: StoredMail
    raw: Path


def load(subject: UUID, tools: Tools) -> Closed:
    """The mail, and its bytes where they lie: they may be many."""
    mail = mails.get(subject)
    return Closed(mail, tools.blobs.sound(mail.administration, mail.sha256))


def work(taken: Closed, tools: Tools) -> OpenedMail:
    """Open it, in a bounded child."""
    return tools.opener.open_file(taken.raw)


def file(taken: Closed, given: OpenedMail, claim: Claim, tools: Tools) -> None:
    """Keep the content of each part, and the PDF it was converted to."""
    for part in given.parts:
        tools.blobs.put(taken.mail.administration, part.content)
        if part.pdf is not None:
            tools.blobs.put(taken.mail.administration, part.pdf)


def keep(taken: Closed, given: OpenedMail, claim: Claim, now: datetime) -> tuple[NewTask, ...]:
    """Record header, text and parts; reading comes next."""
    mails.keep_opened(taken.mail.id, given, tuple(_stored(part) for part in given.parts))
    mails.log(taken.mail.id, now, "opened", f"{len(given.parts)} parts")
    return (NewTask("read", taken.mail.id),)


def _stored(part: Part) -> StoredPart:
    pages_pdf = part.pages_pdf
    return StoredPart(
        index=part.index,
        name=part.name,
        media_type=part.media_type,
        role=part.role,
        sha256=sha256_of(part.content),
        pdf_sha256=sha256_of(pages_pdf) if pages_pdf is not None else "",
        problem=part.problem,
        reason=part.reason,
        container=part.container,
        origin=part.origin,
    )


STAGE = Stage("open", MailState.RECEIVED, MailState.OPENED, load, work, file, keep)
