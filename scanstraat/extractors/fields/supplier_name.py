"""The supplier's name (C1): letterhead, sender's line, footer, seller label, account holder, beside VAT number or account."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from scanstraat.extractors.blocks import POSTAL_LINE
from scanstraat.extractors.candidate import Candidate
from scanstraat.extractors.document_view import DocumentView
from scanstraat.extractors.fields.supplier_places import Place, domains, identity_places
from scanstraat.extractors.folding import plain
from scanstraat.extractors.labels.table import LabelKind
from scanstraat.extractors.layout import Row, Sheet, Span
from scanstraat.extractors.parties import Side
from scanstraat.extractors.signals import Signal
from scanstraat.extractors.values.company_name import core, legal_form_at, same_company
from scanstraat.extractors.wordlists import BANK, CAPTION, COUNTRY, FUNCTION_WORDS, STREET
from scanstraat.model.field import Evidence, FieldName, Method

_SEPARATOR = re.compile(r"\s[•·|∙●*–—~-]+\s|\s?[•·|∙●]\s?|,\s|;\s|\t|:\s|\s{2,}|(?<=[a-z])\s-\s", re.VERBOSE)
_LONGEST = 60
LETTERHEAD_PART, FOOTER_PART = 0.26, 0.84
# Print this many times as high as the page's usual is large.
LARGE = 1.35
# A row of more segments than this is a table's, not a letterhead's.
MOST_SEGMENTS = 3


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of print that may name the supplier, and what speaks for it."""

    name: str
    span: Span
    signals: tuple[Signal, ...]


def candidates(view: DocumentView) -> tuple[Candidate, ...]:
    """Every name that may be the supplier's, mentions of the same company put together; never the customer's own (C6)."""
    places, webs = identity_places(view), domains(view)
    mentions = [m for m in _mentions(view) if not _is_own(m.name, view)]
    found: list[Candidate] = []
    for mention in mentions:
        signals = [*mention.signals, *_around(view, mention, places)]
        if any(_spells(mention.name, web) for web in webs):
            signals.append(Signal.DOMAIN)
        found.append(Candidate(FieldName.SUPPLIER_NAME, mention.name, view.evidence(mention.span), tuple(dict.fromkeys(signals))))
    found.extend(
        Candidate(FieldName.SUPPLIER_NAME, s.code.name, Evidence(s.page, s.box, s.code.name, Method.BARCODE), (Signal.IN_QR,))
        for s in view.codes
        if s.code.name and not _is_own(s.code.name, view)
    )
    return tuple(_merged(found))


def _merged(found: list[Candidate]) -> Iterator[Candidate]:
    """One candidate a company: the fullest mention, with the signals of all."""
    groups: list[list[Candidate]] = []
    for candidate in found:
        home = next((g for g in groups if same_company(g[0].value, candidate.value)), None)
        if home is None:
            groups.append([candidate])
        else:
            home.append(candidate)
    for group in groups:
        fullest = max(group, key=lambda c: (Signal.LEGAL_FORM in c.signals, not c.value.isupper(), len(c.value) < 45))
        places = {(c.evidence.page, c.evidence.box) for c in group if c.evidence}
        signals = tuple(dict.fromkeys(s for c in group for s in c.signals))
        if Signal.SENTENCE in signals and any(Signal.SENTENCE not in c.signals for c in group):
            signals = tuple(s for s in signals if s is not Signal.SENTENCE)
        merged = Candidate(fullest.field, fullest.value, fullest.evidence, signals)
        yield merged.with_signals(Signal.REPEATED) if len(places) > 1 else merged


def _is_own(name: str, view: DocumentView) -> bool:
    return any(same_company(name, own) for own in view.own.names)


def _spells(name: str, domain: str) -> bool:
    squeezed = core(name).replace(" ", "")
    if len(domain) < 3 or len(squeezed) < 3:
        return False
    first = core(name).split()[0]
    return (
        squeezed == domain
        or (len(domain) >= 4 and domain in squeezed)
        or (len(first) >= 4 and domain.startswith(first))
        or (len(squeezed) >= 0.6 * len(domain) and squeezed in domain)
    )


