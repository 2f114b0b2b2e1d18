"""What one person sees, and where he may do what (I5). Every view starts from these queries, so nothing else comes out."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from scanstraat.model.people import Right
from scanstraat.records.models import Administration, Document, Mail, Office, Refusal, Supplier
from scanstraat.records.people import has_everywhere, visible_administrations, visible_offices


def administrations(request: HttpRequest, right: Right = Right.SEE) -> QuerySet[Administration]:
    """The administrations in which the person signed in has this right, by name."""
    return visible_administrations(request.user.pk, right).order_by("name", "id")


def administration(request: HttpRequest, identifier: int, right: Right = Right.SEE) -> Administration:
    """One of those administrations; 404 for any other, whether it exists or not."""
    return get_object_or_404(administrations(request, right), id=identifier)


def offices(request: HttpRequest, right: Right) -> QuerySet[Office]:
    """The offices that this person has this right for as a whole, by name."""
    return visible_offices(request.user.pk, right).order_by("name", "id")


def mails(request: HttpRequest) -> QuerySet[Mail]:
    """The mails of the administrations he sees."""
    return Mail.objects.filter(administration__in=visible_administrations(request.user.pk))


def documents(request: HttpRequest, right: Right = Right.SEE) -> QuerySet[Document]:
    """The documents of the administrations where he has this right."""
    return Document.objects.filter(administration__in=visible_administrations(request.user.pk, right))


def refusals(request: HttpRequest) -> QuerySet[Refusal]:
    """The mails turned away from the administrations he sees; who sees all of them, also those that were for none of ours."""
    seen = Q(administration__in=visible_administrations(request.user.pk))
    return Refusal.objects.filter(seen | Q(administration=None) if has_everywhere(request.user.pk, Right.SEE) else seen)


def suppliers(request: HttpRequest) -> QuerySet[Supplier]:
    """The suppliers in the registers of the administrations he sees."""
    return Supplier.objects.filter(administration__in=visible_administrations(request.user.pk))


def mail(request: HttpRequest, identifier: UUID) -> Mail:
    """One of those mails; 404 for any other, whether it exists or not."""
    return get_object_or_404(mails(request).select_related("administration"), id=identifier)


def document(request: HttpRequest, identifier: UUID, right: Right = Right.SEE) -> Document:
    """One of those documents; 404 for any other, whether it exists or not."""
    rows = documents(request, right).select_related("administration", "mail", "delivery")
    return get_object_or_404(rows, id=identifier)


def chosen_administration(request: HttpRequest) -> int | None:
    """The administration a list is narrowed to by `?administration=`; 404 for one that is not this person's."""
    asked = request.GET.get("administration", "")
    if not asked:
        return None
    if not asked.isascii() or not asked.isdecimal() or len(asked) > 18:
        raise Http404
    return get_object_or_404(administrations(request), id=int(asked)).pk
