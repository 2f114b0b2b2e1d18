"""What kind of paper a page is (B7), told by its headings, its labels and its build rather than by what it mentions.

A word that names a kind counts by where it stands: as a heading (leading its line, large, high on the page), as the label of a
number ("Order 4711" on an invoice), in a sentence, or in passing. Every sign is a row of `WORTH`; the kind with most worth wins.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from statistics import median

from scanstraat.extractors.document_view import DocumentView
from scanstraat.extractors.fields.is_credit_note import names_credit
from scanstraat.extractors.folding import plain
from scanstraat.extractors.labels.finding import LabelHit, page_kinds_on
from scanstraat.extractors.labels.table import LabelKind, phrases
from scanstraat.extractors.layout import Row, Sheet
from scanstraat.extractors.parties import Side
from scanstraat.extractors.weights import odds_to_confidence
from scanstraat.model.document import INVOICE_KINDS, Kind


class Sign(StrEnum):
    """What was noticed of a word that names a kind, or of the page."""

    TITLE = "it is a heading"
    LARGE = "it is printed large"
    HIGH = "it stands at the top"
    LOWER_CASE = "it begins with a small letter"
    REFERENCE = "it may label the number of another paper"
    LEADING = "it begins a line"
    SENTENCE = "a sentence says so"
    MENTION = "it is mentioned"
    OF_INVOICE = "it says that it belongs to an invoice"
    DENSE = "the page is dense text without amounts"
    LISTS_INVOICES = "a table lists invoices"
    NUMBER_TITLE = "the number's label begins with the title"
    LINES = "a table of lines and a due date stand on it"
    TILL = "it speaks of cash, change and cards as a till does"
    NARROW = "the paper is narrow"


WORTH: dict[Sign, float] = {
    Sign.TITLE: 3.0,
    Sign.LARGE: 1.0,
    Sign.HIGH: 0.6,
    Sign.LOWER_CASE: -1.2,
    Sign.REFERENCE: 0.8,
    Sign.LEADING: 0.9,
    Sign.SENTENCE: 1.0,
    Sign.MENTION: 0.25,
    Sign.OF_INVOICE: 2.0,
    Sign.DENSE: 1.6,
    Sign.LISTS_INVOICES: 0.8,
    Sign.NUMBER_TITLE: 1.0,
    Sign.LINES: 0.4,
    Sign.TILL: 1.0,
    Sign.NARROW: 1.0,
}
# What labels are worth for "invoice": those that only invoices (and what is like them) carry.
INVOICE_LABELS: tuple[tuple[LabelKind, float], ...] = (
    (LabelKind.INVOICE_NUMBER, 1.2),
    (LabelKind.INVOICE_DATE, 0.6),
    (LabelKind.VAT_TOTAL, 0.6),
    (LabelKind.TOTAL_GROSS, 0.6),
    (LabelKind.TOTAL_DUE, 0.5),
    (LabelKind.DUE_DATE, 0.6),
    (LabelKind.TERM, 0.2),
    (LabelKind.IBAN, 0.3),
    (LabelKind.NUMBER, 0.2),
)
# Kinds whose heading outranks an invoice's labels and heading, since such papers speak of invoices.
OUTRANKING: dict[Kind, float] = {
    Kind.REMINDER: 1.5,
    Kind.PRO_FORMA: 1.5,
    Kind.CREDIT_NOTE: 1.2,
    Kind.ORDER_CONFIRMATION: 0.8,
    Kind.QUOTE: 0.8,
    Kind.STATEMENT: 1.2,
    Kind.PAYMENT_REQUEST: 0.6,
    Kind.DELIVERY_NOTE: 0.5,
}
# Kinds whose numbers stand on invoices under the very word that heads their own papers.
REFERRED = frozenset({Kind.ORDER_CONFIRMATION, Kind.DELIVERY_NOTE, Kind.QUOTE, Kind.STATEMENT, Kind.RECEIPT, Kind.ANNEX})
# What no advertising carries.
_BUSINESS = (
    LabelKind.INVOICE_NUMBER,
    LabelKind.DUE_DATE,
    LabelKind.VAT_TOTAL,
    LabelKind.TOTAL_DUE,
    LabelKind.TOTAL_GROSS,
    LabelKind.IBAN,
)
SHORTEST_BUSINESS = 3  # a shorter label may be any word
# Advertising is deleted, so it must be told by so many different phrases.
LEAST_SLOGANS = 2
# A title stands in this upper part of a page; mentions count at most so often; a phrase this long is a sentence's.
TITLE_PART, MOST_MENTIONS, SENTENCE_LETTERS = 0.5, 4, 15
# Below this worth a page is of no kind we know.
LEAST = 1.3
DENSE_WORDS, NARROW_SHAPE = 220, 0.56
_TILL_WORDS = frozenset(
    {
        *("cash", "change", "cashier", "visa", "mastercard", "maestro", "debit", "pin", "contant", "wisselgeld", "kassa", "bar"),
        *("gegeben", "ruckgeld", "kasse", "especes", "rendu", "caisse", "kateinen", "kortti", "takaisin", "kontant", "vaxel"),
        *("kort", "contanti", "resto", "cassa", "efectivo", "cambio", "caja", "dinheiro", "troco", "byttepenge", "gotowka"),
        *("reszta", "hotove", "vraceno", "keszpenz", "visszajaro", "numerar", "rounding", "tendered"),
    }
)
LEAST_TILL_WORDS = 2


@dataclass(frozen=True, slots=True)
class Told:
    """A kind told by a word, with the signs of its place."""

    kind: Kind
    text: str
    signs: tuple[Sign, ...]

    @property
    def worth(self) -> float:
        """What its signs are worth together."""
        return sum(WORTH[sign] for sign in self.signs)

    @property
    def title(self) -> bool:
        """Whether it is a heading."""
        return Sign.TITLE in self.signs

    @property
    def shown(self) -> str:
        """The word and why it counts, for a person."""
        return f"“{self.text}”{' as title' if self.title else ''}"


@dataclass(frozen=True, slots=True)
class KindTold:
    """A page's kind, how sure, the words that told, and whether a heading did."""

    kind: Kind
    confidence: float
    signals: tuple[str, ...]
    titled: bool


