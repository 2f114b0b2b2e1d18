"""Stretches of print that may name the supplier: letterhead, sender's line, foot, legal forms, and what labels give."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from scanstraat.extractors.blocks import POSTAL_LINE
from scanstraat.extractors.document_view import DocumentView
from scanstraat.extractors.fields import roll_head
from scanstraat.extractors.fields.name_text import (
    LONGEST,
    MOST_WORDS,
    NAME_LABEL,
    SEPARATOR,
    TRIMMED,
    capitalised,
    is_name,
    is_running,
    is_sender_line,
    is_wordy,
    name_start,
)
from scanstraat.extractors.folding import plain
from scanstraat.extractors.labels.table import LabelKind
from scanstraat.extractors.layout import Row, Sheet, Span
from scanstraat.extractors.parties import Region, Side
from scanstraat.extractors.signals import Signal
from scanstraat.extractors.values.company_name import legal_form_at, opens_with_form
from scanstraat.extractors.wordlists import STREET

LETTERHEAD_PART, FOOTER_PART = 0.26, 0.84
# Print this many times as high as the page's usual is large.
LARGE = 1.35
# A row of more segments than this is a table's, not a letterhead's.
MOST_SEGMENTS = 3
# The first rows of a page, where a name without any other sign still is one.
FIRST_ROWS = 2
# A label of so few letters may begin a name; a name has no more digits than this.
SHORT_LABEL, MOST_DIGITS = 4, 4
# Labels of what is no company's name.
_ELSES = frozenset(
    {
        LabelKind.CONTACT,
        LabelKind.OTHER_NUMBER,
        LabelKind.BIC,
        LabelKind.IBAN,
        LabelKind.PAYMENT_REFERENCE,
        LabelKind.PURCHASE_ORDER,
    }
    | {LabelKind.NUMBER, LabelKind.TERM, LabelKind.OTHER_DATE, LabelKind.ACCOUNT, LabelKind.DATE}
)
_PARTIES = frozenset({LabelKind.BUYER, LabelKind.DELIVERY, LabelKind.SELLER, LabelKind.ACCOUNT_HOLDER})
_LONE_NUMBER = re.compile(r"[A-Z]{0,4}[-./]?\d[\dA-Z./-]{3,}", re.VERBOSE)
# A caption stands so close below its name, in heights of the name, and begins where it does.
CAPTION_GAP, SAME_LEFT = 0.8, 5.0
# How many rows below a seller's label its name may stand.
BELOW = 8


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of print that may name the supplier, and what speaks for it."""

    name: str
    span: Span
    signals: tuple[Signal, ...]


def mentions(view: DocumentView) -> Iterator[Mention]:
    """Every stretch of the document that may name the supplier."""
    for sheet in view.sheets:
        em = median([r.em for r in sheet.rows]) if sheet.rows else 8.0
        if sheet.number == 1 and sheet.is_roll:
            yield from _of_roll(sheet)
        for row in sheet.rows:
            large = (Signal.LARGE_PRINT,) if row.em > LARGE * em else ()
            for segment in row.segments:
                yield from _of_segment(view, sheet, row, segment, large)
    yield from _of_sellers(view)
    yield from _account_holders(view)


def _of_segment(view: DocumentView, sheet: Sheet, row: Row, segment: Span, large: tuple[Signal, ...]) -> Iterator[Mention]:
    """A segment's name: what precedes its legal form, the first of a sender's line, or a whole line of the letterhead or foot."""
    end = legal_form_at(segment.text)
    if end is not None:
        yield from _with_legal_form(row, segment, end, large, _past_label(view, segment))
    elif sheet.number == 1 and is_sender_line(segment.text):
        yield from _sender(view, row, segment)
    elif _is_line_of_name(view, row, segment):
        if sheet.number == 1 and segment.box.y0 < LETTERHEAD_PART * sheet.height:
            first = (Signal.FIRST,) if row.index < FIRST_ROWS else ()
            span = _without_title(view, row, segment)
            wordy = (Signal.WORDY,) if is_wordy(span.text) else ()
            form = (Signal.LEGAL_FORM,) if opens_with_form(span.text) else ()
            yield Mention(span.text.strip(TRIMMED), span, (*form, *large, *first, *wordy))
        elif segment.box.y0 > FOOTER_PART * sheet.height and len(segment.text.split()) <= 5:
            yield Mention(segment.text.strip(TRIMMED), segment, ())


