"""Webhooks and their calls: written in the transaction of what they tell of, claimed by compare-and-set, each ended once.

Where nobody listens, an event costs one look into an empty table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import QuerySet

from scanstraat import failpoint
from scanstraat.codec import to_json
from scanstraat.errors import Refused
from scanstraat.model.hook import EVENT_OF_STATE, CallState, Event, StoredCall, Subject, Told
from scanstraat.model.state import DocumentState
from scanstraat.records import models, offices
from scanstraat.records.models import HookCall, Webhook
from scanstraat.records.statements import rows

_MOST_IN_FORCE = 20  # of one administration or office
_LONGEST_ANSWER = 1_000
_LISTENING = (
    'SELECT w.id, w.events, a.id, a."drop" FROM records_webhook w'
    " JOIN records_administration a ON w.administration_id = a.id OR w.office_id = a.office_id"
    " WHERE w.ended_at IS NULL AND a.id IN ({places})"
)
_OF_DOCUMENT = (
    'SELECT w.id, w.events, a."drop", d.mail_id FROM records_webhook w JOIN records_document d ON d.id = %s'
    " JOIN records_administration a ON a.id = d.administration_id"
    " WHERE w.ended_at IS NULL AND (w.administration_id = a.id OR w.office_id = a.office_id)"
)
_OF_MAIL = _OF_DOCUMENT.replace("records_document d", "records_mail d").replace("d.mail_id", "d.id")


@dataclass(frozen=True, slots=True)
class HookOwner:
    """Whose a webhook is: an administration's, or an office's, for all that it has and will have."""

    administration: int | None = None
    office: int | None = None


def document_moved(document: UUID, state: DocumentState, at: datetime | None) -> None:
    """Tell of a document's new state, within the caller's transaction, those who want to know of it."""
    event = EVENT_OF_STATE.get(state)
    if event is not None:
        for webhook, events, drop, mail in rows(_OF_DOCUMENT, document):
            subject = Subject(drop, f"/api/documents/{document}", UUID(f"{mail}"), document)
            _tell(webhook, events, event, subject, at)


def mails_received(arrivals: Sequence[tuple[UUID, int, datetime]]) -> None:
    """Tell that these mails came in, each with its administration and when, within the caller's transaction."""
    owners = tuple({administration for _, administration, _ in arrivals})
    for webhook, events, owner, drop in rows(_LISTENING.format(places=", ".join(("%s",) * len(owners))), *owners):
        for mail, administration, at in arrivals:
            if administration == owner:
                _tell(webhook, events, Event.MAIL_RECEIVED, Subject(drop, f"/api/mails/{mail}", mail), at)


def mail_parked(mail: UUID) -> None:
    """Tell that a mail was laid aside, within the caller's transaction."""
    for webhook, events, drop, _ in rows(_OF_MAIL, mail):
        _tell(webhook, events, Event.MAIL_PARKED, Subject(drop, f"/api/mails/{mail}", mail), None)


def add(owner: HookOwner, url: str, events: frozenset[Event], secret: str, by: str, at: datetime) -> UUID:
    """A new webhook with its sealed secret; returns its id.

    Raises `Refused`: `webhook-taken` (there is one in force for the same owner and address), `webhooks-many` (over 20 of it).
    """
    with transaction.atomic():
        of_owner = _locked(owner).filter(ended_at=None)
        if of_owner.filter(url=url).exists():
            raise Refused("webhook-taken", f"{url} is told already.", "End that webhook first, and add it again.")
        if of_owner.count() >= _MOST_IN_FORCE:
            raise Refused("webhooks-many", f"there are {_MOST_IN_FORCE} webhooks already.", "End one first.")
        whose = {"administration_id": owner.administration, "office_id": owner.office}
        row = Webhook.objects.create(
            **whose, url=url, events=",".join(sorted(events)), secret=secret, created_at=at, created_by=by
        )
    return row.id


def end(webhook: UUID, at: datetime) -> bool:
    """Call this address no more, also for what waits; False where it was ended before."""
    with transaction.atomic():
        ended = Webhook.objects.filter(id=webhook, ended_at=None).update(ended_at=at)
        waiting = HookCall.objects.filter(webhook_id=webhook, state=CallState.WAITING)
        waiting.update(state=CallState.FAILED, answer="the webhook was ended", ended_at=at)
    return bool(ended)


