"""Swedish UsingQR: an invoice as JSON (UsingQR, specification 1.2): iid, idt, ddt, due, vat, cur, pt, acc, bc, nme, cid."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from stdnum import luhn

from scanstraat.extractors.values.codes.code import Fault, PaymentCode, amount_of, day_of
from scanstraat.extractors.values.iban import checks

_GIRO = frozenset({"BG", "PG"})
LONGEST = 2000


def read(text: str) -> PaymentCode | Fault | None:
    """The invoice a UsingQR code tells of.

    >>> text = '{"uqr":1,"tp":1,"nme":"Bolaget AB","iid":"52456","ddt":"20260508","due":900.5,"pt":"BG","acc":"433-8778"}'
    >>> code = read(text)
    >>> code.account, code.amount, code.invoice_number, str(code.due_date), code.currency
    ('433-8778', Decimal('900.5'), '52456', '2026-05-08', 'SEK')
    >>> read('{"uqr":1,"pt":"BG","acc":"433-8779"}').text, read('{"a":1}')
    ("the payment code's account 433-8779 fails its check", None)
    """
    found = _object(text)
    if found is None or "uqr" not in found:
        return None
    said = {key: str(value).strip() for key, value in found.items() if isinstance(value, str | int | Decimal)}
    kind, account = said.get("pt", "").upper(), said.get("acc", "")
    bare = account.replace(" ", "").upper()
    digits = "".join(c for c in account if c.isdigit())
    if (kind == "IBAN" and not checks(bare)) or (kind in _GIRO and not luhn.is_valid(digits)):
        return Fault(f"the payment code's account {account} fails its check")
    return PaymentCode(
        bare if kind == "IBAN" else "",
        said.get("nme", ""),
        said.get("bc", ""),
        amount_of(said.get("due", "").removeprefix("-")),
        said.get("cur", "") or "SEK",
        said.get("iref", ""),
        "" if kind == "IBAN" else account,
        said.get("iid", ""),
        day_of(said.get("idt", "")),
        day_of(said.get("ddt", "")),
        vat=amount_of(said.get("vat", "").removeprefix("-")),
    )


def _object(text: str) -> dict[str, Any] | None:
    if len(text) > LONGEST:
        return None
    try:
        found = json.loads(text, parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
