"""Words to rows: what stands beside and above one another on a page, and the text of a row with its wide gaps marked.

Pure list-in, tuple-out steps with named tolerances; sizes are in `em`, here the height of a row's tallest ordinary word.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from statistics import median

from scanstraat.extractors.grouping import around, grouped
from scanstraat.model.page import Box, Page, PageSource, Word

# A scanned word that is so many times as high as print of its width usually is has a ruled line or dirt in its box.
TOO_HIGH = 1.45
# Slant is measured on lines at least this wide, and put right from this on (points down per point right).
WIDE_LINE = 90.0
LEAST_SLOPE = 0.0015
# A till's roll is 80 mm wide (in points, with a little more); scanned on a larger page, its 48 letters across are no wider than
# so many em, which few rows do not tell.
ROLL_WIDTH, ROLL, FEW_ROWS = 260.0, 28.0, 12
# A line of so many letters that is so many times as high as wide is printed up or down the page.
LETTERS_TO_STAND, STANDING = 3, 1.5
# A gap wider than this many em separates columns; in a row's text it is a tab, a smaller one a blank.
COLUMN_GAP = 1.7
GAP = "\t"
# Single capitals this close are one word printed wide: "R E C H N U N G".
SPACED_GAP = 3.0
# Blanks that print keeps together, as between thousands: in a row's text they are blanks.
BLANKS = str.maketrans("\u00a0\u2007\u2009\u202f\u2002\u2003\u200a", " " * 7)
# Marks that monospaced print and OCR tear from the digits on both sides.
MARKS = frozenset(".,")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one row's text: where it stands on the document (page counted from 1) and in its row."""

    page: int
    row: int
    start: int
    end: int
    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class Row:
    """The words of one printed row of a page, left to right. `text` joins them with a blank, or a tab over a column gap.

    `segments` are the row cut at its column gaps.
    """

    page: int
    index: int
    words: tuple[Word, ...]
    em: float
    text: str
    starts: tuple[int, ...]
    box: Box
    segments: tuple[Span, ...] = ()

    def word_at(self, position: int) -> int:
        """The index of the word that covers (or precedes) a position of the text."""
        return max(0, bisect_right(self.starts, position) - 1)

    def span(self, start: int, end: int) -> Span:
        """The span of `text[start:end]`, its box made of the words it touches, cut in proportion within the first and last."""
        text = self.text
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        first = self.word_at(start)
        last = self.word_at(end - 1) if end > start else first
        words, starts = self.words, self.starts
        box = words[first].box if first == last else around(words[first : last + 1])
        if start < end:
            x0, x1 = _within(words[first], start - starts[first]), _within(words[last], end - starts[last])
            box = Box(x0, box.y0, max(x0, x1), box.y1)
        return Span(self.page, self.index, start, end, text[start:end], box)

    def segment(self, position: int) -> tuple[int, int]:
        """Start and end of the segment (text between column gaps) around a position."""
        start = self.text.rfind(GAP, 0, position) + 1
        end = self.text.find(GAP, position)
        return start, len(self.text) if end < 0 else end


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page as rows. `number` counts from 1 within the document.

    `slope` is how far the print sinks per point to the right; the rows are as if it did not, `on_page` gives the real place.
    """

    number: int
    width: float
    height: float
    source: PageSource
    rows: tuple[Row, ...]
    slope: float = 0.0

    @property
    def is_roll(self) -> bool:
        """Whether the print is as narrow as a till's paper roll, whatever the size of the page it was put on."""
        if self.source is not PageSource.OCR or len(self.rows) < FEW_ROWS:
            return self.width <= ROLL_WIDTH
        left, right = sorted(r.box.x0 for r in self.rows), sorted(r.box.x1 for r in self.rows)
        stray = len(self.rows) // 20
        return right[-1 - stray] - left[stray] <= ROLL * median([r.em for r in self.rows])

    def on_page(self, box: Box) -> Box:
        """A box of a row as it stands on the page."""
        shift = self.slope * box.middle[0]
        return Box(box.x0, box.y0 + shift, box.x1, box.y1 + shift) if self.slope else box


def _within(word: Word, offset: int) -> float:
    box, length = word.box, len(word.text)
    return box.x0 + (box.x1 - box.x0) * (offset / length if offset < length else 1.0)


