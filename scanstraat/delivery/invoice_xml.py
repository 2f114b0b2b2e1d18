"""An invoice as UBL 2.1 with our extension: `Invoice` (380), or `CreditNote` (381) with positive amounts (C3, F1).

Every value is where EN 16931's UBL binding puts it. What was not read is left out, never invented; a name that stands in for an
account or VAT number (D6, D7) says so in its `schemeID`. `docs/output-xml.md` tells consumers what to read where.
"""

from __future__ import annotations

import re
from decimal import Decimal
from uuid import UUID

from lxml import etree

from scanstraat.delivery.amounts import Lines, Rates, Totals, lines_of, plain, rates_of, totals_of
from scanstraat.delivery.extension import recognition
from scanstraat.delivery.facts import DocumentSource, PageRole, XmlFacts
from scanstraat.delivery.names import checked_name
from scanstraat.delivery.schemas import RECOGNITION, check
from scanstraat.delivery.ubl_tree import amount, cac, cbc, ext, root
from scanstraat.errors import Inconsistent
from scanstraat.model.field import FieldName, InvoiceLine
from scanstraat.model.invoice import Invoice

__all__ = ["CUSTOMIZATION", "DocumentSource", "PageRole", "XmlFacts", "invoice_xml"]

CUSTOMIZATION = "urn:scanstraat:invoice:1"
SUPPLIER_NAME = "SUPPLIER-NAME"
# UNTDID 5305, as EN 16931 has it: VAT at a rate above zero.
STANDARD_RATE = "S"
# UNTDID 4461: credit transfer, or "instrument not defined" where there is no account to transfer to.
_CREDIT_TRANSFER, _NOT_DEFINED = "30", "1"
_CURRENCY = re.compile(r"(?P<code> [A-Z]{3} )", re.VERBOSE)


