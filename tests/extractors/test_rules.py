"""The rules of recognition, each on print that would tempt one to break it."""

from __future__ import annotations

import pytest

from scanstraat.extractors.recognition import recognise
from scanstraat.model.administration import OwnIdentity
from scanstraat.model.field import FieldName, Method, Reading
from scanstraat.model.page import PageSource
from tests.extractors.printed import printed

CERTAIN = 0.9
OWN = OwnIdentity(("Bakkerij Jansen B.V.",), ("NL001234567B13",), ("NL91 ABNA 0417 1643 00",))

NOBODY = OwnIdentity()

INVOICE = """
# Hoveniersbedrijf Groenrijk B.V.
Dorpsstraat 12, 3999 AA Tull

Factuurnummer     2026-0117
Factuurdatum      03-02-2026
Vervaldatum       05-03-2026

Totaal excl. btw        675,00
BTW 21%                 141,75
Totaal incl. btw      € 816,75

IBAN NL20INGB0001234567   BTW NL820471616B01
"""


def readings(text: str, own: OwnIdentity = NOBODY, **page: object) -> dict[FieldName, Reading]:
    """The readings of a page, by field."""
    found = recognise((printed(text, **page),), own)  # type: ignore[arg-type]
    return {reading.field: reading for reading in found.readings}


def value(text: str, field: FieldName, own: OwnIdentity = NOBODY) -> str | None:
    """What is read for one field."""
    reading = readings(text, own).get(field)
    return reading.value if reading else None


@pytest.mark.rule("C1")
def test_the_eight_fields_are_read_with_the_place_they_were_read() -> None:
    found = readings(INVOICE)
    eight = [
        FieldName.IBAN,
        FieldName.SUPPLIER_NAME,
        FieldName.VAT_NUMBER,
        FieldName.INVOICE_NUMBER,
        FieldName.INVOICE_DATE,
        FieldName.DUE_DATE,
        FieldName.TOTAL,
        FieldName.CURRENCY,
    ]
    for field in eight:
        evidence = found[field].evidence
        assert evidence is not None
        assert evidence.raw
        assert evidence.method is Method.TEXT_LAYER
        assert evidence.page == 1
        assert found[field].signals
        assert found[field].rule is None


@pytest.mark.rule("C2")
def test_net_and_vat_amounts_and_lines_are_read_too() -> None:
    text = """
Omschrijving            Aantal      Prijs      Bedrag
Onderhoud tuin           12,5       48,00      600,00
achtertuin
Afvoer groenafval           1       75,00       75,00
                    Totaal excl. btw           675,00
                    BTW 21%                    141,75
                    Totaal incl. btw           816,75
"""
    found = recognise((printed(text),), OwnIdentity())
    assert (found.value(FieldName.NET_TOTAL), found.value(FieldName.VAT_TOTAL)) == ("675.00", "141.75")
    lines = [(line.description, str(line.quantity), str(line.unit_price), str(line.line_total)) for line in found.lines]
    assert lines == [
        ("Onderhoud tuin achtertuin", "12.5", "48.00", "600.00"),
        ("Afvoer groenafval", "1", "75.00", "75.00"),
    ]


@pytest.mark.rule("C3")
@pytest.mark.parametrize(
    "title", ["Creditnota", "Credit note", "Gutschrift", "Avoir", "Hyvityslasku", "Kreditfaktura", "Nota di credito"]
)
def test_a_credit_note_is_told_by_its_title_and_its_amounts_are_positive(title: str) -> None:
    text = INVOICE.replace("Factuurnummer", f"{title}\n\nFactuurnummer").replace("675,00", "-675,00")
    text = text.replace("141,75", "-141,75").replace("816,75", "-816,75")
    found = readings(text)
    assert found[FieldName.IS_CREDIT_NOTE].value == "true"
    assert (found[FieldName.TOTAL].value, found[FieldName.NET_TOTAL].value) == ("816.75", "675.00")


