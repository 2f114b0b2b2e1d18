"""Labels on printed rows. A phrase is met whatever blanks, marks and accents stand in it, even where words are broken."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from scanstraat.extractors.folding import fold_letter
from scanstraat.extractors.labels.table import LabelKind, phrases
from scanstraat.extractors.layout import GAP, Row, Span
from scanstraat.model.document import Kind

LONGEST = 44
# A phrase this long may be met with a letter misread.
SHORTEST_MISREAD = 10
# A label this short right behind another is a particle of it ("date limite de paiement le", "Rechnung vom").
PARTICLE = 4


@dataclass(frozen=True, slots=True)
class LabelHit:
    """A label phrase met on a row.

    `leading`: nothing stands directly before it in its segment; `closed`: a colon or the segment's end follows;
    `phrase` is the folded text. A label that is `leading` and `closed` is alone in its segment or heads a value.
    """

    kinds: tuple[LabelKind, ...]
    span: Span
    phrase: str
    leading: bool
    closed: bool

    @property
    def alone(self) -> bool:
        """Whether it is the whole of what a reader sees as one label."""
        return self.leading and self.closed


@dataclass(frozen=True, slots=True)
class Stream:
    """A row's letters and digits folded, each with its place in the text, and where a phrase may begin and end."""

    letters: str
    places: tuple[int, ...]
    begins: tuple[int, ...]
    ends: frozenset[int]


def stream(text: str) -> Stream:
    """The folded stream of a row's text; phrases begin and end where words do, or at punctuation within a word.

    >>> s = stream("Facture n°562")
    >>> s.letters, s.begins, sorted(s.ends)
    ('factureno562', (0, 7, 8, 9), [7, 8, 9, 12])
    """
    letters: list[str] = []
    places: list[int] = []
    begins: list[int] = []
    ends: set[int] = set()
    inside = False
    for place, letter in enumerate(text):
        folded = fold_letter(letter)
        sign = not letter.isalnum()
        if inside and (not folded or sign):
            ends.add(len(letters))
        if folded:
            if not inside or sign:
                begins.append(len(letters))
            letters.extend(folded)
            places.extend([place] * len(folded))
        inside = bool(folded) and not sign
        if folded and sign:
            ends.add(len(letters))
    ends.add(len(letters))
    return Stream("".join(letters), tuple(places), tuple(dict.fromkeys(begins)), frozenset(ends))


@cache
def _kinds() -> dict[str, tuple[LabelKind, ...]]:
    return dict(phrases().kinds)


@cache
def _page_kinds() -> dict[str, Kind]:
    return dict(phrases().page_kinds)


def labels_on(row: Row, misread: bool = False) -> Iterator[LabelHit]:
    """The labels of a row, longest phrase first at each place, none within another.

    `misread`: the row was read by OCR, so that one letter of a long phrase may be wrong.
    """
    table, last = _kinds(), -LONGEST
    for phrase, start, end in _met(row, _known_phrases(), misread):
        follows = not row.text[last:start].strip(" :.-") if last >= 0 else False
        if len(phrase) <= PARTICLE and follows:
            continue
        leading, closed = _edges(row.text, start, end)
        last = end
        yield LabelHit(table[phrase], row.span(start, end), phrase, leading, closed)


@cache
def _known_phrases() -> frozenset[str]:
    return frozenset(_kinds())


@cache
def _known_page_kinds() -> frozenset[str]:
    return frozenset(_page_kinds())


def page_kinds_on(row: Row) -> Iterator[tuple[Kind, LabelHit]]:
    """The words of a row that name what kind of page it is."""
    table = _page_kinds()
    for phrase, start, end in _met(row, _known_page_kinds()):
        leading, closed = _edges(row.text, start, end)
        yield table[phrase], LabelHit((), row.span(start, end), phrase, leading, closed)


@cache
def _lengths(known: frozenset[str]) -> dict[str, tuple[int, ...]]:
    """For the first two letters of phrases, the lengths there are, longest first."""
    found: dict[str, set[int]] = {}
    for phrase in known:
        found.setdefault(phrase[:2], set()).add(len(phrase))
    return {head: tuple(sorted(lengths, reverse=True)) for head, lengths in found.items()}


def _met(row: Row, known: frozenset[str], misread: bool = False) -> Iterator[tuple[str, int, int]]:
    """Phrase, start and end in the row's text of each known phrase met; `misread` allows for letters that OCR got wrong."""
    text, folded = row.text, stream(row.text)
    past = 0
    for begin in folded.begins:
        if begin < past:
            continue
        start = folded.places[begin]
        gap = text.find(GAP, start)
        limit = bisect_left(folded.places, gap) if gap >= 0 else len(folded.letters)
        found = _exact(folded, begin, limit, known) or (_nearly(folded, begin, limit, known) if misread else None)
        if found is not None:
            phrase, past = found
            yield phrase, start, folded.places[past - 1] + 1


def _exact(folded: Stream, begin: int, limit: int, known: frozenset[str]) -> tuple[str, int] | None:
    """The longest known phrase that begins here and ends before `limit`, and where it ends."""
    for length in _lengths(known).get(folded.letters[begin : begin + 2], ()):
        phrase = folded.letters[begin : begin + length]
        if begin + length <= limit and begin + length in folded.ends and phrase in known:
            return phrase, begin + length
    return None


def _nearly(folded: Stream, begin: int, limit: int, known: frozenset[str]) -> tuple[str, int] | None:
    """A long phrase that begins here with one letter wrong, lost or added, or with "rn" read as "m"."""
    ends = sorted((e for e in folded.ends if e <= limit and SHORTEST_MISREAD - 1 <= e - begin <= LONGEST), reverse=True)
    for end in ends:
        text = folded.letters[begin:end]
        phrase = _misread(known).get(text)
        if phrase is None:
            phrase = next((p for i in range(len(text)) if (p := _misread(known).get(text[:i] + text[i + 1 :]))), None)
        if phrase is not None and (phrase[:2], phrase[-1]) == (text[:2], text[-1]) and abs(len(phrase) - len(text)) <= 1:
            return phrase, end
    return None


@cache
def _misread(known: frozenset[str]) -> dict[str, str]:
    """Long phrases by what is left of them when one letter is lost, and by "rn" read as "m"; what several share is left out."""
    found: dict[str, str] = {}
    shared: set[str] = set()
    for phrase in known:
        if len(phrase) < SHORTEST_MISREAD:
            continue
        variants = {phrase[:i] + phrase[i + 1 :] for i in range(len(phrase))} | {phrase, phrase.replace("rn", "m")}
        for variant in variants:
            if found.setdefault(variant, phrase) != phrase:
                shared.add(variant)
    return {variant: phrase for variant, phrase in found.items() if variant not in shared or variant in known}


def _edges(text: str, start: int, end: int) -> tuple[bool, bool]:
    before, after = text[:start], text[end:]
    segment_before = before.rpartition(GAP)[2].rstrip(" ")
    leading = not segment_before or not segment_before[-1].isalnum()
    trimmed = after.lstrip(" .)°*")
    closed = not trimmed or trimmed[0] in ":;=#?" or trimmed[0] == GAP
    return leading, closed