def invoice_xml(invoice: Invoice, facts: XmlFacts) -> bytes:
    """The XML of `invoice`, checked against the UBL 2.1 schema and our own.

    Raises `Inconsistent` with code `xml-invalid` rather than return anything that does not fit, and `drop-name` for a stem
    that is not safe as a file name.
    """
    try:
        document = _document(invoice, facts)
    except (ArithmeticError, ValueError) as error:
        raise Inconsistent(
            "xml-invalid", f"a date or amount of the invoice cannot be used: {error}.", "Correct it at the review desk."
        ) from error
    check(document)
    return etree.tostring(document, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _document(invoice: Invoice, facts: XmlFacts) -> etree._Element:
    if not _CURRENCY.fullmatch(invoice.currency):
        raise Inconsistent("xml-invalid", f"{invoice.currency!r} is no currency code.", "Correct it at the review desk.")
    totals = totals_of(invoice)
    lines = lines_of(invoice, totals)
    rates = rates_of(invoice, totals)
    document = root("CreditNote" if invoice.is_credit_note else "Invoice")
    extension = ext(ext(document, "UBLExtensions"), "UBLExtension")
    ext(extension, "ExtensionURI").text = RECOGNITION
    ext(extension, "ExtensionContent").append(recognition(invoice.readings, totals, lines, rates, facts))
    _header(document, invoice, facts)
    _picture(document, facts)
    _supplier(document, invoice)
    _buyer(document, facts)
    _payment(document, invoice)
    _charges(document, lines, invoice.currency)
    _vat(document, totals, rates, invoice.currency)
    _totals(document, totals, lines, invoice.currency)
    _lines(document, invoice, totals, lines)
    return document


def _header(document: etree._Element, invoice: Invoice, facts: XmlFacts) -> None:
    cbc(document, "CustomizationID", CUSTOMIZATION)
    cbc(document, "ID", invoice.number)
    if uuid := _uuid(facts.document_id):
        cbc(document, "UUID", uuid)
    cbc(document, "IssueDate", invoice.issue_date.isoformat())
    if invoice.is_credit_note:  # which has no DueDate: see _payment
        cbc(document, "CreditNoteTypeCode", "381")
    else:
        cbc(document, "DueDate", invoice.due_date.isoformat())
        cbc(document, "InvoiceTypeCode", "380")
    cbc(document, "DocumentCurrencyCode", invoice.currency)
    if order := invoice.readings.value(FieldName.PURCHASE_ORDER):
        cbc(cac(document, "OrderReference"), "ID", order)
    if preceding := invoice.readings.value(FieldName.PRECEDING_INVOICE):
        cbc(cac(document, "BillingReference", "InvoiceDocumentReference"), "ID", preceding)


def _picture(document: etree._Element, facts: XmlFacts) -> None:
    name = f"{checked_name(facts.stem)}.pdf"
    reference = cac(document, "AdditionalDocumentReference")
    cbc(reference, "ID", name)
    cbc(reference, "DocumentType", "PrimaryImage")
    external = cac(reference, "Attachment", "ExternalReference")
    cbc(external, "URI", name)
    cbc(external, "DocumentHash", facts.pdf_sha256)
    cbc(external, "HashAlgorithmMethod", "http://www.w3.org/2001/04/xmlenc#sha256")
    cbc(external, "MimeCode", "application/pdf")


def _supplier(document: etree._Element, invoice: Invoice) -> None:
    vat = invoice.reading(FieldName.VAT_NUMBER)
    party = cac(document, "AccountingSupplierParty", "Party")
    cbc(cac(party, "PartyName"), "Name", invoice.supplier_name)
    _tax_scheme(party, vat.value, SUPPLIER_NAME if vat.rule else "VAT")
    entity = cac(party, "PartyLegalEntity")
    cbc(entity, "RegistrationName", invoice.supplier_name)
    if register := invoice.readings.value(FieldName.REGISTER_NUMBER):
        cbc(entity, "CompanyID", register)


def _buyer(document: etree._Element, facts: XmlFacts) -> None:
    party = cac(document, "AccountingCustomerParty", "Party")
    cbc(cac(party, "PartyName"), "Name", facts.administration_name)
    if facts.administration_vat:
        _tax_scheme(party, facts.administration_vat, "VAT")
    cbc(cac(party, "PartyLegalEntity"), "RegistrationName", facts.administration_name)


def _tax_scheme(party: etree._Element, company_id: str, scheme: str) -> None:
    element = cac(party, "PartyTaxScheme")
    cbc(element, "CompanyID", company_id, schemeID=scheme)
    cbc(cac(element, "TaxScheme"), "ID", "VAT")


def _payment(document: etree._Element, invoice: Invoice) -> None:
    means = cac(document, "PaymentMeans")
    cbc(means, "PaymentMeansCode", _CREDIT_TRANSFER if invoice.account else _NOT_DEFINED)
    if invoice.is_credit_note:
        cbc(means, "PaymentDueDate", invoice.due_date.isoformat())
    if reference := invoice.readings.value(FieldName.PAYMENT_REFERENCE):
        cbc(means, "PaymentID", reference)
    account = cac(means, "PayeeFinancialAccount")
    if invoice.account is None:
        cbc(account, "ID", invoice.account_reading.value, schemeID=SUPPLIER_NAME)
    else:
        cbc(account, "ID", invoice.account.number, schemeID=invoice.account.scheme)
        if invoice.account.bic:
            cbc(cac(account, "FinancialInstitutionBranch"), "ID", invoice.account.bic, schemeID="BIC")
    if term := invoice.readings.value(FieldName.PAYMENT_TERM):
        cbc(cac(document, "PaymentTerms"), "Note", term)


def _vat(document: etree._Element, totals: Totals, rates: Rates, currency: str) -> None:
    """The VAT with its breakdown. A rate above zero is the standard category S; of none other the category is known."""
    if totals.vat is None:
        return
    tax = cac(document, "TaxTotal")
    amount(tax, "TaxAmount", totals.vat, currency)
    for rate in rates.rates:
        part = cac(tax, "TaxSubtotal")
        amount(part, "TaxableAmount", rate.base, currency)
        amount(part, "TaxAmount", rate.vat, currency)
        category = cac(part, "TaxCategory")
        if rate.rate > 0:
            cbc(category, "ID", STANDARD_RATE)
        cbc(category, "Percent", plain(rate.rate))
        cbc(cac(category, "TaxScheme"), "ID", "VAT")


def _charges(document: etree._Element, lines: Lines, currency: str) -> None:
    """What is added to the lines for the whole invoice, or taken off (BG-21, BG-20)."""
    for line in lines.charges:
        number = line.line_total or Decimal()
        element = cac(document, "AllowanceCharge")
        cbc(element, "ChargeIndicator", "true" if number > 0 else "false")
        cbc(element, "AllowanceChargeReason", line.description)
        amount(element, "Amount", abs(number), currency)


def _totals(document: etree._Element, totals: Totals, lines: Lines, currency: str) -> None:
    sums = cac(document, "LegalMonetaryTotal")
    added, taken = lines.charged(above=True), lines.charged(above=False)
    amount(sums, "LineExtensionAmount", _line_sum(totals) - added + taken, currency)
    if totals.net is not None:
        amount(sums, "TaxExclusiveAmount", totals.net, currency)
    amount(sums, "TaxInclusiveAmount", totals.total, currency)
    if lines.charges:
        amount(sums, "AllowanceTotalAmount", taken, currency)
        amount(sums, "ChargeTotalAmount", added, currency)
    amount(sums, "PayableAmount", totals.total, currency)


def _lines(document: etree._Element, invoice: Invoice, totals: Totals, lines: Lines) -> None:
    whole = InvoiceLine(f"Invoice {invoice.number} as a whole", Decimal(1), line_total=_line_sum(totals))
    names = ("CreditNoteLine", "CreditedQuantity") if invoice.is_credit_note else ("InvoiceLine", "InvoicedQuantity")
    for number, line in enumerate(lines.lines or (whole,), 1):
        element = cac(document, names[0])
        cbc(element, "ID", f"{number}")
        if line.quantity is not None:
            cbc(element, names[1], plain(line.quantity))
        amount(element, "LineExtensionAmount", line.line_total or Decimal(), invoice.currency)
        cbc(cac(element, "Item"), "Name", line.description)
        if line.unit_price is not None:
            amount(cac(element, "Price"), "PriceAmount", line.unit_price, invoice.currency)


def _line_sum(totals: Totals) -> Decimal:
    return totals.total if totals.net is None else totals.net


def _uuid(text: str) -> str | None:
    try:
        return str(UUID(text))
    except ValueError:
        return None
