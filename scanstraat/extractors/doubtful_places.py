"""Where on scanned pages a second look is worth its time: values that are unsure or rivalled, and labels without their value."""

from __future__ import annotations

from collections.abc import Iterator

from scanstraat.extractors.document_view import DocumentView
from scanstraat.extractors.grouping import around
from scanstraat.extractors.labels.finding import LabelHit
from scanstraat.extractors.labels.table import LabelKind
from scanstraat.extractors.layout import Row, Sheet
from scanstraat.extractors.signals import Signal
from scanstraat.model.field import Evidence, FieldName, Method, Readings
from scanstraat.model.look import Place
from scanstraat.model.page import Box

# The fields money depends on, each with the labels beside or below which its value stands when it was not found.
LOOKED_AT: tuple[tuple[FieldName, frozenset[LabelKind]], ...] = (
    (FieldName.IBAN, frozenset({LabelKind.IBAN})),
    (FieldName.TOTAL, frozenset({LabelKind.TOTAL_GROSS, LabelKind.TOTAL_DUE, LabelKind.TOTAL})),
    (FieldName.INVOICE_NUMBER, frozenset({LabelKind.INVOICE_NUMBER})),
    (FieldName.VAT_NUMBER, frozenset({LabelKind.VAT_NUMBER})),
    (FieldName.INVOICE_DATE, frozenset({LabelKind.INVOICE_DATE})),
    (FieldName.DUE_DATE, frozenset({LabelKind.DUE_DATE})),
    (FieldName.NET_TOTAL, frozenset({LabelKind.NET_TOTAL})),
    (FieldName.VAT_TOTAL, frozenset({LabelKind.VAT_TOTAL})),
    (FieldName.PAYMENT_REFERENCE, frozenset({LabelKind.PAYMENT_REFERENCE})),
)
SURE = 0.9  # a value at least this sure is not looked at again, unless it is doubted or was read from poor print
RIVAL = 0.15  # nor is a runner-up less likely than this
MOST_LABELS = 2  # of one field whose value was not found
MOST = 16  # places of one document
_EMPTY_REACH = 160.0  # points to the right of a label behind which nothing was read
_BELOW = 2.5  # heights of a label's row within which a value stands below it
_LONGEST = 45  # letters of a value beside a label; more is a sentence
_CLEAR = 0.8  # of a word's confidence; words all clearer than this and without a digit are no value
_NEIGHBOUR = 1.0  # em; a short word this near may be part of the value: a currency sign, a torn digit
_SHORT = 3


def places(seen: DocumentView, readings: Readings) -> tuple[Place, ...]:
    """The places to look at again, the most important first, none of them twice; only on pages read by OCR."""
    wanted: list[Place] = []
    for field, labels in LOOKED_AT:
        for place in _of_label(seen, labels) if readings.get(field) is None else _of_value(seen, readings, field):
            if not any(_same(place, other) for other in wanted):
                wanted.append(place)
    return tuple(wanted[:MOST])


def _of_value(seen: DocumentView, readings: Readings, field: FieldName) -> Iterator[Place]:
    """The place of an unsure value, and those of its rivals."""
    reading = readings.get(field)
    if reading is None:
        return
    if reading.confidence >= SURE and not reading.doubts and Signal.POOR_PRINT not in reading.signals:
        return
    rivals = (other.evidence for other in reading.runners_up if other.confidence >= RIVAL)
    for evidence in (reading.evidence, *rivals):
        if evidence is not None and evidence.method is Method.OCR:
            yield from _of_evidence(seen.sheets[evidence.page - 1], evidence, seen.hits)


def _of_evidence(sheet: Sheet, evidence: Evidence, hits: tuple[LabelHit, ...]) -> Iterator[Place]:
    x, y = evidence.box.middle
    level = y - sheet.slope * x
    row = min(sheet.rows, key=lambda row: abs(row.box.middle[1] - level), default=None)
    if row is None:
        return
    inside = [i for i, w in enumerate(row.words) if w.box.x0 < evidence.box.x1 and evidence.box.x0 < w.box.x1]
    if inside:
        yield _place(sheet, row, *_widened(row, inside[0], inside[-1], hits))


