"""What one person sees (I5). Every view starts from these queries, so nothing else can come out of one."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from scanstraat.records.models import Administration, Document, Mail
from scanstraat.records.people import visible_administrations


def administrations(request: HttpRequest) -> QuerySet[Administration]:
    """The administrations of the person signed in, by name."""
    return visible_administrations(request.user.pk).order_by("name", "id")


def mails(request: HttpRequest) -> QuerySet[Mail]:
    """The mails of those administrations."""
    return Mail.objects.filter(administration__in=visible_administrations(request.user.pk))


def documents(request: HttpRequest) -> QuerySet[Document]:
    """The documents of those administrations."""
    return Document.objects.filter(administration__in=visible_administrations(request.user.pk))


def mail(request: HttpRequest, identifier: UUID) -> Mail:
    """One of those mails; 404 for any other, whether it exists or not."""
    return get_object_or_404(mails(request).select_related("administration"), id=identifier)


def document(request: HttpRequest, identifier: UUID) -> Document:
    """One of those documents; 404 for any other, whether it exists or not."""
    rows = documents(request).select_related("administration", "mail", "delivery")
    return get_object_or_404(rows, id=identifier)


def chosen_administration(request: HttpRequest) -> int | None:
    """The administration a list is narrowed to by `?administration=`; 404 for one that is not this person's."""
    asked = request.GET.get("administration", "")
    if not asked:
        return None
    if not asked.isascii() or not asked.isdecimal() or len(asked) > 18:
        raise Http404
    return get_object_or_404(administrations(request), id=int(asked)).pk
