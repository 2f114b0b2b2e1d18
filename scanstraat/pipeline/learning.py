"""What comes back from the workflow is learned: accounts are added and count as confirmed, the company code is replaced (E5, E7).

Only real values are learned (D8): what is no account or VAT number by its form, such as a name that a fallback rule put in its
place, is refused before anything is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from scanstraat.errors import Refused
from scanstraat.model.correction import Correction
from scanstraat.model.field import FieldName
from scanstraat.model.supplier import Account, Supplier
from scanstraat.records import learned, offices
from scanstraat.supplier_registry import normalise

_LONGEST_NAME = 300
_OF_REGISTER = frozenset({FieldName.SUPPLIER_NAME, FieldName.VAT_NUMBER, FieldName.IBAN, FieldName.ACCOUNT, FieldName.BIC})


@dataclass(frozen=True, slots=True)
class Learned:
    """What became of a row: the supplier, and whether he is new in the register."""

    supplier: int
    is_new: bool


def checked(row: Supplier) -> Supplier:
    """The row in comparable forms. Raises `Refused` (`supplier-name`, `supplier-vat`, `supplier-account`) for what is none."""
    name = " ".join(row.name.split())
    if not name or len(name) > _LONGEST_NAME:
        raise Refused("supplier-name", f"a supplier's name has 1 to {_LONGEST_NAME} characters.", "Send the name.")
    vat = normalise.vat_number(row.vat_number) if row.vat_number.strip() else ""
    if vat is None or (vat and _is_name(row.vat_number, name)):
        raise Refused("supplier-vat", f"{row.vat_number!r} is no VAT number.", "Leave it empty where there is none.")
    accounts = tuple({account.number: account for account in _checked_accounts(row.accounts, name)}.values())
    country = row.country.upper() or normalise.country_of(vat)
    return replace(row, name=name, vat_number=vat, country=country[:2], accounts=accounts)


def learn(administration: int, rows: tuple[Supplier, ...]) -> tuple[Learned, ...]:
    """Within a transaction: take over rows of the workflow's register; account, VAT number or name tells who each is.

    Accounts are added, a VAT number and the name replace what was known; what a row leaves empty stays. Raises as `checked` does.
    """
    checked_rows = tuple(checked(row) for row in rows)
    offices.lock(administration)
    return tuple(_learn(administration, row) for row in checked_rows)


def replace_supplier(administration: int, row: Supplier) -> None:
    """Within a transaction: have a supplier be as said, with these accounts and no others.

    Raises as `checked` does, and `Refused` (`account-taken`) where an account is another supplier's.
    """
    new = checked(row)
    offices.lock(administration)
    for account in new.accounts:
        if learned.owner_of(administration, account.number) not in (None, row.id):
            raise Refused("account-taken", f"{account.number} is another supplier's.", "Take it from that one first.")
    learned.put(new, normalise.name(new.name))
    learned.put_accounts(new.id, new.accounts)


def learn_correction(administration: int, supplier: int | None, name: str, correction: Correction) -> int | None:
    """Within a transaction: learn what a correction says of a document's supplier; the supplier it is of by then.

    `supplier` and `name` are those the document had; a correction that says nothing of the supplier changes nothing.
    """
    given = {each.field: each.value for each in correction.given if each.field in _OF_REGISTER and each.value}
    if not given:
        return supplier
    number = given.get(FieldName.IBAN) or given.get(FieldName.ACCOUNT) or ""
    scheme = "IBAN" if normalise.is_valid_iban(number) else "BBAN"
    accounts = (Account(number, scheme, given.get(FieldName.BIC, "")),) if number else ()
    row = Supplier(
        supplier or 0, given.get(FieldName.SUPPLIER_NAME) or name, given.get(FieldName.VAT_NUMBER, ""), accounts=accounts
    )
    offices.lock(administration)
    return _learn(administration, checked(row)).supplier


def _learn(administration: int, row: Supplier) -> Learned:
    key = normalise.name(row.name)
    known = row.id or learned.find(administration, tuple(a.number for a in row.accounts), row.vat_number, key)
    if not known:
        return Learned(learned.add(administration, row, key), is_new=True)
    learned.change(replace(row, id=known), key)
    for account in row.accounts:
        learned.confirm(known, account)
    return Learned(known, is_new=False)


def _checked_accounts(accounts: tuple[Account, ...], name: str) -> Iterator[Account]:
    for account in accounts:
        iban = normalise.iban(account.number) if account.scheme == "IBAN" else None
        number = iban or (normalise.bban(account.number) if account.scheme != "IBAN" else None)
        bic = normalise.bic(account.bic) if account.bic.strip() else ""
        if number is None or len(number) > 64 or _is_name(account.number, name):
            raise Refused("supplier-account", f"{account.number!r} is no account of the scheme {account.scheme}.", "Send none.")
        if bic is None:
            raise Refused("supplier-account", f"{account.bic!r} is no BIC.", "Leave it empty where there is none.")
        yield Account(number, account.scheme, bic)


def _is_name(text: str, name: str) -> bool:
    return normalise.folded(text).split() == normalise.folded(name).split()
