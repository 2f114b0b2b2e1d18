"""The currency (C1): codes and signs with amounts, and what a currency label names. Nothing printed gives nothing (D9 fills)."""

from __future__ import annotations

import re
from collections import Counter

from scanstraat.extractors.candidate import Candidate
from scanstraat.extractors.document_view import DocumentView
from scanstraat.extractors.labels.table import LabelKind
from scanstraat.extractors.layout import Span
from scanstraat.extractors.signals import Signal
from scanstraat.extractors.values.currency import CODES, COUNTRY_CURRENCY, currency_of
from scanstraat.extractors.values.iban import checks
from scanstraat.extractors.values.vat_number import country_of
from scanstraat.model.field import Evidence, FieldName, Method

_WORD = re.compile(r"(?<![\w])(?:[A-Z]{3}|Euros?|EURO|euros?|[€£¥₹])(?![\w])", re.VERBOSE)
_CROWNS = {"sv": "SEK", "da": "DKK", "fi": "SEK"}


def candidates(view: DocumentView) -> tuple[Candidate, ...]:
    """Every currency printed, with how it stands."""
    found = [*_with_amounts(view), *_labelled(view), *_in_heads(view)]
    found.extend(
        Candidate(FieldName.CURRENCY, s.code.currency, Evidence(s.page, s.box, s.code.currency, Method.BARCODE), (Signal.IN_QR,))
        for s in view.codes
        if s.code.currency in CODES
    )
    return tuple(found)


def _with_amounts(view: DocumentView) -> list[Candidate]:
    counts: Counter[str] = Counter()
    places: dict[str, Span] = {}
    at_total: set[str] = set()
    for amount in view.amounts:
        code = amount.text.currency
        if not code:
            continue
        code = _settled(code, view)
        counts[code] += 1
        row = view.row(amount.span)
        start = max(0, amount.span.start - 4)
        places.setdefault(code, row.span(start, min(len(row.text), amount.span.end + 4)))
        totals = {LabelKind.TOTAL, LabelKind.TOTAL_DUE, LabelKind.TOTAL_GROSS}
        if any(totals.intersection(p.kinds) for p in amount.pointers):
            at_total.add(code)
    found = []
    for code, count in counts.items():
        signals = [Signal.SYMBOL, *([Signal.REPEATED] if count > 2 else []), *([Signal.AT_TOTAL] if code in at_total else [])]
        signals.extend([Signal.ONLY_ONE] if len(counts) == 1 else [])
        found.append(Candidate(FieldName.CURRENCY, code, view.evidence(places[code]), tuple(signals)))
    return found


def _settled(code: str, view: DocumentView) -> str:
    """A crown sign as the crowns of the document's country or language."""
    if code != "KR":
        return code
    countries = (*(p.text[:2] for p in view.ibans if checks(p.text)), *(country_of(p.text) for p in view.vat_numbers))
    for country in countries:
        if country in {"SE", "NO", "DK", "IS"}:
            return COUNTRY_CURRENCY[country]
    whole = " ".join(row.text for sheet in view.sheets for row in sheet.rows).lower()
    if view.language == "da" and re.search(r"\bmva\b|\bforfallsdato\b|\bkid\b", whole):
        return "NOK"
    return _CROWNS.get(view.language, "SEK")


def _labelled(view: DocumentView) -> list[Candidate]:
    found = []
    for hit in view.of_kind(LabelKind.CURRENCY):
        row = view.row(hit.span)
        match = re.match(
            r"[\s:.]*(?:[A-Za-z]+\ )?\(?(?P<text>[A-Z]{3}|€|[Ee]uros?|EURO)\b|[\s:.]*(?P<sign>€)", row.text[hit.span.end :]
        )
        code = currency_of((match["text"] or match["sign"]) if match else "")
        if match and code in CODES:
            span = row.span(hit.span.end + match.start(), hit.span.end + match.end())
            found.append(Candidate(FieldName.CURRENCY, code, view.evidence(span), (Signal.LABELLED_CURRENCY,)))
    return found


def _in_heads(view: DocumentView) -> list[Candidate]:
    """Codes and signs in labels and heads: "Total (EUR)", "Betrag €"."""
    kinds = {
        LabelKind.HEAD_LINE_TOTAL,
        LabelKind.HEAD_UNIT_PRICE,
        LabelKind.TOTAL,
        LabelKind.TOTAL_DUE,
        LabelKind.TOTAL_GROSS,
        LabelKind.NET_TOTAL,
    }
    found: dict[str, Candidate] = {}
    for hit in view.hits:
        if not kinds.intersection(hit.kinds):
            continue
        row = view.row(hit.span)
        start, end = hit.span.start, row.segment(hit.span.start)[1]
        for match in _WORD.finditer(row.text, start, end):
            code = currency_of(match[0])
            if code in CODES and code not in found:
                found[code] = Candidate(
                    FieldName.CURRENCY, code, view.evidence(row.span(*match.span())), (Signal.AT_TOTAL, Signal.SYMBOL)
                )
    return list(found.values())
