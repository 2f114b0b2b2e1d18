"""One document prepared for the field modules: rows, labels, and the amounts and days printed on it, each with its labels."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache

from scanstraat.extractors.captions import captioned, named_after
from scanstraat.extractors.identities import PrintedIban, PrintedNumber, ibans_on, vat_numbers_on
from scanstraat.extractors.labels.finding import LabelHit, labels_on
from scanstraat.extractors.labels.stacking import with_stacked
from scanstraat.extractors.labels.table import LabelKind, phrases
from scanstraat.extractors.layout import Row, Sheet, Span, sheet
from scanstraat.extractors.parties import Region, Side, regions
from scanstraat.extractors.pointing import Pointer, pointers
from scanstraat.extractors.values.amount import NumberText, decimal_mark, numbers_in, to_decimal
from scanstraat.extractors.values.day import DayText, days_in, month_first, settle, year_first
from scanstraat.extractors.values.payment_code import PaymentCode, code_fault, payment_code
from scanstraat.model.administration import OwnIdentity
from scanstraat.model.field import Evidence, Method
from scanstraat.model.page import Box, Page, PageSource

HEAD_KINDS = frozenset(
    {
        LabelKind.HEAD_DESCRIPTION,
        LabelKind.HEAD_QUANTITY,
        LabelKind.HEAD_UNIT_PRICE,
        LabelKind.HEAD_LINE_TOTAL,
        LabelKind.HEAD_POSITION,
    }
)

_DATES = frozenset({LabelKind.INVOICE_DATE, LabelKind.DATE, LabelKind.DUE_DATE, LabelKind.OTHER_DATE})
# A language with this share of the first one's votes is one of the document's languages too.
ALSO_SPOKEN = 0.5
# A word of so few letters is a label only in its own language.
SHORT = 3
# Longer strings of digits are no money.
MOST_DIGITS = 15
# "VAT 9 % of 100.00": a word before a day that is as short as this ("von", "van") does not name an amount.
_SHORTEST_DAY = 4


@dataclass(frozen=True, slots=True)
class PrintedAmount:
    """A number on the document that may be money, its labels nearest first."""

    value: Decimal
    text: NumberText
    span: Span
    pointers: tuple[Pointer, ...]


@dataclass(frozen=True, slots=True)
class PrintedDay:
    """A day on the document; `ambiguous` where day and month could be changed about."""

    value: date
    ambiguous: bool
    span: Span
    pointers: tuple[Pointer, ...]


@dataclass(frozen=True, slots=True)
class ScannedCode:
    """A payment code on the document, with the place it was read."""

    code: PaymentCode
    page: int
    box: Box


@dataclass(frozen=True, slots=True, eq=False)  # one by one, so that what is found on a view can be kept for it
class DocumentView:
    """Everything the field modules look at. `language` is that of most labels; `heads` are the rows that head the lines table;
    `rates` are the percentages printed; `code_faults` say why a payment code is not believed."""

    sheets: tuple[Sheet, ...]
    hits: tuple[LabelHit, ...]
    amounts: tuple[PrintedAmount, ...]
    rates: tuple[tuple[Span, Decimal], ...]
    days: tuple[PrintedDay, ...]
    codes: tuple[ScannedCode, ...]
    ibans: tuple[PrintedIban, ...]
    vat_numbers: tuple[PrintedNumber, ...]
    heads: tuple[tuple[int, int], ...]
    regions: tuple[Region, ...]
    language: str
    mark: str
    own: OwnIdentity
    code_faults: tuple[str, ...] = ()

    def within(self, span: Span, *sides: Side) -> bool:
        """Whether a span lies in a region of any of these sides."""
        return any(region.side in sides and region.holds(span) for region in self.regions)

    def evidence(self, span: Span) -> Evidence:
        """The evidence of a span: its page, box, raw text, and whether it came from a text layer or OCR."""
        box = self.sheets[span.page - 1].on_page(span.box)
        return Evidence(span.page, box, span.text.strip(), self.method(span.page))

    def method(self, page: int) -> Method:
        """How the words of a page were come by."""
        return Method.OCR if self.sheets[page - 1].source is PageSource.OCR else Method.TEXT_LAYER

    def row(self, span: Span) -> Row:
        """The row a span stands in."""
        return self.sheets[span.page - 1].rows[span.row]

    def on_row(self, span: Span) -> tuple[LabelHit, ...]:
        """The labels of the row a span stands in."""
        return tuple(hit for hit in self.hits if hit.span.row == span.row and hit.span.page == span.page)

    def of_kind(self, *kinds: LabelKind) -> tuple[LabelHit, ...]:
        """The labels of any of these kinds."""
        wanted = frozenset(kinds)
        return tuple(hit for hit in self.hits if not wanted.isdisjoint(hit.kinds))


def view(pages: tuple[Page, ...], own: OwnIdentity) -> DocumentView:
    """A document's pages prepared. Number and date forms are decided here, once, from all that is printed."""
    return replace(_prepared(pages), own=own)