def _mentions(view: DocumentView) -> Iterator[Mention]:
    for sheet in view.sheets:
        em = median([r.em for r in sheet.rows]) if sheet.rows else 8.0
        for row in sheet.rows:
            for segment in row.segments:
                yield from _of_segment(view, sheet, row, segment, em)
    yield from _labelled(view)


def _of_segment(view: DocumentView, sheet: Sheet, row: Row, segment: Span, em: float) -> Iterator[Mention]:
    """A segment's name: what precedes its legal form, or the whole of a large or first line of the letterhead."""
    text = segment.text
    end = legal_form_at(text)
    if end is not None:
        start = _name_start(text, end)
        if end - start <= _LONGEST and _is_name(text[start:end]):
            signals = [Signal.LEGAL_FORM]
            running = _is_running(text) and len(text) > 1.8 * (end - start) + 25
            signals.extend([Signal.SENTENCE] if running else [])
            signals.extend([Signal.LARGE_PRINT] if row.em > LARGE * em else [])
            signals.extend([Signal.SENDER_LINE] if _is_sender_line(text) else [])
            yield Mention(text[start:end].strip(" ,-–|"), row.span(segment.start + start, segment.start + end), tuple(signals))
        return
    if sheet.number == 1 and _is_sender_line(text):
        name = _SEPARATOR.split(text)[0].strip()
        labelled = any(h.span.start == segment.start for h in view.on_row(segment))
        if _is_name(name) and not labelled and not STREET.search(plain(name)):
            yield Mention(name, row.span(segment.start, segment.start + len(name)), (Signal.SENDER_LINE,))
        return
    if sheet.number == 1 and segment.box.y0 < LETTERHEAD_PART * sheet.height and _is_letterhead(view, row, segment):
        signals = [Signal.LARGE_PRINT] if row.em > LARGE * em else []
        yield Mention(text.strip(" ,-–|"), segment, tuple(signals))
    elif segment.box.y0 > FOOTER_PART * sheet.height and _is_letterhead(view, row, segment) and len(text.split()) <= 5:
        yield Mention(text.strip(" ,-–|"), segment, ())


def _name_start(text: str, end: int) -> int:
    """Where the name before a legal form starts: after the last separator, or at the first capital of the run before it."""
    start = 0
    for match in _SEPARATOR.finditer(text, 0, end):
        rest = text[match.end() : end]
        if len(rest.split()) > 1 and not re.fullmatch(r"[&+ ]*(?:co|inc|ltd)\b.*", rest.lower()):
            start = match.end()
    words = list(re.finditer(r"\S+", text[start:end]))
    if _is_running(text[start:end]):
        for word in reversed(words[:-2]):
            if word[0].islower() and word[0].strip(".,") in FUNCTION_WORDS:
                return start + word.end() + 1
    return start


def _is_running(text: str) -> bool:
    words = text.split()
    return sum(w[:1].islower() for w in words) > 0.4 * len(words) and len(words) > 6


def _is_sender_line(text: str) -> bool:
    """Name, street and town in one line, as stands small above the address window."""
    pieces = [p.strip() for p in _SEPARATOR.split(text) if p.strip()]
    return (
        3 <= len(pieces) <= 6
        and len(text) < 110
        and any(POSTAL_LINE.search(p.strip(" ,.")) for p in pieces[1:])
        and not pieces[0][:1].isdigit()
    )


def _is_name(text: str) -> bool:
    """Whether a text can be a name: letters enough, no mail or web address, not a label or a street."""
    letters = sum(c.isalpha() for c in text)
    bare = plain(text).strip()
    return (
        letters >= 3
        and letters >= 0.6 * len(text.replace(" ", ""))
        and len(text) <= _LONGEST
        and not CAPTION.search(bare)
        and not COUNTRY.fullmatch(bare)
    )


