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
        ("Factura nr.  ABX nr. 80848", "ABX nr. 80848"),
        ("Fatura FT:     FT A/224", "FT A/224"),
        ("Fatura FT......: FT A/224", "FT A/224"),
        ("Inv #       Date\nSI-0613     21 May 2023", "SI-0613"),
    ],
)
def test_an_invoice_number_is_read_in_any_usual_form(printed_number: str, value: str) -> None:
    assert readings(printed_number)[FieldName.INVOICE_NUMBER].value == value


def test_days_prove_nothing_of_the_decimal_mark() -> None:
    text = """
Számla kelte:            2025. 09. 27.
Fizetési határidő:       2025. 10. 05.
Nettó érték összesen     342.912 Ft
27% ÁFA                   92.586 Ft
Végösszeg                435.498 Ft
"""
    assert readings(text)[FieldName.TOTAL].value == "435498.00"


def test_a_breakdown_said_twice_is_summed_once() -> None:
    text = """
TVA      Base       Montant     TTC
20%      530,82     106,16      636,98
TVA 20 % sur 530,82                       106,16
5,5%     448,51      24,67      473,18
TVA 5,5 % sur 448,51                       24,67
Total hors taxes                          979,33
Net à payer                              1110,16
"""
    found = readings(text)
    assert found[FieldName.TOTAL].value == "1110.16"
    assert (found[FieldName.NET_TOTAL].value, found[FieldName.VAT_TOTAL].value) == ("979.33", "130.83")


def test_a_bare_word_for_invoice_heads_the_column_of_its_number() -> None:
    text = """
Faktura      Förf.datum     Kundnr
070715       2026-09-09     43611

Säte Örebro, nr 994775
"""
    assert readings(text)[FieldName.INVOICE_NUMBER].value == "070715"


@pytest.mark.parametrize("place", ["Calea Unirii nr. 706", "Säte Umeå, nr 739840", "Ingeschreven te Gent onder nr. 621564"])
def test_a_number_within_a_sentence_is_no_invoice_number(place: str) -> None:
    assert FieldName.INVOICE_NUMBER not in readings(f"Faktura\n{place}")


def test_a_printed_rounding_belongs_to_the_total() -> None:
    text = """
Moms         Underlag       Belopp      Inkl. moms
25%           4753,75      1188,44         5942,19
Netto                                      4753,75
Moms 25%                                   1188,44
Öresavrundning                               -0,19
Att betala                                 5942,00
"""
    found = readings(text)
    assert found[FieldName.TOTAL].value == "5942.00"
    assert found[FieldName.VAT_TOTAL].value == "1188.44"


def test_a_label_in_two_languages_names_the_total_though_it_may_head_a_column() -> None:
    text = """
Item            Net        Incl. btw
Widget       139,66           168,99

Totaal incl. btw / Amount due      1.689,89
"""
    assert readings(text)[FieldName.TOTAL].value == "1689.89"


def test_a_vat_of_nothing_is_read_below_a_head_that_names_its_base() -> None:
    text = """
Subtotal        IVA 0% sobre 3491,75     Total factura
3491,75         0,00                     3491,75
"""
    assert readings(text)[FieldName.VAT_TOTAL].value == "0.00"


def test_digits_without_end_are_no_amount() -> None:
    assert FieldName.TOTAL not in readings("Total 123456789012345678901234567890123")


def test_a_swedish_day_may_begin_with_two_digits_of_its_year() -> None:
    found = readings("FAKTURA\nFakturadatum   25-09-16\nFörfallodatum  25-10-01\nBetalningsvillkor 15 dagar netto\n")
    assert (found[FieldName.INVOICE_DATE].value, found[FieldName.DUE_DATE].value) == ("2025-09-16", "2025-10-01")


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


