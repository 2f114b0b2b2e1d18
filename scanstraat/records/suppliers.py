"""The supplier register, in and out of the database; what is comparable is made by `supplier_registry`, not here."""

from __future__ import annotations

from django.db.models import Q

from scanstraat.model.supplier import Account, Supplier
from scanstraat.records import models


def candidates(administration: int, account: str, vat_number: str, name_key: str) -> tuple[Supplier, ...]:
    """Suppliers that may be meant: those with this account, VAT number or name; where there are none, all of them (E1, E2)."""
    rows = models.Supplier.objects.filter(administration_id=administration).prefetch_related("accounts").order_by("id")
    keys = Q(accounts__number=account) if account else Q()
    if vat_number:
        keys |= Q(vat_number=vat_number)
    if name_key:
        keys |= Q(name_key=name_key)
    exact = rows.filter(keys).distinct() if keys else rows.none()
    found = tuple(_value(row) for row in exact)
    return found or tuple(_value(row) for row in rows)


def add(administration: int, new: Supplier, name_key: str) -> int:
    """Add a supplier with its accounts (E3), unverified; returns its id."""
    row = models.Supplier.objects.create(
        administration_id=administration,
        name=new.name[:300],
        name_key=name_key[:300],
        vat_number=new.vat_number[:40],
        country=new.country[:2],
    )
    for account in new.accounts:
        add_account(row.id, account)
    return row.id


def add_account(supplier: int, account: Account) -> None:
    """Add an account to a supplier, unverified; one it has already stays as it is."""
    models.SupplierAccount.objects.get_or_create(
        supplier_id=supplier,
        number=account.number[:64],
        defaults={"scheme": account.scheme, "bic": account.bic[:11]},
    )


def register(administration: int) -> tuple[Supplier, ...]:
    """The whole register of an administration, by name."""
    rows = models.Supplier.objects.filter(administration_id=administration).prefetch_related("accounts").order_by("name")
    return tuple(_value(row) for row in rows)


def _value(row: models.Supplier) -> Supplier:
    accounts = tuple(Account(a.number, a.scheme, a.bic) for a in row.accounts.all())
    return Supplier(row.id, row.name, row.vat_number, row.country, accounts)
