"""The supplier register of an administration: seen, changed, and taken over from the workflow (E1, E5, E7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from ninja import Router, Schema
from pydantic import ConfigDict, Field, StringConstraints

from scanstraat.desk.api import access
from scanstraat.desk.api.operation import NO_NUL, Administration, Answers, Cursor, Limit, Line, Name, changed, operation
from scanstraat.desk.api.paging import page
from scanstraat.model.key import Scope
from scanstraat.model.supplier import Account, Supplier
from scanstraat.pipeline import learning
from scanstraat.records import models
from scanstraat.records.search import words

router = Router(tags=["suppliers"])

_MOST_ROWS, _MOST_ACCOUNTS = 1_000, 50
FullName = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=NO_NUL)]
Country = Annotated[str, StringConstraints(pattern=r"^([A-Z]{2})?$")]


class AccountBody(Schema):
    """A bank account: an IBAN, or (scheme BBAN) an account as printed, with its BIC where there is one."""

    model_config = ConfigDict(extra="forbid")
    number: Name
    scheme: Literal["IBAN", "BBAN"] = "IBAN"
    bic: Annotated[Name, Field(max_length=20)] = ""


class SupplierBody(Schema):
    """A supplier as the workflow has it; only real values: "" where there is none, never a name in the place of a number."""

    model_config = ConfigDict(extra="forbid")
    name: FullName
    vat_number: Annotated[Name, Field(max_length=40)] = ""
    country: Country = ""
    accounts: Annotated[list[AccountBody], Field(max_length=_MOST_ACCOUNTS)] = []

    def value(self, identifier: int = 0) -> Supplier:
        """As the rooms below know it."""
        accounts = tuple(Account(each.number, each.scheme, each.bic) for each in self.accounts)
        return Supplier(identifier, self.name, self.vat_number, self.country, accounts)


class ImportBody(Schema):
    """Rows of the workflow's register."""

    model_config = ConfigDict(extra="forbid")
    suppliers: Annotated[list[SupplierBody], Field(min_length=1, max_length=_MOST_ROWS)]


@dataclass(frozen=True, slots=True)
class AccountOfSupplier:
    """An account of a supplier; `verified`: a person or the workflow has confirmed it (E6)."""

    number: str
    scheme: str
    bic: str
    verified: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class SupplierAnswer:
    """A supplier in the register of one administration."""

    id: int
    administration: str
    name: str
    vat_number: str
    country: str
    accounts: tuple[AccountOfSupplier, ...]
    created_at: datetime
    url: str


@dataclass(frozen=True, slots=True)
class SupplierPage:
    """Some suppliers, the newest first; `next` is the cursor of those after them, null at the end."""

    items: tuple[SupplierAnswer, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class ImportedAnswer:
    """What became of a row: the id of its supplier, and whether he is new in the register."""

    id: int
    is_new: bool
    url: str


@dataclass(frozen=True, slots=True)
class ImportAnswer:
    """What became of the rows, in their order."""

    items: tuple[ImportedAnswer, ...]


@operation(
    router,
    "GET",
    "/suppliers",
    Scope.SUPPLIERS,
    Scope.READ,
    answers=Answers(SupplierPage, (404,)),
    url_name="api-suppliers",
)
def list_suppliers(
    request: HttpRequest, search: Line = "", administration: Administration = "", cursor: Cursor = "", limit: Limit = 50
) -> SupplierPage:
    """Find suppliers, the newest first: every word stands in a name, a VAT number or an account."""
    rows = _visible(request, administration)
    for word in words(search):
        numbers = models.SupplierAccount.objects.filter(number__icontains=word).values("supplier")
        rows = rows.filter(Q(name__icontains=word) | Q(vat_number__icontains=word) | Q(id__in=numbers))
    found, following = page(rows, "created_at", cursor, limit, int)
    return SupplierPage(tuple(_answer(row) for row in found), following)


@operation(
    router,
    "POST",
    "/suppliers",
    Scope.SUPPLIERS,
    answers=Answers(ImportAnswer, (404,), takes_json=True),
    url_name="api-suppliers",
)
def import_suppliers(request: HttpRequest, body: ImportBody, administration: Administration = "") -> ImportAnswer:
    """Take over rows of the workflow's register: all of them, or none where one cannot be taken.

    Who each is, his account tells, else his VAT number, else his name; others are added. Accounts are added as confirmed, name
    and VAT number replace what was known, and what a row leaves empty stays. Sent again, it changes nothing.
    """
    owner = access.one_administration(request, administration)
    with transaction.atomic():
        learned = learning.learn(owner.pk, tuple(row.value() for row in body.suppliers))
        changed(request, "import-suppliers", owner.pk, f"administration {owner.drop}", f"{len(learned)} rows")
    return ImportAnswer(tuple(ImportedAnswer(each.supplier, each.is_new, _url(each.supplier)) for each in learned))


@operation(
    router,
    "GET",
    "/suppliers/{int:identifier}",
    Scope.SUPPLIERS,
    Scope.READ,
    answers=Answers(SupplierAnswer, (404,)),
    url_name="api-supplier",
)
def show_supplier(request: HttpRequest, identifier: int) -> SupplierAnswer:
    """One supplier with its accounts."""
    return _answer(_one(request, identifier))


@operation(
    router,
    "PUT",
    "/suppliers/{int:identifier}",
    Scope.SUPPLIERS,
    answers=Answers(SupplierAnswer, (404, 409), takes_json=True),
    url_name="api-supplier",
)
def put_supplier(request: HttpRequest, identifier: int, body: SupplierBody) -> SupplierAnswer:
    """Have a supplier be as said, with these accounts, confirmed, and no others. 409 where one is another supplier's."""
    row = _one(request, identifier)
    with transaction.atomic():
        learning.replace_supplier(row.administration_id, body.value(row.pk))
        changed(request, "change-supplier", row.administration_id, f"supplier {row.pk}", body.model_dump_json())
    return _answer(_one(request, identifier))


def _visible(request: HttpRequest, administration: str = "") -> QuerySet[models.Supplier]:
    rows = models.Supplier.objects.filter(administration__in=access.administrations(request, administration))
    accounts = Prefetch("accounts", models.SupplierAccount.objects.order_by("id"))
    return rows.select_related("administration").prefetch_related(accounts)


def _one(request: HttpRequest, identifier: int) -> models.Supplier:
    row = _visible(request).filter(id=identifier).first() if identifier < 1 << 63 else None
    if row is None:
        raise Http404
    return row


def _url(supplier: int) -> str:
    return reverse("api-supplier", args=[supplier])


def _answer(row: models.Supplier) -> SupplierAnswer:
    return SupplierAnswer(
        id=row.pk,
        administration=row.administration.drop,
        name=row.name,
        vat_number=row.vat_number,
        country=row.country,
        accounts=tuple(
            AccountOfSupplier(each.number, each.scheme, each.bic, each.verified, each.created_at) for each in row.accounts.all()
        ),
        created_at=row.created_at,
        url=_url(row.pk),
    )
