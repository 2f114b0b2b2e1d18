"""Lines of tables as they are printed: with heads of one or several rows, without, over pages, with what is no line between."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanstraat.extractors.recognition import recognise
from scanstraat.model.administration import OwnIdentity
from scanstraat.model.field import InvoiceLine
from scanstraat.model.page import PageSource
from tests.extractors.printed import printed

STACKED = """
                                                    Unit          Total
Pos  Description                        Qty        price       excl VAT
1    Oak boards                           4        12,50          50,00
2    Screws, box of 200                   2         5,00          10,00
                                   Net total                      60,00
                                   VAT 20%                        12,00
                                   Total                          72,00
"""
ABOVE = """
Omschrijving                          Aantal    Prijs      Bedrag
Snoeien van de haag
                                           3    45,00      135,00
langs de oprit

Afvoer van groen
                                           1    65,00       65,00
                          Totaal excl. btw                 200,00
                          BTW 21%                           42,00
                          Totaal incl. btw                 242,00
"""
HEADLESS = """
Ihr Auftrag vom Mai

Fensterreinigung Erdgeschoss                           180,00
Fensterreinigung Obergeschoss                          140,00
Anfahrt                                                 25,00

Nettobetrag                                            345,00
MwSt. 19%                                               65,55
Rechnungsbetrag                                        410,55
"""
WITH_AND_WITHOUT_VAT = """
Description               Qty   Price   Amount excl VAT   Amount incl VAT
Paper A4                   10    4,00             40,00             48,00
Toner                       1   60,00             60,00             72,00
                                   Total excl VAT                  100,00
                                   VAT 20%                          20,00
                                   Total incl VAT                  120,00
"""
SUBTOTALS = """
Omschrijving              Aantal    Prijs     Bedrag
Maandag                        2    50,00     100,00
Dinsdag                        3    50,00     150,00
Subtotaal                                     250,00
Reiskosten                     4    10,00      40,00
             Totaal excl. btw                 290,00
             BTW 21%                           60,90
             Totaal incl. btw                 350,90
"""
UNNAMED_SUBTOTAL = """
Omschrijving              Aantal    Prijs     Bedrag
Maandag                        2    50,00     100,00
Dinsdag                        3    50,00     150,00
Week 12                                       250,00
Reiskosten                     4    10,00      40,00
             Totaal excl. btw                 290,00
             BTW 21%                           60,90
             Totaal incl. btw                 350,90
"""
MISREAD = """
Description               Qty       Price       Amount
Carpet                      4       25.00      2100.00
Underlay                    4        5.00        20.00
                   Net total                    120.00
                   VAT 20%                       24.00
                   Total                        144.00
"""
SHIPPING = """
Artikel                   Menge    Einzelpreis    Gesamtpreis
Tasse                         6           8,00          48,00
Teller                        6          10,00          60,00
Versand                                                  5,00
            Nettobetrag                                113,00
            MwSt. 19%                                   21,47
            Gesamtbetrag                               134,47
