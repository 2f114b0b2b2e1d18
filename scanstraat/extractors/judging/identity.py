"""Identities judged together: account and VAT number of one country; payment codes against print (C7)."""

from __future__ import annotations

from scanstraat.extractors.candidate import Candidate
from scanstraat.extractors.signals import Signal
from scanstraat.extractors.values.vat_number import country_of
from scanstraat.extractors.weights import score
from scanstraat.model.field import FieldName


def judged(found: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """The candidates, accounts and VAT numbers marked by each other's country, accounts by the payment code."""
    ibans = [c for c in found if c.field is FieldName.IBAN]
    vats = [c for c in found if c.field is FieldName.VAT_NUMBER]
    iban_country = max(ibans, key=score).value[:2] if ibans else ""
    vat_country = country_of(max(vats, key=score).value) if vats else ""
    coded = {c.value for c in ibans if Signal.IN_QR in c.signals}
    printed = {c.value for c in ibans if Signal.IN_QR not in c.signals and Signal.CHECKS in c.signals}
    out = []
    for candidate in found:
        if candidate.field is FieldName.VAT_NUMBER and iban_country:
            same = country_of(candidate.value) == iban_country
            candidate = candidate.with_signals(Signal.SAME_COUNTRY if same else Signal.OTHER_COUNTRY)
        elif candidate.field is FieldName.IBAN:
            if vat_country and candidate.value[:2] == vat_country:
                candidate = candidate.with_signals(Signal.SAME_COUNTRY)
            candidate = _by_code(candidate, coded, printed)
        out.append(candidate)
    return tuple(out)


def _by_code(candidate: Candidate, coded: set[str], printed: set[str]) -> Candidate:
    """An account the payment code names is sure unless print names others only; one it does not name is doubtful."""
    if not coded:
        return candidate
    if candidate.value in coded:
        candidate = candidate.with_signals(Signal.IN_QR)
        if printed and candidate.value not in printed:
            candidate = candidate.with_doubt(f"the payment code names {candidate.value}, the page {', '.join(sorted(printed))}")
        return candidate
    return candidate.with_signals(Signal.AGAINST_QR).with_doubt(f"the payment code names {', '.join(sorted(coded))}")
