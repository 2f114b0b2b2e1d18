"""The label tables read once: folded phrase to what it labels. A language is one TOML file, a field's words one list in it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

from scanstraat.extractors.folding import fold, plain
from scanstraat.model.document import Kind


class LabelKind(StrEnum):
    """What a label says of the value beside or below it. Kinds named `other…` keep values from being taken for ours."""

    INVOICE_NUMBER = "invoice_number"
    TITLE = "title"
    TITLE_CREDIT = "title_credit"
    NUMBER = "number"
    INVOICE_DATE = "invoice_date"
    DATE = "date"
    DUE_DATE = "due_date"
    OTHER_DATE = "other_date"
    TOTAL_GROSS = "total_gross"
    TOTAL_DUE = "total_due"
    TOTAL = "total"
    NET_TOTAL = "net_total"
    SUBTOTAL = "subtotal"
    VAT_TOTAL = "vat_total"
    OTHER_AMOUNT = "other_amount"
    IBAN = "iban"
    ACCOUNT = "account"
    BIC = "bic"
    ACCOUNT_HOLDER = "account_holder"
    DEBIT = "debit"
    VAT_NUMBER = "vat_number"
    YOUR_VAT_NUMBER = "your_vat_number"
    REGISTER_NUMBER = "register_number"
    OTHER_NUMBER = "other_number"
    BUYER = "buyer"
    DELIVERY = "delivery"
    SELLER = "seller"
    CONTACT = "contact"
    CURRENCY = "currency"
    TERM = "term"
    DISCOUNT = "discount"
    HEAD_DESCRIPTION = "head_description"
    HEAD_QUANTITY = "head_quantity"
    HEAD_UNIT_PRICE = "head_unit_price"
    HEAD_LINE_TOTAL = "head_line_total"
    HEAD_POSITION = "head_position"
    HEAD_VAT = "head_vat"
    PAGE = "page"


LANGUAGES = ("nl", "en", "de", "fr", "fi", "sv", "it", "es", "da", "pl")


@dataclass(frozen=True, slots=True)
class Phrases:
    """All label phrases, folded: the kinds each stands for, and the words that name a page's kind."""

    kinds: tuple[tuple[str, tuple[LabelKind, ...]], ...]
    page_kinds: tuple[tuple[str, Kind], ...]
    months: tuple[tuple[str, int], ...]
    languages: tuple[tuple[str, tuple[str, ...]], ...]


@cache
def phrases() -> Phrases:
    """The tables of all languages as one, read once a process."""
    kinds: dict[str, list[LabelKind]] = {}
    page_kinds: dict[str, Kind] = {}
    months: dict[str, int] = {}
    languages: dict[str, list[str]] = {}
    for language in LANGUAGES:
        table = _table(language)
        for name, words in table["labels"].items():
            for word in words:
                folded = fold(word)
                known = kinds.setdefault(folded, [])
                known.extend([LabelKind(name)] if LabelKind(name) not in known else [])
                languages.setdefault(folded, []).append(language)
        for name, words in table["kinds"].items():
            for word in words:
                page_kinds.setdefault(fold(word), Kind(name))
        for number, names in enumerate(table["months"], 1):
            for name in names.split():
                months.setdefault(plain(name), number)
    return Phrases(
        tuple((phrase, tuple(found)) for phrase, found in kinds.items()),
        tuple(page_kinds.items()),
        tuple(sorted(months.items())),
        tuple((phrase, tuple(sorted(set(found)))) for phrase, found in languages.items()),
    )


def _table(language: str) -> dict[str, dict[str, list[str]]]:
    text = resources.files(__package__).joinpath(f"{language}.toml").read_text("utf-8")
    return tomllib.loads(text)
