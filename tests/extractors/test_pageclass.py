"""What kind of page it is, in each language, and the hints that splitting goes by."""

from __future__ import annotations

import pytest

from scanstraat.extractors.pageclass import classify
from scanstraat.model.document import Kind
from scanstraat.model.page import Page, PageSource
from tests.extractors.printed import printed

BODY = """

Groenrijk B.V.
Dorpsstraat 12

{number}    2026-0117
Datum       03-02-2026

Onderhoud tuin                   675,00
Totaal                           816,75
"""

TITLES = [
    (Kind.INVOICE, ["Factuur", "Invoice", "Rechnung", "Facture", "Lasku", "Faktura", "Fattura", "Factura"]),
    (Kind.CREDIT_NOTE, ["Creditnota", "Credit note", "Gutschrift", "Avoir", "Hyvityslasku", "Kreditfaktura"]),
    (Kind.REMINDER, ["Betalingsherinnering", "Payment reminder", "Mahnung", "Rappel", "Maksumuistutus", "Betalningspåminnelse"]),
    (Kind.PAYMENT_REQUEST, ["Betalingsverzoek", "Payment request", "Zahlungsaufforderung", "Demande de paiement"]),
    (Kind.STATEMENT, ["Rekeningoverzicht", "Statement of account", "Kontoauszug", "Relevé de compte", "Tiliote", "Kontoutdrag"]),
    (Kind.ORDER_CONFIRMATION, ["Orderbevestiging", "Order confirmation", "Auftragsbestätigung", "Confirmation de commande"]),
    (Kind.DELIVERY_NOTE, ["Pakbon", "Delivery note", "Lieferschein", "Bon de livraison", "Lähete", "Följesedel"]),
    (Kind.QUOTE, ["Offerte", "Quotation", "Angebot", "Devis", "Tarjous", "Offert"]),
    (Kind.PRO_FORMA, ["Proforma factuur", "Pro forma invoice", "Proformarechnung", "Facture proforma", "Proformalasku"]),
    (Kind.RECEIPT, ["Kassabon", "Payment receipt", "Quittung", "Ticket de caisse", "Kuitti", "Kvitto"]),
]


@pytest.mark.rule("B7")
@pytest.mark.parametrize(("kind", "title"), [(kind, title) for kind, titles in TITLES for title in titles])
def test_a_page_is_what_its_title_says(kind: Kind, title: str) -> None:
    found = classify(printed(f"# {title}" + BODY.format(number="Nummer")))
    assert found.kind is kind
    assert found.confidence > 0.5
    assert any("title" in signal for signal in found.signals)


@pytest.mark.rule("B7")
def test_a_reminder_that_carries_the_invoices_labels_is_a_reminder() -> None:
    text = "# Aanmaning" + BODY.format(number="Factuurnummer") + "\nBTW 21% 141,75\nVervaldatum 05-03-2026\n"
    assert classify(printed(text)).kind is Kind.REMINDER


@pytest.mark.rule("B7")
def test_an_invoice_that_threatens_with_reminders_is_an_invoice() -> None:
    text = (
        "# Factuur" + BODY.format(number="Factuurnummer") + "\nBij een aanmaning of herinnering brengen wij kosten in rekening.\n"
    )
    assert classify(printed(text)).kind is Kind.INVOICE


@pytest.mark.rule("B7")
def test_an_invoice_without_a_title_is_told_by_its_labels() -> None:
    found = classify(printed(BODY.format(number="Factuurnummer") + "\nBTW 21%  141,75\nTotaal incl. btw  816,75\n"))
    assert found.kind is Kind.INVOICE


@pytest.mark.rule("B7")
def test_general_terms_are_an_annex_though_they_speak_of_invoices() -> None:
    clause = "De factuur dient binnen dertig dagen te zijn betaald, bij gebreke waarvan een aanmaning volgt.\n"
    assert classify(printed("# Algemene voorwaarden\n\n" + clause * 40)).kind is Kind.ANNEX


@pytest.mark.rule("B7")
@pytest.mark.parametrize("line", ["Pakbon: 88127", "Offerte 2026-11", "Orderbevestiging nr. 4711", "Bestelbon: 5"])
def test_the_number_of_another_paper_on_an_invoice_does_not_make_it_that_paper(line: str) -> None:
    assert classify(printed("# Factuur" + BODY.format(number="Factuurnummer") + f"\n{line}\n")).kind is Kind.INVOICE
    assert classify(printed(BODY.format(number="Factuurnummer").replace("Datum  ", line + "\nDatum  "))).kind is Kind.INVOICE


@pytest.mark.rule("B7")
@pytest.mark.parametrize(
    "title",
    [
        "Bijlage bij factuur 2026-0117",
        "Specification to invoice 2026-0117",
        "Anlage zur Rechnung 2026-0117",
        "Détail de la facture 2026-0117",
        "Erittely laskuun 2026-0117",
        "Bilaga till faktura 2026-0117",
        "Załącznik do faktury 2026-0117",
        "Příloha k faktuře 2026-0117",
        "Anexă la factura 2026-0117",
    ],
)
def test_a_page_that_says_it_belongs_to_an_invoice_is_an_annex(title: str) -> None:
    assert classify(printed(f"{title}\n\nOmschrijving   Aantal   Bedrag\nOnderhoud tuin   3   675,00\n")).kind is Kind.ANNEX