"""


def amounts(lines: tuple[InvoiceLine, ...]) -> list[str]:
    return [str(line.line_total) for line in lines]


def lines_of(*texts: str, source: PageSource = PageSource.TEXT_LAYER) -> tuple[InvoiceLine, ...]:
    return recognise(tuple(printed(text, i, source) for i, text in enumerate(texts, 1)), OwnIdentity()).lines


@pytest.mark.rule("C2")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (STACKED, ["50.00", "10.00"]),
        (ABOVE, ["135.00", "65.00"]),
        (HEADLESS, ["180.00", "140.00", "25.00"]),
        (WITH_AND_WITHOUT_VAT, ["40.00", "60.00"]),
        (SUBTOTALS, ["100.00", "150.00", "40.00"]),
        (UNNAMED_SUBTOTAL, ["100.00", "150.00", "40.00"]),
        (SHIPPING, ["48.00", "60.00"]),
    ],
    ids=[
        "stacked heads",
        "text above its amounts",
        "no head",
        "with and without VAT",
        "sub-total",
        "unnamed sub-total",
        "shipping",
    ],
)
def test_the_amounts_of_the_lines_are_read(text: str, expected: list[str]) -> None:
    assert amounts(lines_of(text)) == expected


def test_an_amount_misread_by_ocr_is_what_quantity_and_price_make_where_the_sum_then_holds() -> None:
    assert amounts(lines_of(MISREAD, source=PageSource.OCR)) == ["100.00", "20.00"]
    without_sum = MISREAD.replace("120.00", "125.00")
    assert amounts(lines_of(without_sum, source=PageSource.OCR)) == ["2100.00", "20.00"]


@pytest.mark.rule("C2")
def test_what_is_added_or_taken_off_for_the_whole_invoice_is_no_line() -> None:
    found = recognise((printed(SHIPPING),), OwnIdentity())
    assert [(charge.description, str(charge.line_total)) for charge in found.charges] == [("Versand", "5.00")]


def test_text_above_and_below_the_amounts_is_their_description() -> None:
    assert [line.description for line in lines_of(ABOVE)] == ["Snoeien van de haag langs de oprit", "Afvoer van groen"]


def test_a_table_goes_on_on_the_next_page_without_its_head_and_without_what_is_carried_over() -> None:
    first, rest = SUBTOTALS.split("Subtotaal")
    second = "Factuurnummer: 12\n\nTransport                                     250,00\n" + rest.partition("\n")[2]
    assert amounts(lines_of(first + "Transport                                     250,00", second)) == [
        "100.00",
        "150.00",
        "40.00",
    ]


def test_a_repeated_head_opens_the_table_again() -> None:
    head, one, two, *rest = SUBTOTALS.strip("\n").split("\n")
    assert amounts(lines_of("\n".join((head, one)), "\n".join((head, two, *rest)))) == ["100.00", "150.00", "40.00"]


def test_amounts_that_nothing_sums_are_no_lines_without_a_head() -> None:
    assert lines_of("Voor uw feestdag\n\nTaart met noten      24,95\nTaart met room       19,95\n") == ()


def test_quantity_and_price_below_a_line_give_its_net_amount_where_only_that_with_vat_is_printed() -> None:
    text = """
Autobedrijf Zuid

Olie verversen                               121,00
1 x 100,00                       21%
Ruitenwissers                                 48,40
2 x 20,00                        21%

Totaal excl. btw                             140,00
Btw 21%                                       29,40
Totaal incl. btw                             169,40
"""
    assert amounts(lines_of(text)) == ["100.00", "40.00"]


def test_the_rows_of_a_vat_breakdown_are_no_lines() -> None:
    text = """
Hotel Zeezicht

Btw            Grondslag        Btw      Incl. btw
21%               100,00      21,00         121,00
9%                200,00      18,00         218,00
0%                 10,00       0,00          10,00
Totaal excl. btw                            310,00
Btw                                          39,00
Totaal incl. btw                            349,00
"""
    found = recognise((printed(text),), OwnIdentity())
    assert found.lines == ()
    assert [(str(r.rate), str(r.base), str(r.vat)) for r in found.vat_rates] == [
        ("21", "100.00", "21.00"),
        ("9", "200.00", "18.00"),
        ("0", "10.00", "0.00"),
    ]


ROWS = st.lists(st.tuples(st.integers(1, 99), st.integers(1, 99_999)), min_size=1, max_size=12)


@settings(deadline=None, max_examples=40)
@given(
    ROWS,
    st.booleans(),
    st.sampled_from([("Omschrijving", "Aantal", "Prijs", "Bedrag"), ("Description", "Qty", "Price", "Amount")]),
)
def test_a_table_is_read_back_as_it_was_printed(rows: list[tuple[int, int]], priced: bool, head: tuple[str, ...]) -> None:
    prices = [Decimal(cents) / 100 for _, cents in rows]
    totals = [count * price for (count, _), price in zip(rows, prices, strict=True)]
    net = sum(totals, Decimal())
    vat = (net / 5).quantize(Decimal("0.01"))
    table = [f"{head[0]:<26}{head[1]:>8}{head[2]:>14}{head[3]:>16}"]
    for i, ((count, _), price, total) in enumerate(zip(rows, prices, totals, strict=True)):
        cells = f"{count:>8}{price:>14.2f}" if priced else " " * 22
        table.append(f"{'Ware ' + 'abcdefghijkl'[i]:<26}{cells}{total:>16.2f}")
    table += [f"{'Total excl VAT':<26}{net:>38.2f}", f"{'VAT 20%':<26}{vat:>38.2f}", f"{'Total incl VAT':<26}{net + vat:>38.2f}"]
    assert [line.line_total for line in lines_of("\n".join(table))] == totals
