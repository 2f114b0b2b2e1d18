"""Slovenian UPN QR (Združenje bank Slovenije, Tehnični standard UPN QR 1.0)."""

from __future__ import annotations

import re
from decimal import Decimal

from scanstraat.extractors.values.codes.code import Fault, PaymentCode
from scanstraat.extractors.values.day import make_day
from scanstraat.extractors.values.iban import checks

_DAY = re.compile(r"(?P<d>\d{2})\.(?P<m>\d{2})\.(?P<y>\d{4})", re.VERBOSE)


def read(lines: list[str]) -> PaymentCode | Fault | None:
    """Payer (7 lines), amount in cents, day, urgency, purpose (2), deadline, payee's IBAN, reference, name, address (2), sum."""
    if len(lines) < 20:
        return None
    iban = lines[14].replace(" ", "").upper()
    if not checks(iban):
        return Fault(f"the payment code's account {iban} fails its check")
    said, lines = lines, [line.strip() for line in lines]
    if lines[19].isdigit() and int(lines[19]) != sum(len(line) for line in said[:19]) + 19:
        return Fault("the payment code fails its check sum")
    day = _DAY.fullmatch(lines[13])
    due = make_day(int(day["y"]), int(day["m"]), int(day["d"])) if day else None
    amount = Decimal(lines[8]) / 100 if re.fullmatch(r"\d{1,11}", lines[8]) else None
    reference = lines[15].replace(" ", "")
    return PaymentCode(iban, lines[16], "", amount, "EUR", reference, due_date=due, address=tuple(filter(None, lines[17:19])))
