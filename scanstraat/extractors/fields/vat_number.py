"""The supplier's VAT number (C1): numbers of a country's form and what a VAT label names; never the customer's (C6)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanstraat.extractors.candidate import Candidate
from scanstraat.extractors.document_view import DocumentView
from scanstraat.extractors.identities import PrintedNumber
from scanstraat.extractors.labels.table import LabelKind
from scanstraat.extractors.parties import Side
from scanstraat.extractors.pointing import Pointer, pointers
from scanstraat.extractors.signals import Signal
from scanstraat.extractors.values.vat_number import FORMS, checks, has_form, without_lookalikes
from scanstraat.extractors.whose import side_signals
from scanstraat.model.field import FieldName, Method

# Numbers printed without prefix, by the words of their label: which country's they are. Folded words, from the label tables.
_HOME = {
    "btw": "NL", "omzetbelasting": "NL", "ondernemingsnummer": "BE", "piva": "IT", "partitaiva": "IT", "nif": "ES",
    "cif": "ES", "nip": "PL", "cvr": "DK", "ust": "DE", "umsatzsteuer": "DE", "uid": "AT", "ytunnus": "FI",
    "contribuinte": "PT", "mva": "NO", "aiv": "FI", "tva": "FR", "dic": "CZ", "identrepriseno": "BE",
    "numerodentreprise": "BE", "nodentreprise": "BE",
}  # fmt: skip
_BY_LANGUAGE = {
    "nl": "NL", "de": "DE", "fr": "FR", "fi": "FI", "sv": "SE", "it": "IT", "es": "ES", "da": "DK", "pl": "PL", "hu": "HU",
    "pt": "PT", "no": "NO", "ro": "RO", "cs": "CZ",
}  # fmt: skip
# Digits of a Hungarian number with kind of tax and county.
HUNGARIAN = 11
# What a label names: "GB 980 7806 84", "CHE-123.456.789"; a word behind a blank is no part of it, but for the Dutch "B 01".
_TOKEN = re.compile(
    r"[\s:.#/]*(?P<text>[A-Z]{0,3}[-\ .]?\d[\w]*(?:[-.][A-Z0-9]+|\ B(?=\ ?\d)|\ ?MVA\b|\ ?\d[A-Z0-9]*(?![a-z]))*)", re.VERBOSE
)
# The Swiss company number is the VAT number where one of these words follows it (ESTV).
_SWISS = re.compile(r"(?P<number>CHE\d{9})(?:MWST|TVA|IVA)", re.VERBOSE)
_Y_TUNNUS = re.compile(r"(?<![\w-])(?P<digits>\d{7}-\d)(?![\w-])", re.VERBOSE)


def candidates(view: DocumentView) -> tuple[Candidate, ...]:
    """Every VAT number that may be the supplier's."""
    own = {_bare(number) for number in view.own.vat_numbers}
    printed = list(view.vat_numbers)
    printed.extend(_named_by_label(view, {p.text for p in printed}))
    labels = pointers(tuple(p.span for p in printed), view.hits, view.sheets)
    found = [_candidate(view, p, i, found) for i, (p, found) in enumerate(zip(printed, labels, strict=True))]
    return tuple(c for c in found if c and _bare(c.value) not in own)


def _bare(number: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", number.upper())


def _candidate(view: DocumentView, printed: PrintedNumber, order: int, labels: tuple[Pointer, ...]) -> Candidate | None:
    bare = _SWISS.fullmatch(printed.text)
    value, signals, doubts = bare["number"] if bare else printed.text, [], []
    kinds = {k for p in labels[:1] for k in p.kinds} | set(printed.label.kinds if printed.label else ())
    labelled = LabelKind.VAT_NUMBER in kinds or LabelKind.YOUR_VAT_NUMBER in kinds
    better = without_lookalikes(value) if view.method(printed.span.page) is Method.OCR and not checks_form(value) else None
    if better:
        value = better
        signals.append(Signal.REPAIRED)
    if not has_form(value):
        signals.append(Signal.ODD_FORM)
        doubts.append(f"{value} does not have the form of a VAT number")
    elif checks(value):
        signals.append(Signal.CHECKS)
    else:
        signals.append(Signal.FAILS_CHECK)
        doubts.append(f"the check digit of {value} does not hold")
    if not labelled and Signal.CHECKS not in signals and LabelKind.REGISTER_NUMBER not in kinds and order:
        signals.append(Signal.NO_LABEL)
    signals.extend([Signal.LABEL_BESIDE] if LabelKind.VAT_NUMBER in kinds or bare else [])
    signals.extend([Signal.OTHER_LABEL] if LabelKind.REGISTER_NUMBER in kinds and not labelled and not bare else [])
    signals.extend([Signal.BUYER_LABEL] if LabelKind.YOUR_VAT_NUMBER in kinds else [])
    signals.extend([] if printed.prefixed else [Signal.PREFIX_ADDED])
    signals.extend([Signal.FIRST] if order == 0 else [])
    signals.extend(side_signals(view, printed.span, Side.BUYER, Side.DELIVERY))
    signals.extend([Signal.FOOTER] if printed.span.box.y0 > 0.85 * view.sheets[printed.span.page - 1].height else [])
    return Candidate(FieldName.VAT_NUMBER, value, view.evidence(printed.span), tuple(signals), tuple(doubts))


def checks_form(number: str) -> bool:
    """Whether a number has its country's form and its check digits hold."""
    return has_form(number) and checks(number)


def _named_by_label(view: DocumentView, known: set[str]) -> Iterator[PrintedNumber]:
    """What VAT labels name: numbers without prefix (the label's country is added) or of odd form."""
    for hit in view.of_kind(LabelKind.VAT_NUMBER, LabelKind.YOUR_VAT_NUMBER):
        row = view.row(hit.span)
        match = _TOKEN.match(row.text, hit.span.end)
        if not match or sum(c.isdigit() for c in match["text"]) < 7:
            continue
        value = _bare(match["text"])
        if any(k in value or value in k for k in known):
            continue
        completed = _completed(value, hit.phrase, view)
        if completed:
            yield PrintedNumber(completed, row.span(match.start("text"), match.end("text")), hit, completed == value)
    yield from _finnish(view, known)


def _completed(value: str, phrase: str, view: DocumentView) -> str | None:
    """A labelled number with its country's prefix, or as printed where it carries one of its own."""
    if has_form(value) or (value[:2] in FORMS and sum(c.isdigit() for c in value) >= 8):
        return value if len(value) <= 15 else None
    home = next((country for word, country in _HOME.items() if word in phrase), "")
    prefix = home or _BY_LANGUAGE.get(view.language, "")
    if prefix == "HU" and len(value) == HUNGARIAN:
        value = value[:8]  # what follows is the kind of tax and the county (adószám)
    for trial in (prefix + value, "AT" + value if value.startswith("U") else ""):
        if trial and has_form(trial):
            return trial
    return None


def _finnish(view: DocumentView, known: set[str]) -> Iterator[PrintedNumber]:
    """The Finnish business number (Y-tunnus) is the VAT number without its prefix (vero.fi)."""
    for hit in view.of_kind(LabelKind.REGISTER_NUMBER):
        row = view.row(hit.span)
        match = _Y_TUNNUS.search(row.text, hit.span.end)
        if match and row.text[hit.span.end : match.start()].strip(" :.\t") == "" and view.language in {"fi", "sv", "en"}:
            value = "FI" + match["digits"].replace("-", "")
            if value not in known and checks(value):
                yield PrintedNumber(value, row.span(*match.span()), hit, False)
