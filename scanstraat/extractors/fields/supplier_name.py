"""The supplier's name (C1): the mentions of each company put together, with where they stand and what stands with them."""

from __future__ import annotations

from collections.abc import Iterator

from scanstraat.extractors.candidate import Candidate
from scanstraat.extractors.document_view import DocumentView
from scanstraat.extractors.fields.supplier_mentions import FOOTER_PART, LETTERHEAD_PART, Mention, mentions
from scanstraat.extractors.fields.supplier_places import Place, Web, domains, identity_places
from scanstraat.extractors.folding import plain
from scanstraat.extractors.labels.table import LabelKind
from scanstraat.extractors.layout import Span
from scanstraat.extractors.parties import Side
from scanstraat.extractors.signals import Signal
from scanstraat.extractors.values.company_name import core, same_company
from scanstraat.extractors.wordlists import BANK
from scanstraat.model.field import Evidence, FieldName, Method

# Signals of a single mention, which another mention without them outweighs.
_OF_ONE_PLACE = (Signal.SENTENCE, Signal.BANK_NAME, Signal.FAINT_PRINT)
_SELLERS_OWN = frozenset({Signal.SENDER_LINE, Signal.SELLER_LABEL, Signal.ACCOUNT_HOLDER, Signal.NEAR_IDENTITY, Signal.SELLERS})
# A mention whose worst word OCR gives this confidence or more was read surely.
CLEAR = 0.82
SHORTEST_DOMAIN = 4
_THEIRS = frozenset({LabelKind.BUYER, LabelKind.DELIVERY})


def candidates(view: DocumentView) -> tuple[Candidate, ...]:
    """Every name that may be the supplier's, mentions of the same company put together; never the customer's own (C6)."""
    places, webs = identity_places(view), domains(view)
    named = [m for m in mentions(view) if not _is_own(m.name, view)]
    found: list[Candidate] = []
    for mention in named:
        signals = [*mention.signals, *_around(view, mention, places)]
        if any(_spells(mention.name, web.letters) for web in webs):
            signals.append(Signal.DOMAIN)
        found.append(Candidate(FieldName.SUPPLIER_NAME, mention.name, view.evidence(mention.span), tuple(dict.fromkeys(signals))))
    found.extend(_from_domains(view, webs, found))
    found.extend(
        Candidate(FieldName.SUPPLIER_NAME, s.code.name, Evidence(s.page, s.box, s.code.name, Method.BARCODE), (Signal.IN_QR,))
        for s in view.codes
        if s.code.name and not _is_own(s.code.name, view)
    )
    return tuple(_merged(found))


def _from_domains(view: DocumentView, webs: tuple[Web, ...], found: list[Candidate]) -> Iterator[Candidate]:
    """Names that only a web or mail address gives, as where the letterhead is a picture."""
    for web in webs:
        if len(web.letters) >= SHORTEST_DOMAIN and not any(_spells(c.value, web.letters) for c in found):
            yield Candidate(FieldName.SUPPLIER_NAME, web.name, view.evidence(web.span), (Signal.FROM_DOMAIN,))


def _merged(found: list[Candidate]) -> Iterator[Candidate]:
    """One candidate a company: the fullest mention, on scans the one read best, with the signals of all."""
    groups: list[list[Candidate]] = []
    for candidate in found:
        home = next((g for g in groups if same_company(g[0].value, candidate.value)), None)
        if home is None:
            groups.append([candidate])
        else:
            home.append(candidate)
    for group in groups:
        fullest = max(group, key=_fullness)
        places = {(c.evidence.page, c.evidence.box) for c in group if c.evidence}
        signals = tuple(dict.fromkeys(s for c in group for s in c.signals))
        for passing in (s for s in _OF_ONE_PLACE if s in signals and any(s not in c.signals for c in group)):
            signals = tuple(s for s in signals if s is not passing)
        if Signal.BUYERS in signals and any(_as_sellers(c) for c in group):
            signals = (*(s for s in signals if s is not Signal.BUYERS), Signal.BUYERS_TOO)
        merged = Candidate(fullest.field, fullest.value, fullest.evidence, signals)
        yield merged.with_signals(Signal.REPEATED) if len(places) > 1 else merged


def _fullness(candidate: Candidate) -> tuple[bool, bool, bool, bool]:
    """What makes one mention of a company better than another: legal form, print read surely, ordinary case, length."""
    value, signals = candidate.value, candidate.signals
    return Signal.LEGAL_FORM in signals, Signal.FAINT_PRINT not in signals, not value.isupper(), len(value) < 45


def _as_sellers(candidate: Candidate) -> bool:
    """Whether a mention stands where only a seller names itself."""
    return Signal.BUYERS not in candidate.signals and not _SELLERS_OWN.isdisjoint(candidate.signals)


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


def _behind_theirs(view: DocumentView, span: Span) -> bool:
    """Whether a label of the customer or of the place of delivery opens the segment that a span stands in."""
    start, _ = view.row(span).segment(span.start)
    hits = (h for h in view.on_row(span) if h.span.start == start < span.start and _THEIRS.intersection(h.kinds))
    return any(h.closed or " " in h.span.text for h in hits)


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
    if view.within(span, Side.BUYER, Side.DELIVERY) or _behind_theirs(view, span):
        signals.append(Signal.BUYERS)
    if view.within(span, Side.SELLER):
        signals.append(Signal.SELLERS)
    if BANK.search(plain(mention.name)) and Signal.LARGE_PRINT not in mention.signals:
        signals.append(Signal.BANK_NAME)
    if len(mention.name.replace(" ", "")) < 4:
        signals.append(Signal.SHORT)
    row = view.row(span)
    if any(w.confidence < CLEAR for w, at in zip(row.words, row.starts, strict=True) if span.start <= at < span.end):
        signals.append(Signal.FAINT_PRINT)
    return signals
