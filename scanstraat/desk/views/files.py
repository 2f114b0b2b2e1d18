"""Files: originals of mails and parts, pictures of pages, composed PDFs and XML; the rights are checked at each."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from scanstraat.desk import audit, visibility
from scanstraat.desk.headers import FILE_POLICY, PDF_POLICY
from scanstraat.desk.pictures import DPI, SIZES, pictures
from scanstraat.desk.views.mails import name_of
from scanstraat.errors import Inconsistent, Refused
from scanstraat.mailbox.virus import VIRUS
from scanstraat.records import documents, models
from scanstraat.records.blobs import Blobs

# Separators of paths, and what shells and Windows take for more than a letter. "a/b.pdf" → "a_b.pdf"; "a b.pdf" stays.
_UNSAFE = re.compile(r"""[/\\:*?"<>|]""")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_LONGEST_NAME = 150
_SIZES = frozenset(f"{size}" for size in SIZES)


@require_safe
def original_mail(request: HttpRequest, identifier: UUID) -> HttpResponseBase:
    """The mail as it came in, byte for byte."""
    row = visibility.mail(request, identifier)
    refuse_virus(row.parts.all())
    audit.read(request, "download-mail", row.administration_id, f"mail {row.id}")
    name = f"mail-{row.received_at:%Y%m%d-%H%M%S}-{str(row.id)[:8]}.eml"
    return _attachment(row.administration_id, row.sha256, name)


@require_safe
def part(request: HttpRequest, identifier: UUID, index: int) -> HttpResponseBase:
    """A part of a mail as it came in; never shown by the browser, whatever it says it is."""
    mail = visibility.mail(request, identifier)
    rows = models.Part.objects.filter(mail=mail, index=index)
    refuse_virus(rows)
    row = get_object_or_404(rows.defer("pages"))
    audit.read(request, "download-part", mail.administration_id, f"mail {mail.id} part {index}")
    return _attachment(mail.administration_id, row.sha256, safe_name(name_of(row)))


@require_safe
def picture(request: HttpRequest, identifier: UUID, number: int) -> HttpResponseBase:
    """The picture of a page of a document, counted from 1; `?dpi=` one of `SIZES`."""
    dpi = request.GET.get("dpi", f"{DPI}")
    if dpi not in _SIZES:
        raise Http404
    row = visibility.document(request, identifier)
    refs = documents.value(row).document.pages
    if not 1 <= number <= len(refs):
        raise Http404
    ref = refs[number - 1]
    source = get_object_or_404(models.Part.objects.defer("pages").exclude(pdf_sha256=""), mail_id=row.mail_id, index=ref.part)
    audit.read(request, "see-pages", row.administration_id, f"document {row.id}")
    path = pictures().path(row.administration_id, source.pdf_sha256, ref.page, int(dpi))
    return kept_by_client(request, path, source.pdf_sha256)


@require_safe
def composed_pdf(request: HttpRequest, identifier: UUID) -> HttpResponseBase:
    """The PDF as delivered or archived, shown in the browser."""
    row = visibility.document(request, identifier)
    audit.read(request, "download-pdf", row.administration_id, f"document {row.id}")
    response = stored_file(row.administration_id, row.pdf_sha256, f"{stem(row)}.pdf", "application/pdf", inline=True)
    response.headers["Content-Security-Policy"] = PDF_POLICY
    return response


@require_safe
def invoice_xml(request: HttpRequest, identifier: UUID) -> HttpResponseBase:
    """The XML as delivered."""
    row = visibility.document(request, identifier)
    audit.read(request, "download-xml", row.administration_id, f"document {row.id}")
    return stored_file(row.administration_id, row.xml_sha256, f"{stem(row)}.xml", "application/xml")


def safe_name(name: str) -> str:
    r"""A file name from outside made fit for a header and a disk.

    >>> safe_name("../../in\r\nvoice\u202efdp.exe"), safe_name("")
    ('.._.._invoicefdp.exe', 'file')
    """
    visible = "".join(letter for letter in name if unicodedata.category(letter) not in _INVISIBLE)
    return _UNSAFE.sub("_", visible).strip()[-_LONGEST_NAME:] or "file"


def refuse_virus(parts: QuerySet[models.Part]) -> None:
    """Raise `Refused` (`virus`) where one of these parts holds one."""
    if part := parts.filter(problem_code=VIRUS).first():
        raise Refused(VIRUS, f"{name_of(part)} holds a virus: {part.problem}", "It is kept, and not handed out.")


def stem(row: models.Document) -> str:
    """What the files of a document are called, without ending."""
    delivery = getattr(row, "delivery", None)
    return delivery.stem if delivery else f"document-{str(row.id)[:8]}"


def _attachment(administration: int, sha256: str, name: str) -> HttpResponseBase:
    return stored_file(administration, sha256, name, "application/octet-stream")


def stored_file(administration: int, sha256: str, name: str, media_type: str, inline: bool = False) -> HttpResponseBase:
    """A file of the store, to be kept or (`inline`) shown; 404 where there is none, `Inconsistent` where it is lost."""
    if not sha256:
        raise Http404
    path = Blobs(settings.SCANSTRAAT.home_path).path(administration, sha256)
    try:
        content = path.open("rb")
    except FileNotFoundError as error:
        raise Inconsistent(
            "blob-missing", "this file is not in the store any more.", "Tell the service; it is in the backup."
        ) from error
    response = FileResponse(content, as_attachment=not inline, filename=name, content_type=media_type)
    response.headers["Content-Security-Policy"] = FILE_POLICY
    return response


def kept_by_client(request: HttpRequest, path: Path, sha256: str) -> HttpResponseBase:
    """A picture that who fetched it may keep but must ask about each time, so that rights are checked each time."""
    etag = f'"{sha256}-{path.stem}"'
    unchanged: HttpResponse | None = get_conditional_response(request, etag=etag)
    response: HttpResponseBase = unchanged or FileResponse(path.open("rb"), content_type="image/png")
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    return response
