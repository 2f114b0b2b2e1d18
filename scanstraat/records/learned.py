"""The supplier register as it is changed by what the workflow says; callers hold the lock of the administration."""

from __future__ import annotations

from uuid import UUID

from scanstraat.model.supplier import Account, Supplier
from scanstraat.records import models


def owner_of(administration: int, number: str) -> int | None:
    """The supplier that has this account, None where none has."""
    rows = models.SupplierAccount.objects.filter(supplier__administration_id=administration, number=number)
    return rows.order_by("supplier_id").values_list("supplier_id", flat=True).first()


def find(administration: int, numbers: tuple[str, ...], vat_number: str, name_key: str) -> int | None:
    """The supplier with one of these accounts, else with this VAT number, else the one of this name alone."""
    for number in numbers:
        if (owner := owner_of(administration, number)) is not None:
            return owner
    rows = models.Supplier.objects.filter(administration_id=administration).order_by("id").values_list("id", flat=True)
    if vat_number and (found := rows.filter(vat_number=vat_number).first()):
        return found
    named = list(rows.filter(name_key=name_key[:300])[:2]) if name_key else []
    return named[0] if len(named) == 1 else None


def add(administration: int, new: Supplier, name_key: str) -> int:
    """Add a supplier with its accounts, confirmed; returns its id."""
    row = models.Supplier.objects.create(
        administration_id=administration,
        name=new.name,
        name_key=name_key[:300],
        vat_number=new.vat_number[:40],
        country=new.country,
    )
    for account in new.accounts:
        confirm(row.id, account)
    return row.id


def change(known: Supplier, name_key: str) -> None:
    """Have name, VAT number and country be as said; what is empty stays as it was."""
    said = {"name": known.name, "name_key": name_key[:300], "vat_number": known.vat_number[:40], "country": known.country}
    models.Supplier.objects.filter(id=known.id).update(**{column: value for column, value in said.items() if value})


def put(known: Supplier, name_key: str) -> None:
    """Have name, VAT number and country be as said, also where they are empty."""
    said = {"name": known.name, "name_key": name_key[:300], "vat_number": known.vat_number[:40], "country": known.country}
    models.Supplier.objects.filter(id=known.id).update(**said)


def confirm(supplier: int, account: Account) -> None:
    """Have this account be the supplier's, confirmed (E6); its BIC replaces one that was known, unless it is empty."""
    of_supplier = models.SupplierAccount.objects.filter(supplier_id=supplier, number=account.number)
    known = {"verified": True, "scheme": account.scheme, **({"bic": account.bic} if account.bic else {})}
    if not of_supplier.update(**known):
        models.SupplierAccount.objects.create(
            supplier_id=supplier, number=account.number, scheme=account.scheme, bic=account.bic, verified=True
        )


def put_accounts(supplier: int, accounts: tuple[Account, ...]) -> None:
    """Have these be all accounts of the supplier."""
    models.SupplierAccount.objects.filter(supplier_id=supplier).exclude(number__in=[a.number for a in accounts]).delete()
    for account in accounts:
        confirm(supplier, account)


def supplier_of(document: UUID) -> int | None:
    """The supplier of a document, as far as it is in the register."""
    return models.Document.objects.filter(id=document).values_list("supplier_id", flat=True).first()


def keep_supplier(document: UUID, supplier: int | None) -> None:
    """Record whose document it is."""
    models.Document.objects.filter(id=document).update(supplier_id=supplier)
