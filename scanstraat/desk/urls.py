"""The addresses of the pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from scanstraat.desk.api import service as api
from scanstraat.desk.signing import entering
from scanstraat.desk.views import document_list, documents, files, health, mails, upload

urlpatterns: list[URLPattern | URLResolver] = [
    path("", entering.home, name="home"),
    path("", include("scanstraat.desk.signing.urls")),
    path("", include("scanstraat.desk.review.urls")),
    path("", include("scanstraat.desk.people.urls")),
    path("", include("scanstraat.desk.offices.urls")),
    path("health", health.health, name="health"),
    path("mails", mails.log, name="mails"),
    path("mails/<uuid:identifier>", mails.mail, name="mail"),
    path("mails/<uuid:identifier>/mail.eml", files.original_mail, name="original-mail"),
    path("mails/<uuid:identifier>/parts/<int:index>", files.part, name="part"),
    path("upload", upload.upload, name="upload"),
    path("documents", document_list.listing, name="documents"),
    path("documents.csv", document_list.as_csv, name="documents-csv"),
    path("documents/<uuid:identifier>", documents.document, name="document"),
    path("documents/<uuid:identifier>/pages/<int:number>.png", files.picture, name="picture"),
    path("documents/<uuid:identifier>/document.pdf", files.composed_pdf, name="composed-pdf"),
    path("documents/<uuid:identifier>/invoice.xml", files.invoice_xml, name="invoice-xml"),
    *api.addresses(),
]
