from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from scanstraat.delivery import schemas
from scanstraat.delivery.invoice_xml import invoice_xml
from scanstraat.errors import Inconsistent
from scanstraat.model.field import FieldName, InvoiceLine, Method, Reading, Readings, VatRate
from scanstraat.model.invoice import Invoice
from scanstraat.model.supplier import MatchOutcome
from tests.delivery.samples import FACTS, NAMES, NET_AND_VAT, VALUES, fallback, invoice, line, reading, text, texts

ACCOUNT = "cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID"
VAT = "cac:AccountingSupplierParty/cac:Party/cac:PartyTaxScheme/cbc:CompanyID"


def _scheme(xml: bytes, path: str) -> str | None:
    element = etree.fromstring(xml).find(path, namespaces=NAMES)
    return None if element is None else element.get("schemeID")


@pytest.mark.rule("F1", "C1")
def test_the_eight_fields_are_in_the_xml() -> None:
    xml = invoice_xml(invoice({FieldName.BIC: "ABNANL2A"}), FACTS)
    assert text(xml, "cbc:ID") == "2026-1"
    assert text(xml, "cbc:IssueDate") == "2026-11-21"
    assert text(xml, "cbc:DueDate") == "2026-12-21"
    assert text(xml, "cbc:InvoiceTypeCode") == "380"
    assert text(xml, "cbc:DocumentCurrencyCode") == "EUR"
    assert text(xml, "cac:AccountingSupplierParty/cac:Party/cac:PartyName/cbc:Name") == "Bakker & Zonen"
    assert (text(xml, VAT), _scheme(xml, VAT)) == ("NL123456782B90", "VAT")
    assert (text(xml, ACCOUNT), _scheme(xml, ACCOUNT)) == ("NL91ABNA0417164300", "IBAN")
    assert text(xml, "cac:PaymentMeans/cac:PayeeFinancialAccount/cac:FinancialInstitutionBranch/cbc:ID") == "ABNANL2A"
    assert text(xml, "cac:LegalMonetaryTotal/cbc:PayableAmount") == "121.00"


@pytest.mark.rule("F1")
def test_the_xml_names_its_pdf_by_a_relative_uri() -> None:
    xml = invoice_xml(invoice(), FACTS)
    reference = "cac:AdditionalDocumentReference"
    assert text(xml, f"{reference}/cbc:DocumentType") == "PrimaryImage"
    assert text(xml, f"{reference}/cac:Attachment/cac:ExternalReference/cbc:URI") == "20261121-17.pdf"


@pytest.mark.rule("C3")
def test_a_credit_note_has_positive_amounts_and_its_due_date_in_the_payment_means() -> None:
    changes: dict[FieldName, str | Reading | None] = {
        FieldName.TOTAL: "-121.00",
        FieldName.NET_TOTAL: "-100.00",
        FieldName.VAT_TOTAL: "-21.00",
    }
    xml = invoice_xml(invoice(changes, (line("-100.00", "-1", "100.00"),), is_credit_note=True), FACTS)
    assert etree.QName(etree.fromstring(xml)).localname == "CreditNote"
    assert text(xml, "cbc:CreditNoteTypeCode") == "381"
    assert text(xml, "cbc:DueDate") is None
    assert text(xml, "cac:PaymentMeans/cbc:PaymentDueDate") == "2026-12-21"
    amounts = texts(xml, "//*[@currencyID]")
    assert len(amounts) == 7
    assert all(Decimal(amount) > 0 for amount in amounts)
    assert text(xml, "cac:CreditNoteLine/cbc:CreditedQuantity") == "1"


@pytest.mark.rule("C4")
def test_an_invoice_of_nothing_is_an_invoice() -> None:
    xml = invoice_xml(invoice({FieldName.TOTAL: "0.00"}), FACTS)
    assert text(xml, "cac:LegalMonetaryTotal/cbc:PayableAmount") == "0.00"


@pytest.mark.rule("C5")
def test_a_foreign_account_goes_as_printed_with_its_bic() -> None:
    xml = invoice_xml(invoice({FieldName.IBAN: None, FieldName.ACCOUNT: "12-3456 7890", FieldName.BIC: "CHASUS33"}), FACTS)
    assert (text(xml, ACCOUNT), _scheme(xml, ACCOUNT)) == ("12-3456 7890", "BBAN")
    assert text(xml, "cac:PaymentMeans/cac:PayeeFinancialAccount/cac:FinancialInstitutionBranch/cbc:ID") == "CHASUS33"


