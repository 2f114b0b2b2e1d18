"""Labels in their rarer places: small below the value, as forms print them."""

from __future__ import annotations

from scanstraat.model.field import FieldName
from tests.extractors.test_values_chosen import readings

# A form whose captions stand below its values, closer to them than to the next row's.
CAPTIONS_BELOW = """
2400318          D-83806        14-03-2026
Factuurnummer    Klantnummer    Factuurdatum


13-04-2026       PO-40413       30 dagen
Vervaldatum      Inkooporder    Betaalconditie
"""


def test_a_number_is_read_above_its_caption_on_a_form() -> None:
    found = readings(CAPTIONS_BELOW)
    assert found[FieldName.INVOICE_NUMBER].value == "2400318"
    assert found[FieldName.INVOICE_DATE].value == "2026-03-14"


def test_a_term_beside_a_day_does_not_hide_its_caption() -> None:
    text = """
F03620           4571140766        -846
Factuurnummer    Inkooporder       Korting


30 dagen         14-03-2026        Jan de Boer
Betaalconditie   Factuurdatum      Contactpersoon
"""
    assert readings(text)[FieldName.INVOICE_DATE].signals[0] == "its label stands above it"


def test_a_head_over_an_empty_column_takes_no_value_from_above() -> None:
    text = """
Klantnummer      Uw referentie
30055            4711-A

Factuurnummer    Factuurdatum
                 14-03-2026
"""
    assert FieldName.INVOICE_NUMBER not in readings(text)
