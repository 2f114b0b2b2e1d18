"""Payment codes printed as QR: EPC069-12 (SEPA credit transfer) and the Swiss QR-bill; exact where their own checks hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from scanstraat.extractors.values.iban import checks

_EPC_AMOUNT = re.compile(r"(?P<currency>[A-Z]{3})(?P<amount>\d{1,9}(?:\.\d{1,2})?)", re.VERBOSE)


@dataclass(frozen=True, slots=True)
class PaymentCode:
    """What a payment code says; empty text and None where it leaves something open."""

    iban: str
    name: str = ""
    bic: str = ""
    amount: Decimal | None = None
    currency: str = ""
    reference: str = ""


def payment_code(text: str) -> PaymentCode | None:
    """The payment a barcode asks for; None where it is no payment code, or its IBAN fails the check by 97.

    >>> payment_code("BCD\\n002\\n1\\nSCT\\nINGBNL2A\\nShop B.V.\\nNL91ABNA0417164300\\nEUR12.5\\n\\n\\nInvoice 7").amount
    Decimal('12.5')
    >>> payment_code("https://example.org") is None
    True
    """
    lines = [line.strip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    if lines[0] == "BCD":
        found = _epc(lines)
    elif lines[0] == "SPC":
        found = _swiss(lines)
    else:
        return None
    return found if found and checks(found.iban) else None


def _epc(lines: list[str]) -> PaymentCode | None:
    """EPC069-12: service tag, version, character set, SCT, BIC, name, IBAN, amount, purpose, reference, text."""
    if len(lines) < 7:
        return None
    lines = lines + [""] * (11 - len(lines))
    amount = _EPC_AMOUNT.fullmatch(lines[7].replace(",", "."))
    value = Decimal(amount["amount"]) if amount else None
    currency = amount["currency"] if amount else "EUR"
    return PaymentCode(lines[6].replace(" ", "").upper(), lines[5], lines[4], value, currency, lines[9] or lines[10])


def _swiss(lines: list[str]) -> PaymentCode | None:
    """Swiss QR-bill: header (3), IBAN, creditor (7), ultimate creditor (7), amount, currency, debtor (7), reference (2)."""
    if len(lines) < 20:
        return None
    lines = lines + [""] * (30 - len(lines))
    try:
        amount = Decimal(lines[18]) if lines[18] else None
    except InvalidOperation:
        amount = None
    return PaymentCode(lines[3].replace(" ", "").upper(), lines[5], "", amount, lines[19], lines[28])
