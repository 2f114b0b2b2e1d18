"""Where a page tells of the supplier: beside VAT numbers, IBANs and register numbers, and its web and mail addresses."""

from __future__ import annotations

import re
from dataclasses import dataclass

from scanstraat.extractors.document_view import DocumentView
from scanstraat.extractors.folding import plain
from scanstraat.extractors.labels.table import LabelKind
from scanstraat.extractors.layout import Span
from scanstraat.extractors.parties import Side
from scanstraat.extractors.wordlists import CONTACT, MAIL_PROVIDERS
from scanstraat.model.page import Box

_DOMAIN = re.compile(
    r"""(?:@\ ?|www\.\ ?|https?://(?:www\.)?)(?P<host>[a-z0-9-]+(?:\.[a-z0-9-]+)*)\.[a-z]{2,12}\b
      | (?<![\w@.])(?P<bare>[a-z0-9-]{3,})\.(?:com|nl|de|be|fr|fi|se|eu|net|org|at|ch|dk|no|it|es|co\.uk)\b""",
    re.VERBOSE,
)
# A name belongs to a place when it stands within this many points above or beside it.
ABOVE, BESIDE = 75.0, 12.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where an identity (VAT number, IBAN, register number) or a contact stands."""

    page: int
    box: Box
    identity: bool

    def near(self, span: Span) -> bool:
        """Whether a span stands in the same row, or within a block's reach above or below in the same column."""
        if span.page != self.page:
            return False
        down = self.box.y0 - span.box.y1
        aligned = abs(self.box.x0 - span.box.x0) < 40 or (self.box.x0 < span.box.x1 and span.box.x0 < self.box.x1)
        return (-ABOVE / 3 < down < ABOVE and aligned) or abs(self.box.y0 - span.box.y0) < BESIDE


def identity_places(view: DocumentView) -> tuple[Place, ...]:
    """The places outside the buyer's regions."""
    spans = [(p.span, True) for p in view.ibans] + [(p.span, True) for p in view.vat_numbers]
    for sheet in view.sheets:
        for row in sheet.rows:
            for segment in row.segments:
                if CONTACT.search(plain(segment.text)):
                    spans.append((segment, False))
    spans.extend((h.span, True) for h in view.of_kind(LabelKind.REGISTER_NUMBER, LabelKind.VAT_NUMBER) if h.leading)
    return tuple(Place(s.page, s.box, identity) for s, identity in spans if not view.within(s, Side.BUYER, Side.DELIVERY))


@dataclass(frozen=True, slots=True)
class Web:
    """The telling part of a web or mail address: as printed with blanks for dashes, and its letters and digits only."""

    name: str
    letters: str
    span: Span


def domains(view: DocumentView) -> tuple[Web, ...]:
    """The telling parts of web and mail addresses outside the buyer's regions, each once."""
    found: dict[str, Web] = {}
    for sheet in view.sheets:
        for row in sheet.rows:
            for match in _DOMAIN.finditer(plain(row.text)):
                host = _telling(match)
                span = row.span(*match.span())
                if host not in MAIL_PROVIDERS and not view.within(span, Side.BUYER, Side.DELIVERY):
                    letters = re.sub(r"[^a-z0-9]", "", host)
                    found.setdefault(letters, Web(host.replace("-", " "), letters, span))
    return tuple(found.values())


def _telling(match: re.Match[str]) -> str:
    """The part of a host before its public ending: "example" of "www.shop.example.co.uk"."""
    parts = (match["host"] or match["bare"]).split(".")
    return parts[-2] if len(parts) > 1 and parts[-1] in {"co", "com"} else parts[-1]
