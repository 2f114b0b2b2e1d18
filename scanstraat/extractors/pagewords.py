"""The words on a page that name kinds of papers, and where each stands (B7): as a heading, a label, in a sentence, in passing."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

from scanstraat.extractors.fields.is_credit_note import names_credit
from scanstraat.extractors.labels.finding import LabelHit, page_kinds_on
from scanstraat.extractors.layout import Row, Sheet
from scanstraat.model.document import Kind

# Matches "Kundfaktura" and "Monatsrechnung", refuses "Rechnung" (which the tables know) and "Abrechnungen".
_COMPOUND = re.compile(r"^[^\W\d_]{3,}(?:rechnung|factuur|faktura|lasku|számla)$", re.VERBOSE | re.IGNORECASE)


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
# A title stands in this upper part of a page; a phrase this long is a sentence's.
TITLE_PART, SENTENCE_LETTERS = 0.5, 15


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


def told_by(sheet: Sheet, labels: tuple[LabelHit, ...]) -> Iterator[Told]:
    """Every word of a page that names a kind, unless it is only part of a label."""
    em = median([r.em for r in sheet.rows]) if sheet.rows else 8.0
    on_row: dict[int, list[LabelHit]] = defaultdict(list)
    for label in labels:
        on_row[label.span.row].append(label)
    for row in sheet.rows:
        found = list(page_kinds_on(row)) or list(_compound(row))
        for kind, hit in found:
            if any(_within(hit, label, kind) for label in on_row[row.index]):
                continue
            belongs = kind is Kind.ANNEX and any(k is Kind.INVOICE and h.span.start > hit.span.start for k, h in found)
            signs = _signs(sheet, row, em, hit)
            yield Told(kind, hit.span.text, (*signs, Sign.OF_INVOICE) if belongs and Sign.TITLE in signs else signs)


def _compound(row: Row) -> Iterator[tuple[Kind, LabelHit]]:
    """A word that ends as words for invoice do ("Kundfaktura", "Monatsrechnung") and is alone in its segment."""
    for segment in row.segments:
        match = _COMPOUND.match(segment.text)
        if match:
            yield Kind.INVOICE, LabelHit((), row.span(segment.start, segment.start + match.end()), match[0].lower(), True, True)


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
