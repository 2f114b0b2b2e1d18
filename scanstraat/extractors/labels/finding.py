"""Labels on printed rows. A phrase is met whatever blanks, marks and accents stand in it, even where words are broken."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from rapidfuzz.distance import Levenshtein

from scanstraat.extractors.folding import fold
from scanstraat.extractors.labels.table import LabelKind, phrases
from scanstraat.extractors.layout import GAP, Row, Span
from scanstraat.model.document import Kind

LONGEST = 60
# A phrase this long may be met with a letter misread.
SHORTEST_MISREAD = 10
# A label this short right behind another is a particle of it ("date limite de paiement le", "Rechnung vom").
PARTICLE = 4
# So many letters at either end of a misread phrase are compared first: one of the two must be right.
RIGHT_END = 5
# A word of a row, or a sign by itself that may stand for letters: "n°", "#".
_PIECE = re.compile(r"[^\W_]+|[^\w\s!-\"$-/:-@\[-`{-~]", re.VERBOSE)
# What stands between a label and the same in another language: "Rechnung / Invoice No.".
BETWEEN_LANGUAGES = frozenset({"", "/", "|", "-", "–", "(", "·", "•", ":", ")/", "."})
# A weak word beside one of these in another language means the same: "Factuurdatum / Date".
NARROWER: dict[LabelKind, frozenset[LabelKind]] = {
    LabelKind.TITLE: frozenset({LabelKind.INVOICE_NUMBER, LabelKind.INVOICE_DATE}),
    LabelKind.NUMBER: frozenset({LabelKind.INVOICE_NUMBER}),
    LabelKind.DATE: frozenset({LabelKind.INVOICE_DATE, LabelKind.DUE_DATE, LabelKind.OTHER_DATE}),
    LabelKind.TOTAL_DUE: frozenset({LabelKind.TOTAL_GROSS}),
    LabelKind.TOTAL: frozenset({LabelKind.TOTAL_GROSS, LabelKind.TOTAL_DUE, LabelKind.NET_TOTAL}),
}


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
    ends: tuple[int, ...]


@lru_cache(maxsize=1024)  # a row is searched for labels and for the words of page kinds
def stream(text: str) -> Stream:
    """The folded stream of a row's text; phrases begin and end where words do, or at punctuation within a word.

    >>> s = stream("Facture n°562")
    >>> s.letters, s.begins, s.ends
    ('factureno562', (0, 7, 8, 9), (7, 8, 9, 12))
    """
    letters = ""
    places: list[int] = []
    begins: list[int] = []
    ends: list[int] = []
    for match in _PIECE.finditer(text):
        piece, place = match[0], match.start()
        folded = fold(piece)
        if not folded:
            continue
        begins.append(len(letters))
        letters += folded
        if piece.isascii() and len(folded) == len(piece):
            places.extend(range(place, match.end()))
        else:
            places.extend(place + offset for offset in _offsets(piece))
        ends.append(len(letters))
    return Stream(letters, tuple(places), tuple(begins), tuple(ends or (0,)))


@lru_cache(maxsize=4096)
def _offsets(piece: str) -> tuple[int, ...]:
    """Where in a piece each of its folded letters stands: one letter may fold to two."""
    return tuple(offset for offset, letter in enumerate(piece) for _ in fold(letter))


def labels_on(row: Row, misread: bool = False) -> Iterator[LabelHit]:
    """The labels of a row, longest phrase first at each place, none within another; a label and its translation are one.

    `misread`: the row was read by OCR, so that one letter of a long phrase may be wrong.
    """
    last: LabelHit | None = None
    for hit in _hits(row, misread):
        joined = _translated(last, hit, row) if last else None
        if last is not None and joined is None:
            yield last
        last = joined or hit
    if last is not None:
        yield last


def _hits(row: Row, misread: bool) -> Iterator[LabelHit]:
    table, last = phrases().meanings, -LONGEST
    for phrase, start, end in _met(row, _known_phrases(), misread):
        follows = not row.text[last:start].strip(" :.-") if last >= 0 else False
        if len(phrase) <= PARTICLE and follows:
            continue
        leading, closed = _edges(row.text, start, end)
        last = end
        yield LabelHit(table[phrase].kinds, row.span(start, end), phrase, leading, closed)


def _translated(one: LabelHit, other: LabelHit, row: Row) -> LabelHit | None:
    """Two labels that say the same in two languages as one; None where they do not."""
    between = row.text[one.span.end : other.span.start]
    if GAP in between or between.replace(" ", "") not in BETWEEN_LANGUAGES:
        return None
    meanings = phrases().meanings
    if not set(meanings[one.phrase].languages).isdisjoint(meanings[other.phrase].languages):
        return None
    both = tuple(k for k in one.kinds if k in other.kinds)
    sums = tuple(k for k in both if k is not LabelKind.HEAD_LINE_TOTAL)
    kinds = sums or _narrower(one, other) or _narrower(other, one) or both
    if not kinds:
        return None
    phrase = one.phrase if set(kinds) <= set(one.kinds) else other.phrase
    return replace(one, kinds=kinds, span=row.span(one.span.start, other.span.end), phrase=phrase, closed=other.closed)


def _narrower(weak: LabelHit, strong: LabelHit) -> tuple[LabelKind, ...]:
    """The kinds of a label that a weaker word beside it may mean as well."""
    wanted = {kind for may in weak.kinds for kind in NARROWER.get(may, ())}
    return tuple(kind for kind in strong.kinds if kind in wanted)


@cache
def _known_phrases() -> frozenset[str]:
    return frozenset(phrases().meanings)


@cache
def _page_kinds() -> dict[str, Kind]:
    return dict(phrases().page_kinds)


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
def _heads(known: frozenset[str]) -> frozenset[str]:
    """The letters that phrases begin with: most words of a page begin none."""
    return frozenset(phrase[:3] for phrase in known) | {phrase for phrase in known if len(phrase) < 3}


def _met(row: Row, known: frozenset[str], misread: bool = False) -> Iterator[tuple[str, int, int]]:
    """Phrase, start and end in the row's text of each known phrase met; `misread` allows for letters that OCR got wrong."""
    text, folded = row.text, stream(row.text)
    heads, letters, ends = _heads(known), folded.letters, folded.ends
    past, limit = 0, -1
    for begin in folded.begins:
        if begin < past:
            continue
        start = folded.places[begin]
        if begin >= limit:
            gap = text.find(GAP, start)
            limit = bisect_left(folded.places, gap) if gap >= 0 else len(letters)
        found = None
        if letters[begin : begin + 3] in heads or letters[begin : begin + 2] in heads or letters[begin] in heads:
            found = _exact(letters, ends, begin, limit, known)
        if found is None and misread:
            found = _nearly(letters, ends, begin, limit, known)
        if found is not None and letters[found[1] - 1] == "a" and _is_series(text, folded.places[found[1] - 1]):
            found = _exact(letters, ends, begin, found[1] - 1, known) or found
        if found is not None:
            phrase, past = found
            yield phrase, start, folded.places[past - 1] + 1


