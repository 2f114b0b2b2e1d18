"""What kind of paper a page is (B7), told by its headings, its labels and its build rather than by what it mentions.

A word that names a kind counts by where it stands: as a heading (leading its line, large, high on the page), as the label of a
number ("Order 4711" on an invoice), in a sentence, or in passing. Every sign is a row of `WORTH`; the kind with most worth wins.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cache

from scanstraat.extractors.document_view import DocumentView
from scanstraat.extractors.fields.is_credit_note import names_credit
from scanstraat.extractors.folding import plain
from scanstraat.extractors.labels.finding import LabelHit
from scanstraat.extractors.labels.table import LabelKind, phrases
from scanstraat.extractors.pagewords import TITLE_PART, WORTH, Sign, Told, told_by
from scanstraat.extractors.parties import Side
from scanstraat.extractors.weights import odds_to_confidence
from scanstraat.model.document import INVOICE_KINDS, Kind

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
    Kind.CREDIT_NOTE: 2.2,
    Kind.ORDER_CONFIRMATION: 0.8,
    Kind.QUOTE: 0.8,
    Kind.STATEMENT: 1.2,
    Kind.PAYMENT_REQUEST: 0.6,
    Kind.DELIVERY_NOTE: 0.5,
}
# Kinds whose numbers stand on invoices under the very word that heads their own papers.
REFERRED = frozenset({Kind.ORDER_CONFIRMATION, Kind.DELIVERY_NOTE, Kind.QUOTE, Kind.STATEMENT, Kind.RECEIPT})
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
# Mentions count at most so often.
MOST_MENTIONS = 4
# Labels worth this much together are an invoice's, whatever other papers it refers to.
PAYABLE = 1.2
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
class KindTold:
    """A page's kind, how sure, the words that told, and whether a heading did."""

    kind: Kind
    confidence: float
    signals: tuple[str, ...]
    titled: bool


def kind_of(seen: DocumentView) -> KindTold:
    """The kind of a page prepared as a document of its own; `OTHER`, unsure, where nothing tells."""
    told = _referred(seen, tuple(told_by(seen.sheets[0], seen.hits)))
    worths = _worths(seen, told)
    ranked = sorted(worths.items(), key=lambda kv: -kv[1])
    kind, worth = ranked[0] if ranked and ranked[0][1] >= LEAST else (Kind.OTHER, LEAST)
    same_way = INVOICE_KINDS - {Kind.CREDIT_NOTE} if kind in INVOICE_KINDS - {Kind.CREDIT_NOTE} else frozenset({kind})
    rival = next((w for k, w in ranked if k not in same_way), 0.0)
    confidence = round(odds_to_confidence(1.1 * (worth - max(rival, 0.0)) + 0.4), 3)
    titled = any(t.title and t.kind is kind for t in told) or (kind is Kind.INVOICE and number_title(seen) is not None)
    signals = tuple(dict.fromkeys(t.shown for t in told if t.kind is kind))[:5]
    return KindTold(kind, confidence if kind is not Kind.OTHER else min(confidence, 0.5), signals, titled)


def _referred(seen: DocumentView, told: tuple[Told, ...]) -> tuple[Told, ...]:
    """Words that label the number of another paper are no headings where the page has a heading of its own or is an invoice."""
    present = {kind for hit in seen.hits if hit.leading for kind in hit.kinds}
    invoice = sum(worth for kind, worth in INVOICE_LABELS if kind in present) >= PAYABLE or any(
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
    printed = plain("\n".join(word.text for row in sheet.rows for word in row.words))
    words = {word.strip(".,:") for word in printed.split("\n")}
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
