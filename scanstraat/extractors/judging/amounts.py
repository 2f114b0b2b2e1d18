"""Amounts judged together: net + VAT = total, at a usual rate; a payment code's amount against print (C7)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import product

from scanstraat.extractors.candidate import Candidate
from scanstraat.extractors.document_view import DocumentView
from scanstraat.extractors.fields.amounts import canonical, is_money
from scanstraat.extractors.fields.vat_breakdown import VatRow, vat_rows
from scanstraat.extractors.fields.vat_breakdown import sums as breakdown_sums
from scanstraat.extractors.labels.table import LabelKind
from scanstraat.extractors.signals import Signal
from scanstraat.extractors.weights import score
from scanstraat.model.field import FieldName

CENTS = Decimal("0.02")
LOWEST_RATE, HIGHEST_RATE = Decimal("0.015"), Decimal("0.28")
# Rates of VAT in Europe; an amount without a label counts as net or VAT only at one of these.
_PERCENTAGES = (6, 7, "7.7", 8, "8.1", 9, 10, 12, 13, "13.5", 14, 15, 17, 19, 20, 21, 22, 23, 24, 25, "25.5", 27)
USUAL_RATES = tuple(Decimal(rate) / 100 for rate in _PERCENTAGES)
# How many of the likeliest totals are tried.
TRIED = 14
# Signals that make an amount clearly the net or the VAT, so that a total which they do not add up to is in doubt.
STRONG_NET = frozenset({Signal.LABEL_BESIDE, Signal.LABEL_ABOVE, Signal.WEAK_LABEL_BESIDE})
STRONG_VAT = frozenset({Signal.LABEL_BESIDE, Signal.LABEL_ABOVE, Signal.RATE_OF_BASE})
# What a part without a label of its own is worth beside those that have one.
UNLABELLED = -1.5
# What lines that add up to the net amount, and each row with rate, base and VAT that is part of it, are worth.
LINES_BACK, RATES_BACK = 1.5, 2.0
# What a rounding that is printed, and makes the total of net and VAT, is worth: the rounded amount is what is asked for.
MOST_ROUNDED, ROUNDING_BACK = Decimal(1), 1.5
# What a sum with a VAT of 0.00 is worth less where other VAT is printed.
ZERO_BESIDE_OTHERS = -3.0


@dataclass(frozen=True, slots=True)
class Backing:
    """What else speaks for a net amount: sums of the lines as read, and of rows of a VAT breakdown (with their VAT)."""

    lines: frozenset[Decimal]
    rates: dict[tuple[Decimal, Decimal], tuple[VatRow, ...]]

    def worth(self, net: Decimal, vat: Decimal) -> float:
        """What this says for a net amount and its VAT; above 0 only where the VAT is one there can be."""
        if not net or not 0 < vat / net <= HIGHEST_RATE:
            return 0.0
        return LINES_BACK * (net in self.lines and _usual(net, vat)) + RATES_BACK * len(self.rates.get((net, vat), ()))


@dataclass(frozen=True, slots=True)
class Triple:
    """A total with the net amount and VAT that add up to it; their candidates are None where no label gives them."""

    total: Candidate
    net_value: Decimal
    vat_value: Decimal
    net: Candidate | None
    vat: Candidate | None
    worth: float


def judged(view: DocumentView, found: tuple[Candidate, ...], sums: frozenset[Decimal] = frozenset()) -> tuple[Candidate, ...]:
    """The candidates, those of the best sum marked; doubts where labelled amounts do not add up or the payment code disagrees.

    `sums` are what the lines add up to, as far as they were read.
    """
    parts = tuple(_of(found, f) for f in (FieldName.TOTAL, FieldName.NET_TOTAL, FieldName.VAT_TOTAL))
    backed = Backing(sums, breakdown_sums(vat_rows(view)))
    best = _best_triple(view, parts, backed)
    out = _doubted(found) if best is None else (*(_marked(c, best) for c in found), *_unlabelled(view, best, backed))
    return _against_codes(view, out)


def _of(found: tuple[Candidate, ...], field: FieldName) -> list[Candidate]:
    best: dict[str, Candidate] = {}
    for candidate in found:
        if candidate.field is field and (candidate.value not in best or score(candidate) > score(best[candidate.value])):
            best[candidate.value] = candidate
    return sorted(best.values(), key=score, reverse=True)[:TRIED]


def _best_triple(view: DocumentView, parts: tuple[list[Candidate], ...], backed: Backing) -> Triple | None:
    """The sum whose parts have the best labels; amounts without a label may stand in for net or VAT."""
    totals, nets, vats = parts
    net_of = {Decimal(c.value): c for c in nets}
    vat_of = {Decimal(c.value): c for c in vats}
    printed = {a.value for a in view.amounts if is_money(a)}
    best: Triple | None = None
    for total, rounding in product(totals, (Decimal(), *_roundings(view))):
        for net_value in net_of.keys() | printed:
            triple = _triple(total, rounding, net_value, net_of, vat_of, printed, backed)
            if triple and (best is None or triple.worth > best.worth):
                best = triple
    return best


def _roundings(view: DocumentView) -> set[Decimal]:
    """Amounts below one that a label names beside the sums, as roundings to whole crowns are."""
    named = (a for a in view.amounts if any(LabelKind.OTHER_AMOUNT in p.kinds for p in a.pointers))
    return {a.value for a in named if is_money(a) and 0 < abs(a.value) < MOST_ROUNDED}


def _triple(
    total: Candidate,
    rounding: Decimal,
    net_value: Decimal,
    net_of: dict[Decimal, Candidate],
    vat_of: dict[Decimal, Candidate],
    printed: set[Decimal],
    backed: Backing,
) -> Triple | None:
    vat_value = Decimal(total.value) - rounding - net_value
    net, vat = net_of.get(net_value), _close(vat_of, vat_value)
    if vat is not None:
        vat_value = Decimal(vat.value)
    worth = backed.worth(net_value, vat_value)
    known = vat is not None or vat_value in printed or (net_value, vat_value) in backed.rates
    if not known or not (worth > 0 or _plausible(net_value, vat_value, net, vat)):
        return None
    zero_beside_others = abs(vat_value) <= CENTS and any(abs(v) > CENTS for v in vat_of)
    worth += (
        (ZERO_BESIDE_OTHERS if zero_beside_others else 0.0)
        + (ROUNDING_BACK if rounding else 0.0)
        + score(total)
        + (score(net) if net else UNLABELLED)
        + (score(vat) if vat else UNLABELLED)
    )
    return Triple(total, net_value, vat_value, net, vat, worth)


def _close(values: dict[Decimal, Candidate], wanted: Decimal) -> Candidate | None:
    return values.get(wanted) or next((c for v, c in values.items() if abs(v - wanted) <= CENTS), None)


def _plausible(net_value: Decimal, vat_value: Decimal, net: Candidate | None, vat: Candidate | None) -> bool:
    """Whether net and VAT are of one sign and at a rate that exists; without VAT, a VAT of 0.00 must be labelled so."""
    if abs(vat_value) <= CENTS:
        return vat is not None and net is not None
    if not net_value or net_value * vat_value < 0:
        return False
    rate = vat_value / net_value
    if net is not None and vat is not None:
        return rate <= HIGHEST_RATE
    if (net is None and vat is None) or not LOWEST_RATE <= rate <= HIGHEST_RATE:
        return False
    return _usual(net_value, vat_value)


def _usual(net: Decimal, vat: Decimal) -> bool:
    """Whether the VAT is a usual rate of the net amount."""
    return any(abs(net * usual - vat) <= CENTS for usual in USUAL_RATES)


def _marked(candidate: Candidate, best: Triple) -> Candidate:
    values = {
        FieldName.TOTAL: Decimal(best.total.value),
        FieldName.NET_TOTAL: best.net_value,
        FieldName.VAT_TOTAL: best.vat_value,
    }
    wanted = values.get(candidate.field)
    if wanted is None or Decimal(candidate.value) != wanted:
        return candidate
    return candidate.with_signals(Signal.ADDS_UP)


def _unlabelled(view: DocumentView, best: Triple, backed: Backing) -> list[Candidate]:
    """Net and VAT that no label gives, where the sum does."""
    out = []
    for field, value, known in (
        (FieldName.NET_TOTAL, best.net_value, best.net),
        (FieldName.VAT_TOTAL, best.vat_value, best.vat),
    ):
        amount = next((a for a in view.amounts if a.value == value and is_money(a)), None) if known is None else None
        if known is None and amount is None and (rows := backed.rates.get((best.net_value, best.vat_value))):
            signals = (Signal.ADDS_UP, Signal.SUM_OF_RATES)
            out.append(Candidate(field, canonical(value), view.evidence(rows[-1].span), signals))
        if amount is not None:
            out.append(Candidate(field, canonical(value), view.evidence(amount.span), (Signal.ADDS_UP, Signal.RATE_FITS)))
    return out


def _doubted(found: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """Doubts on net, VAT and total that are all clearly labelled and yet do not add up."""
    fields = (FieldName.TOTAL, FieldName.NET_TOTAL, FieldName.VAT_TOTAL)
    total, net, vat = (max((c for c in found if c.field is f), key=score, default=None) for f in fields)
    if total is None or net is None or vat is None or not (STRONG_NET & set(net.signals) and STRONG_VAT & set(vat.signals)):
        return found
    summed = next((c for c in found if c.field is FieldName.VAT_TOTAL and Signal.SUM_OF_RATES in c.signals), None)
    vat = summed or vat
    if abs(Decimal(net.value) + Decimal(vat.value) - Decimal(total.value)) <= CENTS:
        return found
    doubt = f"net {net.value} and VAT {vat.value} do not add up to {total.value}"
    return tuple(c.with_doubt(doubt) if c in (total, net, vat) else c for c in found)


def _against_codes(view: DocumentView, found: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    amounts = {canonical(s.code.amount) for s in view.codes if s.code.amount is not None}
    if not amounts:
        return found
    printed = {canonical(a.value) for a in view.amounts}
    return tuple(_against(c, amounts, printed) if c.field is FieldName.TOTAL else c for c in found)


def _against(candidate: Candidate, amounts: set[str], printed: set[str]) -> Candidate:
    if candidate.value not in amounts:
        candidate = candidate.with_signals(Signal.AGAINST_QR)
        return candidate.with_doubt(f"the payment code asks for {', '.join(sorted(amounts))}")
    candidate = candidate.with_signals(Signal.IN_QR)
    if candidate.value not in printed:
        candidate = candidate.with_doubt(f"the payment code asks for {candidate.value}, which is not printed")
    return candidate