def kind_of(seen: DocumentView) -> KindTold:
    """The kind of a page prepared as a document of its own; `OTHER`, unsure, where nothing tells."""
    told = _referred(seen, tuple(_told(seen.sheets[0], seen.hits)))
    worths = _worths(seen, told)
    ranked = sorted(worths.items(), key=lambda kv: -kv[1])
    kind, worth = ranked[0] if ranked and ranked[0][1] >= LEAST else (Kind.OTHER, LEAST)
    same_way = INVOICE_KINDS - {Kind.CREDIT_NOTE} if kind in INVOICE_KINDS - {Kind.CREDIT_NOTE} else frozenset({kind})
    rival = next((w for k, w in ranked if k not in same_way), 0.0)
    confidence = round(odds_to_confidence(1.1 * (worth - max(rival, 0.0)) + 0.4), 3)
    titled = any(t.title and t.kind is kind for t in told) or (kind is Kind.INVOICE and number_title(seen) is not None)
    signals = tuple(dict.fromkeys(t.shown for t in told if t.kind is kind))[:5]
    return KindTold(kind, confidence if kind is not Kind.OTHER else min(confidence, 0.5), signals, titled)


def _told(sheet: Sheet, labels: tuple[LabelHit, ...]) -> Iterator[Told]:
    em = median([r.em for r in sheet.rows]) if sheet.rows else 8.0
    on_row: dict[int, list[LabelHit]] = defaultdict(list)
    for label in labels:
        on_row[label.span.row].append(label)
    for row in sheet.rows:
        found = list(page_kinds_on(row))
        for kind, hit in found:
            if any(_within(hit, label, kind) for label in on_row[row.index]):
                continue
            belongs = kind is Kind.ANNEX and any(k is Kind.INVOICE and h.span.start > hit.span.start for k, h in found)
            signs = _signs(sheet, row, em, hit)
            yield Told(kind, hit.span.text, (*signs, Sign.OF_INVOICE) if belongs and Sign.TITLE in signs else signs)


