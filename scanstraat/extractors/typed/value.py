"""The canonical text of what a person typed into a field: one row a field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from scanstraat.extractors.typed import account, amount, company, day, text, words
from scanstraat.model.field import FieldName

# How far ahead of today a day without a year may lie: invoices are seldom dated ahead, due dates are.
ISSUED_AHEAD, DUE_AHEAD = timedelta(days=60), timedelta(days=200)


@dataclass(frozen=True, slots=True)
class Setting:
    """What a form may depend on: the day it is typed, and the administration's country (ISO 3166)."""

    today: date
    country: str


Form = Callable[[str, Setting], str]


def _alone(form: Callable[[str], str]) -> Form:
    return lambda typed, _: form(typed)


FORMS: dict[FieldName, Form] = {
    FieldName.IBAN: _alone(account.iban),
    FieldName.BIC: _alone(account.bic),
    FieldName.ACCOUNT: _alone(account.account),
    FieldName.SUPPLIER_NAME: _alone(text.name),
    FieldName.VAT_NUMBER: lambda typed, setting: company.vat_number(typed, setting.country),
    FieldName.INVOICE_NUMBER: _alone(text.number),
    FieldName.INVOICE_DATE: lambda typed, setting: day.day(typed, setting.today, ISSUED_AHEAD),
    FieldName.DUE_DATE: lambda typed, setting: day.day(typed, setting.today, DUE_AHEAD),
    FieldName.TOTAL: _alone(amount.amount),
    FieldName.NET_TOTAL: _alone(amount.amount),
    FieldName.VAT_TOTAL: _alone(amount.amount),
    FieldName.CURRENCY: lambda typed, setting: words.currency(typed, setting.country),
    FieldName.IS_CREDIT_NOTE: _alone(words.yes_or_no),
    FieldName.PAYMENT_TERM: _alone(words.term),
    FieldName.PAYMENT_REFERENCE: _alone(words.reference),
    FieldName.PURCHASE_ORDER: _alone(text.number),
    FieldName.REGISTER_NUMBER: lambda typed, setting: company.register_number(typed, setting.country),
    FieldName.PRECEDING_INVOICE: _alone(text.number),
}


def typed(field: FieldName, entered: str, today: date, country: str = "") -> str:
    """The canonical text of what was typed into `field`; "" where it says that the document has no such value.

    `country` is the administration's, for numbers without a prefix. Raises `Refused`, its code beginning with `typed-`, with a
    sentence that says what is wrong and an example; nothing else, whatever was typed.

    >>> typed(FieldName.TOTAL, " € 1.234,50 ", date(2026, 3, 31)), typed(FieldName.BIC, "-", date(2026, 3, 31))
    ('1234.50', '')
    >>> typed(FieldName.INVOICE_DATE, "31/3", date(2026, 4, 2)), typed(FieldName.VAT_NUMBER, "004495445B01", date.min, "NL")
    ('2026-03-31', 'NL004495445B01')
    """
    clean = text.cleaned(entered)
    if clean in text.NOTHING:
        return ""
    return FORMS[field](clean, Setting(today, country))
