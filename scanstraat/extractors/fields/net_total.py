"""The total without VAT (C2): labels; amounts without one where lines, VAT rates and total make them the net amount."""

from __future__ import annotations

from scanstraat.extractors.candidate import Candidate
from scanstraat.extractors.document_view import DocumentView
from scanstraat.extractors.fields.amounts import labelled_amounts
from scanstraat.extractors.labels.table import LabelKind
from scanstraat.model.field import FieldName

STRONG = frozenset({LabelKind.NET_TOTAL})
WEAK = frozenset({LabelKind.SUBTOTAL})


def candidates(view: DocumentView) -> tuple[Candidate, ...]:
    """Every amount that may be the total without VAT."""
    return tuple(candidate for _, candidate in labelled_amounts(view, FieldName.NET_TOTAL, STRONG, WEAK))
