"""Mails and their parts, in and out of the database."""

from __future__ import annotations

import zlib
from datetime import datetime
from uuid import UUID, uuid4

from scanstraat.codec import from_json, to_json
from scanstraat.errors import Inconsistent
from scanstraat.model.mail import Channel, Envelope, MailHeader, OpenedMail, Origin, PartRole, Problem, StoredMail, StoredPart
from scanstraat.model.page import Page, PartPages
from scanstraat.model.state import MailState, advance
from scanstraat.records import hooks, models
from scanstraat.records.statements import change, first_id, one, rows

Pages = tuple[Page, ...]

_LOG = "INSERT INTO records_mailevent (mail_id, at, event, text) VALUES (%s, %s, %s, %s)"
_RECEIVE = (
    "INSERT INTO records_mail (id, administration_id, state, parked_from, error, sha256, fingerprint, size, envelope_sender,"
    " recipient, channel, peer, helo, received_at, message_id, header_sender, header_recipients, subject, sent_at, text)"
    " VALUES (%s, %s, %s, '', '', %s, %s, %s, %s, %s, %s, %s, %s, %s, '', '', '', '', '', '')"
)
_SAME_MAIL = "SELECT id FROM records_mail WHERE administration_id = %s AND fingerprint = %s"
_PARTS = (
    'SELECT "index", name, media_type, role, sha256, pdf_sha256, problem_code, problem, reason, container, origin'
    ' FROM records_part WHERE mail_id = %s ORDER BY "index"'
)
_PART = _PARTS.replace(" ORDER BY", ' AND "index" = %s ORDER BY')
_PAGES = 'SELECT "index", pages FROM records_part WHERE mail_id = %s ORDER BY "index"'
# The state is written out, since SQLite looks into an index of a part of the rows for no parameter.
_LAID_ASIDE = "SELECT administration_id, COUNT(*) FROM records_mail WHERE state = 'parked' GROUP BY administration_id"
_MOVE = "UPDATE records_mail SET state = %s WHERE id = %s AND state = %s"


def find(administration: int, fingerprint: str) -> UUID | None:
    """The mail of this administration with the same Message-ID and content, if it came before (A8)."""
    found = first_id(_SAME_MAIL, administration, fingerprint)
    return UUID(found) if found else None


def receive(administration: int, envelope: Envelope, sha256: str, fingerprint: str, size: int) -> UUID:
    """Record a new mail; its bytes are a blob already (A7)."""
    mail, at = uuid4(), envelope.received_at
    origin = (envelope.sender[:320], envelope.recipient[:320], envelope.channel, envelope.peer[:100], envelope.helo[:255])
    change(_RECEIVE, mail, administration, MailState.RECEIVED, sha256, fingerprint, size, *origin, at)
    hooks.mails_received(((mail, administration, at),))
    return mail


def log(mail: UUID, at: datetime, event: str, text: str = "") -> None:
    """Add a line to the mail log (A9)."""
    change(_LOG, mail, at, event, text)


def exists(mail: UUID) -> bool:
    """Whether there is such a mail."""
    return models.Mail.objects.filter(id=mail).exists()


def get(mail: UUID) -> StoredMail:
    """The mail; raises `Inconsistent` where there is none."""
    row = one(models.Mail, mail)
    if row is None:
        raise Inconsistent("mail-missing", f"there is no mail {mail}.")
    return value(row)


def move(mail: UUID, before: MailState, after: MailState) -> None:
    """Advance the state; raises `Inconsistent` where the mail is not in state `before`."""
    advance(before, after)
    if not change(_MOVE, after, mail, before):
        raise Inconsistent("mail-state", f"mail {mail} is not {before}.")


def park(mail: UUID, error: str) -> None:
    """Lay the mail aside for a person; it remembers where it stood, so that it can be replayed from there."""
    row = models.Mail.objects.select_for_update().get(id=mail)
    if row.state != MailState.PARKED:
        models.Mail.objects.filter(id=mail).update(state=MailState.PARKED, parked_from=row.state, error=error)
        hooks.mail_parked(mail)


def unpark(mail: UUID) -> MailState:
    """Bring a parked mail back to where it stood, and return that state."""
    row = models.Mail.objects.select_for_update().get(id=mail)
    before = MailState(row.parked_from)
    move(mail, MailState.PARKED, before)
    models.Mail.objects.filter(id=mail).update(parked_from="", error="")
    return before


