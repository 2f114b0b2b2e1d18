"""Segments put together into blocks, as an address is; and the block in the window of the envelope."""

from __future__ import annotations

import re
from dataclasses import dataclass

from scanstraat.extractors.folding import plain
from scanstraat.extractors.layout import Sheet, Span
from scanstraat.extractors.wordlists import CONTACT
from scanstraat.model.page import Box

# The address window of letters (DIN 5008, NEN 1026, NF Z 11-001) lies in this part of the page's height.
WINDOW = (0.08, 0.36)
# A single address above this part of the page's height is as likely the sender's own.
CORNER = 0.12

# "1234 AB Stad", "12345 Stadt", "123 45 Stad", "1234-567 Cidade", "400123 Oraș"; "London SW1A 1AA", "Dublin D02 X285";
# "Fremont CA 94538", "Sydney NSW 2000", "Toronto ON M5V 2T6"; "Pune - 411001".
POSTAL_LINE = re.compile(
    r"""^(?:[A-Z]{1,2}[-\ ])?(?:\d{4}\ ?[A-Z]{2}|\d{4,6}|\d{3}\ \d{2}|\d{2}-\d{3}|\d{4}-\d{3}),?\ *
          (?=[A-ZÀ-ÞŚŁŻČŠŽŘŐ'])[^\W\d_][^\d]{1,40}$
      | ^[^\W\d_][^\d]{2,30},?\ +[A-Z]{1,2}\d{1,2}[A-Z]?\ ?\d[A-Z]{2}$
      | ^[^\W\d_][^\d]{2,30}(?:\ \d{1,2})?,?\ +[A-Z]\d{2}\ ?[A-Z0-9]{4}$
      | ^[^\d]{2,30}\ +(?:[A-Z]{2}\ +(?:\d{5}(?:-\d{4})?|[A-Z]\d[A-Z]\ ?\d[A-Z]\d)|(?:ACT|NSW|NT|QLD|SA|TAS|VIC|WA)\ +\d{4})$
      | ^[^\W\d_][^\d]{2,30}\ -\ \d{6}$
    """,
    re.VERBOSE,
)
_NUMBERED = re.compile(r"\b(?:[A-Z]{2}\d{2}\ ?[A-Z0-9]{4}\ ?\d{4}|kvk|hrb|siret|siren|iban)\b", re.VERBOSE | re.IGNORECASE)


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
    if abs(above.box.x0 - below.box.x0) > 5:
        return False
    gap = below.box.y0 - above.box.y1
    return -2 <= gap <= 1.5 * max(em, above.box.height)


def _around(spans: list[Span]) -> Box:
    box = spans[0].box
    for span in spans[1:]:
        box = box.united(span.box)
    return box


def in_window(sheet: Sheet) -> Block | None:
    """The block in the address window: the lowest address there without telephone, mail or numbers of a company."""
    low, high = WINDOW[0] * sheet.height, WINDOW[1] * sheet.height
    addresses = [b for b in blocks(sheet) if b.box.y0 <= high and b.is_address]
    found = [b for b in addresses if b.box.y0 >= low and _is_addressee(b)]
    if not found:
        return None
    chosen = max(found, key=lambda b: (round(b.box.y0 / 12), b.box.x0))
    return None if len(addresses) == 1 and chosen.box.y0 < CORNER * sheet.height else chosen


def _is_addressee(block: Block) -> bool:
    bare = not block.has_contact and not _NUMBERED.search(block.text)
    return 3 <= len(block.spans) <= 8 and bare
