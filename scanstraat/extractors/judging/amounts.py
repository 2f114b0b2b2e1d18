"""Amounts judged together: net + VAT = total, at a usual rate; a payment code's amount against print (C7)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from scanstraat.extractors.candidate import Candidate
from scanstraat.extractors.document_view import DocumentView
from scanstraat.extractors.fields.amounts import canonical, is_money
from scanstraat.extractors.signals import Signal
from scanstraat.extractors.weights import score
from scanstraat.model.field import FieldName

CENTS = Decimal("0.02")
LOWEST_RATE, HIGHEST_RATE = Decimal("0.015"), Decimal("0.28")
# How many of the likeliest totals are tried.
TRIED = 14


@dataclass(frozen=True, slots=True)
class Triple:
    """Candidates that add up; `net` or `vat` None where that amount is not labelled but printed somewhere."""

    total: Candidate
    net: Candidate | None
    vat: Candidate | None
    worth: float


def judged(view: DocumentView, found: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """The candidates, those of the best sum marked; doubts where labelled amounts do not add up or the payment code disagrees."""
    totals, nets, vats = (_of(found, f) for f in (FieldName.TOTAL, FieldName.NET_TOTAL, FieldName.VAT_TOTAL))
    best = _best_triple(view, totals, nets, vats)
    out = [_marked(c, best) for c in found]
    if best is None:
        out = _doubted(out)
    return _against_codes(view, tuple(out))


def _of(found: tuple[Candidate, ...], field: FieldName) -> list[Candidate]:
    best: dict[str, Candidate] = {}
    for candidate in found:
        if candidate.field is field and (candidate.value not in best or score(candidate) > score(best[candidate.value])):
            best[candidate.value] = candidate
    return sorted(best.values(), key=score, reverse=True)[:TRIED]


def _best_triple(view: DocumentView, totals: list[Candidate], nets: list[Candidate], vats: list[Candidate]) -> Triple | None:
    """The sum whose parts have the best labels; unlabelled amounts of the document may stand in for one part."""
    net_of = {Decimal(c.value): c for c in nets}
    vat_of = {Decimal(c.value): c for c in vats}
    printed = {a.value for a in view.amounts if is_money(a)}
    rates = tuple(Decimal(c.value) for c in vats)
    best: Triple | None = None
    for candidate in totals:
        gross = Decimal(candidate.value)
        for net_value in (set(net_of) | printed) if gross else ():
            vat_value = gross - net_value
            if not _plausible(net_value, vat_value, vat_of):
                continue
            net, vat = net_of.get(net_value), _close(vat_of, vat_value)
            summed = vat is None and _sums(rates, vat_value)
            if (net is None and vat is None) or (vat is None and vat_value not in printed and not summed):
                continue
            worth = score(candidate) + (score(net) if net else -1.0) + (score(vat) if vat else 0.0 if summed else -1.0)
            if best is None or worth > best.worth:
                best = Triple(candidate, net, vat, worth)
    return best


def _close(values: dict[Decimal, Candidate], wanted: Decimal) -> Candidate | None:
    return values.get(wanted) or next((c for v, c in values.items() if abs(v - wanted) <= CENTS), None)


def _plausible(net: Decimal, vat: Decimal, vats: dict[Decimal, Candidate]) -> bool:
    """Whether net and VAT are of one sign and at a usual rate; no VAT only where a VAT of 0.00 is printed."""
    if not net or net * vat < 0:
        return False
    if abs(vat) <= CENTS:
        return Decimal(0) in vats
    return LOWEST_RATE <= vat / net <= HIGHEST_RATE


def _sums(parts: tuple[Decimal, ...], wanted: Decimal) -> bool:
    """Whether VAT amounts of two to four rates add up to the wanted one."""
    reachable = {Decimal(0)}
    for part in parts[:8]:
        reachable |= {r + part for r in reachable}
    return any(abs(r - wanted) <= CENTS for r in reachable)


def _marked(candidate: Candidate, best: Triple | None) -> Candidate:
    if best is None:
        return candidate
    chosen = {FieldName.TOTAL: best.total, FieldName.NET_TOTAL: best.net, FieldName.VAT_TOTAL: best.vat}.get(candidate.field)
    if chosen is None or candidate.value != chosen.value:
        return candidate
    return candidate.with_signals(Signal.ADDS_UP, Signal.RATE_FITS)


def _doubted(found: list[Candidate]) -> list[Candidate]:
    """Doubts on net, VAT and total that are all clearly labelled and yet do not add up."""
    best = {
        f: max((c for c in found if c.field is f), key=score, default=None)
        for f in (FieldName.TOTAL, FieldName.NET_TOTAL, FieldName.VAT_TOTAL)
    }
    total, net, vat = best[FieldName.TOTAL], best[FieldName.NET_TOTAL], best[FieldName.VAT_TOTAL]
    strong = {Signal.LABEL_BESIDE, Signal.LABEL_ABOVE}
    if total is None or net is None or vat is None or not all(strong & set(c.signals) for c in (net, vat)):
        return found
    if abs(Decimal(net.value) + Decimal(vat.value) - Decimal(total.value)) <= CENTS:
        return found
    doubt = f"net {net.value} and VAT {vat.value} do not add up to {total.value}"
    return [c.with_doubt(doubt) if c in (total, net, vat) else c for c in found]


def _against_codes(view: DocumentView, found: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    amounts = {canonical(s.code.amount) for s in view.codes if s.code.amount is not None}
    if not amounts:
        return found
    printed = {canonical(a.value) for a in view.amounts}
    out = []
    for candidate in found:
        if candidate.field is FieldName.TOTAL:
            if candidate.value in amounts:
                candidate = candidate.with_signals(Signal.IN_QR)
                if candidate.value not in printed:
                    candidate = candidate.with_doubt(f"the payment code asks for {candidate.value}, which is not printed")
            else:
                candidate = candidate.with_signals(Signal.AGAINST_QR)
                candidate = candidate.with_doubt(f"the payment code asks for {', '.join(sorted(amounts))}")
        out.append(candidate)
    return tuple(out)
