"""Whether a value read is the one on the label: canonical texts, and company names by what tells companies apart."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from rapidfuzz import fuzz

from scanstraat.extractors.values.company_name import core
from scanstraat.model.field import FieldName

MONEY = frozenset({FieldName.TOTAL, FieldName.NET_TOTAL, FieldName.VAT_TOTAL})
# Two names mean one company when their words agree to this degree (0 to 100), where they share enough letters.
NAMES_ALIKE = 85
LEAST_SHARED = 0.25


def is_right(field: FieldName, read: str, truths: tuple[str, ...]) -> bool:
    """Whether a value is one of those that are right; blanks in numbers, signs of amounts and legal forms do not count.

    >>> is_right(FieldName.INVOICE_NUMBER, "RE 2026-7", ("re2026-7",)), is_right(FieldName.TOTAL, "12.50", ("-12.5",))
    (True, True)
    >>> is_right(FieldName.SUPPLIER_NAME, "Acme Tools", ("ACME Tools GmbH",)), is_right(FieldName.IBAN, "NL1", ("NL2",))
    (True, False)
    """
    if field is FieldName.SUPPLIER_NAME:
        return any(_same_name(truth, read) for truth in truths)
    return any(_comparable(field, truth) == _comparable(field, read) for truth in truths)


def _comparable(field: FieldName, text: str) -> str | Decimal:
    if field in MONEY:
        try:
            return abs(Decimal(text)).quantize(Decimal("0.01"))
        except InvalidOperation:
            return text
    if field is FieldName.VAT_NUMBER:
        return re.sub(r"^(CHE\d{9})(?:MWST|TVA|IVA)$", r"\1", re.sub(r"\W|_", "", text).upper())
    if field in {FieldName.IBAN, FieldName.BIC, FieldName.CURRENCY}:
        return re.sub(r"\W|_", "", text).upper()
    return re.sub(r"\s", "", text).lower()


def _same_name(truth: str, read: str) -> bool:
    one, other = core(truth), core(read)
    if not one or not other:
        return truth.strip().lower() == read.strip().lower()
    shared = sum(map(len, set(one.split()) & set(other.split()))) / len(one.replace(" ", ""))
    if len(other) > 3 * len(one) + 10 or (shared < LEAST_SHARED and fuzz.ratio(one, other) < 80):
        return False
    return bool(fuzz.token_set_ratio(one, other) >= NAMES_ALIKE)