@pytest.mark.rule("C6")
@pytest.mark.parametrize(
    "sentence",
    [
        "Bitte nicht überweisen: Lastschrifteinzug am 29.05.2026 von NL91 ABNA 0417 1643 00.",
        "O valor será debitado em 30/11/2026 na conta NL91 ABNA 0417 1643 00.",
        "Beløbet hæves den 07.10.2026 på konto NL91 ABNA 0417 1643 00.",
        "Der Betrag wird am 29.05.2026 Ihrem Konto NL91 ABNA 0417 1643 00 belastet.",
        "Den Rechnungsbetrag buchen wir in den nächsten Tagen von dem Konto\nNL91 ABNA 0417 1643 00 ab, Lastschrift 12.",
        "Kwota zostanie pobrana z rachunku NL91 ABNA 0417 1643 00.",
    ],
)
def test_an_account_that_a_sentence_says_is_debited_is_the_customers(sentence: str) -> None:
    assert FieldName.IBAN not in readings(f"Rechnung 77\n\n{sentence}")


@pytest.mark.parametrize(
    "sentence",
    [
        "Kein Lastschrifteinzug, bitte überweisen Sie auf NL91 ABNA 0417 1643 00.",
        "Zahlungsart: Lastschrift\nIBAN: NL91 ABNA 0417 1643 00",
        "Bezahlt per Lastschrift. Unser Konto NL91 ABNA 0417 1643 00",
    ],
)
def test_an_account_to_pay_to_is_the_suppliers_whatever_is_said_of_debits(sentence: str) -> None:
    assert readings(f"Rechnung 77\n\n{sentence}")[FieldName.IBAN].value == "NL91ABNA0417164300"


def test_an_account_broken_over_several_rows_is_put_together() -> None:
    text = """
Rechnung 77              Konto:
Datum 1.5.2026           DE89 3704
                         0044 0532
                         0130 00
"""
    assert readings(text)[FieldName.IBAN].value == "DE89370400440532013000"


def test_an_account_behind_another_number_in_its_row_is_found() -> None:
    text = """
NIF                    Nº de cliente     IBAN
PT 501 964 843         693460            PT50 0002 0123 1234 5678 9015 4
"""
    assert readings(text)[FieldName.IBAN].value == "PT50000201231234567890154"


@pytest.mark.rule("C1")
@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Van Dam Foodservice\nFactuur 12\n\nLeverbon          65867105\n", "Van Dam Foodservice"),
        ("BV Automatisering Gent\nFactuur 12\n", "BV Automatisering Gent"),
        ("Serviços de Limpeza Norte - Unipessoal, Lda.\nFatura FT 12\n", "Serviços de Limpeza Norte - Unipessoal, Lda."),
        ("Lundgren Kontor\nFaktura 12\n\nKonto IBAN SE45 5000 0000 0583 9825 7466\n", "Lundgren Kontor"),
        ("Quintana Hermanos\nFactura 12\n\nContacto:     Pilar Ibáñez\n", "Quintana Hermanos"),
    ],
)
def test_a_supplier_is_not_taken_for_a_caption_nor_a_caption_for_a_supplier(text: str, name: str) -> None:
    assert readings(text)[FieldName.SUPPLIER_NAME].value == name


@pytest.mark.rule("C6")
def test_the_company_that_goods_are_delivered_to_is_not_the_supplier() -> None:
    text = "Marek Tisk\nFaktura 12\n\nMísto určení: Beneš Služby a.s., Masarykova 18, 703 00 Ostrava\n"
    assert readings(text)[FieldName.SUPPLIER_NAME].value == "Marek Tisk"


@pytest.mark.parametrize("head", ["Facture A-05633", "Facture A 05633 du 12/05/2026"])
def test_the_series_of_a_number_makes_no_label_of_the_customer(head: str) -> None:
    found = readings(f"{head}\nDate de facture : 12/05/2026\nTotal TTC 12,00 EUR")
    assert found[FieldName.INVOICE_NUMBER].value.startswith("A")
    assert found[FieldName.INVOICE_DATE].value == "2026-05-12"


@pytest.mark.rule("C6")
def test_a_company_right_behind_the_customers_label_is_not_the_supplier() -> None:
    assert FieldName.SUPPLIER_NAME not in readings("Facture n° 12\nFacturé à ACME SARL\nTotal TTC 12,00 EUR")
