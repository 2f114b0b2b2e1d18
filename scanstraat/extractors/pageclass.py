"""What one page looks like by itself: its kind with the words that told (B7), and the hints that splitting goes by (B4)."""

from __future__ import annotations

from scanstraat.extractors.document_view import DocumentView, view
from scanstraat.extractors.labels.table import LabelKind
from scanstraat.extractors.pagehints import number_of, printed_page, traits
from scanstraat.extractors.pagekind import kind_of
from scanstraat.model.administration import OwnIdentity
from scanstraat.model.document import Kind, PageClass, PageTraits
from scanstraat.model.page import Page, PageSource

_FACTS = (LabelKind.INVOICE_NUMBER, LabelKind.INVOICE_DATE, LabelKind.DATE, LabelKind.NUMBER)


def classify(page: Page) -> PageClass:
    """The class of one page. A blank page is OTHER, for certain."""
    if page.source is PageSource.BLANK or not page.words:
        return PageClass(Kind.OTHER, 1.0, ("blank",))
    seen = view((page,), OwnIdentity())
    told = kind_of(seen)
    at, of = printed_page(seen)
    shown = traits(seen, told.titled)
    return PageClass(told.kind, told.confidence, told.signals, _first(seen, shown, at), number_of(seen), at, of, shown)


def _first(seen: DocumentView, shown: PageTraits, printed: int | None) -> bool | None:
    """Whether a document begins here: printed page 1, or a title of its kind with an addressee, number or date."""
    if printed is not None:
        return printed == 1
    numbered = any(hit.leading for hit in seen.of_kind(*_FACTS))
    return True if shown.titled and (shown.addressed or numbered) else None