def sheet(page: Page, number: int) -> Sheet:
    """A page's words as rows, top to bottom."""
    words = [w for w in page.words if w.text.strip() and w.box.height > 0]
    slope = _slope(words) if page.source is PageSource.OCR else 0.0
    if page.source is PageSource.OCR:
        words = list(_as_high_as_print(words))
    if abs(slope) >= LEAST_SLOPE:
        words = [_levelled(w, slope) for w in words]
    else:
        slope = 0.0
    lines = tuple(list(line) for _, line in groupby(words, key=lambda w: w.line))
    groups = (*grouped([w for line in lines if not _stands(line) for w in line]), *filter(_stands, lines))
    rows = tuple(_row(number, i, group) for i, group in enumerate(groups))
    return Sheet(number, page.width, page.height, page.source, rows, slope)


def _stands(line: list[Word]) -> bool:
    """Whether a line runs up or down the page, as small print in the margin does; it stands in no row beside others."""
    box = around(line)
    return box.y1 - box.y0 > STANDING * (box.x1 - box.x0) and sum(len(w.text) for w in line) >= LETTERS_TO_STAND


def _slope(words: list[Word]) -> float:
    """How far printed lines sink per point to the right: the median over the reader's lines, wide ones counting more."""
    lines: dict[int, list[Word]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word)
    slopes = []
    for line in lines.values():
        first, last = line[0].box.middle, line[-1].box.middle
        if last[0] - first[0] >= WIDE_LINE:
            slopes.append(((last[1] - first[1]) / (last[0] - first[0]), last[0] - first[0]))
    half, passed = sum(width for _, width in slopes) / 2, 0.0
    for slope, width in sorted(slopes):
        passed += width
        if passed >= half:
            return slope
    return 0.0


def _as_high_as_print(words: list[Word]) -> Iterator[Word]:
    """The words, those much higher than print of their width cut to its usual height about their middle."""
    lines: dict[int, list[Word]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word)
    widths = {n: sum(w.box.width for w in line) / sum(len(w.text) for w in line) for n, line in lines.items()}
    usual = median([w.box.height / widths[w.line] for w in words if widths[w.line] > 0] or [1.0])
    for word in words:
        high = usual * widths[word.line]
        if word.box.height > TOO_HIGH * high > 0:
            top = word.box.middle[1] - high / 2
            word = Word(word.text, Box(word.box.x0, top, word.box.x1, top + high), word.confidence, word.line)
        yield word


def _levelled(word: Word, slope: float) -> Word:
    shift = slope * word.box.middle[0]
    box = Box(word.box.x0, word.box.y0 - shift, word.box.x1, word.box.y1 - shift)
    return Word(word.text, box, word.confidence, word.line)


def _between(words: list[Word], i: int, em: float, rights: list[float]) -> str:
    """What stands between a word and the one before: a tab, a blank, or nothing around a mark torn from its digits."""
    gap = words[i].box.x0 - max(rights[max(0, i - 3) : i])
    before, word = words[i - 1].text, words[i].text
    if gap > COLUMN_GAP * em:
        spaced = gap < SPACED_GAP * em and len(word) == len(before) == 1
        return " " if spaced and word.isupper() and before.isupper() else GAP
    if gap >= em or (word not in MARKS and before not in MARKS):
        return " "
    after = words[i + 1].text if i + 1 < len(words) else ""
    mark_follows = word in MARKS and before[-1:].isdigit() and after[:1].isdigit() and words[i + 1].box.x0 - words[i].box.x1 < em
    mark_precedes = before in MARKS and i > 1 and words[i - 2].text[-1:].isdigit() and word[:1].isdigit()
    return "" if mark_follows or mark_precedes else " "


def _row(page: int, index: int, words: list[Word]) -> Row:
    heights = [w.box.height for w in words if any(map(str.isalnum, w.text))] or [w.box.height for w in words]
    em = max(4.0, min(max(heights), 1.6 * median(heights)))
    text, starts, rights = "", [], [w.box.x1 for w in words]
    for i, word in enumerate(words):
        text += _between(words, i, em, rights) if i else ""
        starts.append(len(text))
        text += word.text.translate(BLANKS)
    row = Row(page, index, tuple(words), em, text, tuple(starts), around(words))
    return Row(page, index, row.words, em, text, row.starts, row.box, tuple(_segments(row)))


def _segments(row: Row) -> Iterator[Span]:
    start = 0
    for piece in row.text.split(GAP):
        yield row.span(start, start + len(piece))
        start += len(piece) + 1
