"""Till receipts: the shop at the head of the roll, and the total that was paid."""

from __future__ import annotations

import pytest

from scanstraat.extractors.judging.tender import UNPROVED
from scanstraat.extractors.recognition import recognise
from scanstraat.extractors.values.company_name import same_company
from scanstraat.model.administration import OwnIdentity
from scanstraat.model.field import FieldName
from scanstraat.model.page import PageSource
from tests.extractors.printed import Golden, printed

CASES = (
    Golden(
        "paid in cash, change given, the label of the total not one we know",
        "nl",
        """
     DE GROENE WINKEL
     Marktstraat 12
     5611 AB Eindhoven
     Tel 040-2551234

3 mei 2026 14:22  kassa 2
Appels Elstar     2,49
Volkorenbrood     2,85
Kaas jong belegen 6,21
Koffie            7,50

Som              19,05
Contant          20,00
Wisselgeld        0,95

BTW 9% 1,57
Bedankt en tot ziens
""",
        {"supplier_name": "De Groene Winkel", "invoice_date": "2026-05-03", "total": "19.05"},
    ),
    Golden(
        "rounded to what coins there are, the name over two lines",
        "en",
        """
   HALVERSON FOOD
   SERVICES LTD
   (Co. Reg: 0823375-X)
   12 Harbour Road
   GST ID: 001663156224

INVOICE NO: 20041
Date: 24/05/2026 09:21
Toast      2 x 4.10   8.20
Coffee                3.02

Total incl GST       11.22
Rounding adjustment   -.02
Total rounded        11.20
Cash                 50.00
Change               38.80

Thank you
""",
        {"supplier_name": "Halverson Food Services Ltd", "invoice_date": "2026-05-24", "total": "11.20"},
    ),
    Golden(
        "paid by card, in German",
        "de",
        """
   Bäckerei Sonnentor
   Inh. K. Brandt
   Hauptstr. 4
   79098 Freiburg
   Tel. 0761 555123

Bon 4711  03.05.2026
Brezel       3 x 0,90
                 2,70
Roggenbrot       4,60
Kuchen           8,40

SUMME   EUR     15,70
girocard        15,70

MwSt 7%  1,03
Vielen Dank
""",
        {"supplier_name": "Bäckerei Sonnentor", "invoice_date": "2026-05-03", "total": "15.70"},
    ),
)


CASES += (
    Golden(
        "the time of day right behind the day, a total for each rate before that of all",
        "en",
        """
   Northgate Stationers Ltd
   4 Bridge Street
   Tel: 0161 496 0000

Served by: rojan 27-02-201815:32:47
Paper A4              25.56
Pens                  14.35

Total 6% supplies excl. GST:  25.56
GST:                           1.53
Total 6% supplies inc. GST:   27.09
Total 0% supplies:            14.35
Total payable:                41.44

Visa                          41.44
Thank you
Goods sold are not returnable
""",
        {"supplier_name": "Northgate Stationers Ltd", "invoice_date": "2018-02-27", "total": "41.44"},
    ),
)


@pytest.mark.rule("C1", "C7")
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.language}: {case.name}")
def test_shop_day_and_total_of_a_receipt(case: Golden) -> None:
    readings = recognise((printed(case.text, source=PageSource.OCR),), OwnIdentity())
    read = {str(reading.field): reading.value for reading in readings.readings}
    expected = dict(case.expected)
    assert same_company(read.get("supplier_name", ""), expected.pop("supplier_name"))
    assert {field: read.get(field) for field in expected} == expected


@pytest.mark.rule("C7")
def test_what_was_tendered_is_never_the_total_where_change_was_given() -> None:
    text = CASES[0].text.replace("Som              19,05", "")
    readings = recognise((printed(text, source=PageSource.OCR),), OwnIdentity())
    assert "20.00" not in {reading.value for reading in readings.readings}


@pytest.mark.rule("C7")
def test_a_total_that_no_money_proves_is_doubted() -> None:
    proved, unproved = CASES[0].text, CASES[0].text.replace("Contant          20,00", "").replace("Wisselgeld        0,95", "")
    doubts = []
    for text in (proved, unproved.replace("Som   ", "Totaal")):
        readings = recognise((printed(text, source=PageSource.OCR),), OwnIdentity())
        total = readings.get(FieldName.TOTAL)
        assert total is not None
        assert total.value == "19.05"
        doubts.append(total.doubts)
    assert doubts == [(), (UNPROVED,)]
