"""The test mail of an opening: sent as a supplier would, then followed along the line until its drop is there (K1)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from django.conf import settings

from scanstraat.codec import from_json
from scanstraat.errors import Refused
from scanstraat.mailbox.sending import ACCEPTED, deliver
from scanstraat.mailbox.spool import Spool
from scanstraat.model.administration import Administration
from scanstraat.model.mail import Channel, Envelope
from scanstraat.model.state import DocumentState, MailState
from scanstraat.model.verdict import Verdict
from scanstraat.pipeline.intake import StoredIntake
from scanstraat.pipeline.trial import Trial, mail_of, sender_of
from scanstraat.records import models, offices, opening
from scanstraat.records.blobs import Blobs
from scanstraat.records.tasks import TaskTable

_MARK_OCTETS = 4
_LONG_SECONDS = 30  # after so long without a step, nobody seems to be at work


class Stage(StrEnum):
    """How far a test mail is."""

    NOT_SENT = "not-sent"
    UNDER_WAY = "under-way"
    DELIVERED = "delivered"
    IN_REVIEW = "in-review"
    STUCK = "stuck"


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened to it, and how many seconds after it was sent."""

    seconds: float
    event: str
    text: str


@dataclass(frozen=True, slots=True)
class Story:
    """What became of the last test mail; `drop` names its two files without their endings, `why` says what keeps it."""

    stage: Stage
    number: str = ""
    sent_at: datetime | None = None
    steps: tuple[Step, ...] = ()
    drop: str = ""
    why: str = ""
    mail: str = ""
    is_slow: bool = False

    @property
    def is_moving(self) -> bool:
        """Whether more will come."""
        return self.stage is Stage.UNDER_WAY

    @property
    def seconds(self) -> float:
        """From sending to the last step."""
        return self.steps[-1].seconds if self.steps else 0.0


def send(administration: Administration) -> None:
    """Send a new one by our own mail server; where that is not served, straight into the house as a mail server would.

    Raises `Refused` (`no-address`, `not-taken`) and `Unavailable` (`no-server`).
    """
    recipient = offices.first_address(administration.id)
    if not recipient:
        raise Refused("no-address", "this administration has no address.", "Add one first.")
    now, host = datetime.now(UTC), settings.SCANSTRAAT.smtp_hostname
    trial = Trial(secrets.token_hex(_MARK_OCTETS), recipient, administration.name, administration.currency, now)
    opening.tried(administration.id, trial.mark, now)
    content, sender = mail_of(trial, host), sender_of(trial.mark, host)
    if not settings.SCANSTRAAT.smtp_listen:
        _store(content, Envelope(sender, recipient, now, Channel.SMTP, "test mail"))
        return
    code, text = deliver(content, sender, [recipient], settings.SCANSTRAAT.smtp_listen)
    if code != ACCEPTED:
        raise Refused("not-taken", f"the mail server did not take the test mail: {code} {text}.", "See its log.")


def story(administration: int) -> Story:
    """How far the last one is."""
    opened = opening.opened(administration)
    if opened is None or not opened.trial or opened.trial_at is None:
        return Story(Stage.NOT_SENT)
    sender = sender_of(opened.trial, settings.SCANSTRAAT.smtp_hostname)
    mail = models.Mail.objects.filter(administration_id=administration, envelope_sender=sender).first()
    number = f"TEST-{opened.trial.upper()}"
    if mail is None:
        return Story(Stage.NOT_SENT, number)
    sent_at = opened.trial_at
    events = tuple(mail.events.all())
    steps = tuple(Step(max(0.0, (event.at - sent_at).total_seconds()), event.event, event.text) for event in events)
    silent = (datetime.now(UTC) - (events[-1].at if events else sent_at)).total_seconds()
    stage, drop, why = _end(mail)
    is_slow = stage is Stage.UNDER_WAY and silent > _LONG_SECONDS
    return Story(stage, number, sent_at, steps, drop, why, str(mail.id), is_slow)


def _end(mail: models.Mail) -> tuple[Stage, str, str]:
    """Where it ended, with the name of its drop or with what keeps it."""
    if mail.state == MailState.PARKED:
        return Stage.STUCK, "", mail.error
    row = mail.documents.select_related("delivery").order_by("ordinal").first()
    if row is None:
        return (Stage.STUCK, "", "it holds no document") if mail.state == MailState.DISPATCHED else (Stage.UNDER_WAY, "", "")
    if row.state == DocumentState.DELIVERED:
        return Stage.DELIVERED, f"drops/{row.delivery.folder}/{row.delivery.stem}", ""
    if row.state == DocumentState.PARKED:
        return Stage.STUCK, "", row.error
    reasons = from_json(row.verdict, Verdict).reasons if row.verdict else ()
    why = "; ".join(reason.text for reason in reasons)
    if row.state == DocumentState.IN_REVIEW:
        return Stage.IN_REVIEW, "", why
    ended = row.state in (DocumentState.ARCHIVED, DocumentState.DISCARDED, DocumentState.REJECTED)
    return (Stage.STUCK, "", why) if ended else (Stage.UNDER_WAY, "", "")


def _store(content: bytes, envelope: Envelope) -> None:
    home = settings.SCANSTRAAT.home_path
    house = StoredIntake(Blobs(home), TaskTable(), lambda: datetime.now(UTC), lambda _: None)
    file = Spool(home / "spool").create()
    try:
        file.write(content)
        house.store((envelope,), file.seal())
    finally:
        file.discard()
