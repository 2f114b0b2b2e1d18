"""Payment codes printed on invoices, as QR or bars: which standard a text follows, and what it says; exact where its checks hold.

| standard | told by | checks |
|---|---|---|
| EPC069-12 (SEPA credit transfer) | `BCD` | IBAN |
| Swiss QR-bill, with Swico S1 | `SPC` | IBAN, QR or RF reference |
| Slovenian UPN QR | `UPNQR` | IBAN, sum of lengths |
| Czech SPAYD and QR Faktura | `SPD*`, `SID*` | IBAN, CRC-32 where given |
| Swedish UsingQR | JSON with `uqr` | IBAN, or Luhn of a giro |
| Finnish bank barcode 4 and 5 | 54 digits | IBAN, reference |
| Slovak PAY by square | base32 | CRC-32, IBAN |
"""

from __future__ import annotations

from scanstraat.extractors.values.codes import epc, finnish, pay_by_square, spayd, swiss, upn, usingqr
from scanstraat.extractors.values.codes.code import Fault, PaymentCode

__all__ = ["Fault", "PaymentCode", "code_fault", "payment_code"]

_OF_LINES = {"BCD": epc.read, "SPC": swiss.read, "UPNQR": upn.read}
_OF_TEXT = (spayd.read, usingqr.read, finnish.read, pay_by_square.read)


def payment_code(text: str) -> PaymentCode | None:
    """The payment a barcode asks for; None where it is no payment code, or one of its checks fails.

    >>> payment_code("BCD\\n002\\n1\\nSCT\\nINGBNL2A\\nShop B.V.\\nNL91ABNA0417164300\\nEUR12.5\\n\\n\\nInvoice 7").amount
    Decimal('12.5')
    >>> payment_code("https://example.org") is None
    True
    """
    found = _read(text)
    return found if isinstance(found, PaymentCode) else None


def code_fault(text: str) -> str:
    """Why a payment code is not believed, in words; empty where it is, or where the text is no payment code.

    >>> code_fault("SPD*1.0*ACC:CZ5855000000001265098002"), code_fault("https://example.org")
    ("the payment code's account CZ5855000000001265098002 fails its check", '')
    """
    found = _read(text)
    return found.text if isinstance(found, Fault) else ""


def _read(text: str) -> PaymentCode | Fault | None:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if (read := _OF_LINES.get(lines[0].strip())) is not None:
        return read(lines)
    return next((found for read in _OF_TEXT if (found := read(text.strip())) is not None), None)
