"""Stretches of print that have the form of an IBAN or of a VAT number, wherever they stand and whosever they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from scanstraat.extractors.labels.finding import LabelHit
from scanstraat.extractors.layout import GAP, Row, Sheet, Span
from scanstraat.extractors.values.iban import LENGTHS, checks
from scanstraat.extractors.values.vat_number import matches_at

_TO_LETTER = str.maketrans("01528", "OISZB")
# Two capitals and two digits, with what OCR may make of them; two capitals and what may follow in a VAT number.
_IBAN_HEAD = re.compile(r"(?=[A-Z][A-Z015][0-9OILSBQDZ]{2})", re.VERBOSE)
_VAT_HEAD = re.compile(r"(?=[A-Z]{2}[A-Z0-9])", re.VERBOSE)
_SIGN = re.compile(r"[A-Za-z0-9]", re.VERBOSE)
# The head of an IBAN broken over rows has this many characters or more; it goes on within so many rows of the page, each no
# farther below the last than so many em, and begins this close to the left edge of its head or of its head's line.
SHORTEST_HEAD, MOST_BELOW, CLOSE, SAME_LEFT = 4, 5, 1.5, 12.0
_MARKS = re.compile(r"[^A-Za-z0-9]+", re.VERBOSE)


def letters_of(row: Row) -> str:
    """The letters and digits of a row."""
    return _MARKS.sub("", row.text)


def places_of(row: Row) -> list[int]:
    """Where each of a row's letters and digits stands in its text."""
    return [match.start() for match in _SIGN.finditer(row.text)]


@dataclass(frozen=True, slots=True)
class PrintedIban:
    """A stretch of print with an IBAN's length and form; `text` in capitals without blanks."""

    text: str
    span: Span


def ibans_on(sheet: Sheet) -> Iterator[PrintedIban]:
    """The stretches of a page that have an IBAN's form; one broken over two rows is put together."""
    for row in sheet.rows:
        text, past = letters_of(row), 0
        places: list[int] = []  # found out once something begins like one
        for match in _IBAN_HEAD.finditer(text):
            at = match.start()
            places = places or places_of(row)
            if at < past or not _begins(row.text, places[at], text, at):
                continue
            length = LENGTHS.get(text[at : at + 2].translate(_TO_LETTER), 0)
            found = _fitting(row, places, text, at, length) or (_wrapped(sheet, row, places, at, length) if length else None)
            if length and found:
                yield found
                past = min(at + length, len(text))


def _begins(raw: str, position: int, text: str, at: int) -> bool:
    """Whether a stretch begins here: at a word's start, or after "IBAN" glued to it."""
    return position == 0 or not raw[position - 1].isalnum() or text[max(0, at - 4) : at].upper() == "IBAN"


def _fitting(row: Row, places: list[int], text: str, at: int, length: int) -> PrintedIban | None:
    if not length or at + length > len(text):
        return None
    start, end = places[at], places[at + length - 1] + 1
    whole = end >= len(row.text) or not row.text[end].isalnum()
    value = text[at : at + length].upper()
    return PrintedIban(value, row.span(start, end)) if whole and (GAP not in row.text[start:end] or checks(value)) else None


def _wrapped(sheet: Sheet, row: Row, places: list[int], at: int, length: int) -> PrintedIban | None:
    """An IBAN that goes on in the rows below, at the left end of its column or of its line."""
    start, end = row.segment(places[at])
    here = row.span(places[at], end)
    value = _bare(here.text)
    if not SHORTEST_HEAD <= len(value) < length:
        return None
    lefts, bottom = (here.box.x0, row.span(start, end).box.x0), row.box.y1
    for below in sheet.rows[row.index + 1 : row.index + 1 + MOST_BELOW]:
        if below.box.y0 - bottom > CLOSE * row.em:
            return None
        segment = next((s for s in below.segments if any(abs(s.box.x0 - left) < SAME_LEFT for left in lefts)), None)
        if segment is None:
            continue
        rest = _words_of(segment.text, length - len(value))
        value, bottom = value + rest, below.box.y1
        if not rest or len(value) == length:
            return PrintedIban(value, here) if len(value) == length and checks(value) else None
    return None


def _bare(text: str) -> str:
    return _MARKS.sub("", text).upper()


def _words_of(text: str, most: int) -> str:
    """The letters and digits of the first words of a text, as many as have no more than `most` of them together.

    >>> _words_of("8886 8332 4187 5761 569", 19), _words_of("7379.", 4), _words_of("7379", 3)
    ('8886833241875761569', '7379', '')
    """
    found = ""
    for word in text.split():
        if len(found) + len(_bare(word)) > most:
            break
        found += _bare(word)
    return found


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """A stretch of print that may be a VAT number, in capitals without blanks, with prefix."""

    text: str
    span: Span
    label: LabelHit | None = None
    prefixed: bool = True


def vat_numbers_on(sheet: Sheet) -> Iterator[PrintedNumber]:
    """The stretches of a page that have the form of a VAT number with prefix."""
    for row in sheet.rows:
        text, past = letters_of(row), 0
        places: list[int] = []  # found out once something begins like one
        for match in _VAT_HEAD.finditer(text):
            at = match.start()
            places = places or places_of(row)
            place = places[at]
            if at < past or (place and row.text[place - 1].isalnum()):
                continue
            number = next((n for n in matches_at(text, at) if _stands_alone(row, places, at, len(n))), None)
            if number:
                yield PrintedNumber(number, row.span(place, places[at + len(number) - 1] + 1))
                past = at + len(number)


def _stands_alone(row: Row, places: list[int], at: int, length: int) -> bool:
    """Whether the stretch ends with a word, crosses no column gap, and its digits do not run on after a blank."""
    end = places[at + length - 1] + 1
    stretch = row.text[places[at] : end]
    tail = row.text[end : end + 3]
    runs_on = bool(re.match(r"[ .]?\d", tail)) or bool(re.match(r"[A-Za-z]", tail))
    return GAP not in stretch and not runs_on and "," not in stretch and "/" not in stretch