def _of_roll(sheet: Sheet) -> Iterator[Mention]:
    """The names at the head of a till's roll; the first of them may be the shop's."""
    for place, (name, span) in enumerate(roll_head.names(sheet)):
        form = (Signal.LEGAL_FORM,) if legal_form_at(name) is not None else ()
        yield Mention(name, span, (Signal.ROLL_HEAD, *form, *((Signal.FIRST,) if place == 0 else ())))


def _past_label(view: DocumentView, segment: Span) -> int:
    """Where a segment goes on behind a party's label of several words: "Facturé à Acme SARL"."""
    hits = (h for h in view.on_row(segment) if h.span.start == segment.start and _PARTIES.intersection(h.kinds))
    return next((h.span.end - segment.start for h in hits if " " in h.span.text), 0)


def _with_legal_form(row: Row, segment: Span, end: int, large: tuple[Signal, ...], past: int) -> Iterator[Mention]:
    text = segment.text
    start = max(name_start(text, end), past)
    start += len(text[start:end]) - len(text[start:end].lstrip(" :"))
    name = text[start:end]
    if end - start > LONGEST or not is_name(name) or ":" in name or sum(c.isdigit() for c in name) > MOST_DIGITS:
        return
    running = is_running(text) and len(text) > 1.8 * (end - start) + 25
    signals = [Signal.LEGAL_FORM, *large]
    signals.extend([Signal.SENTENCE] if running else [])
    signals.extend([Signal.SENDER_LINE] if start == 0 and is_sender_line(text) else [])
    yield Mention(text[start:end].strip(TRIMMED), row.span(segment.start + start, segment.start + end), tuple(signals))


def _sender(view: DocumentView, row: Row, segment: Span) -> Iterator[Mention]:
    name = SEPARATOR.split(segment.text)[0].strip()
    if (
        is_name(name)
        and not _is_labelled(view, segment)
        and not STREET.search(plain(name))
        and not view.within(segment, Side.BUYER)
    ):
        yield Mention(name, row.span(segment.start, segment.start + len(name)), (Signal.SENDER_LINE,))


def _is_line_of_name(view: DocumentView, row: Row, segment: Span) -> bool:
    """Whether a segment without legal form can be a name: no label begins it, no street, no town, no sentence, few words."""
    text, words = segment.text, segment.text.split()
    if len(row.segments) > MOST_SEGMENTS or len(words) > MOST_WORDS or ":" in text or any(map(str.isdigit, text)):
        return False
    if not is_name(text) or POSTAL_LINE.search(text.strip(" ,.")) or STREET.search(plain(text)):
        return False
    if len(words) > 2 and sum(w[:1].islower() for w in words) > 0.5 * len(words):
        return False
    return not _is_labelled(view, segment) and not _is_pointed_at(view, row, segment) and not _heads_value(row, segment)


def _is_labelled(view: DocumentView, segment: Span) -> bool:
    """Whether a label begins a segment; a short word of one may begin a name as well ("Van Dam Foodservice")."""
    hits = [h for h in view.on_row(segment) if h.span.start == segment.start]
    rest = segment.text[max((len(h.span.text) for h in hits), default=0) :].lstrip()
    return any(h.closed or len(h.phrase) > SHORT_LABEL for h in hits) or (bool(hits) and not rest[:1].isupper())


