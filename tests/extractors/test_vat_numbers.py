"""VAT numbers as print has them: without prefix, in any place about their label, and whose they are."""

from __future__ import annotations

import pytest

from scanstraat.extractors.recognition import recognise
from scanstraat.model.administration import OwnIdentity
from scanstraat.model.field import FieldName, Reading
from tests.extractors.printed import printed


def vat_number(text: str) -> Reading | None:
    """What is read for the VAT number of a page."""
    return recognise((printed(text),), OwnIdentity()).get(FieldName.VAT_NUMBER)


@pytest.mark.rule("C1")
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Számla száma: 12/2026\nFizetési határidő: 2026.05.01\nAdószám: 10773381-2-44", "HU10773381"),
        ("Faktura nr 12/2026\nData wystawienia: 2026-05-01\nNIP: 123-456-32-18", "PL1234563218"),
        ("Fatura FT 12/2026\nData de emissão: 01/05/2026\nContribuinte N.º: 501 964 843", "PT501964843"),
        ("Fatura FT 12/2026\nData de emissão: 01/05/2026\nVAT: 501 964 843", "PT501964843"),
        ("Factura n.º 12\nFecha de factura: 01/05/2026\nNIF: B-58378431", "ESB58378431"),
        ("Factuurnummer 12\nFactuurdatum: 01-05-2026\nBtw-nummer : 0403.019.261", "BE0403019261"),
        ("Faktura 12\nForfallsdato: 01.05.2026\nOrg.nr: 995 525 828 MVA", "NO995525828MVA"),
        ("Tax invoice 12\nInvoice date: 1 May 2026\nABN: 51 824 753 556", "51824753556"),
        ("Tax invoice 12\nInvoice date: 1 May 2026\nGSTIN: 27AAPFU0939F1ZV", "27AAPFU0939F1ZV"),
        ("Faktura nr 12/2026\nData wystawienia: 2026-05-01\n1234563218 NIP", "PL1234563218"),
    ],
)
def test_a_number_printed_without_prefix_is_given_its_countrys(text: str, value: str) -> None:
    reading = vat_number(text)
    assert reading is not None
    assert reading.value == value


@pytest.mark.rule("C1")
@pytest.mark.parametrize(
    "text",
    [
        "Faktura nr 12/2026\nData wystawienia: 2026-05-01\n\nNIP sprzedawcy:\n123-456-32-18",
        "Faktura nr 12/2026\nData wystawienia: 2026-05-01\n\n123-456-32-18\nNIP sprzedawcy",
    ],
)
def test_a_number_above_or_below_its_label_is_found(text: str) -> None:
    reading = vat_number(text)
    assert reading is not None
    assert reading.value == "PL1234563218"


@pytest.mark.rule("C6")
@pytest.mark.parametrize(
    "text",
    [
        "Número da fatura: FT 12/2026\nData de vencimento: 01/05/2026\nV/ NIF: PT 501 964 843",
        "Faktura nr 12/2026\nData wystawienia: 2026-05-01\nNIP (klienta): PL1234563218",
        "Lasku 12\nEräpäivä: 1.5.2026\nAsiakkaan Y-tunnus/ALV: FI20774740",
    ],
)
def test_a_number_that_its_label_gives_to_the_customer_is_not_the_suppliers(text: str) -> None:
    assert vat_number(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Lasku 12\nEräpäivä: 1.5.2026\nY-tunnus 2077474-0",
        "Invoice 12\nInvoice date: 1 May 2026\nEIN: 95-4742455",
        "Invoice 12\nInvoice date: 1 May 2026\nEIN: 16-0198135",
        "Factura 12\nData facturii: 01.05.2026\nContul: RO09 INGB 0000",
    ],
)
def test_a_number_that_is_none_for_vat_is_not_taken_for_one(text: str) -> None:
    assert vat_number(text) is None


def test_a_finnish_business_number_told_to_be_for_vat_is_the_vat_number() -> None:
    reading = vat_number("Lasku 12\nEräpäivä: 1.5.2026\nY-tunnus/ALV: 2077474-0")
    assert reading is not None
    assert reading.value == "FI20774740"


@pytest.mark.rule("C6")
def test_of_two_numbers_that_may_be_the_suppliers_the_one_beside_its_register_number_is_taken() -> None:
    text = """
Budowa Nowa sp. z o.o.
Faktura nr 12/2026
NIP: PL 526-104-08-28




NIP: PL 123-456-32-18
REGON: 123456785
Konto: PL61 1090 1014 0000 0712 1981 2874
"""
    reading = vat_number(text)
    assert reading is not None
    assert reading.value == "PL1234563218"


def test_of_two_numbers_in_one_row_the_left_is_the_suppliers() -> None:
    text = """
Invoice 12
Acme S.r.l.                    Northern Museums S.p.A.
VAT: IT00743110157             VAT: IT01114601006
"""
    reading = vat_number(text)
    assert reading is not None
    assert reading.value == "IT00743110157"


@pytest.mark.parametrize("label", ["Adószám / VAT", "Momsnr. / VAT Registration Number"])
def test_a_label_in_two_languages_stands_below_its_number_too(label: str) -> None:
    number = "10773381-2-44" if label.startswith("A") else "SE556036079301"
    head = "Számla kelte       Fizetési határidő" if label.startswith("A") else "Fakturadatum       Förfallodatum"
    reading = vat_number(f"{head}\n2026.05.01.        2026.05.15.\n\n{number}\n{label}")
    assert reading is not None
    assert reading.value in {"HU10773381", "SE556036079301"}
