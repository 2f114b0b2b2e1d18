"""The label tables read once: folded phrase to what it labels. A language is one TOML file, a field's words one list in it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from itertools import product
from typing import Any

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
    PAYMENT_REFERENCE = "payment_reference"
    PURCHASE_ORDER = "purchase_order"
    PRECEDING_INVOICE = "preceding_invoice"
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


LANGUAGES = ("nl", "en", "de", "fr", "fi", "sv", "it", "es", "pt", "da", "no", "pl", "cs", "hu", "ro")
_CHOICE = re.compile(r"\{(?P<words>[^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Phrases:
    """All label phrases, folded: the kinds each stands for, and the words that name a page's kind."""

    kinds: tuple[tuple[str, tuple[LabelKind, ...]], ...]
    page_kinds: tuple[tuple[str, Kind], ...]
    months: tuple[tuple[str, int], ...]
    languages: tuple[tuple[str, tuple[str, ...]], ...]
    of_language: tuple[tuple[tuple[str, str], tuple[LabelKind, ...]], ...]


def spelled_out(phrase: str) -> Iterator[str]:
    """The phrases that one with choices in braces stands for.

    >>> list(spelled_out("factuur{nummer,nr}")), list(spelled_out("{totaal ,}incl")), list(spelled_out("datum"))
    (['factuurnummer', 'factuurnr'], ['totaal incl', 'incl'], ['datum'])
    """
    pieces = _CHOICE.split(phrase)
    choices = [piece.split(",") if i % 2 else [piece] for i, piece in enumerate(pieces)]
    return map("".join, product(*choices))


@cache
def phrases() -> Phrases:
    """The tables of all languages as one, read once a process."""
    kinds: dict[str, dict[LabelKind, None]] = {}
    page_kinds: dict[str, Kind] = {}
    months: dict[str, int] = {}
    of_language: dict[tuple[str, str], dict[LabelKind, None]] = {}
    references = _table("references")
    for language in LANGUAGES:
        table = _table(language)
        for name, phrase in (*_entries(table["labels"]), *_entries(references[language])):
            kinds.setdefault(phrase, {})[LabelKind(name)] = None
            of_language.setdefault((phrase, language), {})[LabelKind(name)] = None
        for name, phrase in _entries(table["kinds"]):
            page_kinds.setdefault(phrase, Kind(name))
        for number, names in enumerate(table["months"], 1):
            for name in names.split():
                months.setdefault(plain(name), number)
    languages: dict[str, list[str]] = {}
    for phrase, language in of_language:
        languages.setdefault(phrase, []).append(language)
    return Phrases(
        tuple((phrase, tuple(found)) for phrase, found in kinds.items()),
        tuple(page_kinds.items()),
        tuple(sorted(months.items())),
        tuple((phrase, tuple(sorted(found))) for phrase, found in languages.items()),
        tuple((place, tuple(found)) for place, found in of_language.items()),
    )


def _entries(lists: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    """Each list's name with each of its phrases, spelled out and folded."""
    return ((name, fold(phrase)) for name, words in lists.items() for word in words for phrase in spelled_out(word))


def _table(language: str) -> dict[str, Any]:
    text = resources.files(__package__).joinpath(f"{language}.toml").read_text("utf-8")
    return tomllib.loads(text)
