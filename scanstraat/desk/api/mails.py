"""Mails: sent in (A6), found again, and what became of them (A9)."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.urls import reverse
from ninja import Router, Status

from scanstraat.desk import pace
from scanstraat.desk.api import access
from scanstraat.desk.api.access import key_of
from scanstraat.desk.api.operation import Administration, Answers, Cursor, Limit, Line, Moment, Name, operation, seen
from scanstraat.desk.api.paging import page
from scanstraat.desk.incoming.streaming import body_of
from scanstraat.desk.incoming.taking import Uploader, take, take_form
from scanstraat.desk.shown.answers import Kept, MailAnswer, told_mail
from scanstraat.desk.views import files
from scanstraat.errors import Refused
from scanstraat.mailbox.fields import file_name, value_and_parameters
from scanstraat.mailbox.intake import StoredAs
from scanstraat.mailbox.wrapping import File, looks_like_mail
from scanstraat.model.key import Scope
from scanstraat.model.mail import Channel
from scanstraat.model.state import DocumentState, MailState
from scanstraat.records import ends, models
from scanstraat.records.blobs import Blobs
from scanstraat.records.search import in_state, narrow_mails
from scanstraat.records.transaction import unavailable_without_database

router = Router(tags=["mails"])

_FORM, _MAIL = "multipart/form-data", "message/rfc822"
_NO_FILES = frozenset({"", "application/x-www-form-urlencoded", "application/json"})
_LONGEST_KEY = 200
_OCTETS = {"schema": {"type": "string", "format": "binary"}}
_FILES = {
    "type": "object",
    "properties": {"file": {"type": "array", "items": _OCTETS["schema"]}, "note": {"type": "string"}},
    "required": ["file"],
}
_UPLOAD: dict[str, Any] = {
    "parameters": [
        {
            "in": "header",
            "name": "Idempotency-Key",
            "required": False,
            "description": "tells a second upload of the same files from a repetition of the first",
            "schema": {"type": "string", "maxLength": _LONGEST_KEY},
        }
    ],
    "requestBody": {
        "required": True,
        "content": {_FORM: {"schema": _FILES}, _MAIL: _OCTETS, "application/pdf": _OCTETS, "application/octet-stream": _OCTETS},
    },
}


@dataclass(frozen=True, slots=True)
class DocumentOfLine:
    """A document in a line of the list of mails."""

    id: UUID
    kind: str
    state: DocumentState


@dataclass(frozen=True, slots=True)
class MailLine:
    """A mail in the list; `error` is why it was laid aside."""

    id: UUID
    administration: str
    received_at: datetime
    channel: Channel
    sender: str
    recipient: str
    subject: str
    state: MailState
    error: str
    documents: tuple[DocumentOfLine, ...]
    url: str


@dataclass(frozen=True, slots=True)
class MailPage:
    """Some mails, the newest first; `next` is the cursor of those after them, null at the end."""

    items: tuple[MailLine, ...]
    next: str | None


@operation(
    router,
    "POST",
    "/mails",
    Scope.UPLOAD,
    answers=Answers(Kept, (400, 404, 413, 415, 429), made=Kept),
    url_name="api-mails",
    openapi_extra=_UPLOAD,
)
def send_mail(request: HttpRequest, administration: Administration = "") -> Status[Kept]:
    """Send in a mail, or files that become one.

    201: it is stored durably; 200: the same came before, and the answer leads to it. Sending again after no answer, 429 or 503
    doubles nothing.
    """
    key = key_of(request)
    if not pace.has_room(key.id):
        raise Refused("too-fast", "too many uploads with this key at once.", f"Wait {pace.WAIT_SECONDS} seconds, then go on.")
    once = request.headers.get("Idempotency-Key", "")
    if len(once) > _LONGEST_KEY:
        raise Refused("idempotency-key", f"an Idempotency-Key has at most {_LONGEST_KEY} characters.", "Send a UUID.")
    by = Uploader(key.actor, request.META.get("REMOTE_ADDR", ""))
    declared, _ = value_and_parameters(request.headers.get("Content-Type", "").encode("latin-1", "replace"))
    if declared in _NO_FILES or (declared.startswith("multipart/") and declared != _FORM):
        text = f"the body is said to be {declared or 'of no type'}, which holds no files."
        raise Refused("media-type", text, f"Send {_FORM}, {_MAIL}, or one file with its own type, such as application/pdf.")
    with unavailable_without_database():
        owner = access.one_administration(request, administration).pk
    stored = _from_form(request, owner, by, once) if declared == _FORM else _from_body(request, owner, by, once, declared)
    return Status(201 if stored.is_new else 200, _kept(request, stored))


@operation(router, "GET", "/mails", Scope.READ, answers=Answers(MailPage, (404,)), url_name="api-mails")
def list_mails(
    request: HttpRequest,
    search: Line = "",
    since: Moment | None = None,
    until: Moment | None = None,
    state: Name = "",
    administration: Administration = "",
    cursor: Cursor = "",
    limit: Limit = 50,
) -> MailPage:
    """Find mails, the newest first: by words, when they were received, and a state of theirs or of a document of theirs."""
    rows = models.Mail.objects.filter(administration__in=access.administrations(request, administration))
    rows = narrow_mails(rows, search)
    rows = rows.filter(received_at__gte=since) if since else rows
    rows = rows.filter(received_at__lt=until) if until else rows
    rows = in_state(rows, state) if state else rows
    rows = rows.select_related("administration").prefetch_related("documents").defer("text")
    found, following = page(rows, "received_at", cursor, limit, UUID)
    return MailPage(tuple(_line(row) for row in found), following)


@operation(
    router,
    "GET",
    "/mails/{uuid:identifier}",
    Scope.UPLOAD,
    Scope.READ,
    answers=Answers(MailAnswer, (404,)),
    url_name="api-mail",
)
def show_mail(request: HttpRequest, identifier: UUID) -> MailAnswer:
    """What became of a mail: its parts and documents, each with its end and why."""
    row = access.mail(request, identifier)
    seen(request, "see-mail", row.administration_id, f"mail {row.id}")
    story = ends.mail_story(identifier, Blobs(settings.SCANSTRAAT.home_path))
    return told_mail(story, lambda name, of: request.build_absolute_uri(reverse(name, args=[of])))


@operation(
    router,
    "GET",
    "/mails/{uuid:identifier}/mail.eml",
    Scope.READ,
    answers=Answers(problems=(404,), file=_MAIL),
    url_name="api-original-mail",
)
def fetch_mail(request: HttpRequest, identifier: UUID) -> HttpResponseBase:
    """The mail as it came in, octet for octet; not where it holds a virus."""
    row = access.mail(request, identifier)
    files.refuse_virus(row.parts.all())
    seen(request, "download-mail", row.administration_id, f"mail {row.id}")
    return files.stored_file(row.administration_id, row.sha256, f"mail-{row.id}.eml", _MAIL)


def _from_form(request: HttpRequest, administration: int, by: Uploader, once: str) -> StoredAs:
    try:
        return take_form(request, administration, by, request.POST.get("note", "").strip(), once)
    except (MultiPartParserError, BadRequest, SuspiciousOperation) as error:
        raise Refused("malformed", f"the form cannot be read: {error}.", "Send it as RFC 7578 says.") from error


def _from_body(request: HttpRequest, administration: int, by: Uploader, once: str, declared: str) -> StoredAs:
    _, said = value_and_parameters(request.headers.get("Content-Disposition", "").encode("latin-1", "replace"))
    with closing(body_of(request, settings.SCANSTRAAT.max_mail_octets)) as body:
        if declared == _MAIL and not looks_like_mail(body):
            text = "the body is said to be a mail, but does not begin like one."
            raise Refused("not-a-mail", text, "Send it from its first header field on, or under the type that it has.")
        return take((File(file_name(said.get("filename", "")), body),), administration, by, key=once)


def _kept(request: HttpRequest, stored: StoredAs) -> Kept:
    link = request.build_absolute_uri(reverse("mail", args=[stored.mail]))
    return Kept(stored.mail, stored.is_new, link, reverse("api-mail", args=[stored.mail]))


def _line(row: models.Mail) -> MailLine:
    documents = sorted(row.documents.all(), key=lambda document: document.ordinal)
    return MailLine(
        id=row.id,
        administration=row.administration.drop,
        received_at=row.received_at,
        channel=Channel(row.channel),
        sender=row.header_sender or row.envelope_sender,
        recipient=row.recipient,
        subject=row.subject,
        state=MailState(row.state),
        error=row.error,
        documents=tuple(DocumentOfLine(each.id, each.kind, DocumentState(each.state)) for each in documents),
        url=reverse("api-mail", args=[row.id]),
    )
