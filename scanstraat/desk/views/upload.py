"""The page to upload files by (A6): for an administration the person sees, answered with the mail they became."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from scanstraat.desk import audit, visibility
from scanstraat.desk.incoming.taking import Uploader, take_form
from scanstraat.desk.rights import may
from scanstraat.errors import Refused, ScanstraatError, Unavailable
from scanstraat.model.people import Right
from scanstraat.records.models import Mail

LONGEST_NOTE = 10_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of the upload before: the mail, and whether it was there already."""

    mail: Mail
    is_new: bool


@may(Right.UPLOAD)
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponseBase:
    """The form; a POST stores the files and leads back to it, with what they became."""
    if request.method != "POST":
        return _form(request, answer=_answer(request))
    note = request.POST.get("note", "").strip()
    try:
        administration = _administration(request)
        by = Uploader(request.user.get_username(), request.META.get("REMOTE_ADDR", ""))
        if len(note) > LONGEST_NOTE:
            raise Refused("note-long", "the note is too long.", f"Keep it under {LONGEST_NOTE:,} characters.")
        stored = take_form(request, administration, by, note)
        audit.changed(request, "upload", administration, f"mail {stored.mail}")
    except (Refused, Unavailable) as error:
        return _form(request, error=error, note=note)
    return redirect(f"{reverse('upload')}?mail={stored.mail}" + ("" if stored.is_new else "&again=yes"))


def _administration(request: HttpRequest) -> int:
    """The administration asked for, if this person sees it; his only one where he sees no other (I5)."""
    visible = visibility.administrations(request, Right.UPLOAD).values_list("id", flat=True)
    asked = request.POST.get("administration", "")
    if not asked and len(visible) == 1:
        return visible[0]
    if not asked.isascii() or not asked.isdecimal() or int(asked) not in visible:
        raise Refused("administration-unknown", gettext("choose an administration."), gettext("Then choose the files again."))
    return int(asked)


def _answer(request: HttpRequest) -> Answer | None:
    try:
        identifier = UUID(request.GET.get("mail", ""))
    except ValueError:
        return None
    mail = visibility.mails(request).select_related("administration").filter(id=identifier).first()
    return Answer(mail, "again" not in request.GET) if mail else None


def _form(
    request: HttpRequest, answer: Answer | None = None, error: ScanstraatError | None = None, note: str = ""
) -> HttpResponse:
    status = 200 if error is None else 503 if isinstance(error, Unavailable) else 413 if error.code == "too-large" else 422
    shown = {
        "here": "upload",
        "administrations": visibility.administrations(request, Right.UPLOAD),
        "chosen": f"{answer.mail.administration_id}" if answer else request.POST.get("administration", ""),
        "note": note,
        "longest_note": LONGEST_NOTE,
        "most": settings.SCANSTRAAT.max_mail_octets,
        "most_in_words": f"{settings.SCANSTRAAT.max_mail_octets / 1_000_000:g} MB",
        "answer": answer,
        "error": error,
    }
    return render(request, "desk/upload.html", shown, status=status)
