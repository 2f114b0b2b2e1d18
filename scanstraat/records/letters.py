"""Letters in and out of the database: written with what they tell of, claimed by compare-and-set, each ended once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q, QuerySet

from scanstraat import failpoint
from scanstraat.model.letter import LetterState, LetterText, Purpose, StoredLetter
from scanstraat.records import mails
from scanstraat.records.models import Letter

_LONGEST_REFERENCE = 998

# How a letter's end is told in the log of the mail it is about (A9): one to its sender, one to the administration.
_ANSWERED, _TOLD = ("answered", "not-answered"), ("told", "not-told")


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A letter in the list for people."""

    id: UUID
    created_at: datetime
    administration: str
    mail: UUID | None
    purpose: str
    recipient: str
    subject: str
    state: LetterState
    reason: str
    attempts: int


def write(
    administration: int,
    purpose: Purpose,
    recipient: str,
    content: LetterText,
    at: datetime,
    mail: UUID | None = None,
    in_reply_to: str = "",
    about: str = "",
) -> None:
    """Record a letter within the caller's transaction; nothing where this recipient was told the same before.

    What it is about is its mail, unless `about` (at most 64 characters) says otherwise.
    """
    row = Letter(
        administration_id=administration,
        mail_id=mail,
        purpose=purpose,
        about=about or str(mail or uuid4()),
        recipient=recipient,
        language=content.language,
        subject=content.subject,
        text=content.text,
        in_reply_to=in_reply_to if len(in_reply_to) <= _LONGEST_REFERENCE else "",
        created_at=at,
        next_at=at,
    )
    Letter.objects.bulk_create([row], ignore_conflicts=True)


def due(now: datetime, limit: int) -> tuple[UUID, ...]:
    """Ids of at most `limit` letters that may be claimed, the longest due first."""
    waiting = Letter.objects.filter(state=LetterState.WAITING, next_at__lte=now).order_by("next_at", "created_at")
    return tuple(waiting.values_list("id", flat=True)[:limit])


def claim(letter: UUID, holder: str, now: datetime, lease_until: datetime) -> StoredLetter | None:
    """The right to send a letter until the lease ends; None where another has it, or it is not due."""
    row = Letter.objects.filter(id=letter).first()
    if row is None:
        return None
    mine = Letter.objects.filter(id=letter, state=LetterState.WAITING, next_at__lte=now, attempts=row.attempts)
    if not mine.update(holder=holder, next_at=lease_until, attempts=row.attempts + 1):
        return None
    row.attempts += 1
    return _value(row)


def sent(claimed: StoredLetter, at: datetime) -> bool:
    """Record that a relay took it. False, here and below, where the claim is not ours any more: then nothing is written."""
    return _end(claimed, LetterState.SENT, "", at)


def withheld(claimed: StoredLetter, reason: str, at: datetime) -> bool:
    """Record that it is not to be sent, and why."""
    return _end(claimed, LetterState.WITHHELD, reason, at)


def failed(claimed: StoredLetter, reason: str, at: datetime) -> bool:
    """Record that nobody takes it, and why."""
    return _end(claimed, LetterState.FAILED, reason, at)


def postponed(claimed: StoredLetter, reason: str, until: datetime) -> bool:
    """Give it back, to be tried again from `until` on."""
    return bool(_claimed(claimed).update(holder="", next_at=until, reason=reason))


def release(holders: str, now: datetime, but: str = "") -> int:
    """End the leases of dead holders, whose names begin with `holders`; of all but the living `but`. Returns how many."""
    held = Letter.objects.filter(state=LetterState.WAITING, holder__startswith=holders).exclude(holder__in=["", but])
    return held.update(holder="", next_at=now)


def sent_since(since: datetime, purpose: Purpose | None = None, recipient: str = "", domain: str = "") -> int:
    """How many letters were sent since then: of a purpose, to an address, or to a domain and those under it, where given."""
    rows = Letter.objects.filter(state=LetterState.SENT, ended_at__gt=since)
    rows = rows.filter(purpose=purpose) if purpose else rows
    rows = rows.filter(recipient__iexact=recipient) if recipient else rows
    if domain:
        rows = rows.filter(Q(recipient__iendswith=f"@{domain}") | Q(recipient__iendswith=f".{domain}"))
    return rows.count()


def is_ours(letter: str) -> bool:
    """Whether a letter has this id, as told by a mail that came in."""
    try:
        return Letter.objects.filter(id=UUID(letter)).exists()
    except ValueError:
        return False


def lines(limit: int, state: str = "") -> tuple[LetterLine, ...]:
    """The newest letters first; only those in `state`, where given."""
    rows = Letter.objects.select_related("administration").order_by("-created_at")
    rows = rows.filter(state=state) if state else rows
    return tuple(_line(row) for row in rows[:limit])


def _claimed(claimed: StoredLetter) -> QuerySet[Letter]:
    return Letter.objects.filter(id=claimed.id, state=LetterState.WAITING, attempts=claimed.attempts)


def _end(claimed: StoredLetter, state: LetterState, reason: str, at: datetime) -> bool:
    with transaction.atomic():
        if not _claimed(claimed).update(state=state, reason=reason, holder="", ended_at=at):
            return False
        if claimed.mail is not None:
            said = f"{claimed.purpose} to {claimed.recipient}"
            done, not_done = _ANSWERED if claimed.purpose is Purpose.RECEIPT else _TOLD
            event = done if state is LetterState.SENT else not_done
            mails.log(claimed.mail, at, event, f"{said}: {reason}" if reason else said)
        failpoint.reach("letters.commit")
    failpoint.reach("letters.committed")
    return True


def _value(row: Letter) -> StoredLetter:
    return StoredLetter(
        id=row.id,
        administration=row.administration_id,
        purpose=Purpose(row.purpose),
        recipient=row.recipient,
        content=LetterText(row.subject, row.text, row.language),
        created_at=row.created_at,
        attempts=row.attempts,
        mail=row.mail_id,
        in_reply_to=row.in_reply_to,
        waits_for=row.reason,
    )


def _line(row: Letter) -> LetterLine:
    return LetterLine(
        id=row.id,
        created_at=row.created_at,
        administration=row.administration.name,
        mail=row.mail_id,
        purpose=row.purpose,
        recipient=row.recipient,
        subject=row.subject,
        state=LetterState(row.state),
        reason=row.reason,
        attempts=row.attempts,
    )
