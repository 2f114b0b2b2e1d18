"""What one page looks like by itself (B7): its kind with the words that told, and the hints that splitting goes by (B4).

A word that names a kind counts by where it stands: as a title (leading its line, large, high on the page) or in running text.
Labels that only invoices have speak for an invoice; a reminder has those too, so its title outranks them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from statistics import median

from scanstraat.extractors.document_view import DocumentView, view
from scanstraat.extractors.fields.invoice_number import candidates as number_candidates
from scanstraat.extractors.fields.is_credit_note import names_credit
from scanstraat.extractors.labels.finding import LabelHit, page_kinds_on
from scanstraat.extractors.labels.table import LabelKind, phrases
from scanstraat.extractors.layout import Row, Sheet
from scanstraat.extractors.parties import Side
from scanstraat.extractors.weights import odds_to_confidence, score
from scanstraat.model.administration import OwnIdentity
from scanstraat.model.document import Kind, PageClass
from scanstraat.model.page import Page, PageSource

# What a kind's word is worth by where it stands.
TITLE, LEADING, MENTION = 3.0, 0.9, 0.25
NUMBER_TITLE = 1.0
LARGE, HIGH = 1.0, 0.6
# A title stands in this upper part of a page; a mention counts at most so often.
TITLE_PART = 0.5
MOST_MENTIONS = 4
# Below this worth a page is of no kind we know.
LEAST = 1.3
# A document number is told only when this sure.
SURE_NUMBER = 0.7
# A page with this many words and hardly an amount is dense text.
DENSE_WORDS = 420

# What labels are worth for "invoice": those that only invoices (and what is like them) carry.
INVOICE_LABELS: tuple[tuple[LabelKind, float], ...] = (
    (LabelKind.INVOICE_NUMBER, 1.2),
    (LabelKind.INVOICE_DATE, 0.6),
    (LabelKind.VAT_TOTAL, 0.5),
    (LabelKind.TOTAL_GROSS, 0.6),
    (LabelKind.TOTAL_DUE, 0.4),
    (LabelKind.DUE_DATE, 0.3),
    (LabelKind.TERM, 0.2),
)

# Kinds whose title outranks an invoice's labels and title, since such papers speak of invoices.
OUTRANKING: dict[Kind, float] = {
    Kind.REMINDER: 1.5,
    Kind.PRO_FORMA: 1.5,
    Kind.CREDIT_NOTE: 1.2,
    Kind.ORDER_CONFIRMATION: 0.8,
    Kind.QUOTE: 0.8,
    Kind.STATEMENT: 0.8,
    Kind.PAYMENT_REQUEST: 0.6,
    Kind.DELIVERY_NOTE: 0.5,
}

_PAGE = re.compile(
    r"[\s:.]*(?P<page>\d{1,3})\b(?:\s*(?:/|of|van|von|de|sur|av|af|di|z|\(|total|:|ud\ af|yht|/\s*)\s*(?P<pages>\d{1,3})\b)?",
    re.VERBOSE | re.IGNORECASE,
)
_BARE_PAGE = re.compile(
    r"^[-–\s]*(?P<page>\d{1,2})\s?(?:/|of|van|von|de|sur|av)\s?(?P<pages>\d{1,2})[-–\s]*$", re.VERBOSE | re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Told:
    """A kind told by a word: what it is worth and whether it is a title."""

    kind: Kind
    worth: float
    title: bool
    text: str


def classify(page: Page) -> PageClass:
    """The class of one page. A blank page is OTHER, for certain."""
    if page.source is PageSource.BLANK or not page.words:
        return PageClass(Kind.OTHER, 1.0, ("blank",))
    seen = view((page,), OwnIdentity())
    told = _told(seen.sheets[0], seen.hits)
    worths = _worths(seen, told)
    ranked = sorted(worths.items(), key=lambda kv: -kv[1])
    kind, worth = ranked[0] if ranked and ranked[0][1] >= LEAST else (Kind.OTHER, LEAST)
    rival = next((w for k, w in ranked if k is not kind), 0.0)
    printed_page, printed_pages = _printed_page(seen)
    signals = tuple(dict.fromkeys(f"“{t.text}”{' as title' if t.title else ''}" for t in told if t.kind is kind))[:5]
    confidence = round(odds_to_confidence(1.1 * (worth - max(rival, 0.0)) + 0.4), 3)
    return PageClass(
        kind,
        confidence if kind is not Kind.OTHER else min(confidence, 0.5),
        signals,
        _first(seen, told, kind, printed_page),
        _number(seen),
        printed_page,
        printed_pages,
    )


def _told(sheet: Sheet, labels: tuple[LabelHit, ...]) -> tuple[Told, ...]:
    em = median([r.em for r in sheet.rows]) if sheet.rows else 8.0
    return tuple(
        _weighed(sheet, row, em, kind, hit)
        for row in sheet.rows
        for kind, hit in page_kinds_on(row)
        if not any(_within(hit, label, kind) for label in labels if label.span.row == row.index)
    )


def _within(hit: LabelHit, label: LabelHit, kind: Kind) -> bool:
    """Whether a kind's word is only part of a longer label, as "invoice" is of "invoice date".

    "Credit note no." does tell of a credit note.
    """
    if kind is Kind.CREDIT_NOTE and names_credit(label):
        return False
    return label.span.start <= hit.span.start and hit.span.end <= label.span.end and len(label.phrase) > len(hit.phrase)


def _weighed(sheet: Sheet, row: Row, em: float, kind: Kind, hit: LabelHit) -> Told:
    start, end = row.segment(hit.span.start)
    rest = row.text[hit.span.end : end].split()
    running = sum(w[:1].islower() and w.isalpha() and len(w) > 2 for w in rest)
    high = row.box.y0 < TITLE_PART * sheet.height
    begins = row.text[start : hit.span.start].strip(" -–•*") == ""
    title = begins and running <= 1 and len(rest) <= 7 and (high or row.em > 1.4 * em)
    if title:
        worth = TITLE + (LARGE if row.em > 1.25 * em else 0.0) + (HIGH if row.box.y0 < 0.25 * sheet.height else 0.0)
        worth -= 1.2 if hit.span.text[:1].islower() else 0.0
        return Told(kind, worth, True, hit.span.text)
    return Told(kind, LEADING if begins and running <= 2 else MENTION, False, hit.span.text)


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
    present = {kind for hit in seen.hits for kind in hit.kinds}
    labels = sum(worth for kind, worth in INVOICE_LABELS if kind in present)
    money = any(a.text.has_decimals or a.text.currency for a in seen.amounts)
    worths[Kind.INVOICE] += labels if money or LabelKind.INVOICE_NUMBER in present else labels / 3
    worths[Kind.INVOICE] += NUMBER_TITLE if _number_title(seen) else 0.0
    _text_pages(seen, worths, money)
    return worths


def _number_title(seen: DocumentView) -> LabelHit | None:
    """A number's label that begins with the title itself ("Facture n°", "Rechnung Nr."), high on the page."""
    limit = TITLE_PART * seen.sheets[0].height
    telling = (h for h in seen.of_kind(LabelKind.INVOICE_NUMBER) if h.leading and h.span.box.y0 < limit)
    return next((h for h in telling if h.phrase.startswith(_titles()) and not names_credit(h)), None)