def _widened(row: Row, first: int, last: int, hits: tuple[LabelHit, ...]) -> tuple[int, int]:
    """The words with a short neighbour on each side that is no label."""
    if first and _joins(row, first - 1, first, hits):
        first -= 1
    if last + 1 < len(row.words) and _joins(row, last + 1, last + 1, hits):
        last += 1
    return first, last


def _joins(row: Row, word: int, right: int, hits: tuple[LabelHit, ...]) -> bool:
    """Whether a word may be part of its neighbour's value; `right` is the right one of the two."""
    near = row.words[right].box.x0 - row.words[right - 1].box.x1 <= _NEIGHBOUR * row.em
    at = row.starts[word]
    label = any(h.span.page == row.page and h.span.row == row.index and h.span.start <= at < h.span.end for h in hits)
    return near and not label and len(row.words[word].text) <= _SHORT


def _of_label(seen: DocumentView, kinds: frozenset[LabelKind]) -> Iterator[Place]:
    """What stands beside labels of these kinds, or below them; where nothing was read, the empty place beside."""
    hits = [hit for hit in seen.hits if kinds.intersection(hit.kinds) and seen.method(hit.span.page) is Method.OCR]
    for hit in [hit for hit in hits if hit.leading][:MOST_LABELS]:
        sheet = seen.sheets[hit.span.page - 1]
        yield from _beside(sheet, hit)
        yield from _below(sheet, hit)


def _beside(sheet: Sheet, hit: LabelHit) -> Iterator[Place]:
    row = sheet.rows[hit.span.row]
    after = [i for i, start in enumerate(row.starts) if start >= hit.span.end and any(c.isalnum() for c in row.words[i].text)]
    if after:
        end = row.segment(row.starts[after[0]])[1]
        after = [i for i in after if row.starts[i] < end]
        if _is_worth(row, after[0], after[-1]):
            yield _place(sheet, row, after[0], after[-1])
        return
    box, ends = hit.span.box, row.words[-1].box.x1
    reach = min(ends + _EMPTY_REACH, sheet.width)
    if reach - ends > row.em:
        yield Place(sheet.number, sheet.on_page(Box(ends + row.em / 3, box.y0, reach, box.y1)), sheet.slope)


def _below(sheet: Sheet, hit: LabelHit) -> Iterator[Place]:
    box = hit.span.box
    for row in sheet.rows[hit.span.row + 1 : hit.span.row + 3]:
        if row.box.y0 - box.y1 > _BELOW * row.em:
            return
        for segment in row.segments:
            over = min(segment.box.x1, box.x1) - max(segment.box.x0, box.x0)
            first, last = row.word_at(segment.start), row.word_at(segment.end - 1)
            if over > 0 and _is_worth(row, first, last):
                yield _place(sheet, row, first, last)
                return


def _is_worth(row: Row, first: int, last: int) -> bool:
    """Whether these words may hold a value, or did before they were misread."""
    words = row.words[first : last + 1]
    digits = any(c.isdigit() for w in words for c in w.text)
    return sum(len(w.text) + 1 for w in words) <= _LONGEST and (digits or any(w.confidence < _CLEAR for w in words))


def _place(sheet: Sheet, row: Row, first: int, last: int) -> Place:
    """The place of some words of a row. A slanting word's box is higher than its print by what it rises."""
    words = row.words[first : last + 1]
    box = around(words)
    steep = abs(sheet.slope)
    lean = min(max(w.box.width for w in words) * steep / 2, box.height / 4)
    return Place(sheet.number, sheet.on_page(Box(box.x0, box.y0 + lean, box.x1, box.y1 - lean)), sheet.slope)


def _same(one: Place, other: Place) -> bool:
    """Whether two places are one, or the first lies within the other."""
    x, y = one.box.middle
    inside = other.box.x0 <= x <= other.box.x1 and other.box.y0 <= y <= other.box.y1
    return one.page == other.page and inside and one.box.width <= 1.2 * other.box.width