def laid_aside() -> dict[int, int]:
    """How many mails wait for somebody to mend what stopped them, by administration."""
    return {int(administration): int(count) for administration, count in rows(_LAID_ASIDE)}


def lock(mail: UUID) -> MailState:
    """Within a transaction: let nobody else count this mail's documents until it ends. Returns the mail's state."""
    return MailState(models.Mail.objects.select_for_update(no_key=True).values_list("state", flat=True).get(id=mail))


def keep_opened(mail: UUID, opened: OpenedMail, parts: tuple[StoredPart, ...]) -> None:
    """Record header, text and parts of an opened mail; a second time replaces the first."""
    header = opened.header
    models.Mail.objects.filter(id=mail).update(
        message_id=header.message_id,
        header_sender=header.sender,
        header_recipients=header.recipients,
        subject=header.subject,
        sent_at=header.sent_at.isoformat() if header.sent_at else "",
        text=opened.text,
    )
    models.Part.objects.filter(mail_id=mail).delete()
    declared = {part.index: part.declared for part in opened.parts}
    models.Part.objects.bulk_create(_part_row(mail, part, declared.get(part.index, "")) for part in parts)


def parts(mail: UUID) -> tuple[StoredPart, ...]:
    """The parts of a mail, in order."""
    return tuple(_part_value(*row) for row in rows(_PARTS, mail))


def part(mail: UUID, index: int) -> StoredPart | None:
    """One part of a mail; None where there is none."""
    return next((_part_value(*row) for row in rows(_PART, mail, index)), None)


def keep_pages(mail: UUID, pages: tuple[PartPages, ...], problems: tuple[tuple[int, Problem], ...]) -> None:
    """Record the pages read of each part, and why others could not be read (they become UNREADABLE, B9)."""
    for part in pages:
        models.Part.objects.filter(mail_id=mail, index=part.part).update(pages=zlib.compress(to_json(part.pages), 1))
    for index, problem in problems:
        models.Part.objects.filter(mail_id=mail, index=index).update(
            role=PartRole.UNREADABLE, problem_code=problem.code, problem=problem.text
        )


def pages(mail: UUID, only: frozenset[int] | None = None) -> tuple[PartPages, ...]:
    """The pages read of each part that has any; of the parts `only`, where given."""
    packed = ((index, content) for index, content in rows(_PAGES, mail) if content and (only is None or index in only))
    return tuple(PartPages(index, from_json(zlib.decompress(content), Pages)) for index, content in packed)


def value(row: models.Mail) -> StoredMail:
    """The frozen value of a row."""
    return StoredMail(
        id=row.id,
        administration=row.administration_id,
        sha256=row.sha256,
        size=row.size,
        envelope=Envelope(row.envelope_sender, row.recipient, row.received_at, Channel(row.channel), row.peer, row.helo),
        state=MailState(row.state),
        header=MailHeader(
            row.message_id,
            row.header_sender,
            row.header_recipients,
            row.subject,
            datetime.fromisoformat(row.sent_at) if row.sent_at else None,
        ),
        text=row.text,
    )


def part_value(row: models.Part) -> StoredPart:
    """The frozen value of a row."""
    columns = (row.sha256, row.pdf_sha256, row.problem_code, row.problem, row.reason, row.container, row.origin)
    return _part_value(row.index, row.name, row.media_type, row.role, *columns)


def _part_row(mail: UUID, part: StoredPart, declared: str) -> models.Part:
    problem = part.problem or Problem("", "")
    return models.Part(
        mail_id=mail,
        index=part.index,
        name=part.name,
        media_type=part.media_type[:120],
        declared=declared,
        role=part.role,
        sha256=part.sha256,
        pdf_sha256=part.pdf_sha256,
        problem_code=problem.code,
        problem=problem.text,
        reason=part.reason[:120],
        container=part.container,
        origin=to_json(part.origin).decode() if part.origin else "",
    )


def _part_value(
    index: int,
    name: str,
    media_type: str,
    role: str,
    sha256: str,
    pdf_sha256: str,
    problem_code: str,
    problem: str,
    reason: str,
    container: int | None,
    origin: str,
) -> StoredPart:
    why = Problem(problem_code, problem) if problem_code else None
    forwarded = from_json(origin, Origin) if origin else None
    return StoredPart(index, name, media_type, PartRole(role), sha256, pdf_sha256, why, reason, container, forwarded)