@pytest.mark.rule("C3")
def test_an_invoice_that_speaks_of_credit_notes_is_none() -> None:
    text = INVOICE + "\nBedragen met een minteken zijn creditnota regels op uw factuur.\n"
    assert value(text, FieldName.IS_CREDIT_NOTE) == "false"


@pytest.mark.rule("C3", "C7")
def test_a_negative_total_without_a_title_is_a_doubtful_credit_note() -> None:
    found = readings(INVOICE.replace("€ 816,75", "€ -816,75").replace("675,00", "-675,00").replace("141,75", "-141,75"))
    assert found[FieldName.IS_CREDIT_NOTE].value == "true"
    assert found[FieldName.IS_CREDIT_NOTE].doubts
    assert found[FieldName.IS_CREDIT_NOTE].confidence < CERTAIN


@pytest.mark.rule("C4")
def test_a_total_of_nothing_is_a_value() -> None:
    text = INVOICE.replace("675,00", "0,00").replace("141,75", "0,00").replace("816,75", "0,00")
    assert value(text, FieldName.TOTAL) == "0.00"


@pytest.mark.rule("C5")
def test_a_foreign_account_is_read_as_printed_with_its_bic() -> None:
    text = "Beneficiary: Kangaroo Leather Pty Ltd\nBank: Westpac\nAccount number: 123456789\nSWIFT: WPACAU2S\n"
    found = readings(text)
    assert (found[FieldName.ACCOUNT].value, found[FieldName.BIC].value) == ("123456789", "WPACAU2S")
    assert FieldName.IBAN not in found


@pytest.mark.rule("C5")
def test_an_iban_without_a_bic_stands_alone() -> None:
    found = readings(INVOICE)
    assert found[FieldName.IBAN].value == "NL20INGB0001234567"
    assert FieldName.BIC not in found


@pytest.mark.rule("C6")
def test_the_customers_own_identity_is_never_the_suppliers() -> None:
    text = """
Bakkerij Jansen BV
Marktplein 4
3421 AB Oudewater
BTW-nummer NL001234567B13
IBAN NL91 ABNA 0417 1643 00
Factuurnummer 12
"""
    found = readings(text, OWN)
    assert {FieldName.SUPPLIER_NAME, FieldName.VAT_NUMBER, FieldName.IBAN} & set(found) == set()


@pytest.mark.rule("C6")
def test_without_knowing_the_customer_the_labels_tell_whose_is_whose() -> None:
    text = """
Invoice 77                          Bill to
                                    Northern Museums Ltd
Harbour Print Works Ltd             1 Castle Street
14 Quayside                         Newcastle NE1 1AA
VAT No GB123456782                  VAT No GB980780684
Your VAT number: GB980780684
"""
    found = readings(text)
    assert found[FieldName.SUPPLIER_NAME].value == "Harbour Print Works Ltd"
    assert found[FieldName.VAT_NUMBER].value == "GB123456782"


@pytest.mark.rule("C6")
def test_the_account_a_direct_debit_is_taken_from_is_not_the_suppliers() -> None:
    text = "Het bedrag wordt afgeschreven van uw rekening NL91 ABNA 0417 1643 00.\n"
    assert value(text, FieldName.IBAN) is None


@pytest.mark.rule("C7")
def test_amounts_that_do_not_add_up_are_doubted() -> None:
    found = readings(INVOICE.replace("816,75", "819,75"))
    for field in (FieldName.TOTAL, FieldName.NET_TOTAL, FieldName.VAT_TOTAL):
        assert any("add up" in doubt for doubt in found[field].doubts)
        assert found[field].confidence < CERTAIN


@pytest.mark.rule("C7")
def test_a_vat_number_that_fails_its_check_is_read_and_doubted() -> None:
    reading = readings(INVOICE.replace("NL820471616B01", "NL820471617B01"))[FieldName.VAT_NUMBER]
    assert reading.value == "NL820471617B01"
    assert reading.doubts
    assert reading.confidence < CERTAIN


