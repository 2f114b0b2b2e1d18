"""Amounts of money: Decimal and a currency, never a float."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in one currency (ISO 4217), kept to the cent.

    >>> Money(Decimal("121.005"), "EUR")
    Money(amount=Decimal('121.01'), currency='EUR')
    """

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "amount", self.amount.quantize(_CENT, rounding=ROUND_HALF_UP))

    def __str__(self) -> str:
        return f"{self.currency} {self.amount}"

    def __abs__(self) -> Money:
        return Money(abs(self.amount), self.currency)