def _within(hit: LabelHit, label: LabelHit, kind: Kind) -> bool:
    """Whether a kind's word is only part of a longer label, as "invoice" is of "invoice date".

    "Credit note no." does tell of a credit note.
    """
    if kind is Kind.CREDIT_NOTE and names_credit(label):
        return False
    return label.span.start <= hit.span.start and hit.span.end <= label.span.end and len(label.phrase) > len(hit.phrase)


def _signs(sheet: Sheet, row: Row, em: float, hit: LabelHit) -> tuple[Sign, ...]:
    start, end = row.segment(hit.span.start)
    rest = row.text[hit.span.end : end]
    running = sum(w[:1].islower() and w.isalpha() and len(w) > 2 for w in rest.split())
    begins = row.text[start : hit.span.start].strip(" -–•*¡#") == ""
    high, large = row.box.y0 < TITLE_PART * sheet.height, row.em > 1.25 * em
    if begins and running <= 1 and len(rest.split()) <= 7 and (high or row.em > 1.4 * em):
        signs = [Sign.TITLE, *([Sign.LARGE] if large else []), *([Sign.HIGH] if row.box.y0 < 0.25 * sheet.height else [])]
        if not large and (rest.lstrip().startswith(":") or any(c.isdigit() for c in rest)):
            signs.append(Sign.REFERENCE)
        return (*signs, Sign.LOWER_CASE) if hit.span.text[:1].islower() else tuple(signs)
    if begins and running <= 2:
        return (Sign.LEADING,)
    return (Sign.SENTENCE,) if len(hit.phrase) >= SENTENCE_LETTERS else (Sign.MENTION,)


def _referred(seen: DocumentView, told: tuple[Told, ...]) -> tuple[Told, ...]:
    """Words that label the number of another paper are no headings where the page has a heading of its own or is an invoice."""
    invoice = bool(seen.of_kind(LabelKind.INVOICE_NUMBER)) or any(
        t.title and Sign.REFERENCE not in t.signs and t.kind is not Kind.ADVERTISING for t in told
    )
    return tuple(
        replace(
            t, signs=(Sign.REFERENCE,) if invoice and t.kind in REFERRED else tuple(s for s in t.signs if s is not Sign.REFERENCE)
        )
        if Sign.REFERENCE in t.signs and Sign.OF_INVOICE not in t.signs
        else replace(t, signs=tuple(s for s in t.signs if s is not Sign.REFERENCE))
        for t in told
    )


def _worths(seen: DocumentView, told: tuple[Told, ...]) -> dict[Kind, float]:
    worths: dict[Kind, float] = defaultdict(float)
    by_kind: dict[Kind, list[Told]] = defaultdict(list)
    for one in told:
        by_kind[one.kind].append(one)
    for kind, ones in by_kind.items():
        best = max(ones, key=lambda t: t.worth)
        others = sorted((t.worth for t in ones if t is not best), reverse=True)[:MOST_MENTIONS]
        worths[kind] = best.worth + sum(min(w, 0.5) for w in others) * 0.5
        if best.title:
            worths[kind] += OUTRANKING.get(kind, 0.0)
    _as_invoice(seen, worths)
    _as_annex(seen, worths)
    _as_receipt(seen, worths)
    if Kind.ADVERTISING in worths and not _is_advertising(seen, by_kind):
        del worths[Kind.ADVERTISING]
    return worths


