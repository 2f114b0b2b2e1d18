"""Czech and Slovak SPAYD payment code and QR Faktura (ČBA standard QR platba 1.2; qr-faktura.cz 1.0)."""

from __future__ import annotations

from urllib.parse import unquote
from zlib import crc32

from scanstraat.extractors.values.codes.code import Fault, PaymentCode, amount_of, day_of
from scanstraat.extractors.values.iban import checks


def read(text: str) -> PaymentCode | Fault | None:
    """The payment a SPAYD code (SPD) or the invoice a QR Faktura (SID) tells of, or both in one.

    >>> code = read("SPD*1.0*ACC:CZ5855000000001265098001+RZBCCZPP*AM:480.50*CC:CZK*DT:20260131*X-VS:2026017")
    >>> code.iban, code.bic, code.amount, code.reference
    ('CZ5855000000001265098001', 'RZBCCZPP', Decimal('480.50'), '2026017')
    >>> read("SPD*1.0*ACC:CZ5855000000001265098002").text, read("SPDX")
    ("the payment code's account CZ5855000000001265098002 fails its check", None)
    """
    kind, _, rest = text.partition("*")
    if kind not in {"SPD", "SID"}:
        return None
    said = _pairs(rest)
    if "CRC32" in said and not _sum_holds(kind, rest):
        return Fault("the payment code fails its check sum")
    said = _pairs(said.get("X-INV", "").partition("*")[2]) | said
    iban, _, bic = said.get("ACC", "").partition("+")
    if not checks(iban):
        return Fault(f"the payment code's account {iban} fails its check")
    return PaymentCode(
        iban,
        said.get("RN", ""),
        bic,
        amount_of(said.get("AM", "")),
        said.get("CC", "") or "CZK",
        said.get("X-VS", "") or said.get("VS", "") or said.get("RF", ""),
        invoice_number=said.get("ID", "") if kind == "SID" or "X-INV" in said else "",
        invoice_date=day_of(said.get("DD", "")),
        due_date=day_of(said.get("DT", "")),
        vat_number=said.get("VII", ""),
    )


def _pairs(text: str) -> dict[str, str]:
    parts = (part.partition(":") for part in text.split("*"))
    return {key: unquote(value).strip() for key, colon, value in parts if colon}


def _sum_holds(kind: str, rest: str) -> bool:
    """Whether the sum is that of the code with its pairs in the order of their names."""
    version, _, pairs = rest.partition("*")
    parts = [part for part in pairs.split("*") if part]
    given = next(part[6:] for part in parts if part.startswith("CRC32:"))
    others = sorted(part for part in parts if not part.startswith("CRC32:"))
    return f"{crc32('*'.join((kind, version, *others)).encode()):08X}" == given.upper()
