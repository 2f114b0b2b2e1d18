"""The supplier register as customers see it: who is in it, with which accounts, how often each was seen, and last invoices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from scanstraat.desk import audit, visibility
from scanstraat.desk.narrowing import chosen_search, page_of
from scanstraat.desk.rights import may
from scanstraat.desk.shown import lists
from scanstraat.desk.shown.values import grouped
from scanstraat.desk.views.mails import HEAVY
from scanstraat.model.people import Right
from scanstraat.records.models import Document, Supplier, SupplierAccount
from scanstraat.records.search import words

LAST_INVOICES = 10


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account of a supplier: since when it is known, whether a person or the workflow confirmed it (E6), how often it came."""

    number: str
    bic: str
    is_verified: bool
    since: datetime
    times: int
    last_seen: datetime | None


@may(Right.SEE)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The suppliers by name; `?search=` looks in name, VAT number and accounts."""
    text, administration = chosen_search(request), visibility.chosen_administration(request)
    rows = _narrowed(visibility.suppliers(request), text)
    if administration is not None:
        rows = rows.filter(administration_id=administration)
    seen = Document.objects.filter(supplier=OuterRef("pk")).order_by().values("supplier")
    rows = rows.annotate(times=Subquery(seen.annotate(n=Count("id")).values("n")))
    rows = rows.annotate(last_seen=Subquery(seen.annotate(n=Max("mail__received_at")).values("n")))
    rows = rows.select_related("administration").prefetch_related(Prefetch("accounts", SupplierAccount.objects.order_by("id")))
    shown = {
        "here": "suppliers",
        "page": page_of(request, rows.order_by(Lower("name"), "id")),
        "search": text,
        "administrations": visibility.administrations(request),
        "administration": administration,
    }
    return render(request, "desk/offices/suppliers.html", shown)


@may(Right.SEE)
@require_safe
def supplier(request: HttpRequest, identifier: int) -> HttpResponse:
    """One supplier; 404 for one in a register that this person does not see."""
    row = get_object_or_404(visibility.suppliers(request).select_related("administration"), id=identifier)
    audit.read(request, "see-supplier", row.administration_id, f"supplier {row.pk}")
    invoices = row.documents.select_related("mail__administration", "delivery").defer(*HEAVY, "mail__text")
    last = invoices.order_by("-mail__received_at", "mail_id", "ordinal")[:LAST_INVOICES]
    shown = {
        "here": "suppliers",
        "row": row,
        "accounts": _accounts(row),
        "times": row.documents.count(),
        "lines": [lists.document_line(document, document.mail) for document in last],
    }
    return render(request, "desk/offices/supplier.html", shown)


def _narrowed(rows: QuerySet[Supplier], text: str) -> QuerySet[Supplier]:
    """Suppliers where every word is in the name, or is a piece of the VAT number or an account; blanks of an IBAN are no bar."""
    together = "".join(text.split())
    whole = _numbered(rows, together) if any(letter.isdigit() for letter in together) else rows.none()
    by_words = rows
    for word in words(text):
        by_words = by_words.filter(Q(name__icontains=word) | Q(id__in=_numbered(rows, word).values("id")))
    return rows.filter(Q(id__in=by_words.values("id")) | Q(id__in=whole.values("id"))) if text else rows


def _numbered(rows: QuerySet[Supplier], piece: str) -> QuerySet[Supplier]:
    accounts = SupplierAccount.objects.filter(number__icontains=piece)
    return rows.filter(Q(vat_number__icontains=piece) | Q(id__in=accounts.values("supplier")))


def _accounts(row: Supplier) -> tuple[AccountLine, ...]:
    seen = row.documents.exclude(account="").order_by().values("account")
    counted = seen.annotate(times=Count("id"), last=Max("mail__received_at")).values_list("account", "times", "last")
    counts = {account: (times, last) for account, times, last in counted}
    return tuple(_account(account, *counts.get(account.number, (0, None))) for account in row.accounts.order_by("id"))


def _account(row: SupplierAccount, times: int, last_seen: datetime | None) -> AccountLine:
    number = grouped(row.number) if row.scheme == "IBAN" else row.number
    return AccountLine(number, row.bic, row.verified, row.created_at, times, last_seen)
