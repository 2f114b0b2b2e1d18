"""Documents: what goes one way, cut from the pages of a mail."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from scanstraat.model.correction import NOTHING_GIVEN, Correction
from scanstraat.model.field import Readings
from scanstraat.model.page import PageRef
from scanstraat.model.state import DocumentState
from scanstraat.model.supplier import SupplierMatch
from scanstraat.model.verdict import Verdict


class Kind(StrEnum):
    """What a document is (B7)."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit-note"
    E_INVOICE = "e-invoice"
    REMINDER = "reminder"
    PAYMENT_REQUEST = "payment-request"
    STATEMENT = "statement"
    ORDER_CONFIRMATION = "order-confirmation"
    DELIVERY_NOTE = "delivery-note"
    QUOTE = "quote"
    PRO_FORMA = "pro-forma"
    RECEIPT = "receipt"
    ANNEX = "annex"
    ADVERTISING = "advertising"
    OTHER = "other"
    UNREADABLE = "unreadable"


# What web addresses begin with among the identities of a page.
WEB = "@"
INVOICE_KINDS = frozenset({Kind.INVOICE, Kind.CREDIT_NOTE, Kind.E_INVOICE, Kind.RECEIPT})


@dataclass(frozen=True, slots=True)
class PageTraits:
    """What a page shows of the document it is a page of, for putting pages together (B4).

    `titled`: a heading names its kind; `addressed`: an addressee stands on it; `day`: its own date, ISO; `summed`: a total to pay
    or VAT is printed; `carried_in` and `carried_out`: a sum brought from the page before or taken to the next; `headed`: a
    table of lines begins on it; `greets`: it opens as a letter does; `identities`: VAT numbers, accounts and web addresses,
    the addressee's left out; `running`: the words of its head and foot, sorted.
    """

    titled: bool = False
    addressed: bool = False
    day: str = ""
    summed: bool = False
    carried_in: bool = False
    carried_out: bool = False
    headed: bool = False
    greets: bool = False
    identities: tuple[str, ...] = ()
    running: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageClass:
    """What one page looks like by itself, before pages are put together into documents.

    `kind` with its `confidence` (0 to 1) and the words that told; `first` whether a document begins here, None where nothing
    tells; `number` the document number printed on it, if any; `printed_page` and `printed_pages` from "page 2 of 3"; `traits`
    what else it shows.
    """

    kind: Kind
    confidence: float
    signals: tuple[str, ...] = ()
    first: bool | None = None
    number: str | None = None
    printed_page: int | None = None
    printed_pages: int | None = None
    traits: PageTraits = PageTraits()


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a mail: its place in mail order (from 0), its kind and its pages.

    Annexes come behind the invoice's own pages (B4).

    `doubts` says why a person should look at the cut or the kind; `problem` is set where nothing could be read (B9), and `part`
    then is the part of the mail that could not be. `annexes` are the parts without pages that stay with it (B5), or that could
    not be read for the same reason. `turns` is how far a person turned each page, clockwise, in degrees; empty where none was.
    `cut_by` names the person who cut it anew.
    """

    ordinal: int
    kind: Kind
    confidence: float
    pages: tuple[PageRef, ...]
    doubts: tuple[str, ...] = ()
    problem: str = ""
    part: int | None = None
    annexes: tuple[int, ...] = ()
    turns: tuple[int, ...] = ()
    cut_by: str = ""

    @property
    def is_invoice(self) -> bool:
        """Whether it goes to the workflow when nothing stands in the way."""
        return self.kind in INVOICE_KINDS


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document as the database has it, with what the line found so far."""

    id: UUID
    mail: UUID
    administration: int
    state: DocumentState
    document: Document
    readings: Readings | None = None
    completed: Readings | None = None
    match: SupplierMatch | None = None
    verdict: Verdict | None = None
    carries_overview: bool = False
    correction: Correction = NOTHING_GIVEN
