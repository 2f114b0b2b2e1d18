"""What the XML says beside the invoice itself: the file it goes with, its pages, whose books it is for, the supplier's match."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scanstraat.model.page import Page, PageSource
from scanstraat.model.supplier import MatchOutcome


class PageRole(StrEnum):
    """What a page of the delivered PDF is."""

    INVOICE = "invoice"
    ANNEX = "annex"
    MAIL_OVERVIEW = "mail-overview"


class DocumentSource(StrEnum):
    """Where the data of a document came from as a whole."""

    PDF_TEXT = "pdf-text"
    OCR = "ocr"
    MIXED = "mixed"
    E_INVOICE = "e-invoice"


@dataclass(frozen=True, slots=True)
class XmlFacts:
    """Facts for the XML of one delivery.

    `stem`: the drop's common name; `pages`: the role of each page of the delivered PDF, in order; `pdf_sha256`: of that PDF, in
    hexadecimal; `administration_name` and `administration_vat` (empty: none): the buyer. The last three tell the consumer of
    new supplier data (E4): how the supplier was found, whether it is new, and whether the account is new on a supplier that
    was known, and so unverified (E6).
    """

    stem: str
    engine_version: str
    pages: tuple[PageRole, ...]
    pdf_sha256: str
    source: DocumentSource
    administration_name: str
    administration_vat: str
    document_id: str
    match: MatchOutcome | None = None
    supplier_is_new: bool = False
    new_account: bool = False


def document_source(pages: tuple[Page, ...]) -> DocumentSource:
    """The source of a document from its pages as read; blank pages count for nothing.

    >>> document_source((Page(1, 595, 842, PageSource.OCR), Page(2, 595, 842, PageSource.TEXT_LAYER)))
    <DocumentSource.MIXED: 'mixed'>
    """
    sources = {page.source for page in pages} - {PageSource.BLANK}
    if len(sources) > 1:
        return DocumentSource.MIXED
    return DocumentSource.OCR if sources == {PageSource.OCR} else DocumentSource.PDF_TEXT
