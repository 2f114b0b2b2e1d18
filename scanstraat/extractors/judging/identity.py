"""Identities judged together: account, VAT number and legal form of one country; payment codes against print (C7)."""

from __future__ import annotations

from itertools import product

from scanstraat.extractors.candidate import Candidate
from scanstraat.extractors.folding import plain
from scanstraat.extractors.signals import Signal
from scanstraat.extractors.values.vat_number import country_of
from scanstraat.extractors.weights import score
from scanstraat.model.field import FieldName

# Countries where companies have these legal forms (letters only); forms of many countries are left out.
FORMS: dict[str, str] = {
    "gmbh": "DE AT CH LI", "gmbhcokg": "DE AT", "mbh": "DE", "ohg": "DE", "gbr": "DE", "ug": "DE", "ek": "DE", "ev": "DE",
    "eg": "DE", "kg": "DE AT", "ag": "DE AT CH LI", "bv": "NL BE", "nv": "NL BE", "vof": "NL BE", "bvba": "BE",
    "sprl": "BE", "vzw": "BE", "asbl": "BE LU", "sarl": "FR LU CH MC", "sas": "FR", "sasu": "FR", "eurl": "FR",
    "oy": "FI", "oyj": "FI", "ky": "FI", "tmi": "FI", "ab": "SE FI", "aps": "DK", "asa": "NO", "spa": "IT", "sl": "ES",
    "slu": "ES", "lda": "PT", "spzoo": "PL", "sro": "CZ SK", "kft": "HU", "zrt": "HU", "nyrt": "HU", "doo": "SI HR RS ME",
    "eood": "BG", "ood": "BG", "ltd": "GB IE CY MT", "plc": "GB IE", "limited": "GB IE CY MT", "llp": "GB IE",
    "vos": "CZ SK", "ivs": "DK", "bt": "HU", "spj": "PL", "scoop": "ES", "unipessoallda": "PT", "ekonomiskforening": "SE",
    "aktiebolag": "SE FI", "handelsbolag": "SE", "kommanditbolag": "SE", "korlatoltfelelossegutarsasag": "HU",
    "privatelimited": "IN", "pvtltd": "IN", "ptyltd": "AU", "inc": "US CA", "llc": "US", "corp": "US",
}  # fmt: skip
# How many of the likeliest accounts and VAT numbers are tried with one another.
TRIED = 6


def judged(found: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """The candidates, accounts, VAT numbers and names marked by the country of the others, accounts by the payment code."""
    iban_country, vat_country = _countries(found)
    ibans = [c for c in found if c.field is FieldName.IBAN]
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
        elif candidate.field is FieldName.SUPPLIER_NAME:
            candidate = _by_form(candidate, {iban_country, vat_country} - {""})
        out.append(candidate)
    return tuple(out)


def _countries(found: tuple[Candidate, ...]) -> tuple[str, str]:
    """The countries of the account and the VAT number that go together best; empty where there is none."""
    ibans, vats = (
        sorted((c for c in found if c.field is field), key=score, reverse=True)[:TRIED]
        for field in (FieldName.IBAN, FieldName.VAT_NUMBER)
    )
    if not ibans or not vats:
        return (ibans[0].value[:2] if ibans else ""), (country_of(vats[0].value) if vats else "")
    iban, vat = max(product(ibans, vats), key=_together)
    return iban.value[:2], country_of(vat.value)


def _together(pair: tuple[Candidate, Candidate]) -> float:
    iban, vat = pair
    if country_of(vat.value) == iban.value[:2]:
        return score(iban.with_signals(Signal.SAME_COUNTRY)) + score(vat.with_signals(Signal.SAME_COUNTRY))
    return score(iban) + score(vat.with_signals(Signal.OTHER_COUNTRY))


def _by_form(candidate: Candidate, countries: set[str]) -> Candidate:
    """A name marked by whether its legal form is one of the countries."""
    home = countries_of_form(candidate.value)
    if not home or not countries:
        return candidate
    return candidate.with_signals(Signal.FORM_ELSEWHERE if home.isdisjoint(countries) else Signal.FORM_OF_COUNTRY)


def countries_of_form(name: str) -> frozenset[str]:
    """The countries of a name's legal form; none where it has none that tells.

    >>> sorted(countries_of_form("Acme B.V.")), sorted(countries_of_form("Müller & Co. KG")), sorted(countries_of_form("Acme"))
    (['BE', 'NL'], ['AT', 'DE'], [])
    """
    words = plain(name).replace(".", "").replace("&", "").replace("+", "").split()
    for count in (3, 2, 1):
        home = FORMS.get("".join(words[-count:])) if len(words) > count else None
        if home:
            return frozenset(home.split())
    return frozenset()


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
