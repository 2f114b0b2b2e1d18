r"""Swiss QR-bill (SIX, Implementation Guidelines QR-bill 2.3) with Swico's billing information S1 (syntax definition 1.2)."""

from __future__ import annotations

import re
from decimal import Decimal

from stdnum import iso11649

from scanstraat.extractors.values.codes.code import Fault, PaymentCode, amount_of, day_of
from scanstraat.extractors.values.iban import checks
from scanstraat.extractors.values.payment_reference import is_qrr

_TAG = re.compile(r"/(?P<tag>\d\d)/(?P<value>(?:\\.|[^/\\])*)", re.VERBOSE)
_CONDITION = re.compile(r"(?P<percent>\d+(?:\.\d+)?):(?P<days>\d{1,3})", re.VERBOSE)


def read(lines: list[str]) -> PaymentCode | Fault | None:
    """Header (3), IBAN, creditor (7), ultimate creditor (7), amount, currency, debtor (7), reference (2), text, trailer, S1."""
    if len(lines) < 20:
        return None
    lines = [line.strip() for line in lines] + [""] * (34 - len(lines))
    iban, kind, reference = lines[3].replace(" ", "").upper(), lines[27], lines[28].replace(" ", "")
    if not checks(iban):
        return Fault(f"the payment code's account {iban} fails its check")
    if (kind == "QRR" and not is_qrr(reference)) or (kind == "SCOR" and not iso11649.is_valid(reference)):
        return Fault(f"the payment code's reference {reference} fails its check")
    tags = billing_information(lines[31])
    days = next((c["days"] for c in _CONDITION.finditer(tags.get("40", "")) if Decimal(c["percent"]) == 0), "")
    uid = tags.get("30", "")
    return PaymentCode(
        iban,
        lines[5],
        amount=amount_of(lines[18]),
        currency=lines[19],
        reference=reference,
        invoice_number=tags.get("10", ""),
        invoice_date=day_of(tags.get("11", "")),
        vat_number=f"CHE{uid}" if len(uid) == 9 and uid.isdigit() else "",
        address=tuple(filter(None, lines[6:11])),
        term=f"{int(days)} days" if days else "",
    )


def billing_information(text: str) -> dict[str, str]:
    r"""The tags of Swico's S1; empty where the text is no S1.

    >>> billing_information(r"//S1/10/X.66711\/8824/11/200712/40/3:5;0:30")
    {'10': 'X.66711/8824', '11': '200712', '40': '3:5;0:30'}
    >>> billing_information("//XY;naviBlaBla")
    {}
    """
    if not text.startswith("//S1"):
        return {}
    return {m["tag"]: re.sub(r"\\(.)", r"\1", m["value"]) for m in _TAG.finditer(text[4:])}
