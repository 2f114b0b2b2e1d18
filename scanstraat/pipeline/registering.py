"""What a delivered document adds to the supplier register of its administration (E3, E6)."""

from __future__ import annotations

from dataclasses import dataclass

from scanstraat.model.supplier import MatchOutcome, SupplierMatch
from scanstraat.model.verdict import Action
from scanstraat.records import suppliers
from scanstraat.supplier_registry import normalise


@dataclass(frozen=True, slots=True)
class Registered:
    """The supplier of a document in the register, None for none; whether it was added, and the account added to a known one."""

    supplier: int | None = None
    is_new: bool = False
    new_account: str = ""


def register(administration: int, found: SupplierMatch | None, action: Action) -> Registered:
    """Within the caller's transaction, under `offices.lock`: add a supplier or account that a delivered document brings."""
    if found is None or found.supplier is None:
        return Registered()
    if action is not Action.DELIVER:
        return Registered(found.supplier.id or None)
    if found.outcome is MatchOutcome.NEW:
        return Registered(suppliers.add(administration, found.supplier, normalise.name(found.supplier.name)), is_new=True)
    if found.new_account is not None and suppliers.add_account(found.supplier.id, found.new_account):
        return Registered(found.supplier.id, new_account=found.new_account.number[:64])
    return Registered(found.supplier.id)
