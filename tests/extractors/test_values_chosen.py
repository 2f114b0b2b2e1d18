"""Which of several values is taken, on print as real suppliers have it."""

from __future__ import annotations

import pytest

from scanstraat.extractors.recognition import recognise
from scanstraat.model.administration import OwnIdentity
from scanstraat.model.field import FieldName, Reading
from tests.extractors.printed import printed

CERTAIN = 0.9


def readings(text: str) -> dict[FieldName, Reading]:
    """The readings of a page, by field."""
    return {reading.field: reading for reading in recognise((printed(text),), OwnIdentity()).readings}


def test_the_total_is_what_was_due_before_anything_was_paid() -> None:
    text = """
Müller Bau GmbH                               Rechnung RE 12345
Rechnungsbetrag brutto                        11.900,00 EUR
Bereits gezahlt                               -5.950,00 EUR
Zahlbetrag                                     5.950,00 EUR
"""
    assert readings(text)[FieldName.TOTAL].value == "11900.00"


def test_what_a_discount_takes_off_was_not_paid() -> None:
    text = """
Zwischensumme                 110,00 EUR
Rabatt                        -10,00 EUR
Zu zahlender Betrag           100,00 EUR
"""
    assert readings(text)[FieldName.TOTAL].value == "100.00"


def test_the_gross_amount_of_one_rate_is_not_the_total() -> None:
    text = """
Tarief        Grondslag       Btw     Incl. btw
21%              100,00     21,00        121,00
9%               200,00     18,00        218,00
Totaal                                   339,00
"""
    assert readings(text)[FieldName.TOTAL].value == "339.00"


@pytest.mark.parametrize(
    ("printed_number", "value"),
    [
        ("Factuurnummer: 20260312", "20260312"),
        ("Rechnung Nr. 2026/17 - Einbauschrank Büro", "2026/17"),
        ("Invoice no. INV/2026/05/0012", "INV/2026/05/0012"),
        ("Rechnungsnummer: RE 12345", "RE 12345"),
        ("Invoice # A 123 456", "A 123 456"),
    ],
)
def test_an_invoice_number_is_read_in_any_usual_form(printed_number: str, value: str) -> None:
    assert readings(printed_number)[FieldName.INVOICE_NUMBER].value == value


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("Gelieve te voldoen op NL91 ABNA 0417 1643 00 t.n.v. J. de Vries Advies onder vermelding van 12", "J. de Vries Advies"),
        ("Please make your payment to Bright Pixel Studio LLC, account 123456789", "Bright Pixel Studio LLC"),
    ],
)
def test_a_supplier_named_in_a_sentence_is_found(sentence: str, name: str) -> None:
    assert readings(f"Invoice 12\n\n{sentence}")[FieldName.SUPPLIER_NAME].value == name


def test_a_swiss_number_with_its_word_is_the_vat_number_and_the_register_number_is_not() -> None:
    found = readings("Handelsregister: CHE-109.322.551\nUSt-IdNr.: CHE-116.281.710 MWST\n")
    assert found[FieldName.VAT_NUMBER].value == "CHE116281710"


def test_a_word_behind_a_vat_number_is_no_part_of_it() -> None:
    assert readings("VAT number IE6388047V Company no. 051953")[FieldName.VAT_NUMBER].value == "IE6388047V"


@pytest.mark.rule("C6")
def test_what_stands_in_the_block_a_label_gives_to_the_buyer_is_not_the_suppliers() -> None:
    text = """
Invoice 77
Bill to
Northern Museums Ltd
1 Castle Street
Newcastle NE1 1AA
VAT No GB980780684
"""
    found = readings(text)
    assert FieldName.SUPPLIER_NAME not in found
    assert FieldName.VAT_NUMBER not in found


@pytest.mark.rule("C6")
def test_only_the_account_beside_the_debit_label_is_the_customers() -> None:
    text = """
Het bedrag wordt afgeschreven van uw rekening NL91 ABNA 0417 1643 00.
Stadsenergie N.V., IBAN NL02ABNA0123456789
"""
    assert readings(text)[FieldName.IBAN].value == "NL02ABNA0123456789"


@pytest.mark.rule("C6")
@pytest.mark.parametrize(
    "sentence",
    [
        "Addebito diretto SEPA il 14/12/2026 sul conto IT60 X054 2811 1010 0000 0123 456.",
        "Prélèvement automatique le 31 mai 2026 sur le compte FR14 2004 1010 0505 0001 3M02 606.",
    ],
)
def test_an_account_money_is_taken_from_is_never_the_suppliers(sentence: str) -> None:
    assert FieldName.IBAN not in readings(sentence)


@pytest.mark.rule("C7")
def test_dates_are_chosen_together() -> None:
    found = readings("Factuurdatum  10-05-2026\nVervaldatum   09-06-2026\nBetaaltermijn 30 dagen\nLeverdatum 01-05-2026\n")
    assert (found[FieldName.INVOICE_DATE].value, found[FieldName.DUE_DATE].value) == ("2026-05-10", "2026-06-09")
    assert found[FieldName.DUE_DATE].confidence > CERTAIN
