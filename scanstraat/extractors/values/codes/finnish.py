"""Finnish bank barcode, Code 128 with 54 digits, versions 4 and 5 (Finanssiala, Pankkiviivakoodi 5.2)."""

from __future__ import annotations

import re
from decimal import Decimal

from stdnum import iso11649

from scanstraat.extractors.values.codes.code import Fault, PaymentCode, day_of
from scanstraat.extractors.values.iban import checks
from scanstraat.extractors.values.payment_reference import is_viite

_FORM = re.compile(
    r"(?P<version>[45])(?P<iban>\d{16})(?P<euros>\d{6})(?P<cents>\d{2})(?P<reference>\d{23})(?P<due>\d{6})", re.VERBOSE
)


def read(text: str) -> PaymentCode | Fault | None:
    """Version, account, amount, reference, due date.

    >>> code = read("479440520200360820048831500000000868516259619897100612")
    >>> code.iban, code.amount, code.reference, str(code.due_date)
    ('FI7944052020036082', Decimal('4883.15'), '868516259619897', '2010-06-12')
    >>> read("123456") is None
    True
    """
    match = _FORM.fullmatch(text.replace(" ", ""))
    if not match:
        return None
    iban = f"FI{match['iban']}"
    padded = match["reference"]
    reference = padded.lstrip("0") if match["version"] == "4" else f"RF{padded[:2]}{padded[2:].lstrip('0')}"
    right = is_viite(reference) if match["version"] == "4" else iso11649.is_valid(reference)
    if not checks(iban) or (reference and not right):
        return Fault(f"the bank barcode's {'reference ' + reference if checks(iban) else 'account ' + iban} fails its check")
    amount = Decimal(int(match["euros"] + match["cents"])) / 100
    return PaymentCode(iban, amount=amount or None, currency="EUR", reference=reference, due_date=day_of(match["due"]))