@pytest.mark.rule("D6", "D7", "D8")
def test_a_name_in_the_place_of_account_or_vat_number_says_so() -> None:
    filled: dict[FieldName, str | Reading | None] = {
        FieldName.IBAN: None,
        FieldName.ACCOUNT: fallback(FieldName.ACCOUNT, "Bakker & Zonen", "D6"),
        FieldName.VAT_NUMBER: fallback(FieldName.VAT_NUMBER, "Bakker & Zonen", "D7"),
    }
    xml = invoice_xml(invoice(filled), FACTS)
    assert (text(xml, ACCOUNT), _scheme(xml, ACCOUNT)) == ("Bakker & Zonen", "SUPPLIER-NAME")
    assert (text(xml, VAT), _scheme(xml, VAT)) == ("Bakker & Zonen", "SUPPLIER-NAME")
    assert texts(xml, "//r:Field[r:Rule]/@name") == ["account", "vat_number"]
    assert texts(xml, "//r:Rule") == ["D6", "D7"]
    assert texts(xml, "//r:Field[r:Rule]/r:Method") == ["fallback", "fallback"]


@pytest.mark.rule("C2")
def test_extra_fields_have_their_places() -> None:
    xml = invoice_xml(
        invoice(
            {
                FieldName.PURCHASE_ORDER: "PO-1",
                FieldName.PAYMENT_REFERENCE: "RF18",
                FieldName.REGISTER_NUMBER: "12345678",
                FieldName.PAYMENT_TERM: "30 dagen",
                **NET_AND_VAT,
            },
            (line("60.00", "2", "30.00"), line("40.00")),
        ),
        FACTS,
    )
    assert text(xml, "cac:OrderReference/cbc:ID") == "PO-1"
    assert text(xml, "cac:PaymentMeans/cbc:PaymentID") == "RF18"
    assert text(xml, "cac:AccountingSupplierParty/cac:Party/cac:PartyLegalEntity/cbc:CompanyID") == "12345678"
    assert text(xml, "cac:PaymentTerms/cbc:Note") == "30 dagen"
    assert text(xml, "cac:TaxTotal/cbc:TaxAmount") == "21.00"
    assert texts(xml, "//cac:InvoiceLine/cbc:LineExtensionAmount") == ["60.00", "40.00"]
    assert texts(xml, "//cac:InvoiceLine/cac:Price/cbc:PriceAmount") == ["30.00"]


def test_no_vat_category_is_invented() -> None:
    xml = invoice_xml(invoice({**NET_AND_VAT}, (line("100.00"),)), FACTS)
    assert texts(xml, "//cac:TaxSubtotal | //cac:ClassifiedTaxCategory | //cac:TaxCategory") == []


def test_without_a_net_amount_none_is_invented() -> None:
    xml = invoice_xml(invoice(lines=(line("121.00"),)), FACTS)
    assert text(xml, "cac:LegalMonetaryTotal/cbc:TaxExclusiveAmount") is None
    assert text(xml, "cac:TaxTotal/cbc:TaxAmount") is None
    assert texts(xml, "//cac:InvoiceLine/cbc:LineExtensionAmount") == ["121.00"]
    assert texts(xml, "//r:Lines/@basis | //r:Lines/@amount") == ["net-unknown", "with-vat"]
    assert texts(xml, "//r:Amounts/@net") == ["unknown"]


def test_lines_that_do_not_add_up_become_one_and_stay_in_the_extension() -> None:
    xml = invoice_xml(invoice({**NET_AND_VAT}, (line("60.00"), line("39.00"))), FACTS)
    assert texts(xml, "//cac:InvoiceLine/cac:Item/cbc:Name") == ["Invoice 2026-1 as a whole"]
    assert texts(xml, "//cac:InvoiceLine/cbc:LineExtensionAmount") == ["100.00"]
    assert texts(xml, "//r:Lines/@basis") == ["do-not-add-up"]
    assert texts(xml, "//r:ReadLine/@lineTotal") == ["60.00", "39.00"]


@pytest.mark.rule("C7")
def test_amounts_that_contradict_each_other_are_left_out_and_flagged() -> None:
    xml = invoice_xml(invoice({FieldName.NET_TOTAL: "100.00", FieldName.VAT_TOTAL: "19.00"}), FACTS)
    assert text(xml, "cac:LegalMonetaryTotal/cbc:TaxExclusiveAmount") is None
    assert text(xml, "cac:TaxTotal/cbc:TaxAmount") is None
    assert texts(xml, "//r:Amounts/@*") == ["contradictory", "contradictory"]
    assert "19.00" in texts(xml, "//r:Field/r:Value")


@pytest.mark.rule("E4", "E6")
def test_new_supplier_data_goes_with_the_invoice() -> None:
    new = replace(FACTS, match=MatchOutcome.NEW, supplier_is_new=True)
    assert texts(invoice_xml(invoice(), new), "//r:Supplier/@*") == ["new", "true", "false"]
    account = replace(FACTS, match=MatchOutcome.BY_VAT_NUMBER, new_account=True)
    assert texts(invoice_xml(invoice(), account), "//r:Supplier/@*") == ["by-vat-number", "false", "true"]