def test(webhook: UUID, at: datetime) -> UUID:
    """Write a call that tells nothing but that it arrives; returns its id. Raises `Refused` (`webhook-ended`)."""
    row = Webhook.objects.select_related("administration").get(id=webhook)
    if row.ended_at is not None:
        raise Refused("webhook-ended", "this webhook was ended.", "Add it again.")
    drop = row.administration.drop if row.administration else ""
    return _write(webhook, Event.TEST, Subject(drop, f"/api/webhooks/{webhook}"), at)


def due(now: datetime, limit: int, but: frozenset[UUID] = frozenset()) -> tuple[tuple[UUID, UUID], ...]:
    """At most `limit` calls that may be claimed, each with its webhook, the longest due first; none of the webhooks `but`."""
    waiting = HookCall.objects.filter(state=CallState.WAITING, next_at__lte=now).exclude(webhook_id__in=but)
    return tuple(waiting.order_by("next_at", "created_at").values_list("id", "webhook_id")[:limit])


def claim(call: UUID, holder: str, now: datetime, lease_until: datetime) -> StoredCall | None:
    """The right to call until the lease ends; None where another has it, or it is not due."""
    row = HookCall.objects.select_related("webhook").filter(id=call).first()
    if row is None:
        return None
    mine = HookCall.objects.filter(id=call, state=CallState.WAITING, next_at__lte=now, attempts=row.attempts)
    if not mine.update(holder=holder, next_at=lease_until, attempts=row.attempts + 1):
        return None
    hook = row.webhook
    return StoredCall(row.id, hook.id, hook.url, hook.secret, row.body, row.created_at, row.attempts + 1)


def sent(claimed: StoredCall, answer: str, at: datetime) -> bool:
    """Record that it was taken. False, here and below, where the claim is not ours any more: then nothing is written."""
    failpoint.reach("hooks.sent")
    ended = {"state": CallState.SENT, "answer": answer[:_LONGEST_ANSWER], "holder": "", "ended_at": at}
    return bool(_claimed(claimed).update(**ended))


def failed(claimed: StoredCall, answer: str, at: datetime) -> bool:
    """Record that nobody takes it, and what was answered last."""
    ended = {"state": CallState.FAILED, "answer": answer[:_LONGEST_ANSWER], "holder": "", "ended_at": at}
    return bool(_claimed(claimed).update(**ended))


def postponed(claimed: StoredCall, answer: str, until: datetime) -> bool:
    """Give it back, to be tried again from `until` on."""
    return bool(_claimed(claimed).update(holder="", next_at=until, answer=answer[:_LONGEST_ANSWER]))


def release(holders: str, now: datetime, but: str = "") -> int:
    """End the leases of dead holders, whose names begin with `holders`; of all but the living `but`. Returns how many."""
    held = HookCall.objects.filter(state=CallState.WAITING, holder__startswith=holders).exclude(holder__in=["", but])
    return held.update(holder="", next_at=now)


def forget_before(moment: datetime) -> int:
    """Delete the calls that ended before `moment`; how many."""
    return HookCall.objects.filter(ended_at__lt=moment).delete()[0]


def _tell(webhook: object, events: str, event: Event, subject: Subject, at: datetime | None) -> None:
    if event in events.split(","):
        _write(UUID(f"{webhook}"), event, subject, at or datetime.now(UTC))


def _write(webhook: UUID, event: Event, subject: Subject, at: datetime) -> UUID:
    body = to_json(Told(event, at, subject)).decode()
    row = HookCall(id=uuid4(), webhook_id=webhook, event=event, body=body, created_at=at, next_at=at)
    row.save(force_insert=True)
    return row.id


def _locked(owner: HookOwner) -> QuerySet[Webhook]:
    """The webhooks of this owner; nobody else adds one until the transaction ends."""
    if owner.administration is not None:
        offices.lock(owner.administration)
        return Webhook.objects.filter(administration_id=owner.administration)
    models.Office.objects.select_for_update(no_key=True).values_list("id").get(id=owner.office or 0)
    return Webhook.objects.filter(office_id=owner.office or 0)


def _claimed(claimed: StoredCall) -> QuerySet[HookCall]:
    return HookCall.objects.filter(id=claimed.id, state=CallState.WAITING, attempts=claimed.attempts)