@pytest.mark.rule("C7")
def test_a_wrong_iban_is_never_silent() -> None:
    reading = readings(INVOICE.replace("NL20INGB0001234567", "NL20INGB0001234576"))[FieldName.IBAN]
    assert reading.confidence < 0.5
    assert reading.doubts


@pytest.mark.rule("C7")
def test_look_alikes_in_an_iban_are_put_right_on_scans_only_and_never_quite_certain() -> None:
    misread = INVOICE.replace("NL20INGB0001234567", "NL2OINGBOOO1234567")
    scanned = readings(misread, source=PageSource.OCR)[FieldName.IBAN]
    assert scanned.value == "NL20INGB0001234567"
    assert any("look-alike" in signal for signal in scanned.signals)
    assert FieldName.IBAN not in readings(misread)


@pytest.mark.rule("C7")
def test_a_payment_code_outranks_print_and_their_disagreement_is_doubted() -> None:
    code = "BCD\n002\n1\nSCT\n\nGroenrijk B.V.\nNL91ABNA0417164300\nEUR900.00\n\n\n2026-0117"
    found = readings(INVOICE, codes=(code,))
    assert found[FieldName.IBAN].value == "NL91ABNA0417164300"
    for field in (FieldName.IBAN, FieldName.TOTAL):
        assert found[field].doubts
        assert found[field].confidence < CERTAIN


@pytest.mark.rule("C7")
def test_a_payment_code_that_agrees_makes_sure() -> None:
    code = "BCD\n002\n1\nSCT\n\nHoveniersbedrijf Groenrijk B.V.\nNL20INGB0001234567\nEUR816.75\n\n\n2026-0117"
    found = readings(INVOICE, codes=(code,))
    plain = readings(INVOICE)
    for field in (FieldName.IBAN, FieldName.TOTAL):
        assert found[field].doubts == ()
        assert found[field].confidence >= plain[field].confidence


@pytest.mark.rule("C7")
def test_a_due_date_before_the_invoice_date_is_doubted() -> None:
    found = readings(INVOICE.replace("05-03-2026", "05-01-2026"))
    assert found[FieldName.DUE_DATE].doubts
    assert found[FieldName.DUE_DATE].confidence < CERTAIN


@pytest.mark.rule("C7")
def test_a_value_printed_twice_with_different_readings_is_not_certain() -> None:
    text = INVOICE + "\nFactuurnummer     2026-0171\n"
    reading = readings(text)[FieldName.INVOICE_NUMBER]
    assert reading.confidence < CERTAIN
    assert {reading.value, *(other.value for other in reading.runners_up)} >= {"2026-0117", "2026-0171"}


@pytest.mark.rule("C7")
def test_a_day_that_may_be_a_month_is_doubted_on_an_american_paper() -> None:
    text = "Invoice date 03/04/2026\nTotal $100.00\n"
    reading = readings(text)[FieldName.INVOICE_DATE]
    assert reading.value == "2026-03-04"
    assert reading.doubts


def test_a_document_of_several_pages_counts_its_pages_from_one() -> None:
    pages = (printed("Factuurnummer 4711\nDatum 01-02-2026\n", number=3), printed("Totaal incl. btw € 12,10\n", number=4))
    found = recognise(pages, OwnIdentity())
    number, total = found.get(FieldName.INVOICE_NUMBER), found.get(FieldName.TOTAL)
    assert number is not None
    assert total is not None
    assert number.evidence is not None
    assert total.evidence is not None
    assert (number.evidence.page, total.evidence.page) == (1, 2)


def test_an_empty_page_gives_no_field_but_that_it_is_no_credit_note() -> None:
    assert [r.field for r in recognise((printed(""),), OwnIdentity()).readings] == [FieldName.IS_CREDIT_NOTE]
    assert [r.field for r in recognise((), OwnIdentity()).readings] == [FieldName.IS_CREDIT_NOTE]
