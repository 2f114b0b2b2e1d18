"""What an invoice refers to: orders, payments, registers, invoices it corrects; each with the check digits of its country."""

from tests.extractors.printed import Golden

CASES = (
    Golden(
        "Belgian, structured communication and KBO number",
        "nl",
        """
# Schrijnwerkerij Peeters bv
Dorpsstraat 12, 9000 Gent                              Factuur
Ondernemingsnummer 0403.019.261
                                                       Factuurnummer     2026/118
Museum Noord vzw                                       Factuurdatum      03/02/2026
Kaai 1                                                 Uw bestelnummer   B-7781
2000 Antwerpen

Omschrijving                       Aantal     Prijs        Bedrag
Kast in eik                             2    400,00        800,00
                        Totaal excl. btw                   800,00
                        BTW 21%                            168,00
                        Te betalen                      EUR 968,00

Gelieve te betalen binnen 30 dagen met mededeling +++090/9337/55493+++
BTW BE 0403.019.261   IBAN BE68 5390 0754 7034
""",
        {
            "payment_reference": "090933755493",
            "purchase_order": "B-7781",
            "register_number": "0403019261",
            "payment_term": "30 days",
            "net_total": "800.00",
        },
        ("preceding_invoice",),
    ),
    Golden(
        "German credit note for an invoice, commercial register in the foot",
        "de",
        """
# Nordlicht Technik GmbH
Hafenweg 3, 20457 Hamburg

Gutschrift Nr. 2026-77                          Datum: 12.02.2026
zu Rechnung Nr. 2026-0451

Bezeichnung                          Menge   Einzelpreis   Gesamtpreis
Leuchte, defekt                          1        150,00        150,00
                        Nettobetrag                             150,00
                        MwSt. 19%                                28,50
                        Gesamtbetrag                            178,50 EUR

Nordlicht Technik GmbH   Amtsgericht Hamburg HRB 123456   USt-IdNr. DE136695976
""",
        {
            "is_credit_note": "true",
            "preceding_invoice": "2026-0451",
            "register_number": "HRB123456",
            "invoice_number": "2026-77",
            "total": "178.50",
        },
        ("purchase_order", "payment_reference"),
    ),
    Golden(
        "Finnish, viite with its check digit",
        "fi",
        """
# Kuusi Oy
Metsätie 4, 00100 Helsinki
Y-tunnus 2077474-0

LASKU
Laskun numero        4411
Laskun päivä         12.2.2026
Eräpäivä             26.2.2026
Viitenumero          1234561
Ostotilausnumero     4500098765

Kuvaus                        Määrä     Hinta       Summa
Lauta                             4     25,00      100,00
                  Yhteensä ilman alv               100,00
                  Alv 25,5 %                        25,50
                  Maksettava                       125,50 EUR
IBAN FI21 1234 5600 0007 85
""",
        {"payment_reference": "1234561", "purchase_order": "4500098765", "register_number": "2077474-0", "total": "125.50"},
    ),
    Golden(
        "French, RCS and an RF creditor reference",
        "fr",
        """
# Ateliers du Quai SAS
8 quai Sud, 69002 Lyon
RCS Lyon 552 100 554

FACTURE N° 2026-31                    Date de facture : 02/03/2026
Votre commande : CA-2201

Désignation                 Quantité    Prix unitaire    Montant HT
Réparation                         1           300,00        300,00
                            Total HT                         300,00
                            TVA 20 %                          60,00
                            Total TTC                        360,00 €

Référence de paiement RF18 5390 0754 7034
IBAN FR14 2004 1010 0505 0001 3M02 606
""",
        {"payment_reference": "RF18539007547034", "purchase_order": "CA-2201", "register_number": "552100554"},
    ),
    Golden(
        "Norwegian, KID and organisation number",
        "no",
        """
# Fjell Bygg AS
Storgata 1, 0155 Oslo
Org.nr 984 661 185 MVA

Faktura
Fakturanr        5512
Fakturadato      01.02.2026
Forfallsdato     15.02.2026
KID              2345676

Beskrivelse                 Antall      Pris        Beløp
Arbeid                           8    500,00     4 000,00
                     Netto                       4 000,00
                     Mva 25 %                    1 000,00
                     Å betale                NOK 5 000,00
""",
        {"payment_reference": "2345676", "register_number": "984661185"},
    ),
)
