"""Slovak PAY by square: base32 of a header and an LZMA stream with a check sum (Slovenská banková asociácia, version 1.1)."""

from __future__ import annotations

import base64
import binascii
import lzma
import re
from zlib import crc32

from scanstraat.extractors.values.codes.code import Fault, PaymentCode, amount_of, day_of
from scanstraat.extractors.values.iban import checks

FILTERS = [{"id": lzma.FILTER_LZMA1, "lc": 3, "lp": 0, "pb": 2, "dict_size": 128 * 1024}]
_FORM = re.compile(r"[0-9A-V]{40,600}", re.VERBOSE)
MOST_OCTETS = 4000


def read(text: str) -> PaymentCode | Fault | None:
    """The first payment order of the code; None where the text is no such code, a fault where its sum fails."""
    plain = _unpacked(text) if _FORM.fullmatch(text) else None
    if plain is None:
        return None
    if crc32(plain[4:]) != int.from_bytes(plain[:4], "little"):
        return Fault("the payment code fails its check sum")
    said = plain[4:].decode("utf-8", "replace").split("\t")
    if len(said) < 14:
        return None
    said += [""] * (19 - len(said))
    if not checks(said[12]):
        return Fault(f"the payment code's account {said[12]} fails its check")
    reference = said[6] or said[9]
    return PaymentCode(
        said[12], said[16], said[13], amount_of(said[3]), said[4] or "EUR", reference, "", said[0], due_date=day_of(said[5])
    )


def _unpacked(text: str) -> bytes | None:
    """Check sum and data of the code: two octets of header, two of length, the stream; never more than some thousand octets."""
    try:
        packed = base64.b32hexdecode(text + "=" * (-len(text) % 8))
        stream = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=FILTERS)
        length = int.from_bytes(packed[2:4], "little")
        plain = stream.decompress(packed[4:], max_length=min(length, MOST_OCTETS))
    except (binascii.Error, ValueError, lzma.LZMAError, EOFError):
        return None
    return plain if len(plain) == length > 4 else None