@pytest.mark.rule("C7")
def test_each_value_says_where_it_was_read_and_how_sure_that_is() -> None:
    doubtful = replace(reading(FieldName.TOTAL, "121.00"), signals=("in the QR code",), doubts=("a stamp covers it",))
    xml = invoice_xml(invoice({FieldName.TOTAL: doubtful}), FACTS)
    field = "//r:Field[@term='BT-112']"
    assert texts(xml, f"{field}/r:Value | {field}/r:RawText") == ["121.00", "printed 121.00"]
    assert texts(xml, f"{field}/r:Method | {field}/r:Confidence") == ["ocr", "0.9700"]
    assert texts(xml, f"{field}/r:Box/@*") == ["1", "10.00", "20.00", "110.00", "32.00"]
    assert texts(xml, f"{field}/r:Check | {field}/r:Doubt") == ["in the QR code", "a stamp covers it"]


def _with_rates(*rates: tuple[str, str, str], credit: bool = False) -> bytes:
    breakdown = tuple(VatRate(*map(Decimal, rate)) for rate in rates)
    given = invoice({**NET_AND_VAT}, is_credit_note=credit)
    return invoice_xml(replace(given, readings=replace(given.readings, vat_rates=breakdown)), FACTS)


@pytest.mark.rule("C2")
def test_a_vat_breakdown_that_adds_up_is_delivered_and_no_category_is_invented() -> None:
    subtotal = "cac:TaxTotal/cac:TaxSubtotal"
    xml = _with_rates(("21", "100.00", "21.00"))
    assert texts(xml, f"{subtotal}/cbc:TaxableAmount | {subtotal}/cbc:TaxAmount") == ["100.00", "21.00"]
    assert texts(xml, f"{subtotal}/cac:TaxCategory/cbc:ID | {subtotal}/cac:TaxCategory/cbc:Percent") == ["S", "21"]
    assert texts(xml, "//r:VatBreakdown/@basis") == ["read"]
    two = _with_rates(("23.33", "90.00", "21.00"), ("0", "10.00", "0.00"))
    assert texts(two, f"{subtotal}/cac:TaxCategory/cbc:ID") == ["S"]
    assert texts(two, f"{subtotal}/cac:TaxCategory/cbc:Percent") == ["23.33", "0"]
    credit = _with_rates(("21", "-100.00", "-21.00"), credit=True)
    assert texts(credit, f"{subtotal}/cbc:TaxableAmount") == ["100.00"]


@pytest.mark.rule("C7")
def test_a_vat_breakdown_that_does_not_add_up_is_told_but_not_delivered() -> None:
    xml = _with_rates(("21", "90.00", "18.90"))
    assert texts(xml, "cac:TaxTotal/cac:TaxSubtotal") == []
    assert texts(xml, "//r:VatBreakdown/@basis | //r:ReadRate/@base") == ["do-not-add-up", "90.00"]
    assert texts(invoice_xml(invoice(), FACTS), "//r:VatBreakdown/@basis") == ["none-read"]


@pytest.mark.rule("C2")
@pytest.mark.parametrize("credit", [False, True])
def test_shipping_and_discount_go_beside_the_lines_and_make_the_net_amount_with_them(credit: bool) -> None:
    charges = (InvoiceLine("Shipping", line_total=Decimal("10.00")), InvoiceLine("Discount", line_total=Decimal("-5.00")))
    given = invoice({**NET_AND_VAT}, (line("95.00", "1", "95.00"),), is_credit_note=credit)
    xml = invoice_xml(replace(given, readings=replace(given.readings, charges=charges)), FACTS)
    assert texts(xml, "cac:AllowanceCharge/cbc:ChargeIndicator") == ["true", "false"]
    assert texts(xml, "cac:AllowanceCharge/cbc:Amount") == ["10.00", "5.00"]
    sums = "cac:LegalMonetaryTotal/cbc"
    assert [text(xml, f"{sums}:{name}") for name in ("LineExtensionAmount", "AllowanceTotalAmount", "ChargeTotalAmount")] == [
        "95.00",
        "5.00",
        "10.00",
    ]
    assert texts(xml, "//r:Lines/@basis | //r:ReadCharge/@amount") == ["read", "10.00", "-5.00"]