def _is_letterhead(view: DocumentView, row: Row, segment: Span) -> bool:
    """Whether a segment without legal form can be a name in a letterhead: no label on it, no street, no town, few words."""
    text = segment.text
    if (
        len(row.segments) > MOST_SEGMENTS
        or not _is_name(text)
        or len(text.split()) > 7
        or ":" in text
        or any(c.isdigit() for c in text)
    ):
        return False
    if POSTAL_LINE.search(text.strip(" ,.")) or STREET.search(plain(text)):
        return False
    return not any(
        h.span.page == row.page and h.span.row == row.index and segment.start <= h.span.start < segment.end and h.leading
        for h in view.hits
    )


def _labelled(view: DocumentView) -> Iterator[Mention]:
    """Names that a label gives: the seller's first line, "Name:" within its region, the account holder."""
    for region in view.regions:
        if region.side is Side.SELLER and region.label is not None:
            span = _first_name(view, region.label.span, region)
            if span:
                yield Mention(_without_label(span.text), span, (Signal.SELLER_LABEL,))
    for hit in view.of_kind(LabelKind.ACCOUNT_HOLDER):
        row = view.row(hit.span)
        end = (
            row.segment(hit.span.end)[1]
            if hit.span.end < len(row.text) and row.text[hit.span.end] != "\t"
            else row.segment(hit.span.end + 1)[1]
        )
        text = row.text[hit.span.end : end]
        name = _SEPARATOR.split(text.strip(" :.\t\"'"))[0].strip(" :.\"'")
        if name and _is_name(name) and len(name.split()) <= 7 and (hit.closed or hit.leading):
            start = row.text.find(name, hit.span.end)
            yield Mention(name, row.span(start, start + len(name)), (Signal.ACCOUNT_HOLDER,))


def _first_name(view: DocumentView, label: Span, region) -> Span | None:  # type: ignore[no-untyped-def]
    rows = view.sheets[label.page - 1].rows
    row = rows[label.row]
    rest = row.span(label.end, len(row.text))
    first = [s for s in row.segments if s.start >= label.end] if not rest.text.strip(" :.") or True else []
    beside = row.text[label.end : row.segment(label.start)[1]].strip(" :.")
    if beside and _is_name(beside):
        start = row.text.find(beside, label.end)
        return row.span(start, start + len(beside))
    if (
        first
        and row.text[label.end : label.end + 2].strip().startswith(":")
        and region.holds(first[0])
        and _is_name(first[0].text)
    ):
        return first[0]
    named = None
    for below in rows[label.row + 1 : label.row + 9]:
        for segment in below.segments:
            if not region.holds(segment):
                continue
            if re.match(r"(?:name|naam|nom|nimi|namn|nome|nombre|navn)\s?:?$", plain(segment.text)):
                named = next((s for s in below.segments if s.start > segment.start), None)
                if named and _is_name(named.text):
                    return named
            elif (
                named is None
                and ":" not in segment.text
                and not any(c.isdigit() for c in segment.text)
                and _is_name(segment.text)
            ):
                return segment
    return None


def _without_label(text: str) -> str:
    return re.sub(r"^(?:name|naam|nom|nimi|namn|firma|company)\s?:\s?", "", text.strip(), flags=re.IGNORECASE).strip(" ,.")


def _around(view: DocumentView, mention: Mention, places: tuple[Place, ...]) -> list[Signal]:
    span = mention.span
    sheet = view.sheets[span.page - 1]
    signals = []
    if span.page == 1 and span.box.y0 < LETTERHEAD_PART * sheet.height:
        signals.append(Signal.LETTERHEAD)
    if span.box.y0 > FOOTER_PART * sheet.height:
        signals.append(Signal.FOOTER)
    if any(p.identity and p.near(span) for p in places):
        signals.append(Signal.NEAR_IDENTITY)
    if any(not p.identity and p.near(span) for p in places):
        signals.append(Signal.NEAR_CONTACT)
    if view.within(span, Side.BUYER, Side.DELIVERY):
        signals.append(Signal.BUYERS)
    if view.within(span, Side.SELLER):
        signals.append(Signal.SELLERS)
    if BANK.search(plain(mention.name)) and Signal.LARGE_PRINT not in mention.signals:
        signals.append(Signal.BANK_NAME)
    if len(mention.name.replace(" ", "")) < 4:
        signals.append(Signal.SHORT)
    return signals