@cache
def _titles() -> tuple[str, ...]:
    return tuple(phrase for phrase, kinds in phrases().kinds if LabelKind.TITLE in kinds)


def _text_pages(seen: DocumentView, worths: dict[Kind, float], money: bool) -> None:
    """Dense text without amounts is an annex when it speaks of terms; advertising must be told by several words."""
    words = sum(len(row.words) for row in seen.sheets[0].rows)
    amounts = sum(a.text.has_decimals for a in seen.amounts)
    if words > DENSE_WORDS and amounts < 4 and worths.get(Kind.ANNEX):
        worths[Kind.ANNEX] += 2.0
    if worths.get(Kind.ADVERTISING) and (money and worths[Kind.INVOICE] > 1.0):
        worths[Kind.ADVERTISING] = 0.0


def _printed_page(seen: DocumentView) -> tuple[int | None, int | None]:
    for hit in seen.of_kind(LabelKind.PAGE):
        match = _PAGE.match(seen.row(hit.span).text, hit.span.end)
        if match and hit.leading and int(match["page"]) > 0:
            pages = int(match["pages"]) if match["pages"] else None
            if pages is None or int(match["page"]) <= pages:
                return int(match["page"]), pages
    for row in (*seen.sheets[0].rows[-2:], *seen.sheets[0].rows[:1]):
        for segment in row.segments:
            match = _BARE_PAGE.match(segment.text)
            if match and 0 < int(match["page"]) <= int(match["pages"]):
                return int(match["page"]), int(match["pages"])
    return None, None


def _first(seen: DocumentView, told: tuple[Told, ...], kind: Kind, printed_page: int | None) -> bool | None:
    """Whether a document begins here: printed page 1, or a title of its kind with an addressee, number or date."""
    if printed_page is not None:
        return printed_page == 1
    title = any(t.title and t.kind is kind for t in told) or (kind is Kind.INVOICE and _number_title(seen) is not None)
    addressed = any(r.side is Side.BUYER for r in seen.regions)
    dated = {LabelKind.INVOICE_NUMBER, LabelKind.INVOICE_DATE, LabelKind.DATE, LabelKind.NUMBER}
    numbered = any(dated.intersection(h.kinds) and h.leading for h in seen.hits)
    return True if title and (addressed or numbered) else None


def _number(seen: DocumentView) -> str | None:
    best = max(number_candidates(seen), key=score, default=None)
    return best.value if best and odds_to_confidence(score(best)) >= SURE_NUMBER else None
