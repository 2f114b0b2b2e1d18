"""Stretches of print that may name the supplier: letterhead, sender's line, foot, legal forms, and what labels give."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from scanstraat.extractors.blocks import POSTAL_LINE
from scanstraat.extractors.document_view import DocumentView
from scanstraat.extractors.fields import roll_head
from scanstraat.extractors.folding import plain
from scanstraat.extractors.labels.table import LabelKind
from scanstraat.extractors.layout import Row, Sheet, Span
from scanstraat.extractors.parties import Region, Side
from scanstraat.extractors.signals import Signal
from scanstraat.extractors.values.company_name import legal_form_at
from scanstraat.extractors.wordlists import CAPTION, COUNTRY, FUNCTION_WORDS, STREET

_SEPARATOR = re.compile(r"\s[•·|∙●*–—~-]+\s|\s?[•·|∙●]\s?|,\s|;\s|\t|:\s|\s{2,}", re.VERBOSE)
_NAME_LABEL = re.compile(
    r"^(?:name|naam|nom|nimi|namn|nome|nombre|navn|firma|firmenname|company|bedrijfsnaam|raison\ sociale|organisation)\s?:?\s?",
    re.VERBOSE | re.IGNORECASE,
)
# Words of a sentence that stand before a name and in none: "payable to", "te betalen aan", "zahlbar an", "virement à".
_LEADING = frozenset({"to", "aan", "an", "à", "by", "from", "op", "naar", "till", "til", "a", "på", "bij", "of", "name"})
# In running text a name goes on while its words begin with a capital, or are one of these.
_INSIDE = frozenset(
    {"&", "+", "de", "der", "den", "van", "von", "und", "en", "et", "and", "of", "du", "des", "la", "le", "di", "ten"}
)
_OWNER = re.compile(r"^(?:inh|inhaber|inhaberin|owner|prop|proprietor|gerant|eigenaar|titolare)\b\.?:?\s?", re.VERBOSE)
# A line of so few words is a name, not a sentence with one.
SHORT_LINE = 5
_TRIMMED = " ,-–|:\"'"
_LONGEST, _MOST_WORDS = 60, 7
LETTERHEAD_PART, FOOTER_PART = 0.26, 0.84
# Print this many times as high as the page's usual is large.
LARGE = 1.35
# A row of more segments than this is a table's, not a letterhead's.
MOST_SEGMENTS = 3
# The first rows of a page, where a name without any other sign still is one.
FIRST_ROWS = 2
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
        yield from _with_legal_form(row, segment, end, large)
    elif sheet.number == 1 and _is_sender_line(segment.text):
        yield from _sender(view, row, segment)
    elif _is_line_of_name(view, row, segment):
        if sheet.number == 1 and segment.box.y0 < LETTERHEAD_PART * sheet.height:
            first = (Signal.FIRST,) if row.index < FIRST_ROWS else ()
            span = _without_title(view, row, segment)
            wordy = (Signal.WORDY,) if _is_wordy(span.text) else ()
            yield Mention(span.text.strip(_TRIMMED), span, (*large, *first, *wordy))
        elif segment.box.y0 > FOOTER_PART * sheet.height and len(segment.text.split()) <= 5:
            yield Mention(segment.text.strip(_TRIMMED), segment, ())


def _of_roll(sheet: Sheet) -> Iterator[Mention]:
    """The names at the head of a till's roll; the first of them may be the shop's."""
    for place, (name, span) in enumerate(roll_head.names(sheet)):
        form = (Signal.LEGAL_FORM,) if legal_form_at(name) is not None else ()
        yield Mention(name, span, (Signal.ROLL_HEAD, *form, *((Signal.FIRST,) if place == 0 else ())))


def _with_legal_form(row: Row, segment: Span, end: int, large: tuple[Signal, ...]) -> Iterator[Mention]:
    text = segment.text
    start = _name_start(text, end)
    if end - start > _LONGEST or not _is_name(text[start:end]):
        return
    running = _is_running(text) and len(text) > 1.8 * (end - start) + 25
    signals = [Signal.LEGAL_FORM, *large]
    signals.extend([Signal.SENTENCE] if running else [])
    signals.extend([Signal.SENDER_LINE] if _is_sender_line(text) else [])
    yield Mention(text[start:end].strip(_TRIMMED), row.span(segment.start + start, segment.start + end), tuple(signals))


def _sender(view: DocumentView, row: Row, segment: Span) -> Iterator[Mention]:
    name = _SEPARATOR.split(segment.text)[0].strip()
    labelled = any(h.span.start == segment.start for h in view.on_row(segment))
    if _is_name(name) and not labelled and not STREET.search(plain(name)) and not view.within(segment, Side.BUYER):
        yield Mention(name, row.span(segment.start, segment.start + len(name)), (Signal.SENDER_LINE,))


def _name_start(text: str, end: int) -> int:
    """Where the name before a legal form starts: after the last separator, or in a sentence after its last function word.

    >>> text = "Please make payment to Bright Pixel Studio LLC"
    >>> text[_name_start(text, len(text)) :], _name_start("Weingut zur Linde GmbH", 22)
    ('Bright Pixel Studio LLC', 0)
    """
    start = 0
    for match in _SEPARATOR.finditer(text, 0, end):
        rest = text[match.end() : end]
        if len(rest.split()) > 1 and not re.fullmatch(r"[&+ ]*(?:co|inc|ltd)\b.*", rest.lower()):
            start = match.end()
    words = list(re.finditer(r"\S+", text[start:end]))
    for before, word in reversed(list(pairwise(words[:-1]))):
        leads = word[0][:1].isupper() and (
            before[0] in _LEADING or (_is_running(text[start:end]) and before[0] in FUNCTION_WORDS)
        )
        if leads and len(words) > SHORT_LINE:
            return start + word.start()
    return start


def _is_running(text: str) -> bool:
    """Whether a text is a sentence rather than a name: long, and mostly in lower case."""
    words = text.split()
    return sum(w[:1].islower() for w in words) > 0.4 * len(words) and len(words) > 6


def _is_sender_line(text: str) -> bool:
    """Name, street and town in one line, as stands small above the address window."""
    pieces = [p.strip() for p in _SEPARATOR.split(text) if p.strip()] if len(text) < 110 else []
    if not 3 <= len(pieces) <= 6 or pieces[0][:1].isdigit():
        return False
    return any(POSTAL_LINE.search(p.strip(" ,.")) for p in pieces[2:])


def _is_name(text: str) -> bool:
    """Whether a text can be a name: letters enough, no mail or web address, no caption and no country.

    >>> [_is_name(t) for t in ("Kraxi GmbH", "Tel. 0123-45678", "www.kraxi.example", "Deutschland")]
    [True, False, False, False]
    """
    letters = sum(map(str.isalpha, text))
    if letters < 3 or letters < 0.6 * len(text.replace(" ", "")) or len(text) > _LONGEST:
        return False
    bare = plain(text).strip()
    told = CAPTION.search(bare) or COUNTRY.fullmatch(bare) or _OWNER.search(bare)
    return not told and text.strip()[-1:] not in {"/", "-", "=", "?", "!"}


def _is_line_of_name(view: DocumentView, row: Row, segment: Span) -> bool:
    """Whether a segment without legal form can be a name: no label begins it, no street, no town, no sentence, few words."""
    text, words = segment.text, segment.text.split()
    if len(row.segments) > MOST_SEGMENTS or len(words) > _MOST_WORDS or ":" in text or any(map(str.isdigit, text)):
        return False
    if not _is_name(text) or POSTAL_LINE.search(text.strip(" ,.")) or STREET.search(plain(text)):
        return False
    if len(words) > 2 and sum(w[:1].islower() for w in words) > 0.5 * len(words):
        return False
    return not any(segment.start == h.span.start for h in view.on_row(segment))


def _is_wordy(text: str) -> bool:
    """Whether a line reads as a heading or a sentence: small words among many, or two languages side by side.

    >>> [_is_wordy(t) for t in ("Factuur voor de maand mei", "MÁSOLAT / KOPIE", "Bakkerij de Korenbloem")]
    [True, True, False]
    """
    words = text.split()
    small = sum(w in FUNCTION_WORDS or w in {"voor", "per", "uw", "your", "ihre", "votre"} for w in words)
    return "/" in words or (len(words) > 3 and small > 0) or small > 1


def _without_title(view: DocumentView, row: Row, segment: Span) -> Span:
    """A letterhead's segment without the document's title at its end ("Skyforge Web Services Invoice")."""
    for hit in view.on_row(segment):
        if LabelKind.TITLE in hit.kinds and segment.start < hit.span.start and hit.span.end >= segment.end:
            return row.span(segment.start, hit.span.start)
    return segment


def _of_sellers(view: DocumentView) -> Iterator[Mention]:
    """The names that a seller's label gives."""
    for region in view.regions:
        if region.side is Side.SELLER and region.label is not None:
            span = _first_name(view, region.label.span, region)
            if span is not None:
                yield Mention(_NAME_LABEL.sub("", span.text.strip()).strip(_TRIMMED), span, (Signal.SELLER_LABEL,))


