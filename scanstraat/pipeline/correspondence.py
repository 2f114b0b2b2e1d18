"""Whether a letter may go out: a table of objections, asked in order, the cheap ones first. What is withheld says why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from scanstraat.errors import Inconsistent, Refused
from scanstraat.mailbox.authentication import Authenticator
from scanstraat.mailbox.claims import Claims
from scanstraat.model.letter import Purpose, StoredLetter
from scanstraat.model.mail import Channel, StoredMail
from scanstraat.records import letters, mails, offices
from scanstraat.records.blobs import Blobs
from scanstraat.settings import Settings

_DAY = timedelta(days=1)
# A letter later than this helps nobody: it was not sent for so long that it is given up.
LATEST = {
    Purpose.RECEIPT: timedelta(hours=12),
    Purpose.TOO_LARGE: timedelta(days=5),
    Purpose.ARCHIVED: timedelta(days=5),
    Purpose.REJECTED: timedelta(days=5),
}
# How many letters of this kind one of our own contacts gets in a day: no limit anybody meets, but an end to a loop.
_TO_CONTACTS = 200


class Withheld(Exception):
    """A letter that must not be sent; the text says why."""


class Expired(Exception):
    """A letter that could not be sent for too long."""


@dataclass(frozen=True, slots=True)
class Case:
    """A letter with the mail it tells of, its bytes and what it claims; None and empty where it tells of none."""

    letter: StoredLetter
    now: datetime
    mail: StoredMail | None
    raw: bytes
    claims: Claims


class Censor:
    """Examines letters before they go out."""

    def __init__(self, settings: Settings, authenticator: Authenticator, blobs: Blobs) -> None:
        self._settings, self._authenticator, self._blobs = settings, authenticator, blobs

    def examine(self, letter: StoredLetter, now: datetime) -> None:
        """Return where the letter may go out. Raises `Withheld` or `Expired`, and `Unavailable` where that cannot be told now."""
        if now > letter.created_at + LATEST[letter.purpose]:
            raise Expired(f"it could not be sent in time: {letter.waits_for or 'no relay was set'}")
        if offices.is_own(letter.recipient) or letter.recipient.lower() == self._settings.mail_from.lower():
            raise Withheld("its recipient is an address of ours")
        case = self._case(letter, now)
        for objection in OBJECTIONS[letter.purpose]:
            if reason := objection(self, case):
                raise Withheld(reason)

    def of_sender(self, case: Case) -> str:
        """What the mail itself has against an answer, or against being answered at this address."""
        if case.mail is None:
            return "the mail it tells of is gone"
        if case.claims.objection:
            return f"the mail is not answered: {case.claims.objection}"
        if case.mail.envelope.channel is not Channel.IMAP and not case.mail.envelope.sender:
            return "the mail is not answered: it is a bounce"
        is_author = case.claims.author.lower() == case.letter.recipient.lower()
        return "" if is_author else "the recipient is not the author as the mail's own From has it"

    def of_loop(self, case: Case) -> str:
        """Whether the mail it tells of is a letter of ours."""
        return "the mail it tells of is a letter of ours" if case.claims.letter and letters.is_ours(case.claims.letter) else ""

    def of_rate(self, case: Case) -> str:
        """Whether the recipient got enough receipts today."""
        day, domain = case.now - _DAY, case.claims.organisation
        if letters.sent_since(day, Purpose.RECEIPT, case.letter.recipient) >= self._settings.answers_a_day:
            return f"{case.letter.recipient} got {self._settings.answers_a_day} receipts in a day already"
        if letters.sent_since(day, Purpose.RECEIPT, domain=domain) >= self._settings.answers_a_domain:
            return f"{domain} got {self._settings.answers_a_domain} receipts in a day already"
        return ""

    def of_contact(self, case: Case) -> str:
        """Whether so much goes to a contact that something must be going round."""
        sent = letters.sent_since(case.now - _DAY, case.letter.purpose, case.letter.recipient)
        return f"{case.letter.recipient} got {sent} such letters in a day already" if sent >= _TO_CONTACTS else ""

    def of_proof(self, case: Case) -> str:
        """Whether it is proved that the author's domain sent the mail."""
        assert case.mail is not None
        try:
            proof = self._authenticator.proof(case.raw, case.mail.envelope, case.claims)
        except Refused as error:
            return f"who sent the mail cannot be proved: {error}"
        return "" if proof else f"nothing proves that {case.claims.domain} sent the mail"

    def _case(self, letter: StoredLetter, now: datetime) -> Case:
        if letter.mail is None:
            return Case(letter, now, None, b"", Claims())
        try:
            mail = mails.get(letter.mail)
            raw = self._blobs.get(mail.administration, mail.sha256)
        except Inconsistent:
            return Case(letter, now, None, b"", Claims())
        try:
            claims = self._authenticator.claims(raw, mail.envelope)
        except Refused as error:
            claims = Claims(objection=f"its header cannot be read: {error}")
        return Case(letter, now, mail, raw, claims)


OBJECTIONS: dict[Purpose, tuple[Callable[[Censor, Case], str], ...]] = {
    Purpose.RECEIPT: (Censor.of_sender, Censor.of_rate, Censor.of_proof),
    Purpose.TOO_LARGE: (Censor.of_contact,),
    Purpose.ARCHIVED: (Censor.of_loop, Censor.of_contact),
    Purpose.REJECTED: (Censor.of_loop, Censor.of_contact),
}
