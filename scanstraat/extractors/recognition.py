"""Everything found on one document's pages: candidates of every field, judged together, chosen; no fallbacks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal

from scanstraat.extractors import lines
from scanstraat.extractors.candidate import Candidate
from scanstraat.extractors.choose import choose
from scanstraat.extractors.document_view import DocumentView, view
from scanstraat.extractors.fields import (
    account,
    bic,
    currency,
    due_date,
    iban,
    invoice_date,
    invoice_number,
    is_credit_note,
    net_total,
    payment_reference,
    payment_term,
    preceding_invoice,
    purchase_order,
    register_number,
    scanned,
    supplier_name,
    total,
    vat_breakdown,
    vat_number,
    vat_total,
)
from scanstraat.extractors.judging import amounts, codes, dates, identity, legibility, tender
from scanstraat.model.administration import OwnIdentity
from scanstraat.model.field import FieldName, Reading, Readings
from scanstraat.model.page import Box, Page, PageSource, Word

# One row a field. `docs/fields.md` says how to add one.
FIELDS: tuple[tuple[FieldName, Callable[[DocumentView], tuple[Candidate, ...]]], ...] = (
    (FieldName.IBAN, iban.candidates),
    (FieldName.BIC, bic.candidates),
    (FieldName.ACCOUNT, account.candidates),
    (FieldName.SUPPLIER_NAME, supplier_name.candidates),
    (FieldName.VAT_NUMBER, vat_number.candidates),
    (FieldName.INVOICE_NUMBER, invoice_number.candidates),
    (FieldName.INVOICE_DATE, invoice_date.candidates),
    (FieldName.DUE_DATE, due_date.candidates),
    (FieldName.TOTAL, total.candidates),
    (FieldName.NET_TOTAL, net_total.candidates),
    (FieldName.VAT_TOTAL, vat_total.candidates),
    (FieldName.CURRENCY, currency.candidates),
    (FieldName.IS_CREDIT_NOTE, is_credit_note.candidates),
    (FieldName.PAYMENT_TERM, payment_term.candidates),
    (FieldName.PAYMENT_REFERENCE, payment_reference.candidates),
    (FieldName.PURCHASE_ORDER, purchase_order.candidates),
    (FieldName.REGISTER_NUMBER, register_number.candidates),
    (FieldName.PRECEDING_INVOICE, preceding_invoice.candidates),
)

_SAMPLE = (
    "Acme AG Hauptstrasse 1 8000 Musterstadt",
    "Rechnung Nr. 2026-17 vom 1. Mai 2026",
    "Kunde: Muster GmbH Nebenweg 2",
    "Position Beschreibung Menge Einzelpreis Betrag",
    "1 Dienste 2 5,00 10,00",
    "Nettobetrag: 10,00 MwSt 21% 2,10",
    "Gesamtbetrag EUR 12,10 Faelligkeit 31.05.2026",
    "IBAN NL20INGB0001234567 BIC INGBNL2A USt-IdNr. DE136695976",
)


def preload() -> None:
    """Read the tables and compile the patterns once, in the warm process, by recognising a small sample."""
    for page in sample():
        recognise((page,), OwnIdentity())


def sample() -> Iterator[Page]:
    """A small invoice, as text and as scan: enough of one that the interpreter knows its way before the first call."""
    words = tuple(
        Word(word, Box(16 + 70.0 * x, 20 + 14.0 * y, 80 + 70.0 * x, 30 + 14.0 * y), 0.9, y)
        for y, line in enumerate(_SAMPLE)
        for x, word in enumerate(line.split())
    )
    for source in (PageSource.TEXT_LAYER, PageSource.OCR):
        yield Page(1, 595.0, 842.0, source, words)


def recognise(pages: tuple[Page, ...], own: OwnIdentity) -> Readings:
    """Everything found on one document's pages, in the order given (evidence counts them from 1).

    The customer's own names, VAT numbers and accounts never count as the supplier's (C6). Amounts of a credit note are
    positive (C3). Nothing is filled in that is not printed; that is the pipeline's (D1 to D9).
    """
    seen = view(pages, own)
    tables = lines.found(seen)
    return readings_of(seen, judged(pages, seen, tables), tables)


def readings_of(seen: DocumentView, judged: tuple[Candidate, ...], tables: tuple[lines.TableReading, ...]) -> Readings:
    """What is chosen of candidates that were judged together, with the lines and the VAT breakdown that fit it."""
    readings = choose(judged)
    total, net, vat = (_amount(readings, f) for f in (FieldName.TOTAL, FieldName.NET_TOTAL, FieldName.VAT_TOTAL))
    table = lines.chosen(tables, net, total)
    return Readings(_positive(readings), table.lines, vat_breakdown.found(seen, net, vat), table.charges)


def judged(
    pages: tuple[Page, ...], seen: DocumentView, tables: tuple[lines.TableReading, ...] | None = None
) -> tuple[Candidate, ...]:
    """Every candidate of every field, those that check one another judged together; what `choose` chooses from."""
    sums = lines.sums_of(lines.found(seen) if tables is None else tables)
    together = money_judged(seen, candidates_of(seen), sums)
    return legibility.judged(pages, identity.judged(dates.judged(together)))


def money_judged(seen: DocumentView, found: tuple[Candidate, ...], sums: frozenset[Decimal]) -> tuple[Candidate, ...]:
    """The candidates, amounts judged by what was tendered, by one another and by payment codes; `sums` are those of the lines."""
    return codes.judged(seen, amounts.judged(seen, tender.judged(seen, found), sums))


def candidates_of(seen: DocumentView) -> tuple[Candidate, ...]:
    """Every candidate of every field, not judged yet: of print, and of payment codes."""
    return (*(candidate for _, module in FIELDS for candidate in module(seen)), *scanned.candidates(seen))


def _amount(readings: tuple[Reading, ...], field: FieldName) -> Decimal | None:
    return next((r.amount for r in readings if r.field is field), None)


def _positive(readings: tuple[Reading, ...]) -> tuple[Reading, ...]:
    """Amounts of a credit note without their minus (C3)."""
    credit = any(r.field is FieldName.IS_CREDIT_NOTE and r.value == "true" for r in readings)
    if not credit:
        return readings
    money = {FieldName.TOTAL, FieldName.NET_TOTAL, FieldName.VAT_TOTAL}
    return tuple(replace(r, value=str(abs(Decimal(r.value)))) if r.field in money else r for r in readings)