def _as_invoice(seen: DocumentView, worths: dict[Kind, float]) -> None:
    present = {kind for hit in seen.hits if hit.leading for kind in hit.kinds}
    labels = sum(worth for kind, worth in INVOICE_LABELS if kind in present)
    money = any(a.text.has_decimals or a.text.currency for a in seen.amounts)
    worths[Kind.INVOICE] += labels if money or LabelKind.INVOICE_NUMBER in present else labels / 3
    worths[Kind.INVOICE] += WORTH[Sign.NUMBER_TITLE] if number_title(seen) else 0.0
    worths[Kind.INVOICE] += WORTH[Sign.LINES] if seen.heads and LabelKind.DUE_DATE in present else 0.0
    if listing_row(seen) is not None and LabelKind.VAT_TOTAL not in present:
        worths[Kind.INVOICE] -= WORTH[Sign.LISTS_INVOICES]
        for kind in (Kind.STATEMENT, Kind.REMINDER):
            worths[kind] += WORTH[Sign.LISTS_INVOICES] if worths.get(kind) else 0.0


def listing_row(seen: DocumentView) -> int | None:
    """The row that heads columns of invoice numbers, days and amounts; None where no table lists invoices."""
    rows = {hit.span.row for hit in seen.of_kind(LabelKind.INVOICE_NUMBER) if hit.closed}
    for row in rows:
        here = [hit for hit in seen.hits if hit.span.row == row]
        heads = len(here) >= 3 and not any(c.isdigit() for c in seen.sheets[0].rows[row].text)
        if heads and any(sum(d.span.row == at for d in seen.days) >= 2 for at in range(row + 1, row + 5)):
            return row
    return None


def number_title(seen: DocumentView) -> LabelHit | None:
    """A number's label that begins with the title itself ("Facture n°", "Rechnung Nr."), high on the page."""
    limit = TITLE_PART * seen.sheets[0].height
    telling = (h for h in seen.of_kind(LabelKind.INVOICE_NUMBER) if h.leading and h.span.box.y0 < limit)
    return next((h for h in telling if h.phrase.startswith(_titles()) and not names_credit(h)), None)


@cache
def _titles() -> tuple[str, ...]:
    return tuple(phrase for phrase, kinds in phrases().kinds if LabelKind.TITLE in kinds)


def _as_annex(seen: DocumentView, worths: dict[Kind, float]) -> None:
    """Dense text without amounts and addressee is terms, whatever it speaks of."""
    words = sum(len(row.words) for row in seen.sheets[0].rows)
    if words < DENSE_WORDS or sum(a.text.has_decimals for a in seen.amounts) >= 4 or seen.heads:
        return
    if any(r.side is Side.BUYER for r in seen.regions) and not worths.get(Kind.ANNEX):
        return
    worths[Kind.ANNEX] += WORTH[Sign.DENSE] + (1.0 if worths.get(Kind.ANNEX) else 0.0)


def _as_receipt(seen: DocumentView, worths: dict[Kind, float]) -> None:
    """What a till prints is a receipt also where it is called an invoice, unless it is addressed."""
    sheet = seen.sheets[0]
    words = {plain(word.text).strip(".,:") for row in sheet.rows for word in row.words}
    narrow = sheet.width < NARROW_SHAPE * sheet.height
    if len(words & _TILL_WORDS) < LEAST_TILL_WORDS - narrow or any(r.side is Side.BUYER for r in seen.regions):
        return
    worths[Kind.RECEIPT] = max(worths.get(Kind.RECEIPT, 0.0), WORTH[Sign.TILL]) + (WORTH[Sign.NARROW] if narrow else 0.0)
    if narrow:
        worths[Kind.RECEIPT] = max(worths[Kind.RECEIPT], worths.get(Kind.INVOICE, 0.0) + 0.1)


def _is_advertising(seen: DocumentView, told: dict[Kind, list[Told]]) -> bool:
    """Several slogans, and nothing that business papers carry."""
    slogans = {t.text.casefold() for t in told[Kind.ADVERTISING]}
    labels = (h for h in seen.of_kind(*_BUSINESS) if h.leading and len(h.phrase) >= SHORTEST_BUSINESS)
    business = any(labels) or bool(seen.ibans)
    headed = any(t.title for kind, ones in told.items() if kind is not Kind.ADVERTISING for t in ones)
    return len(slogans) >= LEAST_SLOGANS and not business and not headed
