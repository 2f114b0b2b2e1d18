"""Administrations: whose invoices these are, and what was agreed with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class OwnIdentity:
    """The customer's own names, VAT numbers and accounts; never taken for the supplier's (C6)."""

    names: tuple[str, ...] = ()
    vat_numbers: tuple[str, ...] = ()
    ibans: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Instructions:
    """What the administration asked for. Thresholds are confidences, 0 to 1: below, a person looks.

    `reminder_phrases`: said in mail or subject, a reminder is treated as an invoice (G3). `new_account_waits`: a new account on
    a known supplier waits for a person (E6). `answers_senders`: a sender who can be trusted to be who he says gets a receipt of
    what arrived and what could not be read. `contacts`: addresses at the administration that messages of the service go to.
    """

    deliver_threshold: float = 0.5
    reminder_phrases: tuple[str, ...] = ()
    new_account_waits: bool = True
    answers_senders: bool = False
    contacts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Administration:
    """One company's books.

    `currency` is its own (D9); `contract_ended_on` starts the 14-day tail (A10); `drop` is its drop folder's name.
    """

    id: int
    name: str
    own: OwnIdentity
    drop: str
    currency: str = "EUR"
    country: str = "NL"
    instructions: Instructions = Instructions()
    contract_ended_on: date | None = None