@lru_cache(maxsize=4)  # a page is classified, and soon after recognised as a document of its own
def _prepared(pages: tuple[Page, ...]) -> DocumentView:
    sheets = tuple(sheet(page, i) for i, page in enumerate(pages, 1))
    hits = tuple(hit for s in sheets for hit in with_stacked(_labels(s), s))
    languages = _languages(hits)
    hits, language = _meant(hits, languages), languages[0]
    heads = _table_heads(hits)
    numbers = [(row, number) for s in sheets for row in s.rows for number in numbers_in(row.text, s.source is PageSource.OCR)]
    days = [(row, day) for s in sheets for row in s.rows for day in days_in(row.text, phrases().months)]
    amounts = _outside(numbers, days)
    mark = decimal_mark((n for _, n in amounts), "." if language == "en" else ",")
    return DocumentView(
        sheets,
        hits,
        _amounts(amounts, hits, heads, mark, sheets),
        tuple((row.span(n.start, n.end), to_decimal(n, mark)) for row, n in numbers if n.percent),
        _days(days, hits, numbers, sheets, language),
        _codes(pages),
        tuple(found for s in sheets for found in ibans_on(s)),
        tuple(found for s in sheets for found in vat_numbers_on(s)),
        heads,
        regions(sheets, hits, heads),
        language,
        mark,
        OwnIdentity(),
        tuple(fault for page in pages for b in page.barcodes if (fault := code_fault(b.text))),
    )


def _labels(of: Sheet) -> tuple[LabelHit, ...]:
    return tuple(hit for row in of.rows for hit in labels_on(row, of.source is PageSource.OCR))


def _codes(pages: tuple[Page, ...]) -> tuple[ScannedCode, ...]:
    found = ((payment_code(b.text), i, b.box) for i, page in enumerate(pages, 1) for b in page.barcodes)
    return tuple(ScannedCode(code, page, box) for code, page, box in found if code)


def _languages(hits: tuple[LabelHit, ...]) -> tuple[str, ...]:
    """The languages whose tables know most of the labels, the first one first; words that few languages share count most."""
    votes: Counter[str] = Counter()
    for hit in hits:
        languages = phrases().meanings[hit.phrase].languages
        for language in languages:
            votes[language] += 12 * min(len(hit.phrase), 12) // len(languages)
    best = votes.most_common(4)
    return tuple(language for language, count in best if count > ALSO_SPOKEN * best[0][1]) or ("en",)


