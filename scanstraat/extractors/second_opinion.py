"""A document read twice where it matters: what was unsure at the first reading is looked at again, and both are judged together.

Nothing is invented: every value was read by one of the two. A check that holds says which (check digits, amounts that add
up); two that agree are surer; two that differ where nothing can be checked are a doubt (C7).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from scanstraat.extractors import lines
from scanstraat.extractors.candidate import Candidate
from scanstraat.extractors.document_view import DocumentView, view
from scanstraat.extractors.doubtful_places import LOOKED_AT, places
from scanstraat.extractors.judging import dates, identity, legibility, looks
from scanstraat.extractors.recognition import candidates_of, money_judged, readings_of, recognise
from scanstraat.extractors.signals import Signal
from scanstraat.model.administration import OwnIdentity
from scanstraat.model.field import FieldName, Readings
from scanstraat.model.look import Look, Place
from scanstraat.model.page import Page, PageSource, Word

_ONE_MARK = re.compile(r"(?P<whole>\d{1,3}(?P<mark>[.,])(?:\d{3}(?P=mark))*\d{3})(?P=mark)(?P<cents>\d{2})(?!\d)", re.VERBOSE)
_SEEN_AGAIN = frozenset({*(field for field, _ in LOOKED_AT), FieldName.CURRENCY})  # names gain nothing from looks at numbers
SEEN = 0.6  # share of the letters and digits read at a place that a look has to have seen there
_OTHER_MARK = {".": ",", ",": "."}


@dataclass(frozen=True, slots=True)
class FirstLook:
    """What was recognised, and the places where a second look is worth its time; none where all that matters is sure."""

    readings: Readings
    places: tuple[Place, ...] = ()


def first_look(pages: tuple[Page, ...], own: OwnIdentity) -> FirstLook:
    """Everything found on one document's pages, and where to look again; born-digital pages are never looked at."""
    readings = recognise(pages, own)
    if not any(page.source is PageSource.OCR for page in pages):
        return FirstLook(readings)
    return FirstLook(readings, places(view(pages, own), readings))


def second_look(pages: tuple[Page, ...], taken: tuple[Look, ...], own: OwnIdentity) -> Readings:
    """Everything found on the pages, with what was seen at some of their places taken into account (C7)."""
    taken = tuple(look for look in taken if _tells(pages[look.place.page - 1], look))
    again = retold(pages, taken)
    before, after = view(pages, own), view(again, own)
    again_found = tuple(c for c in _found(again, after) if c.field in _SEEN_AGAIN)
    both = looks.compared(_found(pages, before), again_found, taken)
    tables = (*lines.found(after), *lines.found(before))
    summed = _summed(after, before, both, lines.sums_of(tables))
    judged = identity.judged(dates.judged(summed))
    return readings_of(after, looks.settled(judged, taken), tables)


def _summed(
    after: DocumentView, before: DocumentView, both: tuple[Candidate, ...], sums: frozenset[Decimal]
) -> tuple[Candidate, ...]:
    """The candidates with their amounts judged on the page as seen last; where no sum holds there, as read first.

    So a look that spoils a row never takes away a sum that held.
    """
    for seen, other in ((after, before), (before, after)):
        known = {amount.value for amount in seen.amounts}
        more = tuple(amount for amount in other.amounts if amount.value not in known)
        judged = money_judged(replace(seen, amounts=(*seen.amounts, *more)), both, sums)
        if any(Signal.ADDS_UP in candidate.signals for candidate in judged):
            return judged
    return judged


def _found(pages: tuple[Page, ...], seen: DocumentView) -> tuple[Candidate, ...]:
    return legibility.judged(pages, candidates_of(seen))


def _tells(page: Page, look: Look) -> bool:
    """Whether a look saw about as much as was read there; one that saw less missed it, and says nothing of it."""
    read = sum(_letters(word) for word in page.words if _stands_at(word, look.place))
    return sum(map(_letters, look.words)) >= max(1, SEEN * read)


def _letters(word: Word) -> int:
    return sum(map(str.isalnum, word.text))


def retold(pages: tuple[Page, ...], taken: tuple[Look, ...]) -> tuple[Page, ...]:
    """The pages as the second look saw them: its words in the place of those that stood there; elsewhere as they were."""
    for look in taken:
        if look.words:
            at = look.place.page - 1
            pages = (*pages[:at], _retold(pages[at], look), *pages[at + 1 :])
    return pages


def _retold(page: Page, look: Look) -> Page:
    replaced = [i for i, word in enumerate(page.words) if _stands_at(word, look.place)]
    at = replaced[0] if replaced else len(page.words)
    line = page.words[at].line if replaced else max((word.line for word in page.words), default=-1) + 1
    new = tuple(replace(word, text=with_two_marks(word.text), line=line) for word in look.words)
    kept = [word for i, word in enumerate(page.words) if i not in set(replaced)]
    return replace(page, words=(*kept[:at], *new, *kept[at:]))


def _stands_at(word: Word, place: Place) -> bool:
    x, y = word.box.middle
    box, sunk = place.box, place.slope * (x - place.box.middle[0])
    return box.x0 <= x <= box.x1 and abs(y - sunk - box.middle[1]) <= box.height / 2


def with_two_marks(text: str) -> str:
    """An amount whose groups and cents were read with the same mark, which none is printed with: the last is the other one.

    >>> with_two_marks("€2.400.00"), with_two_marks("1,234,567,89"), with_two_marks("12.50"), with_two_marks("1.234.567")
    ('€2.400,00', '1,234,567.89', '12.50', '1.234.567')
    """
    return _ONE_MARK.sub(lambda m: f"{m['whole']}{_OTHER_MARK[m['mark']]}{m['cents']}", text)
