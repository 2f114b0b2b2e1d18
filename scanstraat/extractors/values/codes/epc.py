"""EPC QR code for a SEPA credit transfer (European Payments Council, EPC069-12)."""

from __future__ import annotations

import re

from scanstraat.extractors.values.codes.code import Fault, PaymentCode, amount_of
from scanstraat.extractors.values.iban import checks

_AMOUNT = re.compile(r"(?P<currency>[A-Z]{3})(?P<amount>\d{1,9}(?:[.,]\d{1,2})?)", re.VERBOSE)


def read(lines: list[str]) -> PaymentCode | Fault | None:
    """Service tag, version, character set, SCT, BIC, name, IBAN, amount, purpose, reference, text.

    >>> read("BCD 002 1 SCT INGBNL2A Shop NL91ABNA0417164300 EUR12.5".split()).amount
    Decimal('12.5')
    >>> read(["BCD", "002"]) is None
    True
    """
    if len(lines) < 7:
        return None
    lines = [line.strip() for line in lines] + [""] * (11 - len(lines))
    iban = lines[6].replace(" ", "").upper()
    if not checks(iban):
        return Fault(f"the payment code's account {iban} fails its check")
    amount = _AMOUNT.fullmatch(lines[7])
    value, currency = (amount_of(amount["amount"]), amount["currency"]) if amount else (None, "EUR")
    return PaymentCode(iban, lines[5], lines[4], value, currency, lines[9] or lines[10])
