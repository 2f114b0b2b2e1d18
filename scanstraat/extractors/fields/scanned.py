"""What payment codes say of fields that are read from print else: number, dates, VAT number, VAT amount and term."""

from __future__ import annotations

from collections.abc import Iterator

from scanstraat.extractors.candidate import Candidate
from scanstraat.extractors.document_view import DocumentView
from scanstraat.extractors.fields.amounts import canonical
from scanstraat.extractors.signals import Signal
from scanstraat.extractors.values.payment_code import PaymentCode
from scanstraat.model.field import Evidence, FieldName, Method


def candidates(view: DocumentView) -> tuple[Candidate, ...]:
    """A candidate of each such field for each payment code of the document that gives it."""
    return tuple(
        Candidate(field, value, Evidence(scanned.page, scanned.box, value, Method.BARCODE), (Signal.IN_QR,))
        for scanned in view.codes
        for field, value in _said(scanned.code)
        if value
    )


def _said(code: PaymentCode) -> Iterator[tuple[FieldName, str]]:
    yield FieldName.INVOICE_NUMBER, code.invoice_number
    yield FieldName.INVOICE_DATE, code.invoice_date.isoformat() if code.invoice_date else ""
    yield FieldName.DUE_DATE, code.due_date.isoformat() if code.due_date else ""
    yield FieldName.VAT_NUMBER, code.vat_number
    yield FieldName.VAT_TOTAL, canonical(code.vat) if code.vat is not None else ""
    yield FieldName.PAYMENT_TERM, code.term
