"""VAT numbers that print names without their country's prefix: beside a label, below it, above it, before it, and "… MVA"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanstraat.extractors.document_view import DocumentView
from scanstraat.extractors.fields.countries import countries
from scanstraat.extractors.folding import fold
from scanstraat.extractors.identities import PrintedNumber
from scanstraat.extractors.labels.finding import LabelHit
from scanstraat.extractors.labels.table import LabelKind
from scanstraat.extractors.layout import Row, Span
from scanstraat.extractors.values.vat_number import checks, completed, has_form

# Whose numbers the words of a label name, the likelier first. Words as `folding.fold` gives them.
_HOME: tuple[tuple[str, tuple[str, ...]], ...] = tuple(
    (fold(word), tuple(home.split()))
    for word, home in {
        "btw": "NL BE", "omzetbelasting": "NL", "ondernemingsn": "BE", "entreprise": "BE", "bce": "BE", "p iva": "IT",
        "partita iva": "IT", "iva": "IT ES PT", "nif": "ES PT", "cif": "ES RO", "cui": "RO", "cod fiscal": "RO IT", "nip": "PL",
        "cvr": "DK", "se nr": "DK", "moms": "SE DK FI", "ust": "DE AT", "umsatzsteuer": "DE AT", "uid": "AT CH", "mwst": "CH DE",
        "y tunnus": "FI", "alv": "FI", "contribuinte": "PT", "mva": "NO", "tva": "FR BE LU RO", "dic": "CZ SK", "dph": "CZ SK",
        "adoszam": "HU", "abn": "AU", "gst": "AU IN", "vat": "GB IE",
    }.items()
)  # fmt: skip
# Labels of American tax numbers, which are of no VAT.
_AMERICAN = tuple(fold(word) for word in ("ein", "fein", "federal"))
# What a label names: "GB 980 7806 84", "CHE-123.456.789", "B-45869484"; a word behind a blank is no part but the Dutch "B 01".
_TOKEN = re.compile(
    r"[\s:.#/)]*(?P<text>[A-Z]{0,3}[-\ .]?\d[\w]*(?:[-.][A-Z0-9]+|\ B(?=\ ?\d)|\ ?MVA\b|\ ?\d[A-Z0-9]*(?![a-z]))*)", re.VERBOSE
)
# A number that its label follows: "8876028660 NIP".
_BEFORE = re.compile(r"(?:^|\t)(?P<text>(?:[A-Z]{2}\ ?)?[A-Z]?\d[\d\ .-]{6,15}[\dA-Z])[\ ]$", re.VERBOSE)
# The name of the tax alone is label enough where what follows has the form and the check digits of a number.
# Met by "VAT: 580 750 108", "VAT Reg. 123456782"; refused by "VAT 20% 580.75".
_TAX = re.compile(
    r"\b(?:vat|tva|iva|btw|mva|moms|mwst|ust|alv|dph)\b[\ .]*(?:(?:no|nr|reg|id)\b[\ .]*){0,2}(?::[\ \t]*)?"
    r"(?P<text>[A-Z]?[-\ ]?\d[\d\ .-]{6,14}[\dA-Z])(?![\w%€$£]|,\d)",
    re.VERBOSE | re.IGNORECASE,
)
# What every number without prefix has, and few rows do.
_LONG = re.compile(r"\d[\d\ .-]{6}", re.VERBOSE)
# The tax in another language behind a label: "Adószám / VAT".
_TAX_NAME = re.compile(r"\b(?:vat|tva|iva|btw|mva|moms|mwst|ust|alv|dph)\b", re.VERBOSE | re.IGNORECASE)
# The Norwegian organisation number is a VAT number where "MVA" follows it (Skatteetaten).
# Met by "Org.nr: 986 377 018 MVA"; refused by "986 377 018".
_MVA = re.compile(r"(?<![\dA-Z])(?P<text>(?:NO[\ -]?)?\d{3}[\ .]?\d{3}[\ .]?\d{3}\ ?MVA)\b", re.VERBOSE)
_Y_TUNNUS = re.compile(r"(?<![\w-])(?P<digits>\d{7}-\d)(?![\w-])", re.VERBOSE)
# With one of these words a Finnish business number is told to be a VAT number too.
_FINNISH_TAX = re.compile(r"\b(?:alv|vat|moms|mervardesskatt|arvonlisavero)", re.VERBOSE | re.IGNORECASE)
# Languages of papers with Finnish numbers.
FINNISH_PAPERS = frozenset({"fi", "sv", "en"})
FEWEST_DIGITS = 7
# A value stands at most so many heights of its label below or above it, and begins this close to its left edge or middle.
REACH, SAME_LEFT = 3.2, 12.0
# A caption below its value stands so much nearer than a label above it would.
FARTHER = 1.6


def named_by_label(view: DocumentView, known: set[str]) -> Iterator[PrintedNumber]:
    """What VAT labels name: numbers without prefix (the label's country is added) or of odd form; none that is `known`."""
    for hit in view.of_kind(LabelKind.VAT_NUMBER, LabelKind.YOUR_VAT_NUMBER):
        if hit.phrase.startswith(_AMERICAN):
            continue
        likely = _countries(view, hit.phrase)
        for row, start, end in _places(view, hit):
            value = bare(row.text[start:end])
            if sum(c.isdigit() for c in value) < FEWEST_DIGITS:
                continue
            if any(k in value or value in k for k in known):
                break
            found = completed(value, likely, _home(hit.phrase))
            if found:
                yield PrintedNumber(found, row.span(start, end), hit, found == value)
                break
    yield from _by_tax_word(view, known)
    yield from _finnish(view, known)


def bare(number: str) -> str:
    """A number in capitals without blanks and marks."""
    return re.sub(r"[^A-Z0-9]", "", number.upper())


def _countries(view: DocumentView, phrase: str) -> tuple[str, ...]:
    """The countries a label may mean, likelier first: of its words and the document, of the document, of its words."""
    home, here = _home(phrase), countries(view)
    told = dict.fromkeys((*(c for c in home if c in here), *here, *home))
    return tuple("EL" if c == "GR" else c for c in told)


def _home(phrase: str) -> tuple[str, ...]:
    return tuple(c for word, homes in _HOME if word in phrase for c in homes)


def _places(view: DocumentView, hit: LabelHit) -> Iterator[tuple[Row, int, int]]:
    """Where a label's number may stand, likelier first: behind it, before it, in its column above and below."""
    row = view.row(hit.span)
    end = hit.span.end
    for end in _ends(view, hit):
        behind = _TOKEN.match(row.text, end)
        if behind:
            yield row, *behind.span("text")
    before = _BEFORE.search(row.text[: hit.span.start]) if hit.closed else None
    if before:
        yield row, *before.span("text")
    rest = row.text[end : row.segment(hit.span.start)[1]]
    if hit.leading and not _TAX_NAME.sub("", rest).strip(" :./)"):
        for other, segment in _stacked(view, hit):
            match = _TOKEN.match(other.text, segment.start)
            if match:
                yield other, *match.span("text")


def _ends(view: DocumentView, hit: LabelHit) -> Iterator[int]:
    """Where a label ends, and where others do that follow with nothing but marks between ("VAT / Registration Number:")."""
    end, text = hit.span.end, view.row(hit.span).text
    yield end
    for other in view.on_row(hit.span):
        if other.span.start >= end and not any(c.isalnum() for c in text[end : other.span.start]):
            end = other.span.end
            yield end


def _stacked(view: DocumentView, hit: LabelHit) -> list[tuple[Row, Span]]:
    """The segments above and below a label in its column, the nearer first; one above must be much nearer."""
    box, rows = hit.span.box, view.sheets[hit.span.page - 1].rows
    found = []
    for row in rows[max(0, hit.span.row - 3) : hit.span.row + 5]:
        above = row.index < hit.span.row
        gap = box.y0 - row.box.y1 if above else row.box.y0 - box.y1
        if row.index == hit.span.row or gap > REACH * max(row.em, box.height):
            continue
        for segment in row.segments:
            if abs(segment.box.x0 - box.x0) <= SAME_LEFT or segment.box.x0 < box.middle[0] < segment.box.x1:
                found.append((gap * FARTHER if above else gap, row, segment))
    return [(row, segment) for _, row, segment in sorted(found, key=lambda f: f[0])]


def _by_tax_word(view: DocumentView, known: set[str]) -> Iterator[PrintedNumber]:
    """Numbers whose check digits hold behind the bare name of the tax, and Norwegian ones with "MVA" behind them."""
    likely = _countries(view, "")
    for sheet in view.sheets:
        for row in sheet.rows:
            if not _LONG.search(row.text):
                continue
            for match in _MVA.finditer(row.text):
                value = bare(match["text"]).removeprefix("NO")
                if f"NO{value}" not in known and checks(f"NO{value}"):
                    yield PrintedNumber(f"NO{value}", row.span(*match.span("text")), _label(row, match), True)
            for match in _TAX.finditer(row.text):
                value = bare(match["text"])
                found = completed(value, likely, ()) if not any(k in value or value in k for k in known) else None
                if found and has_form(found) and checks(found):
                    yield PrintedNumber(found, row.span(*match.span("text")), _label(row, match), found == value)


def _label(row: Row, match: re.Match[str]) -> LabelHit:
    """The words before a number, or those of the tax in it, as a label of a VAT number."""
    start, end = match.span("text")
    span = row.span(match.start(), start) if match.start() < start else row.span(start, end)
    return LabelHit((LabelKind.VAT_NUMBER,), span, "", True, True)


def _finnish(view: DocumentView, known: set[str]) -> Iterator[PrintedNumber]:
    """The Finnish business number (Y-tunnus) is the VAT number without its prefix, where print says that it is one (vero.fi)."""
    if view.language not in FINNISH_PAPERS:
        return
    for hit in view.of_kind(LabelKind.REGISTER_NUMBER):
        row = view.row(hit.span)
        match = _Y_TUNNUS.search(row.text, hit.span.end)
        if not match:
            continue
        between, behind = row.text[hit.span.end : match.start()], row.text[match.end() : match.end() + 12]
        if _FINNISH_TAX.sub("", between).strip(" :./\t") == "" and _FINNISH_TAX.search(hit.span.text + between + behind):
            value = "FI" + match["digits"].replace("-", "")
            if value not in known and checks(value):
                yield PrintedNumber(value, row.span(*match.span()), hit, False)