def _first_name(view: DocumentView, label: Span, region: Region) -> Span | None:
    """The name beside a seller's label, behind "Name:" in its region, or on the first line of it."""
    rows = view.sheets[label.page - 1].rows
    row = rows[label.row]
    beside = next(
        (s for s in (row.span(label.end, row.segment(label.start)[1]), *row.segments) if _beside(s, label, region)), None
    )
    if beside is not None:
        return beside
    for below in rows[label.row + 1 : label.row + 1 + BELOW]:
        for segment in (s for s in below.segments if region.holds(s)):
            if _NAME_LABEL.fullmatch(plain(segment.text)):
                return next((s for s in below.segments if s.start > segment.start and _is_name(s.text)), None)
            if ":" not in segment.text and not any(c.isdigit() for c in segment.text) and _is_name(segment.text):
                return segment
    return None


def _beside(span: Span, label: Span, region: Region) -> bool:
    text = span.text.strip(" :.")
    return span.start >= label.end and bool(text) and _is_name(text) and region.holds(span)


def _account_holders(view: DocumentView) -> Iterator[Mention]:
    """The names that hold the account: "t.n.v.", "Kontoinhaber", "Titulaire du compte"; within a sentence too."""
    for hit in view.of_kind(LabelKind.ACCOUNT_HOLDER):
        row = view.row(hit.span)
        rest = row.text[hit.span.end :].lstrip(" :.\t\"'")
        name = _SEPARATOR.split(rest)[0].strip(_TRIMMED)
        if not (hit.closed or hit.leading) or len(name.split()) > _MOST_WORDS:
            name = _capitalised(name)
        if name and _is_name(name) and len(name.split()) <= _MOST_WORDS:
            start = row.text.find(name, hit.span.end)
            yield Mention(name, row.span(start, start + len(name)), (Signal.ACCOUNT_HOLDER,))


def _capitalised(text: str) -> str:
    """The words a name can have at the start of running text.

    >>> _capitalised("J. de Vries Advies onder vermelding van"), _capitalised("ons bekende adres")
    ('J. de Vries Advies', '')
    """
    words = text.split()
    end = next((i for i, w in enumerate(words) if w[:1].islower() and w not in _INSIDE), len(words))
    while end and words[end - 1][:1].islower():
        end -= 1
    return " ".join(words[:end]).strip(_TRIMMED)
