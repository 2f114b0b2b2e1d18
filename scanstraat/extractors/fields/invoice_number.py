"""The invoice number (C1): what stands beside, below or after its label, or after the document's title."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from scanstraat.extractors.candidate import Candidate
from scanstraat.extractors.captions import over_caption
from scanstraat.extractors.document_view import DocumentView
from scanstraat.extractors.labels.finding import LabelHit
from scanstraat.extractors.labels.table import LabelKind
from scanstraat.extractors.layout import GAP, Row, Span
from scanstraat.extractors.signals import Signal
from scanstraat.extractors.values.iban import checks
from scanstraat.model.field import FieldName

_VALUE = re.compile(
    r"""
    [\s:.#=№°]*(?:(?:no|nr|num|nro|n)\b[.:°º\s]*)?(?:(?-i:[A-Z]{2,3})(?:\.*:\s|\t))?\(?  # "Fatura FT: FT A/224"
    (?P<text>(?-i:[A-Z]{2,4})\ [A-Z0-9]+(?:[-/]\d+)+(?![\w/])                # "FT 2026/354", a series and its number
           | (?-i:[A-Z]{2,5})\ nr\.?\ \d+(?![\w/])                            # "ABC nr. 12"
           | [A-Z0-9][A-Z0-9]*(?:\ ?[-/_.–]\ ?[A-Z0-9]+)*(?:\ \d+)*)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_PLAIN_WORD = re.compile(r"[^\W\d_]{2,}", re.VERBOSE)
# Words after a dash with blanks are what the invoice is about: "2026/17 - Einbauschrank".
_SUBJECT = re.compile(r"\s[-–]\s(?=[^\W\d_]+(?:\s|$))", re.VERBOSE)
# A number that could as well be a day in one piece ("20260312").
_COMPACT_DAY = re.compile(r"20\d{6}", re.VERBOSE)
_LONGEST = 30
LONGEST_ABBREVIATION = 2
STRONG = frozenset({LabelKind.INVOICE_NUMBER})
_TITLES = frozenset({LabelKind.TITLE, LabelKind.TITLE_CREDIT})


def candidates(view: DocumentView) -> tuple[Candidate, ...]:
    """Every text a label or title gives as the invoice's number."""
    found = list(_labelled(view))
    seen = Counter(_key(c.value) for c in found)
    whole = "\n".join(row.text for s in view.sheets for row in s.rows)
    return tuple(
        c.with_signals(Signal.REPEATED) if seen[_key(c.value)] > 1 or (len(c.value) > 4 and whole.count(c.value) > 1) else c
        for c in found
    )


def _key(value: str) -> str:
    return re.sub(r"\W", "", value).lower()


def _labelled(view: DocumentView) -> Iterator[Candidate]:
    for hit in view.hits:
        strength = _strength(hit, view)
        if strength is None:
            continue
        row = view.row(hit.span)
        captioned = over_caption(hit, view.sheets[hit.span.page - 1], view.on_row(hit.span)) if hit.alone else None
        if captioned and (over := _over(view, captioned)):
            yield _candidate(view, over, strength[1], hit)
            continue
        value = _beside(view, row, hit)
        if value:
            yield _candidate(view, value, strength[0], hit)
        elif hit.closed or _heads_column(view, hit):
            below = _below(view, hit)
            if below:
                yield _candidate(view, below, strength[1], hit)


def _strength(hit: LabelHit, view: DocumentView) -> tuple[Signal, Signal] | None:
    """The signals of a value beside and below this label; None where it labels no invoice number."""
    if LabelKind.INVOICE_NUMBER in hit.kinds:
        return (Signal.LABEL_BESIDE if hit.leading else Signal.LABEL_IN_SENTENCE), Signal.LABEL_ABOVE
    if _TITLES.intersection(hit.kinds) and hit.leading:
        return Signal.TITLE_BESIDE, Signal.LABEL_ABOVE if _heads_alone(view, hit) else Signal.WEAK_LABEL_ABOVE
    first = hit.span.page == 1 and (hit.span.page, hit.span.row) not in view.heads
    if LabelKind.NUMBER in hit.kinds and first and _says_again(view, hit):
        return Signal.LABEL_BESIDE, Signal.LABEL_ABOVE
    if LabelKind.NUMBER in hit.kinds and first and _opens(view, hit):
        return Signal.WEAK_LABEL_BESIDE, Signal.WEAK_LABEL_ABOVE
    return None


def _opens(view: DocumentView, hit: LabelHit) -> bool:
    """Whether a bare word for a number opens its column or follows the title; in "Main St, no. 7" it numbers something else."""
    row = view.row(hit.span)
    start = row.segment(hit.span.start)[0]
    titled = any(_TITLES.intersection(h.kinds) and start <= h.span.start < hit.span.start for h in view.on_row(hit.span))
    return titled or not any(c.isalnum() for c in row.text[start : hit.span.start])


def _says_again(view: DocumentView, hit: LabelHit) -> bool:
    """Whether it only repeats the label before it in other words, as in "Factuur nr. / Document no."."""
    text = view.row(hit.span).text
    before = (h for h in view.on_row(hit.span) if STRONG.intersection(h.kinds) and h.leading and h.span.end <= hit.span.start)
    return any(text[h.span.end : hit.span.start].strip(" .:") in {"/", "|", "-", "–"} for h in before)


def _beside(view: DocumentView, row: Row, hit: LabelHit) -> Span | None:
    """The value to the right, unless another label stands between."""
    match = _VALUE.match(row.text, hit.span.end)
    if not match:
        return None
    span = _trimmed(row, match)
    between = [h for h in view.hits if h.span.page == row.page and h.span.row == row.index and h.span.start >= hit.span.end]
    if span is None or any(h.span.start <= span.start < h.span.end for h in between):
        return None
    if GAP in row.text[hit.span.end : span.start] and _heads_column(view, hit):
        return None
    return span if _is_number(span.text, view, span) else None


def _heads_column(view: DocumentView, hit: LabelHit) -> bool:
    """Whether the label is one of several heads whose values stand below them."""
    row = view.row(hit.span)
    heads = [h for h in view.on_row(hit.span) if h.alone or _next_to_label(view, h)]
    digits = any(c.isdigit() for c in row.text)
    return len(heads) >= 2 and not digits


def _heads_alone(view: DocumentView, hit: LabelHit) -> bool:
    """Whether nothing but an abbreviation follows a head in its column, as in "Opravný doklad č."."""
    row = view.row(hit.span)
    rest = row.text[hit.span.end : row.segment(hit.span.start)[1]]
    return sum(c.isalnum() for c in rest) <= LONGEST_ABBREVIATION and _heads_column(view, hit)


def _next_to_label(view: DocumentView, hit: LabelHit) -> bool:
    """Whether only a blank parts a label from another, as where two columns' heads stand close."""
    text = view.row(hit.span).text
    others = (h.span for h in view.on_row(hit.span) if h is not hit)
    return any(text[min(s.end, hit.span.end) : max(s.start, hit.span.start)] == " " for s in others)


def _over(view: DocumentView, segment: Span) -> Span | None:
    """The value of a caption, as on forms that print it small below; `segment` is what stands over it."""
    if any(_within(h.span, segment) and h.alone for h in view.hits):
        return None
    row = view.row(segment)
    match = _VALUE.match(row.text, segment.start)
    span = _trimmed(row, match) if match else None
    return span if span and span.end == segment.end and _is_number(span.text, view, span) else None


def _within(one: Span, other: Span) -> bool:
    return (one.page, one.row) == (other.page, other.row) and other.start <= one.start < other.end


def _trimmed(row: Row, match: re.Match[str]) -> Span | None:
    """The matched text cut where it runs into words, dates of its own row or more than a number has."""
    start, end = match.span("text")
    text = row.text[start:end]
    subject = _SUBJECT.search(text)
    if subject and any(c.isdigit() for c in text[: subject.start()]):
        end = start + subject.start()
        text = row.text[start:end]
    pieces = text.split(" ")
    if len(pieces) > 1 and not any(c.isdigit() for c in pieces[0]) and not any(p[:1] in "-/_.–" for p in pieces[1:2]):
        if len(pieces[0]) > 4 or not pieces[0].isupper():
            return None
    elif len(pieces) > 1 and not re.search(r"^[-/_.–]|[-/_.–]$", " ".join(pieces[:2])[len(pieces[0]) - 1 :].strip()):
        after = row.text[end : end + 1]
        if after not in {"", GAP} and not re.search(r"[-/_.–]", text):
            end = start + len(pieces[0])
    return row.span(start, end)


def _is_number(text: str, view: DocumentView, span: Span) -> bool:
    """Whether a text can be an invoice number: it holds a digit, and is neither a day, an IBAN nor an amount with a currency."""
    bare = re.sub(r"\W", "", text)
    if not any(c.isdigit() for c in bare) or len(text) > _LONGEST or checks(bare.upper()):
        return False
    day = not _COMPACT_DAY.fullmatch(text) and any(
        d.span.page == span.page and d.span.row == span.row and d.span.start <= span.start < d.span.end for d in view.days
    )
    money = any(
        a.span.page == span.page
        and a.span.row == span.row
        and a.span.start <= span.start < a.span.end
        and (a.text.has_decimals or a.text.currency)
        for a in view.amounts
    )
    inside_word = len(_PLAIN_WORD.findall(text)) > 2
    return not day and not money and not inside_word


def _below(view: DocumentView, hit: LabelHit) -> Span | None:
    """The value in the label's column, at most two rows below."""
    rows = view.sheets[hit.span.page - 1].rows
    for row in rows[hit.span.row + 1 : hit.span.row + 4]:
        if row.box.y0 - hit.span.box.y1 > 3.2 * max(row.em, 7) or row.box.y0 < hit.span.box.y1 - 3:
            continue
        for segment in row.segments:
            overlap = min(segment.box.x1, hit.span.box.x1) - max(segment.box.x0, hit.span.box.x0)
            if overlap <= -3 and abs(segment.box.x0 - hit.span.box.x0) > 6:
                continue
            match = _VALUE.match(row.text, segment.start)
            span = _trimmed(row, match) if match else None
            if span and _is_number(span.text, view, span) and not _labelled_at(view, span):
                return span
            return None
    return None


def _labelled_at(view: DocumentView, span: Span) -> bool:
    """Whether a label begins there, rather than letters of the number itself that happen to be one: "SI-0613"."""
    text = view.row(span).text
    there = (h.span for h in view.on_row(span) if h.span.start <= span.start < h.span.end)
    return any(text[s.end : s.end + 1] not in {"-", "/"} for s in there)


def _candidate(view: DocumentView, span: Span, signal: Signal, hit: LabelHit) -> Candidate:
    text = re.sub(r"\s*([-/_–]|(?<!nr)\.)\s*", r"\1", span.text.strip(" .-/"))
    bare = re.sub(r"\W", "", text)
    signals = [signal]
    signals.extend([Signal.SHORT] if len(bare) < 3 else [Signal.WELL_FORMED] if sum(c.isdigit() for c in bare) >= 3 else [])
    top = hit.span.page == 1 and hit.span.box.y0 < 0.5 * view.sheets[0].height
    signals.extend([Signal.ON_TOP] if top else [])
    return Candidate(FieldName.INVOICE_NUMBER, text, view.evidence(span), tuple(signals))
