"""Whose part of the page is whose: regions that a label opens (bill to, seller), and the address window's block."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from scanstraat.extractors.folding import plain
from scanstraat.extractors.labels.finding import LabelHit
from scanstraat.extractors.labels.table import LabelKind
from scanstraat.extractors.layout import Row, Sheet, Span
from scanstraat.extractors.wordlists import CONTACT
from scanstraat.model.page import Box

# A region ends where a gap of this many row heights opens, or after this many points.
REGION_GAP = 2.6
REGION_REACH = 190.0
# The address window of letters (DIN 5008, NEN 1026, NF Z 11-001) lies in this part of the page's height.
WINDOW = (0.08, 0.36)

# "1234 AB Stad", "12345 Stadt", "123 45 Stad"; "London SW1A 1AA"; "Fremont CA 94538".
POSTAL_LINE = re.compile(
    r"""^(?:[A-Z]{1,2}[-\ ])?(?:\d{4}\ ?[A-Z]{2}|\d{4,5}|\d{3}\ \d{2}),?\ *(?=[A-ZÀ-Þ'])[^\W\d_][^\d]{1,40}$
      | ^[^\W\d_][^\d]{2,30},?\ +[A-Z]{1,2}\d{1,2}[A-Z]?\ ?\d[A-Z]{2}$
      | ^[^\d]{2,30}\ +[A-Z]{2}\ +\d{5}$
    """,
    re.VERBOSE,
)


class Side(StrEnum):
    """Whose region it is."""

    BUYER = "buyer"
    DELIVERY = "delivery"
    SELLER = "seller"


@dataclass(frozen=True, slots=True)
class Region:
    """A part of a page that tells of one party; `labelled` False where only its place on the page tells."""

    side: Side
    page: int
    box: Box
    labelled: bool = True
    label: LabelHit | None = None

    def holds(self, span: Span) -> bool:
        """Whether a span lies within."""
        x, y = span.box.middle
        return span.page == self.page and self.box.x0 <= x <= self.box.x1 and self.box.y0 <= y <= self.box.y1


_SIDES = {LabelKind.BUYER: Side.BUYER, LabelKind.DELIVERY: Side.DELIVERY, LabelKind.SELLER: Side.SELLER}


def regions(sheets: tuple[Sheet, ...], hits: tuple[LabelHit, ...], heads: tuple[tuple[int, int], ...]) -> tuple[Region, ...]:
    """All regions of a document, labelled ones first; where no label opens a buyer's region, the address window does."""
    opening = [(hit, side) for hit in hits for kind, side in _SIDES.items() if kind in hit.kinds and _opens(hit, sheets, heads)]
    found = [_below(hit, side, sheets[hit.span.page - 1], opening) for hit, side in opening]
    if not any(r.side is Side.BUYER for r in found) and sheets:
        window = _window(sheets[0], found)
        found.extend([window] if window else [])
    return tuple(found)


def _opens(hit: LabelHit, sheets: tuple[Sheet, ...], heads: tuple[tuple[int, int], ...]) -> bool:
    """A party label opens a region when it stands alone at a segment's start and not in a table's head."""
    if not hit.alone or (hit.span.page, hit.span.row) in heads:
        return False
    row = sheets[hit.span.page - 1].rows[hit.span.row]
    rest = row.text[hit.span.end : row.segment(hit.span.start)[1]]
    return len(hit.phrase) > 3 or not rest.strip(" :.") or rest.lstrip().startswith(":")


def _below(hit: LabelHit, side: Side, sheet: Sheet, opening: list[tuple[LabelHit, Side]]) -> Region:
    row, box = sheet.rows[hit.span.row], hit.span.box
    segment = row.segment(hit.span.start)
    beside = [s.box.x0 for s in row.segments if s.start > segment[1]]
    right = min(beside) - 2 if beside else sheet.width
    stops = [
        other.span.box.y0
        for other, _ in opening
        if other is not hit
        and other.span.page == hit.span.page
        and other.span.box.y0 > box.y1
        and other.span.box.x0 < min(right, box.x1 + 60)
        and other.span.box.x1 > box.x0 - 5
    ]
    bottom = min([box.y1 + REGION_REACH, *stops])
    bottom = _gap_end(sheet, Box(box.x0 - 6, box.y0, right, bottom), row)
    return Region(side, hit.span.page, Box(box.x0 - 6, box.y0 - 1, right, bottom), True, hit)


def _gap_end(sheet: Sheet, box: Box, first: Row) -> float:
    """Where the region's rows end: at the first wide gap between them."""
    last = first.box.y1
    for row in sheet.rows:
        if row.box.y0 < first.box.y1 - 2 or row.box.y0 > box.y1:
            continue
        inside = [w for w in row.words if box.x0 <= w.box.x0 and w.box.x1 <= box.x1 + 1]
        if not inside:
            continue
        top = min(w.box.y0 for w in inside)
        if top - last > REGION_GAP * max(first.em, 7.0):
            break
        last = max(last, max(w.box.y1 for w in inside))
    return min(box.y1, last + 1)


@dataclass(frozen=True, slots=True)
class Block:
    """Segments that stand under one another with one left edge, as an address does."""

    page: int
    spans: tuple[Span, ...]
    box: Box

    @property
    def text(self) -> str:
        """Its lines."""
        return "\n".join(s.text for s in self.spans)

    @property
    def is_address(self) -> bool:
        """Whether a postal line stands in it below at least one other."""
        return any(POSTAL_LINE.search(s.text.strip(" ,.")) for s in self.spans[1:])

    @property
    def has_contact(self) -> bool:
        """Whether telephone, mail or web stand in it."""
        return CONTACT.search(plain(self.text)) is not None


def blocks(sheet: Sheet) -> tuple[Block, ...]:
    """The page's segments as blocks, top to bottom."""
    open_blocks: list[list[Span]] = []
    for row in sheet.rows:
        for segment in row.segments:
            home = next((b for b in reversed(open_blocks[-12:]) if _continues(b[-1], segment, row.em)), None)
            if home is None:
                open_blocks.append([segment])
            else:
                home.append(segment)
    return tuple(Block(sheet.number, tuple(b), _around(b)) for b in open_blocks)


def _continues(above: Span, below: Span, em: float) -> bool:
    gap = below.box.y0 - above.box.y1
    return -2 <= gap <= 1.5 * max(em, above.box.height) and abs(above.box.x0 - below.box.x0) <= 5


def _around(spans: list[Span]) -> Box:
    box = spans[0].box
    for span in spans[1:]:
        box = box.united(span.box)
    return box


def _window(sheet: Sheet, known: list[Region]) -> Region | None:
    """The block in the address window: an address without telephone or mail, the lowest such that is not the seller's."""
    low, high = WINDOW[0] * sheet.height, WINDOW[1] * sheet.height
    found = [
        b
        for b in blocks(sheet)
        if low <= b.box.y0 <= high and 3 <= len(b.spans) <= 8 and b.is_address and not b.has_contact and not _numbered(b)
    ]
    found = [b for b in found if not any(r.side is Side.SELLER and r.holds(b.spans[0]) for r in known)]
    if not found:
        return None
    chosen = max(found, key=lambda b: (round(b.box.y0 / 12), b.box.x0))
    if _is_sender(chosen, found, sheet):
        return None
    return Region(
        Side.BUYER, sheet.number, Box(chosen.box.x0 - 3, chosen.box.y0 - 1, chosen.box.x1 + 3, chosen.box.y1 + 1), False
    )


def _numbered(block: Block) -> bool:
    return (
        re.search(r"\b(?:[A-Z]{2}\d{2}\ ?[A-Z0-9]{4}\ ?\d{4}|kvk|hrb|siret|siren|iban)\b", block.text, re.VERBOSE | re.IGNORECASE)
        is not None
    )


def _is_sender(block: Block, found: list[Block], sheet: Sheet) -> bool:
    """A single address in the page's top corner is as likely the sender's own."""
    return len(found) == 1 and block.box.y0 < 0.12 * sheet.height