def _is_pointed_at(view: DocumentView, row: Row, segment: Span) -> bool:
    """Whether a label of something else stands in the column before: "Contacto:   Pilar Ibáñez", "BIC   UBRTHUHB"."""
    before = next((s for s in reversed(row.segments) if s.end <= segment.start), None)
    if before is None:
        return False
    return any(h.alone and h.span.start == before.start and _ELSES.issuperset(h.kinds) for h in view.on_row(segment))


def _heads_value(row: Row, segment: Span) -> bool:
    """Whether a lone number stands in the next column, so that the segment is what it is called: "Leverbon   65867105"."""
    behind = next((s for s in row.segments if s.start >= segment.end), None)
    return row.index >= FIRST_ROWS and behind is not None and _LONE_NUMBER.fullmatch(behind.text.strip()) is not None


def _without_title(view: DocumentView, row: Row, segment: Span) -> Span:
    """A letterhead's segment without the document's title at its end ("Skyforge Web Services Invoice")."""
    for hit in view.on_row(segment):
        if LabelKind.TITLE in hit.kinds and segment.start < hit.span.start < segment.end <= hit.span.end:
            return row.span(segment.start, hit.span.start)
    return segment


def _of_sellers(view: DocumentView) -> Iterator[Mention]:
    """The names that a seller's label gives."""
    for region in view.regions:
        if region.side is Side.SELLER and region.label is not None:
            span = _first_name(view, region.label.span, region)
            if span is not None:
                yield Mention(NAME_LABEL.sub("", span.text.strip()).strip(TRIMMED), span, (Signal.SELLER_LABEL,))


def _first_name(view: DocumentView, label: Span, region: Region) -> Span | None:
    """The name beside a seller's label, behind "Name:" in its region, or on the first line of it."""
    rows = view.sheets[label.page - 1].rows
    row = rows[label.row]
    above = _captioned(rows, label)
    if above is not None:
        return above
    beside = next(
        (s for s in (row.span(label.end, row.segment(label.start)[1]), *row.segments) if _beside(s, label, region)), None
    )
    if beside is not None:
        return beside
    for below in rows[label.row + 1 : label.row + 1 + BELOW]:
        for segment in (s for s in below.segments if region.holds(s)):
            if NAME_LABEL.fullmatch(plain(segment.text)):
                return next((s for s in below.segments if s.start > segment.start and is_name(s.text)), None)
            if ":" not in segment.text and not any(c.isdigit() for c in segment.text) and is_name(segment.text):
                return None if _is_labelled(view, segment) else segment
    return None


def _captioned(rows: tuple[Row, ...], label: Span) -> Span | None:
    """The name right above a seller's label in smaller print, as on forms."""
    row = rows[label.row - 1] if label.row else None
    if row is None or not -1 <= label.box.y0 - row.box.y1 <= CAPTION_GAP * row.em or label.box.height >= row.em:
        return None
    return next((s for s in row.segments if abs(s.box.x0 - label.box.x0) < SAME_LEFT and is_name(s.text)), None)


def _beside(span: Span, label: Span, region: Region) -> bool:
    text = span.text.strip(" :.")
    return span.start >= label.end and bool(text) and is_name(text) and region.holds(span)


def _account_holders(view: DocumentView) -> Iterator[Mention]:
    """The names that hold the account: "t.n.v.", "Kontoinhaber", "Titulaire du compte"; within a sentence too."""
    for hit in view.of_kind(LabelKind.ACCOUNT_HOLDER):
        row = view.row(hit.span)
        rest = row.text[hit.span.end :].lstrip(" :.\t\"'")
        name = SEPARATOR.split(rest)[0].strip(TRIMMED)
        if not (hit.closed or hit.leading) or len(name.split()) > MOST_WORDS:
            name = capitalised(name)
        if name and is_name(name) and len(name.split()) <= MOST_WORDS:
            start = row.text.find(name, hit.span.end)
            yield Mention(name, row.span(start, start + len(name)), (Signal.ACCOUNT_HOLDER,))