@pytest.mark.rule("C2", "C3")
def test_order_reference_payment_reference_and_the_corrected_invoice_go_along() -> None:
    changes: dict[FieldName, str | Reading | None] = {
        FieldName.PURCHASE_ORDER: "PO-7",
        FieldName.PAYMENT_REFERENCE: "RF18539007547034",
        FieldName.PRECEDING_INVOICE: "2026-0",
        FieldName.REGISTER_NUMBER: "12345678",
    }
    for credit in (False, True):
        xml = invoice_xml(invoice(changes, is_credit_note=credit), FACTS)
        assert text(xml, "cac:OrderReference/cbc:ID") == "PO-7"
        assert text(xml, "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID") == "2026-0"
        assert text(xml, "cac:PaymentMeans/cbc:PaymentID") == "RF18539007547034"
        assert text(xml, "cac:AccountingSupplierParty/cac:Party/cac:PartyLegalEntity/cbc:CompanyID") == "12345678"


def test_a_derived_value_with_evidence_is_called_derived() -> None:
    derived = replace(reading(FieldName.DUE_DATE, "2026-12-21"), method=Method.DERIVED, rule="D4")
    xml = invoice_xml(invoice({FieldName.DUE_DATE: derived}), FACTS)
    assert texts(xml, "//r:Field[@name='due_date']/r:Method") == ["derived"]


def test_the_same_invoice_gives_the_same_octets() -> None:
    assert invoice_xml(invoice(), FACTS) == invoice_xml(invoice(), FACTS)


@pytest.mark.parametrize(
    "changes",
    [
        {FieldName.INVOICE_NUMBER: " "},
        {FieldName.CURRENCY: "€"},
        {FieldName.TOTAL: "NaN"},
        {FieldName.TOTAL: "1E+40"},
        {FieldName.INVOICE_DATE: "21-11-2026"},
        {FieldName.SUPPLIER_NAME: Reading(FieldName.SUPPLIER_NAME, "Bakker", 1.5)},
    ],
    ids=["blank", "currency", "no number", "huge", "date", "confidence"],
)
def test_what_does_not_fit_the_schema_is_never_returned(changes: dict[FieldName, str | Reading | None]) -> None:
    with pytest.raises(Inconsistent) as raised:
        invoice_xml(invoice(changes), FACTS)
    assert raised.value.code == "xml-invalid"


def test_a_pdf_of_no_pages_or_without_hash_is_refused() -> None:
    for facts in (replace(FACTS, pages=()), replace(FACTS, pdf_sha256="")):
        with pytest.raises(Inconsistent, match="xml-invalid"):
            invoice_xml(invoice(), facts)


def test_the_schemas_themselves_refuse_what_is_out_of_order() -> None:
    tree = etree.fromstring(invoice_xml(invoice(), FACTS))
    tree.append(tree[1])
    with pytest.raises(Inconsistent, match="xml-invalid"):
        schemas.check(tree)


_TEXT = st.text(st.characters(exclude_categories=()), max_size=30)  # lone surrogates too
_NUMBER = st.decimals(-(10**8), 10**8, places=2) | st.decimals()
_READING = st.builds(
    Reading,
    st.sampled_from(FieldName),
    _TEXT | _NUMBER.map(str) | st.dates().map(str),
    st.floats(0, 1),
    st.none(),
    st.none() | st.sampled_from(["D1", "D6"]),
    st.sampled_from(Method),
    st.tuples(_TEXT),
)
_LINE = st.builds(InvoiceLine, _TEXT, st.none() | _NUMBER, st.none() | _NUMBER, st.none() | _NUMBER, st.integers(1, 9))


@pytest.mark.rule("F1")
@settings(max_examples=300, deadline=None)
@given(st.lists(_READING, max_size=6), st.lists(_LINE, max_size=3), st.booleans(), _TEXT)
def test_any_values_make_a_valid_xml_or_none(odd: list[Reading], lines: list[InvoiceLine], credit: bool, name: str) -> None:
    usual = tuple(reading(field, value) for field, value in VALUES.items())
    made = Invoice(Readings((*odd, *usual), tuple(lines)), credit)
    codes = []
    try:
        xml = invoice_xml(made, replace(FACTS, administration_name=name))
        schemas.check(etree.fromstring(xml))
    except Inconsistent as error:
        codes.append(error.code)
    assert codes in ([], ["xml-invalid"])


@pytest.mark.rule("F1")
@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1), st.decimals(0, 10**9, places=2))
def test_any_name_and_amount_come_through_unchanged(name: str, total: Decimal) -> None:
    xml = invoice_xml(invoice({FieldName.SUPPLIER_NAME: name, FieldName.TOTAL: str(total)}), FACTS)
    said = text(xml, "cac:AccountingSupplierParty/cac:Party/cac:PartyName/cbc:Name")
    assert said == name.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")
    assert text(xml, "cac:LegalMonetaryTotal/cbc:PayableAmount") == f"{total:.2f}"
