"""The generated parts of `docs/output-xml.md`: `python -m scanstraat.delivery.reference docs/output-xml.md` renews them."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from lxml import etree

from scanstraat.delivery.facts import DocumentSource, PageRole, XmlFacts
from scanstraat.delivery.invoice_xml import invoice_xml
from scanstraat.delivery.schemas import EXTENSION_XSD
from scanstraat.model.field import BUSINESS_TERMS, Evidence, FieldName, InvoiceLine, Method, Reading, Readings, VatRate
from scanstraat.model.invoice import Invoice
from scanstraat.model.page import Box
from scanstraat.model.supplier import MatchOutcome

_XS = "{http://www.w3.org/2001/XMLSchema}"
_PART = re.compile(
    r"""
    (?P<begin> <!--\ generated:\ (?P<name>[a-z]+)\ -->\n )
    (?P<old>   .*? )
    (?P<end>   <!--\ end\ -->)
    """,
    re.VERBOSE | re.DOTALL,
)

# What to read where: meaning, path below the root, remark.
UBL_ROWS: tuple[tuple[str, str, str], ...] = (
    ("invoice number", "cbc:ID", "the issue date where none was printed (D1)"),
    ("id of the document", "cbc:UUID", "the service's own; the same at every delivery"),
    ("issue date", "cbc:IssueDate", ""),
    ("due date", "cbc:DueDate", "Invoice only"),
    ("due date of a credit note", "cac:PaymentMeans/cbc:PaymentDueDate", "CreditNote only: it has no DueDate"),
    ("kind", "cbc:InvoiceTypeCode", "380"),
    ("kind of a credit note", "cbc:CreditNoteTypeCode", "381; its amounts are positive (C3)"),
    ("currency", "cbc:DocumentCurrencyCode", "ISO 4217; each amount repeats it in `currencyID`"),
    ("purchase order", "cac:OrderReference/cbc:ID", "where printed"),
    (
        "invoice it corrects",
        "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID",
        "where printed, on credit notes above all",
    ),
    ("name of the PDF", "cac:AdditionalDocumentReference/cac:Attachment/cac:ExternalReference/cbc:URI", "in the same folder"),
    ("SHA-256 of the PDF", "cac:AdditionalDocumentReference/cac:Attachment/cac:ExternalReference/cbc:DocumentHash", ""),
    ("supplier's name", "cac:AccountingSupplierParty/cac:Party/cac:PartyName/cbc:Name", ""),
    (
        "supplier's VAT number",
        "cac:AccountingSupplierParty/cac:Party/cac:PartyTaxScheme/cbc:CompanyID",
        "`schemeID` VAT; SUPPLIER-NAME where the supplier's name stands in for it (D7)",
    ),
    (
        "supplier's register number",
        "cac:AccountingSupplierParty/cac:Party/cac:PartyLegalEntity/cbc:CompanyID",
        "KvK, KBO and the like, where printed",
    ),
    ("administration", "cac:AccountingCustomerParty/cac:Party/cac:PartyName/cbc:Name", "the buyer"),
    (
        "account to pay to",
        "cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID",
        "`schemeID` IBAN; BBAN for an account as printed (C5); SUPPLIER-NAME where the name stands in for it (D6)",
    ),
    (
        "BIC",
        "cac:PaymentMeans/cac:PayeeFinancialAccount/cac:FinancialInstitutionBranch/cbc:ID",
        "`schemeID` BIC, where printed",
    ),
    ("payment means", "cac:PaymentMeans/cbc:PaymentMeansCode", "30 with an account, 1 (not defined) without; never read"),
    ("payment reference", "cac:PaymentMeans/cbc:PaymentID", "where printed"),
    ("payment term", "cac:PaymentTerms/cbc:Note", "where printed"),
    (
        "shipping, discount",
        "cac:AllowanceCharge/cbc:Amount",
        "for the whole invoice; `ChargeIndicator` tells added from taken off",
    ),
    ("VAT amount", "cac:TaxTotal/cbc:TaxAmount", "left out where unknown"),
    (
        "VAT rate",
        "cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory/cbc:Percent",
        "the breakdown is given where it is whole and adds up",
    ),
    ("base of a rate", "cac:TaxTotal/cac:TaxSubtotal/cbc:TaxableAmount", ""),
    ("VAT of a rate", "cac:TaxTotal/cac:TaxSubtotal/cbc:TaxAmount", ""),
    ("VAT category", "cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory/cbc:ID", "S for a rate above zero; else left out"),
    ("net amount", "cac:LegalMonetaryTotal/cbc:TaxExclusiveAmount", "left out where unknown"),
    ("total with VAT", "cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount", ""),
    ("amount to pay", "cac:LegalMonetaryTotal/cbc:PayableAmount", "0.00 is an amount (C4)"),
    ("lines", "cac:InvoiceLine", "one for the whole invoice unless `Lines/@basis` is read"),
    ("lines of a credit note", "cac:CreditNoteLine", "the same"),
)


def example(is_credit_note: bool = False) -> bytes:
    """The XML of an invented invoice with a VAT number filled by D7; the example of the documentation."""
    lines = (
        InvoiceLine("Rye bread", Decimal(40), Decimal("1.75"), Decimal("70.00")),
        InvoiceLine("Baskets", None, None, Decimal("25.00")),
    )
    charges = (InvoiceLine("Delivery", None, None, Decimal("5.00")),)
    rates = (VatRate(Decimal(9), Decimal("100.00"), Decimal("9.00")),)
    return invoice_xml(
        Invoice(Readings(tuple(_example_readings(is_credit_note)), lines, rates, charges), is_credit_note), EXAMPLE_FACTS
    )


EXAMPLE_FACTS = XmlFacts(
    stem="20261121-2c963f66afa6",
    engine_version="0.1.0",
    pages=(PageRole.INVOICE, PageRole.MAIL_OVERVIEW),
    pdf_sha256="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    source=DocumentSource.OCR,
    administration_name="Voorbeeld BV",
    administration_vat="NL123456782B90",
    document_id="3fa85f64-5717-4562-b3fc-2c963f66afa6",
    match=MatchOutcome.NEW,
    supplier_is_new=True,
)

_EXAMPLE_VALUES = {
    FieldName.IBAN: ("NL91ABNA0417164300", "NL91 ABNA 0417 1643 00"),
    FieldName.BIC: ("ABNANL2A", "ABNANL2A"),
    FieldName.SUPPLIER_NAME: ("Bakkerij de Vries", "Bakkerij de Vries"),
    FieldName.INVOICE_NUMBER: ("2026-0117", "2026-0117"),
    FieldName.INVOICE_DATE: ("2026-11-21", "21 november 2026"),
    FieldName.DUE_DATE: ("2026-12-21", "21-12-2026"),
    FieldName.TOTAL: ("109.00", "€ 109,00"),
    FieldName.NET_TOTAL: ("100.00", "€ 100,00"),
    FieldName.VAT_TOTAL: ("9.00", "€ 9,00"),
    FieldName.CURRENCY: ("EUR", "€"),
    FieldName.PAYMENT_TERM: ("30 dagen", "30 dagen"),
    FieldName.PAYMENT_REFERENCE: ("2026-0117", "2026-0117"),
    FieldName.PURCHASE_ORDER: ("PO-88", "PO-88"),
    FieldName.REGISTER_NUMBER: ("12345678", "12345678"),
}


def _example_readings(is_credit_note: bool) -> Iterator[Reading]:
    corrected = {FieldName.PRECEDING_INVOICE: ("2026-0093", "2026-0093")} if is_credit_note else {}
    for place, (field, (value, raw)) in enumerate((_EXAMPLE_VALUES | corrected).items()):
        box = Box(380, 120 + 14 * place, 500, 131 + 14 * place)
        signals = ("net and VAT add up to the total",) if field == FieldName.TOTAL else ()
        doubts = ("the stamp covers a part of it",) if field == FieldName.DUE_DATE else ()
        yield Reading(field, value, 0.97, Evidence(1, box, raw, Method.OCR), None, Method.OCR, signals, (), doubts)
    yield Reading(FieldName.VAT_NUMBER, "Bakkerij de Vries", 0.0, rule="D7", method=Method.FALLBACK)


def extension_rows() -> Iterator[tuple[str, str, str]]:
    """(path, values, meaning) of every element and attribute of the extension, read from its schema, parents first."""
    schema = etree.parse(str(EXTENSION_XSD)).getroot()
    types = {kind.get("name", ""): kind for kind in schema if isinstance(kind.tag, str)}
    yield from _described(schema.findall(f"{_XS}element"), types, "")


def _described(nodes: list[etree._Element], types: dict[str, etree._Element], above: str) -> Iterator[tuple[str, str, str]]:
    for node in nodes:
        sign = "@" if node.tag == f"{_XS}attribute" else ""
        path = f"{above}{sign}{node.get('name')}"
        kind = types.get(node.get("type", ""), node)
        values = ", ".join(value.get("value", "") for value in kind.iter(f"{_XS}enumeration"))
        yield path, values if kind.tag == f"{_XS}simpleType" else "", _meaning(node)
        if kind.tag != f"{_XS}simpleType":
            body = kind if kind.tag == f"{_XS}complexType" else kind.find(f"{_XS}complexType")
            if body is not None:
                below = list(body.iter(f"{_XS}attribute", f"{_XS}element"))
                below.sort(key=lambda n: n.tag != f"{_XS}attribute")
                yield from _described(below, types, f"{path}/")


def _meaning(node: etree._Element) -> str:
    return (node.findtext(f"{_XS}annotation/{_XS}documentation") or "").strip()


def rewritten(page: str) -> str:
    """`page` with each generated part renewed."""
    parts = {
        "elements": _table(("what", "element", "remark"), ((a, f"`{b}`", c) for a, b, c in UBL_ROWS)),
        "extension": _table(("element or attribute", "values", "meaning"), ((f"`{a}`", b, c) for a, b, c in extension_rows())),
        "fields": _table(("field", "term"), ((f"`{field}`", term) for field, term in BUSINESS_TERMS.items())),
        "example": f"```xml\n{example().decode()}```\n",
    }
    return _PART.sub(lambda part: f"{part['begin']}{parts[part['name']]}{part['end']}", page)


def _table(heads: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    lines = (heads, ("---",) * len(heads), *rows)
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.write_text(rewritten(target.read_text()))
