"""Drops as their consumer deals with them: acknowledged, refused with a reason, asked for again (F8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Annotated, Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from ninja import Router, Schema
from pydantic import ConfigDict, StringConstraints

from scanstraat.delivery.dropping import Outbox
from scanstraat.desk.api import access
from scanstraat.desk.api.access import key_of
from scanstraat.desk.api.operation import NO_NUL, Administration, Answers, Cursor, Limit, changed, operation
from scanstraat.desk.api.paging import page
from scanstraat.model.key import Scope
from scanstraat.pipeline import drops
from scanstraat.records import models
from scanstraat.records.blobs import Blobs

router = Router(tags=["drops"])

Why = Annotated[str, StringConstraints(min_length=1, max_length=1_000, pattern=NO_NUL, strip_whitespace=True)]
_REQUEST: dict[str, Any] = {
    "parameters": [
        {
            "in": "header",
            "name": "Idempotency-Key",
            "required": True,
            "description": "names this request: repeated with the same one, it is done once",
            "schema": {"type": "string", "pattern": f"^{drops.REQUEST}$"},
        }
    ]
}


class Standing(StrEnum):
    """What its consumer said of a drop."""

    WAITING = "waiting"
    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"


_IN = {
    Standing.WAITING: Q(acknowledged_at=None, refused_at=None),
    Standing.ACKNOWLEDGED: ~Q(acknowledged_at=None),
    Standing.REFUSED: ~Q(refused_at=None),
}


class Refusal(Schema):
    """Why a drop is refused; the person who looks at its document again reads it."""

    model_config = ConfigDict(extra="forbid")
    reason: Why


@dataclass(frozen=True, slots=True)
class DropAnswer:
    """A drop: `id` is its document's, `pdf` and `xml` are the names of its files in `folder`.

    `asked_again`: how often it was put into the folder again; `refusal`: why it was refused, "" where it was not.
    """

    id: UUID
    administration: str
    folder: str
    pdf: str
    xml: str
    pdf_sha256: str
    xml_sha256: str
    state: Standing
    delivered_at: datetime
    acknowledged_at: datetime | None
    refused_at: datetime | None
    refusal: str
    asked_again: int
    document: str


@dataclass(frozen=True, slots=True)
class DropPage:
    """Some drops, the oldest first; `next` is the cursor of those after them, null at the end."""

    items: tuple[DropAnswer, ...]
    next: str | None


@operation(router, "GET", "/drops", Scope.DROPS, answers=Answers(DropPage, (404,)), url_name="api-drops")
def list_drops(
    request: HttpRequest,
    state: Standing = Standing.WAITING,
    administration: Administration = "",
    cursor: Cursor = "",
    limit: Limit = 50,
) -> DropPage:
    """The drops that wait to be acknowledged, the oldest first; or those that were acknowledged or refused."""
    rows = _delivered(request, administration).filter(_IN[state])
    found, following = page(rows, "delivered_at", cursor, limit, int, is_newest_first=False)
    return DropPage(tuple(_answer(row) for row in found), following)


@operation(router, "GET", "/drops/{uuid:identifier}", Scope.DROPS, answers=Answers(DropAnswer, (404,)), url_name="api-drop")
def show_drop(request: HttpRequest, identifier: UUID) -> DropAnswer:
    """One drop, by its document's id."""
    return _one(request, identifier)


@operation(
    router,
    "POST",
    "/drops/{uuid:identifier}/acknowledge",
    Scope.DROPS,
    answers=Answers(DropAnswer, (404, 409)),
    url_name="api-drop-acknowledge",
)
def acknowledge_drop(request: HttpRequest, identifier: UUID) -> DropAnswer:
    """Say that the drop was taken; saying it again changes nothing. 409 where it was refused."""
    owner = _owner(request, identifier)
    with transaction.atomic():
        if drops.acknowledge(identifier, key_of(request).actor, datetime.now(UTC)):
            changed(request, "acknowledge", owner, f"document {identifier}")
    return _one(request, identifier)


@operation(
    router,
    "POST",
    "/drops/{uuid:identifier}/refuse",
    Scope.DROPS,
    answers=Answers(DropAnswer, (404, 409), takes_json=True),
    url_name="api-drop-refuse",
)
def refuse_drop(request: HttpRequest, identifier: UUID, body: Refusal) -> DropAnswer:
    """Refuse a drop and say why: its document goes back to a person, and what he accepts becomes a drop of its own.

    Refusing it again changes nothing. 409 where it was acknowledged.
    """
    owner = _owner(request, identifier)
    with transaction.atomic():
        if drops.refuse(identifier, body.reason, datetime.now(UTC)):
            changed(request, "refuse", owner, f"document {identifier}", body.reason)
    return _one(request, identifier)


@operation(
    router,
    "POST",
    "/drops/{uuid:identifier}/again",
    Scope.DROPS,
    answers=Answers(DropAnswer, (404, 409)),
    url_name="api-drop-again",
    openapi_extra=_REQUEST,
)
def ask_again(request: HttpRequest, identifier: UUID) -> DropAnswer:
    """Have the same two files put into the drop folder once more, under the same names, the PDF first and the XML last.

    Once for each `Idempotency-Key`. A file that still lies there is replaced by its equal; 409 where it is not its equal.
    """
    owner = _owner(request, identifier)
    once, now = request.headers.get("Idempotency-Key", ""), datetime.now(UTC)
    home = settings.SCANSTRAAT.home_path
    if drops.again(identifier, once, key_of(request).actor, now, _outbox(), Blobs(home)):
        changed(request, "drop-again", owner, f"document {identifier}", once)
    return _one(request, identifier)


@cache
def _outbox() -> Outbox:
    home = settings.SCANSTRAAT.home_path
    return Outbox(home / "staging", home / "drops")


def _delivered(request: HttpRequest, administration: str = "") -> QuerySet[models.Delivery]:
    """The drops of the key's administrations, each with how often it was put into its folder again."""
    rows = models.Delivery.objects.filter(document__administration__in=access.administrations(request, administration))
    again = Count("asked_again", filter=Q(asked_again__done_at__gte=F("delivered_at")))
    return rows.exclude(delivered_at=None).select_related("document__administration").annotate(again=again)


def _one(request: HttpRequest, identifier: UUID) -> DropAnswer:
    row = _delivered(request).filter(document_id=identifier).first()
    if row is None:
        raise Http404
    return _answer(row)


def _owner(request: HttpRequest, identifier: UUID) -> int:
    found = _delivered(request).filter(document_id=identifier).values_list("document__administration", flat=True).first()
    if found is None:
        raise Http404
    return int(found)


def _answer(row: models.Delivery) -> DropAnswer:
    assert row.delivered_at is not None
    refused, acknowledged = row.refused_at is not None, row.acknowledged_at is not None
    return DropAnswer(
        id=row.document_id,
        administration=row.document.administration.drop,
        folder=row.folder,
        pdf=f"{row.stem}.pdf",
        xml=f"{row.stem}.xml",
        pdf_sha256=row.document.pdf_sha256,
        xml_sha256=row.document.xml_sha256,
        state=Standing.REFUSED if refused else Standing.ACKNOWLEDGED if acknowledged else Standing.WAITING,
        delivered_at=row.delivered_at,
        acknowledged_at=row.acknowledged_at,
        refused_at=row.refused_at,
        refusal=row.refusal,
        asked_again=row.again,  # type: ignore[attr-defined]  # annotated above
        document=reverse("api-document", args=[row.document_id]),
    )
