"""The label tables read once: folded phrase to what it labels. A language is one TOML file, a field's words one list in it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
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
    TENDERED = "tendered"
    CHANGE = "change"
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
class Meaning:
    """What a phrase stands for: all its kinds, and those it has in each language that knows it."""

    kinds: tuple[LabelKind, ...]
    in_language: tuple[tuple[str, LabelKind], ...]

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that know it."""
        return tuple(dict.fromkeys(language for language, _ in self.in_language))

    def among(self, languages: frozenset[str]) -> tuple[LabelKind, ...]:
        """Its kinds in these languages; all of them where none of these knows it.

        >>> valuta = Meaning((LabelKind.DUE_DATE, LabelKind.CURRENCY), (("de", LabelKind.DUE_DATE), ("nl", LabelKind.CURRENCY)))
        >>> [str(kind) for kind in valuta.among(frozenset({"nl", "en"}))], len(valuta.among(frozenset({"fi"})))
        (['currency'], 2)
        """
        return tuple(dict.fromkeys(kind for language, kind in self.in_language if language in languages)) or self.kinds


@dataclass(frozen=True, slots=True)
class Phrases:
    """All label phrases, folded: what each stands for, the words that name a page's kind, and the names of the months."""

    meanings: Mapping[str, Meaning]
    page_kinds: tuple[tuple[str, Kind], ...]
    months: tuple[tuple[str, int], ...]

    @property
    def kinds(self) -> Iterator[tuple[str, tuple[LabelKind, ...]]]:
        """Each phrase with its kinds."""
        return ((phrase, meaning.kinds) for phrase, meaning in self.meanings.items())


def choices(phrase: str) -> tuple[tuple[str, ...], ...]:
    """The pieces of a phrase, each with what may stand in its place.

    >>> choices("{totaal ,}incl {btw,vat}")
    (('',), ('totaal ', ''), ('incl ',), ('btw', 'vat'), ('',))
    """
    pieces = _CHOICE.split(phrase)
    return tuple(tuple(piece.split(",")) if i % 2 else (piece,) for i, piece in enumerate(pieces))


@cache
def phrases() -> Phrases:
    """The tables of all languages as one, read once a process."""
    found: dict[str, list[tuple[str, LabelKind]]] = {}
    page_kinds: dict[str, Kind] = {}
    months: dict[str, int] = {}
    references = _table("references")
    for language in LANGUAGES:
        table = _table(language)
        for lists in (table["labels"], references[language]):
            for name, words in lists.items():
                place = (language, LabelKind(name))
                for phrase in _folded(words):
                    found.setdefault(phrase, []).append(place)
        for name, words in table["kinds"].items():
            for phrase in _folded(words):
                page_kinds.setdefault(phrase, Kind(name))
        for number, names in enumerate(table["months"], 1):
            for name in names.split():
                months.setdefault(plain(name), number)
    return Phrases(_meanings(found), tuple(page_kinds.items()), tuple(sorted(months.items())))


def _meanings(found: dict[str, list[tuple[str, LabelKind]]]) -> dict[str, Meaning]:
    """Each phrase's meaning; phrases that mean the same share one."""
    shared: dict[tuple[tuple[str, LabelKind], ...], Meaning] = {}
    meanings = {}
    for phrase, places in found.items():
        if phrase:
            key = tuple(dict.fromkeys(places))
            if key not in shared:
                shared[key] = Meaning(tuple(dict.fromkeys(kind for _, kind in key)), key)
            meanings[phrase] = shared[key]
    return meanings


def _folded(words: list[str]) -> Iterator[str]:
    """The phrases of a list, spelled out and folded; folding goes letter by letter, so the pieces can be folded first."""
    return ("".join(p) for w in words for p in product(*(tuple(map(fold, piece)) for piece in choices(w))))


def _table(language: str) -> dict[str, Any]:
    text = resources.files(__package__).joinpath(f"{language}.toml").read_text("utf-8")
    return tomllib.loads(text)
