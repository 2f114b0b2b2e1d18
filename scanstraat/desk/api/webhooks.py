"""Webhooks: addresses that are told what happens, and how that went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field, StringConstraints

from scanstraat.delivery.hooks import LONGEST_URL, checked_url, new_secret
from scanstraat.desk.api import access
from scanstraat.desk.api.access import key_of
from scanstraat.desk.api.operation import Administration, Answers, Cursor, Limit, changed, operation
from scanstraat.desk.api.paging import page
from scanstraat.model.hook import EVENTS, CallState, Event
from scanstraat.model.key import Scope
from scanstraat.records import hooks, models
from scanstraat.records.hooks import HookOwner
from scanstraat.records.sealing import WEBHOOKS, seal

router = Router(tags=["webhooks"])

Url = Annotated[str, StringConstraints(max_length=LONGEST_URL, pattern=r"^https?://[!-~]+$")]
Wanted = Literal[
    "mail.received",
    "mail.parked",
    "document.delivered",
    "document.in-review",
    "document.archived",
    "document.rejected",
    "document.discarded",
]


class WebhookBody(Schema):
    """An address to be called over HTTPS, and what it is to be told; all there is where no events are named."""

    model_config = ConfigDict(extra="forbid")
    url: Url
    events: Annotated[list[Wanted], Field(max_length=len(EVENTS))] = []


@dataclass(frozen=True, slots=True)
class WebhookAnswer:
    """A webhook: of one administration, or ("") of all of the key's office. `secret` is told once, when it is made."""

    id: UUID
    administration: str
    url: str
    events: tuple[Event, ...]
    created_at: datetime
    created_by: str
    ended_at: datetime | None
    calls: str
    secret: str | None = None


@dataclass(frozen=True, slots=True)
class WebhookList:
    """All webhooks that the key sees, the newest first, ended ones too."""

    items: tuple[WebhookAnswer, ...]


@dataclass(frozen=True, slots=True)
class CallAnswer:
    """A call: what it tells, and how it went. `id` is sent as `webhook-id`.

    `answer` is what was answered last, or why nothing was; `next_at` is when it is tried next, while it waits.
    """

    id: UUID
    event: Event
    state: CallState
    created_at: datetime
    attempts: int
    next_at: datetime | None
    ended_at: datetime | None
    answer: str
    body: str


@dataclass(frozen=True, slots=True)
class CallPage:
    """Some calls, the newest first; `next` is the cursor of those after them, null at the end."""

    items: tuple[CallAnswer, ...]
    next: str | None


@operation(router, "GET", "/webhooks", Scope.WEBHOOKS, answers=Answers(WebhookList), url_name="api-webhooks")
def list_webhooks(request: HttpRequest) -> WebhookList:
    """The webhooks of the key's administrations and of its office."""
    return WebhookList(tuple(_answer(row) for row in _visible(request).order_by("-created_at", "-id")))


@operation(
    router,
    "POST",
    "/webhooks",
    Scope.WEBHOOKS,
    answers=Answers(None, (404, 409), made=WebhookAnswer, takes_json=True),
    url_name="api-webhooks",
)
def add_webhook(request: HttpRequest, body: WebhookBody, administration: Administration = "") -> Status[WebhookAnswer]:
    """Have an address called from now on: for one administration, or, by an office's key that names none, for all it has.

    The secret that calls are signed with is told in this answer and never again. 409 where the address is called already.
    """
    key, now = key_of(request), datetime.now(UTC)
    checked_url(body.url, settings.SCANSTRAAT.hooks_local)
    is_of_office = key.office is not None and not administration
    owner = HookOwner(office=key.office) if is_of_office else HookOwner(access.one_administration(request, administration).pk)
    secret, events = new_secret(), frozenset(Event(name) for name in body.events) or frozenset(EVENTS)
    with transaction.atomic():
        sealed = seal(settings.SCANSTRAAT.home_path, secret.encode(), WEBHOOKS)
        made = hooks.add(owner, body.url, events, sealed, key.actor, now)
        changed(request, "add-webhook", owner.administration, f"webhook {made}", body.url)
    return Status(201, _answer(_visible(request).get(id=made), secret))


@operation(
    router,
    "GET",
    "/webhooks/{uuid:identifier}",
    Scope.WEBHOOKS,
    answers=Answers(WebhookAnswer, (404,)),
    url_name="api-webhook",
)
def show_webhook(request: HttpRequest, identifier: UUID) -> WebhookAnswer:
    """One webhook."""
    return _answer(_one(request, identifier))


@operation(
    router,
    "DELETE",
    "/webhooks/{uuid:identifier}",
    Scope.WEBHOOKS,
    answers=Answers(WebhookAnswer, (404,)),
    url_name="api-webhook",
)
def end_webhook(request: HttpRequest, identifier: UUID) -> WebhookAnswer:
    """Call an address no more, also for what waits; how its calls went can be seen for a month."""
    row = _one(request, identifier)
    with transaction.atomic():
        if hooks.end(identifier, datetime.now(UTC)):
            changed(request, "end-webhook", row.administration_id, f"webhook {identifier}", row.url)
    return _answer(_one(request, identifier))


@operation(
    router,
    "GET",
    "/webhooks/{uuid:identifier}/calls",
    Scope.WEBHOOKS,
    answers=Answers(CallPage, (404,)),
    url_name="api-webhook-calls",
)
def list_calls(request: HttpRequest, identifier: UUID, cursor: Cursor = "", limit: Limit = 50) -> CallPage:
    """How the calls of a webhook went, the newest first."""
    found, following = page(_one(request, identifier).calls.all(), "created_at", cursor, limit, UUID)
    return CallPage(tuple(_call(row) for row in found), following)


@operation(
    router,
    "POST",
    "/webhooks/{uuid:identifier}/test",
    Scope.WEBHOOKS,
    answers=Answers(CallAnswer, (404, 409)),
    url_name="api-webhook-test",
)
def test_webhook(request: HttpRequest, identifier: UUID) -> CallAnswer:
    """Have a webhook called once to see that it arrives; its calls tell how that went. 409 where it was ended."""
    row = _one(request, identifier)
    with transaction.atomic():
        made = hooks.test(identifier, datetime.now(UTC))
        changed(request, "test-webhook", row.administration_id, f"webhook {identifier}", row.url)
    return _call(models.HookCall.objects.get(id=made))


def _visible(request: HttpRequest) -> QuerySet[models.Webhook]:
    key = key_of(request)
    own = Q(administration__in=access.administrations(request))
    return models.Webhook.objects.filter(own | Q(office_id=key.office, office__isnull=False)).select_related("administration")


def _one(request: HttpRequest, identifier: UUID) -> models.Webhook:
    row = _visible(request).filter(id=identifier).first()
    if row is None:
        raise Http404
    return row


def _answer(row: models.Webhook, secret: str | None = None) -> WebhookAnswer:
    return WebhookAnswer(
        id=row.id,
        administration=row.administration.drop if row.administration else "",
        url=row.url,
        events=tuple(Event(name) for name in row.events.split(",")),
        created_at=row.created_at,
        created_by=row.created_by,
        ended_at=row.ended_at,
        calls=reverse("api-webhook-calls", args=[row.id]),
        secret=secret,
    )


def _call(row: models.HookCall) -> CallAnswer:
    return CallAnswer(
        id=row.id,
        event=Event(row.event),
        state=CallState(row.state),
        created_at=row.created_at,
        attempts=row.attempts,
        next_at=row.next_at if row.state == CallState.WAITING else None,
        ended_at=row.ended_at,
        answer=row.answer,
        body=row.body,
    )
