"""Suppliers of one administration, and how a document was matched with one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Account:
    """A bank account: an IBAN without blanks, or (scheme "BBAN") an account as printed, with its BIC where printed (C5, E1)."""

    number: str
    scheme: str = "IBAN"
    bic: str = ""


@dataclass(frozen=True, slots=True)
class Supplier:
    """A supplier in the register of one administration; only real values, never fallbacks (D8). `id` 0: not stored yet."""

    id: int
    name: str
    vat_number: str = ""
    country: str = ""
    accounts: tuple[Account, ...] = ()


class MatchOutcome(StrEnum):
    """What told who the supplier is (E1, E2), or that the register has no such supplier (E3)."""

    BY_ACCOUNT = "by-account"
    BY_VAT_NUMBER = "by-vat-number"
    BY_NAME = "by-name"
    NEW = "new"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class SupplierMatch:
    """The supplier of a document: `supplier` is the one found, or the one to be added (outcome NEW, id 0), or None (UNKNOWN).

    `new_account` is an account read that the known supplier did not have (E6). `reasons` says with the compared values why;
    `doubts` why a person should look.
    """

    outcome: MatchOutcome
    supplier: Supplier | None = None
    new_account: Account | None = None
    reasons: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
