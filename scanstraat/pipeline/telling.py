"""Letters written on the line: what senders and administrations are told, recorded in the transaction of what it tells of."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from scanstraat.delivery import letters as wording
from scanstraat.delivery.receipts import receipt, receipt_of_parked
from scanstraat.model.administration import Administration
from scanstraat.model.document import StoredDocument
from scanstraat.model.field import FieldName, Readings
from scanstraat.model.letter import LetterText, Purpose
from scanstraat.model.mail import Channel, StoredMail, StoredPart
from scanstraat.model.state import DocumentState
from scanstraat.model.verdict import Action
from scanstraat.records import documents, letters, mails, offices

MAX_MAIL_OCTETS = 30_000_000
# Ways in by which a mail has a sender who can be written to.
ANSWERED_CHANNELS = frozenset({Channel.SMTP, Channel.LMTP, Channel.IMAP})
# The author of a decoded From field. Who it really is, is asked again of the raw field before a letter goes out.
_AUTHOR = re.compile(
    r"""
    (?: .* < )? (?P<address> [!-;=?A-~]{1,64} @ [A-Za-z0-9-]{1,63} (?: \.[A-Za-z0-9-]{1,63} )+ ) (?: > \s* )?
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Answerable:
    """A mail that its administration wants answered, with what is known of it."""

    mail: StoredMail
    administration: Administration
    parts: tuple[StoredPart, ...] = ()


def author(sender: str) -> str:
    """The address in a From field; "" where there is none that can be written to.

    >>> author("Piet Jansen <piet@jansen.example>"), author("piet@jansen.example"), author("Piet"), author("a@b.c, d@e.f")
    ('piet@jansen.example', 'piet@jansen.example', '', '')
    """
    found = _AUTHOR.fullmatch(sender.strip())
    return found["address"] if found and "," not in found["address"] else ""


def answerable(mail: UUID) -> Answerable | None:
    """The mail with what a receipt tells of; None where its administration does not answer, or it came in without a sender."""
    stored = mails.get(mail)
    administration = offices.administration(stored.administration)
    if not administration.instructions.answers_senders or stored.envelope.channel not in ANSWERED_CHANNELS:
        return None
    return Answerable(stored, administration, mails.parts(mail))


def answer_of(found: Answerable | None, decided: tuple[StoredDocument, ...]) -> LetterText | None:
    """The receipt for a mail whose documents are decided, None for none."""
    if found is None:
        return None
    return receipt(found.mail, found.parts, tuple(stored.document for stored in decided), found.administration)


def keep_answer(found: Answerable | None, content: LetterText | None, at: datetime) -> None:
    """Within the caller's transaction: record the receipt, or why there is none (A9)."""
    if found is None:
        return
    mail, recipient = found.mail, author(found.mail.header.sender)
    if content is None:
        mails.log(mail.id, at, "not-answered", "all of it is advertising (B8)")
    elif not recipient:
        mails.log(mail.id, at, "not-answered", "its From names no single address that can be written to")
    else:
        letters.write(mail.administration, Purpose.RECEIPT, recipient, content, at, mail.id, mail.header.message_id)


def answer_parked(mail: UUID, at: datetime) -> None:
    """Within the caller's transaction: a receipt for a mail that is laid before a person, where it was opened already."""
    found = answerable(mail)
    if found is not None and found.mail.header.sender:
        keep_answer(found, receipt_of_parked(found.mail, found.administration), at)


def tell_too_large(
    administration: Administration,
    mailbox: str,
    sender: str,
    subject: str,
    octets: int,
    at: datetime,
    limit: int = MAX_MAIL_OCTETS,
) -> None:
    """Within the caller's transaction: tell each contact that a mail is too large and stays in its mailbox (A3), once."""
    content = wording.too_large(administration, mailbox, sender, subject, octets, limit)
    about = hashlib.sha256("\n".join((mailbox, sender, subject, f"{octets}")).encode()).hexdigest()
    _tell(administration, Purpose.TOO_LARGE, content, at, about=about)


def tell_archived(mail: StoredMail, administration: Administration, document: UUID, at: datetime) -> None:
    """Within the caller's transaction, in which `document` was archived: tell each contact what of its mail is (G1).

    The last to be archived tells of all of them.
    """
    if not administration.instructions.contacts:
        return
    mails.lock(mail.id)
    all_of_mail = documents.of_mail(mail.id)
    if any(_is_yet_to_be_archived(stored) for stored in all_of_mail):
        return
    papers = tuple((stored.document.kind, _named(stored)) for stored in all_of_mail if stored.state is DocumentState.ARCHIVED)
    address, day = mail.envelope.recipient.lower(), mail.envelope.received_at.date()
    content = wording.archived(administration, address, mail.header.sender, mail.header.subject, day, papers)
    _tell(administration, Purpose.ARCHIVED, content, at, about=str(document), mail=mail.id)


def tell_rejected(
    mail: StoredMail, administration: Administration, stored: StoredDocument, why: str, about: str, at: datetime
) -> None:
    """Within the caller's transaction, in which a person's rejection was carried out: tell each contact of it, and why.

    `about` (at most 64 characters) tells one rejection from another.
    """
    paper, day = (stored.document.kind, _named(stored)), mail.envelope.received_at.date()
    content = wording.rejected(
        administration, mail.envelope.recipient.lower(), mail.header.sender, mail.header.subject, day, paper, why
    )
    _tell(administration, Purpose.REJECTED, content, at, about=about, mail=mail.id)


def _is_yet_to_be_archived(stored: StoredDocument) -> bool:
    is_for_archive = stored.verdict is not None and stored.verdict.action is Action.ARCHIVE
    return is_for_archive and stored.state is DocumentState.DECIDED


def _named(stored: StoredDocument) -> str:
    """Supplier and number as read from the paper."""
    readings = stored.completed or Readings()
    found = (readings.get(field) for field in (FieldName.SUPPLIER_NAME, FieldName.INVOICE_NUMBER))
    return ", ".join(reading.value for reading in found if reading and not reading.rule)


def _tell(
    administration: Administration, purpose: Purpose, content: LetterText, at: datetime, about: str, mail: UUID | None = None
) -> None:
    for contact in administration.instructions.contacts:
        letters.write(administration.id, purpose, contact, content, at, mail, about=about)
