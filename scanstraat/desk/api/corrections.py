"""Corrections of documents by programs (E7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from scanstraat.desk.api import access
from scanstraat.desk.api.access import key_of
from scanstraat.desk.api.documents import FullDocument, answer_of
from scanstraat.desk.api.operation import Answers, Line, Name, changed, operation
from scanstraat.errors import Refused
from scanstraat.model.document import Kind
from scanstraat.model.field import FieldName
from scanstraat.model.key import Scope
from scanstraat.model.review import Actor, Objection
from scanstraat.pipeline.correcting import Wish, correct
from scanstraat.records.tasks import TaskTable

router = Router(tags=["documents"])

_MOST_ANSWERED = 40


class CorrectionBody(Schema):
    """Fields as they stand on the document, in any usual form: "" says that the document has none of it.

    `answered`: codes of objections that were looked at and are no obstacle; `accept`: it is to go its way where none is left.
    """

    model_config = ConfigDict(extra="forbid")
    fields: dict[FieldName, Line] = {}
    kind: Kind | None = None
    answered: Annotated[list[Name], Field(max_length=_MOST_ANSWERED)] = []
    accept: bool = False


@dataclass(frozen=True, slots=True)
class ObjectionAnswer:
    """What stands in the way, and the field where to mend it; some may be answered, others have to be mended."""

    code: str
    text: str
    field: FieldName | None
    rule: str
    can_be_answered: bool


@dataclass(frozen=True, slots=True)
class CorrectionAnswer:
    """Whether the document went its way; what stands in the way, where it did not; and the document as it is now."""

    accepted: bool
    objections: tuple[ObjectionAnswer, ...]
    document: FullDocument


@operation(
    router,
    "POST",
    "/documents/{uuid:identifier}/corrections",
    Scope.CORRECT,
    answers=Answers(CorrectionAnswer, (404, 409), takes_json=True),
    url_name="api-corrections",
)
def correct_document(request: HttpRequest, identifier: UUID, body: CorrectionBody) -> CorrectionAnswer:
    """Correct a document in review, or tell what was corrected of a delivered one.

    In review the values are given by the key and the verdict is renewed; the document waits for a person all the same, unless it
    is to be accepted and nothing stands in the way. Of a delivered document the correction is recorded, and the supplier register
    learns from it: an account is added, a VAT number replaced. 409 in any other state, and while a person is at it.
    """
    if not body.fields and body.kind is None and not body.answered and not body.accept:
        raise Refused("nothing", "this corrects nothing.", "Send fields, a kind, or accept.")
    row, key = access.document(request, identifier), key_of(request)
    wish = Wish(tuple(body.fields.items()), body.kind, tuple(body.answered), body.accept)
    with transaction.atomic():
        done = correct(row.id, wish, Actor(0, key.actor), datetime.now(UTC), TaskTable())
        detail = ", ".join(f"{field}: {value}" for field, value in wish.fields)
        changed(request, "accept" if done.is_accepted else "correct", row.administration_id, f"document {row.id}", detail)
    now = access.document(request, identifier)
    return CorrectionAnswer(done.is_accepted, tuple(map(_objection, done.objections)), answer_of(request, now))


def _objection(objection: Objection) -> ObjectionAnswer:
    return ObjectionAnswer(objection.code, objection.text, objection.field, objection.rule, objection.can_be_answered)