@pytest.mark.rule("B7")
def test_dense_text_without_amounts_is_an_annex_in_any_language() -> None:
    assert (
        classify(printed("Ehtoja\n\n" + "niiden mukaan joita sovelletaan kaikkiin toimituksiin aina\n" * 40)).kind is Kind.ANNEX
    )


@pytest.mark.rule("B7")
def test_a_cover_letter_that_speaks_of_its_invoice_is_no_invoice() -> None:
    text = "Geachte heer,\n\nHierbij ontvangt u onze factuur 2026-0117 voor het onderhoud.\n\nMet vriendelijke groet,\nJan\n"
    assert classify(printed(text)).kind is Kind.OTHER


@pytest.mark.rule("B7", "B8")
@pytest.mark.parametrize(
    "line", ["Factuurnummer 2026-0117", "Te betalen 816,75", "Vervaldatum 05-03-2026", "IBAN NL37INGB0168976846", "Offerte"]
)
def test_what_carries_anything_of_business_is_never_advertising(line: str) -> None:
    text = "# Najaarsactie!\n\nNu tot 30% korting op al onze gereedschappen\n\n" + line + "\n\nAfmelden?\n"
    assert classify(printed(text)).kind is not Kind.ADVERTISING


@pytest.mark.rule("B7", "B8")
def test_one_slogan_is_not_enough_for_advertising() -> None:
    assert classify(printed("Speciale aanbieding\n\nBeste klant, tot volgende week op de markt.\n")).kind is not Kind.ADVERTISING


@pytest.mark.rule("B7", "B8")
def test_a_leaflet_is_advertising() -> None:
    text = "# Najaarsactie!\n\nNu tot 30% korting op al onze gereedschappen\n\nAanbiedingen geldig t/m zaterdag. Afmelden?\n"
    assert classify(printed(text)).kind is Kind.ADVERTISING


@pytest.mark.rule("B7")
def test_what_nothing_tells_is_other_and_unsure() -> None:
    found = classify(printed("Beste collega,\n\nHierbij de foto's van gisteren.\n\nGroet, Jan\n"))
    assert found.kind is Kind.OTHER
    assert found.confidence <= 0.5


def test_a_blank_page_is_other_for_certain() -> None:
    assert classify(Page(1, 595, 842, PageSource.BLANK)) == classify(printed(""))
    assert classify(Page(1, 595, 842, PageSource.BLANK)).confidence == 1.0


@pytest.mark.rule("B4")
@pytest.mark.parametrize(
    ("text", "page", "pages"),
    [
        ("Pagina 2 van 3", 2, 3),
        ("Page 1 of 2", 1, 2),
        ("Seite 3 von 4", 3, 4),
        ("Page 1/1", 1, 1),
        ("Sivu 2 / 2", 2, 2),
        ("Sida: 2", 2, None),
        ("Oldal / Seite: 1 / 2", 1, 2),
        ("2. oldal / 3", 2, 3),
        ("2 / 5", 2, 5),
        ("Bladzijde drie", None, None),
    ],
)
def test_printed_page_numbers_are_read(text: str, page: int | None, pages: int | None) -> None:
    found = classify(printed("Vervolg van de specificatie\n\n" + text + "\n"))
    assert (found.printed_page, found.printed_pages) == (page, pages)


@pytest.mark.rule("B4")
def test_a_page_shows_what_putting_pages_together_goes_by() -> None:
    shown = classify(printed("# Factuur" + BODY.format(number="Factuurnummer") + "\nTotaal incl. btw    816,75\n")).traits
    assert (shown.titled, shown.day, shown.summed, shown.carried_in) == (True, "2026-02-03", True, False)
    carried = classify(
        printed("Transport    816,75\n\nOnderhoud tuin    675,00\n" + "\n" * 30 + "Over te brengen    1.491,75\n")
    ).traits
    assert (carried.titled, carried.carried_in, carried.carried_out) == (False, True, True)
    assert "NL37INGB0168976846" in classify(printed("Groenrijk B.V.\n\nIBAN NL37 INGB 0168 9768 46\n")).traits.identities


@pytest.mark.rule("B4")
def test_numbers_in_a_list_of_invoices_are_not_the_pages_own() -> None:
    rows = "".join(f"2026-01{at}    0{at}-01-2026    0{at}-02-2026    12{at},00\n" for at in range(1, 6))
    assert classify(printed("Factuurnummer    Datum    Vervaldatum    Bedrag\n" + rows)).number is None


@pytest.mark.rule("B4")
def test_a_page_tells_whether_a_document_begins_and_its_number() -> None:
    first = classify(printed("# Factuur" + BODY.format(number="Factuurnummer")))
    assert first.first is True
    assert first.number == "2026-0117"
    assert classify(printed("Factuurnummer 2026-0117    Pagina 2 van 2\nTransport  816,75\n")).first is False
    assert classify(printed("Specificatie van de uren\n")).first is None
