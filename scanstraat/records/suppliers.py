"""The supplier register, in and out of the database; what is comparable is made by `supplier_registry`, not here."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from scanstraat.model.supplier import Account, Supplier
from scanstraat.model.verdict import Action
from scanstraat.records import models
from scanstraat.records.statements import rows

_SELECT = (
    "SELECT s.id, s.name, s.vat_number, s.country, a.number, a.scheme, a.bic"
    " FROM records_supplier s LEFT JOIN records_supplieraccount a ON a.supplier_id = s.id WHERE s.administration_id = %s"
)
_ORDER = " ORDER BY s.id, a.id"
_REGISTER = _SELECT + _ORDER
_FITTING = (  # the pieces are constants of ours
    _SELECT + " AND (s.id IN (SELECT supplier_id FROM records_supplieraccount WHERE number = %s)"
    " OR (%s <> '' AND s.vat_number = %s) OR (%s <> '' AND s.name_key = %s))" + _ORDER
)


def candidates(administration: int, account: str, vat_number: str, name_key: str) -> tuple[Supplier, ...]:
    """Suppliers that may be meant: those with this account, VAT number or name; where there are none, all of them (E1, E2)."""
    fitting = rows(_FITTING, administration, account, vat_number, vat_number, name_key, name_key)
    return _suppliers(fitting or rows(_REGISTER, administration))


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


def add_account(supplier: int, account: Account) -> bool:
    """Add an account to a supplier, unverified; one it has already stays as it is. Whether it was added."""
    _, is_new = models.SupplierAccount.objects.get_or_create(
        supplier_id=supplier,
        number=account.number[:64],
        defaults={"scheme": account.scheme, "bic": account.bic[:11]},
    )
    return is_new


def take_out(supplier: int, but: UUID) -> bool:
    """Remove a supplier that an undone act added, unless a document other than `but` is of it by now. Whether it was removed."""
    if models.Document.objects.filter(supplier_id=supplier).exclude(id=but).exists():
        return False
    return bool(models.Supplier.objects.filter(id=supplier).delete()[0])


def take_out_account(supplier: int, number: str, but: UUID) -> bool:
    """Remove an account that an undone act added, unless a document other than `but` names it by now. Whether it was removed."""
    if models.Document.objects.filter(supplier_id=supplier, account=number).exclude(id=but).exists():
        return False
    return bool(models.SupplierAccount.objects.filter(supplier_id=supplier, number=number, verified=False).delete()[0])


def known_since(supplier: int) -> tuple[date, int] | None:
    """The day a supplier came into the register, and how many documents of his were delivered; None where he is gone."""
    row = models.Supplier.objects.filter(id=supplier).values_list("created_at", flat=True).first()
    if row is None:
        return None
    return row.date(), models.Document.objects.filter(supplier_id=supplier, action=Action.DELIVER).count()


def register(administration: int) -> tuple[Supplier, ...]:
    """The whole register of an administration, by name."""
    return tuple(sorted(_suppliers(rows(_REGISTER, administration)), key=lambda supplier: supplier.name))


def _suppliers(found: list[tuple[Any, ...]]) -> tuple[Supplier, ...]:
    """Suppliers from rows of supplier and account, those of one supplier together."""
    suppliers = []
    for (identifier, name, vat_number, country), group in groupby(found, key=lambda row: row[:4]):
        accounts = tuple(Account(number, scheme, bic) for *_, number, scheme, bic in group if number)
        suppliers.append(Supplier(identifier, name, vat_number, country, accounts))
    return tuple(suppliers)