def _is_series(text: str, place: int) -> bool:
    """Whether a single A is the series of the number behind it, and not the last word of a label ("Facturé à").

    >>> _is_series("Facture A-05633", 8), _is_series("Facturé à Acme", 8)
    (True, False)
    """
    return text[place - 1] == " " and text[place] in "Aa" and text[place + 1 :].lstrip(" -/.")[:1].isdigit()


def _exact(letters: str, ends: tuple[int, ...], begin: int, limit: int, known: frozenset[str]) -> tuple[str, int] | None:
    """The longest known phrase that begins here and ends before `limit`, and where it ends."""
    for i in range(bisect_right(ends, min(limit, begin + LONGEST)) - 1, -1, -1):
        end = ends[i]
        if end <= begin:
            return None
        if letters[begin:end] in known:
            return letters[begin:end], end
    return None


def _nearly(letters: str, ends: tuple[int, ...], begin: int, limit: int, known: frozenset[str]) -> tuple[str, int] | None:
    """A long phrase that begins here with one letter wrong, lost or added, or with "rn" read as "m"."""
    for i in range(bisect_right(ends, min(limit, begin + LONGEST)) - 1, -1, -1):
        end = ends[i]
        if end - begin < SHORTEST_MISREAD - 1:
            return None
        phrase = _misread(letters[begin:end], known)
        if phrase is not None:
            return phrase, end
    return None


@lru_cache(maxsize=8192)  # the same headings return on every page
def _misread(text: str, known: frozenset[str]) -> str | None:
    """The long phrase that a text is but for one letter; None where it is none, or may be several that differ in meaning."""
    seen, index = text.replace("rn", "m"), _by_ends(known)
    ends = ((seen[:RIGHT_END], False), (seen[-RIGHT_END:], True))
    near = {p for end, last in ends for n in (-1, 0, 1) for p in index.get((end, last, len(seen) + n), ())}
    found = [p for p in near if _alike(p, text) and Levenshtein.distance(p.replace("rn", "m"), seen, score_cutoff=1) <= 1]
    kinds = {phrases().meanings[p].kinds for p in found}
    return found[0] if len(kinds) == 1 else None


def _alike(phrase: str, text: str) -> bool:
    """Whether a phrase and a text begin and end alike, as a misread one still does."""
    return (phrase[:2], phrase[-1]) == (text[:2], text[-1])


@cache
def _by_ends(known: frozenset[str]) -> dict[tuple[str, bool, int], list[str]]:
    """Long phrases by their first and by their last letters, and by their length, "rn" taken for "m"."""
    found: dict[tuple[str, bool, int], list[str]] = {}
    for phrase in known:
        if len(phrase) >= SHORTEST_MISREAD:
            seen = phrase.replace("rn", "m")
            found.setdefault((seen[:RIGHT_END], False, len(seen)), []).append(phrase)
            found.setdefault((seen[-RIGHT_END:], True, len(seen)), []).append(phrase)
    return found


def _edges(text: str, start: int, end: int) -> tuple[bool, bool]:
    before, after = text[:start], text[end:]
    segment_before = before.rpartition(GAP)[2].rstrip(" ")
    leading = not segment_before or not segment_before[-1].isalnum()
    trimmed = after.lstrip(" .)°*")
    closed = not trimmed or trimmed[0] in ":;=#?" or trimmed[0] == GAP
    return leading, closed