def _meant(hits: tuple[LabelHit, ...], languages: tuple[str, ...]) -> tuple[LabelHit, ...]:
    """The labels with what they mean in the document's languages: "Valuta" is a day in German, a currency in Dutch.

    A short word that none of these languages knows as a label is none.
    """
    spoken = frozenset(languages)
    found = []
    for hit in hits:
        meaning = phrases().meanings[hit.phrase]
        if len(hit.phrase) <= SHORT and spoken.isdisjoint(meaning.languages):
            continue
        meant = meaning.among(spoken)
        kinds = tuple(kind for kind in hit.kinds if kind in meant)
        found.append(hit if kinds in ((), hit.kinds) else replace(hit, kinds=kinds))
    return tuple(found)


def _table_heads(hits: tuple[LabelHit, ...]) -> tuple[tuple[int, int], ...]:
    """Rows (page, row) that head a table of lines: a description and two more columns, or quantity, price and total."""
    kinds: dict[tuple[int, int], set[LabelKind]] = {}
    for hit in hits:
        found = HEAD_KINDS.intersection(hit.kinds)
        if found:
            kinds.setdefault((hit.span.page, hit.span.row), set()).update(found)
    wanted = {LabelKind.HEAD_DESCRIPTION, LabelKind.HEAD_QUANTITY, LabelKind.HEAD_UNIT_PRICE}
    return tuple(place for place, found in kinds.items() if len(found) >= 3 and len(found & wanted) >= 2)


def _outside(numbers: list[tuple[Row, NumberText]], days: list[tuple[Row, DayText]]) -> list[tuple[Row, NumberText]]:
    """The numbers that are no part of a day: "2025. 09. 27." proves nothing of the decimal mark."""
    taken: dict[tuple[int, int], list[DayText]] = {}
    for row, day in days:
        taken.setdefault((row.page, row.index), []).append(day)
    return [
        (row, number)
        for row, number in numbers
        if not any(d.start < number.end and number.start < d.end for d in taken.get((row.page, row.index), ()))
    ]


def _amounts(
    numbers: list[tuple[Row, NumberText]],
    hits: tuple[LabelHit, ...],
    heads: tuple[tuple[int, int], ...],
    mark: str,
    sheets: tuple[Sheet, ...],
) -> tuple[PrintedAmount, ...]:
    spans, texts = [], []
    for row, number in numbers:
        if not number.percent and sum(c.isdigit() for c in number.body) <= MOST_DIGITS:
            spans.append(row.span(number.start, number.end))
            texts.append(number)
    outside = tuple(hit for hit in hits if (hit.span.page, hit.span.row) not in heads and not _of_day(hit))
    found = named_after(tuple(spans), pointers(tuple(spans), outside, sheets), outside, sheets)
    return tuple(PrintedAmount(to_decimal(t, mark), t, s, p) for t, s, p in zip(texts, spans, found, strict=True))


def _of_day(hit: LabelHit) -> bool:
    return hit.kinds == (LabelKind.OTHER_DATE,) and len(hit.phrase) <= _SHORTEST_DAY


def _days(
    days: list[tuple[Row, DayText]],
    hits: tuple[LabelHit, ...],
    numbers: list[tuple[Row, NumberText]],
    sheets: tuple[Sheet, ...],
    language: str,
) -> tuple[PrintedDay, ...]:
    english = language in {"", "en"}  # no other language we read writes the month first
    american = (
        english and any(n.currency == "USD" for _, n in numbers) and not any(n.currency in {"EUR", "GBP"} for _, n in numbers)
    )
    lead = month_first((d for _, d in days), american)
    years_lead = year_first((d for _, d in days), language)
    proved = any(d.day and max(d.first, d.second) > 12 for _, d in days)
    spans = tuple(row.span(day.start, day.end) for row, day in days)
    found = captioned(spans, pointers(spans, hits, sheets), hits)
    printed = []
    for (_, day), span, labels in zip(days, spans, found, strict=True):
        value = settle(day, lead, years_lead)
        if value and (not day.compact or any(_DATES.intersection(p.kinds) for p in labels)):
            printed.append(PrintedDay(value, day.day is None and day.slashed and english and not proved, span, labels))
    return tuple(printed)
