"""Canonical text as people read it."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext

from scanstraat.model.field import FieldName, Reading

_AMOUNTS = frozenset({FieldName.TOTAL, FieldName.NET_TOTAL, FieldName.VAT_TOTAL})


def amount(text: str) -> str:
    """An amount with its thousands apart; what is no number stays as it is.

    >>> amount("1234567.5"), amount("-12.00"), amount("0.125"), amount("twelve")
    ('1,234,567.50', '-12.00', '0.125', 'twelve')
    """
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int):  # NaN, Infinity
        return text
    return f"{number:,.{max(2, -exponent)}f}"


def money(number: str, currency: str) -> str:
    """An amount with its currency, or "" where there is none.

    >>> money("1234.5", "EUR"), money("", "EUR")
    ('EUR 1,234.50', '')
    """
    return f"{currency} {amount(number)}".strip() if number else ""


def grouped(iban: str) -> str:
    """An IBAN in groups of four, as ISO 13616 has it printed.

    >>> grouped("NL91ABNA0417164300")
    'NL91 ABNA 0417 1643 00'
    """
    return " ".join(iban[start : start + 4] for start in range(0, len(iban), 4))


def shown(reading: Reading) -> str:
    """The value of a reading; a name that a rule put into a number's field stays as it is."""
    if reading.field in _AMOUNTS:
        return amount(reading.value)
    if reading.field is FieldName.IBAN and not reading.rule:
        return grouped(reading.value)
    if reading.field is FieldName.IS_CREDIT_NOTE:
        return gettext("yes") if reading.value == "true" else gettext("no")
    return reading.value


def percent(confidence: float) -> str:
    """A confidence as a percentage; only what is certain is 100%.

    >>> percent(1.0), percent(0.998), percent(0.5)
    ('100%', '99%', '50%')
    """
    return "100%" if confidence >= 1 else f"{min(99, round(confidence * 100))}%"
